"""Imports without a search for source files: what they leave behind is what Python's own leave."""

from __future__ import annotations

import gc
import inspect
import subprocess
import sys

import pytest

from tracker.crawl.quick_imports import quick_imports

MADE = """
import contextlib, sys
from tracker.crawl.quick_imports import quick_imports
with quick_imports() if sys.argv[1] == "quick" else contextlib.nullcontext():
    import scrapy.http, scrapy.core.downloader.contextfactory, scrapy.core.downloader.tls
classes = {(name, key, value.__module__) for name, module in sys.modules.items() if name.startswith("scrapy")
           for key, value in vars(module).items() if isinstance(value, type) and type(value).__name__ == "DeprecatedClass"}
print(sorted(classes))
"""


def test_deprecated_classes_of_scrapy_bear_the_same_modules_as_after_an_ordinary_import() -> None:
    quick, ordinary = (
        subprocess.run([sys.executable, "-c", MADE, how], capture_output=True, text=True, check=True).stdout
        for how in ("quick", "ordinary")
    )
    assert quick == ordinary
    assert "scrapy.core.downloader" in quick


def test_frames_are_those_of_python_from_the_caller_outwards() -> None:
    ordinary = [entry[0] for entry in inspect.stack()]
    with quick_imports():
        quick = [entry[0] for entry in inspect.stack()]
        assert inspect.getmodule(quick[0]) is sys.modules[__name__]
        assert inspect.getmodule(quick_imports) is sys.modules["tracker.crawl.quick_imports"]
        assert inspect.getmodule(gc) is gc
    assert quick == ordinary


@pytest.mark.parametrize("collecting", [True, False], ids=["collecting", "not collecting"])
def test_everything_is_as_before_also_after_an_import_that_failed(collecting: bool) -> None:
    before = (inspect.stack, inspect.getmodule)
    if not collecting:
        gc.disable()
    try:
        with pytest.raises(ImportError), quick_imports():
            raise ImportError
        assert (inspect.stack, inspect.getmodule) == before
        assert gc.isenabled() is collecting
    finally:
        gc.enable()
