"""A copy of a database file as it is before its schema changes, beside it: an older program reads it, and no migration of ours is without
mistakes for ever."""

from __future__ import annotations

import os
import shutil
import sys
from itertools import count
from pathlib import Path

from tracker.errors import StoreError
from tracker.store import backup
from tracker.text.log_lines import is_json, log_line

WITHOUT_COPY = "TRACKER_UPGRADE_WITHOUT_COPY"
"""The environment variable that has a database upgraded without a copy: any value."""
ROOM_BESIDE = 64 * 1024 * 1024
"""Left free beside the copy, for what the migration itself writes at first."""

SAID_FROM = 50_000_000
"""Bytes; copying and looking over as many takes a second or two."""


def keep_copy(path: Path, revision: str, head: str) -> Path | None:
    """Copies the file to `NAME.before-HEAD` beside it, unless that was done before and nothing was written since; returns where it lies, None
    where nobody wants one. One of another time gets a number behind it. Nobody else may do the same meanwhile.

    Raises StoreError, with nothing changed, when there is no room for it or it cannot be written.
    """
    for unfinished in path.parent.glob(f".{path.name}.before-*"):
        unfinished.unlink(missing_ok=True)  # of one that was killed
    if os.environ.get(WITHOUT_COPY):
        return None
    target, is_same = _place(path, revision, head)
    if not is_same:
        size = _refuse_without_room(path, target)
        if size >= SAID_FROM:
            told = f"copying {path.name} to {target.name} before its schema changes, {size / 1e6:,.0f} MB"
            sys.stderr.write(f"{log_line(told, place=str(path)) if is_json() else told}\n")
        try:
            backup.copy_before_upgrade(path, target)
        except (StoreError, OSError) as error:
            raise StoreError(f"{error}; {_way_on()}") from error
    return target


def _place(path: Path, revision: str, head: str) -> tuple[Path, bool]:
    """Where the copy belongs, and whether it lies there already."""
    name = path.with_name(f"{path.name}.before-{head}")
    for number in count(1):
        target = name if number == 1 else name.with_name(f"{name.name}-{number}")
        if not target.exists():
            return target, False
        if backup.revision(target) == revision:
            if _written_at(path) <= target.stat().st_mtime_ns:
                return target, True
            if backup.newest_rows(path) == backup.newest_rows(target):
                return target, False  # that of an upgrade which was killed
    raise AssertionError


def _written_at(path: Path) -> int:
    """When anything was written into it last, also what stands in its log alone."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return max(file.stat().st_mtime_ns for file in files if file.exists() and file.stat().st_size)


def _refuse_without_room(path: Path, target: Path) -> int:
    """The bytes to copy."""
    log = path.with_name(f"{path.name}-wal")
    size = path.stat().st_size + (log.stat().st_size if log.exists() else 0)
    free = shutil.disk_usage(target.parent).free
    if free < size + ROOM_BESIDE:
        raise StoreError(
            f"{path} must be brought to a new schema, and the disk has no room for a copy of it as it is now ({size / 1e9:.1f} GB;"
            f" {free / 1e9:.1f} GB are free); nothing was changed: {_way_on()}"
        )
    return size


def _way_on() -> str:
    return f"make room, or copy the file to another disk and set {WITHOUT_COPY}=1 for one command"
