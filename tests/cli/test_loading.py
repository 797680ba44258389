"""The imports of a command are not looked over for garbage."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from tracker.loading import loading


def test_nothing_is_looked_for_meanwhile_and_again_afterwards() -> None:
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_garbage_is_looked_for_again_when_an_import_fails() -> None:
    with pytest.raises(ModuleNotFoundError), loading():
        import no_such_module  # noqa: F401
    assert gc.isenabled()


def test_who_looks_for_none_at_all_is_left_so() -> None:
    gc.disable()
    try:
        with loading():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize(("imported", "kept"), [("gc", False), ("this", True)], ids=["was there", "is new"])
def test_what_an_import_has_made_is_not_looked_at_again(imported: str, kept: bool) -> None:
    program = f"""
import gc, sys
from tracker.loading import loading
before = gc.get_freeze_count()
with loading():
    import {imported}
sys.exit(gc.get_freeze_count() > before)
"""
    assert subprocess.run([sys.executable, "-c", program], stdout=subprocess.DEVNULL, check=False).returncode == kept
