"""What only its owner may read is never open to others, and whole or not there at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tracker.config.private_files import write_private


def test_a_private_file_is_private_also_over_one_that_was_not(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"old")
    path.chmod(0o644)
    before = os.umask(0)
    try:
        write_private(path, b"new")
    finally:
        os.umask(before)
    assert (path.read_bytes(), path.stat().st_mode & 0o777, len([*tmp_path.iterdir()])) == (b"new", 0o600, 1)


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "key").mkdir()
    with pytest.raises(OSError):
        write_private(tmp_path / "key", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
