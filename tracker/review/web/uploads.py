"""Sheets that people send up, kept between their preview and their import, under names of our own."""

from __future__ import annotations

import os
import re
import secrets
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from werkzeug.datastructures import FileStorage

from tracker.errors import UsageError

FOLDER = "uploads"
KEPT_FOR = timedelta(days=1)
"""A preview that was left open over night is gone in the morning."""
ENDINGS = (".xlsx", ".xlsm", ".csv")
MOST_OF_ONE, MOST_TOGETHER_BYTES = 5, 256 * 1024 * 1024
"""Sheets that wait for one person's second look, of which the oldest makes room; and bytes that all of them may take of the disk."""
_NAME = re.compile(r"(?P<owner>\d{1,18}-)?[0-9a-f]{32}\.(?:xlsx|xlsm|csv)\Z")
_ONE_AT_A_TIME = threading.Lock()


class Full(UsageError):
    """So much waits already that nothing more is kept."""


def keep(workspace: Path, given: FileStorage, now: datetime, owner: int) -> Path:
    """Lays the file down for this person alone under a name that nobody can guess; nothing of its own name but the ending is used.
    Older ones go. Raises Full."""
    folder = workspace / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    named = (given.filename or "").lower()
    ending = next((one for one in ENDINGS if named.endswith(one)), ".csv")
    path = folder / f"{owner}-{secrets.token_hex(16)}{ending}"
    with _ONE_AT_A_TIME:
        _tidy(folder, now)
        _make_room(folder, owner)
        given.save(path)
        if _bytes_in(folder) > MOST_TOGETHER_BYTES:
            path.unlink(missing_ok=True)
            raise Full("too many sheets wait for their import; try again later")
    return path


def kept(workspace: Path, name: str, owner: int) -> Path | None:
    """The person's file of this name, None where there is none or it is somebody else's."""
    found = _NAME.match(name)
    path = workspace / FOLDER / name
    return path if found is not None and found["owner"] == f"{owner}-" and path.is_file() else None


def sweep(workspace: Path, now: datetime) -> int:
    """Removes sheets whose preview nobody came back to. Returns how many."""
    folder = workspace / FOLDER
    return _tidy(folder, now) if folder.is_dir() else 0


def _make_room(folder: Path, owner: int) -> None:
    """Of what the person sent before, the newest stay."""
    own = [(status.st_mtime_ns, path) for path, status in _ours(folder) if path.name.startswith(f"{owner}-")]
    for _, path in sorted(own, reverse=True)[MOST_OF_ONE - 1 :]:
        path.unlink(missing_ok=True)


def _bytes_in(folder: Path) -> int:
    return sum(status.st_size for _, status in _ours(folder))


def _ours(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for path in folder.iterdir():
        if _NAME.match(path.name):
            try:
                status = path.stat()
            except FileNotFoundError:  # entered meanwhile
                continue
            yield path, status


def _tidy(folder: Path, now: datetime) -> int:
    gone = 0
    for path, status in _ours(folder):
        if now - datetime.fromtimestamp(status.st_mtime, UTC) > KEPT_FOR:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
