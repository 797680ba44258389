"""Records of one line of JSON an event, only ever added to: on the disk when a call returns, and readable after a crash."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.config.private_files import write_private


def append_line(path: Path, line: bytes) -> None:
    """Adds the line, for this user alone. A line that a crash left torn ends before it. Raises OSError."""
    is_new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            line = b"\n" + line
        if line:
            written = os.write(handle, line)
            if written != len(line):
                raise OSError(28, "the disk is full")
        os.fsync(handle)
    finally:
        os.close(handle)
    if is_new:
        sync_folder(path.parent)


def replace_lines(path: Path, lines: Iterable[bytes]) -> None:
    """The file with these lines in place of all it had, whole or as it was. Raises OSError."""
    write_private(path, b"".join(line + b"\n" for line in lines))
    sync_folder(path.parent)


@contextmanager
def waiting_for(lock: Path) -> Iterator[None]:
    """Holds the lock, waiting for whoever has it: they need milliseconds. Raises OSError."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """What was made or renamed in the folder is on the disk. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
