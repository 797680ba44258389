"""Sheets that people send up, kept between their preview and their import, under names of our own."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from werkzeug.datastructures import FileStorage

FOLDER = "uploads"
KEPT_FOR = timedelta(days=1)
"""A preview that was left open over night is gone in the morning."""
ENDINGS = (".xlsx", ".xlsm", ".csv")
_NAME = re.compile(r"[0-9a-f]{32}\.(?:xlsx|xlsm|csv)\Z")


def keep(workspace: Path, given: FileStorage, now: datetime) -> Path:
    """Lays the file down under a name that nobody can guess; nothing of its own name but the ending is used. Older ones go."""
    folder = workspace / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    _tidy(folder, now)
    named = (given.filename or "").lower()
    ending = next((one for one in ENDINGS if named.endswith(one)), ".csv")
    path = folder / f"{secrets.token_hex(16)}{ending}"
    given.save(path)
    return path


def kept(workspace: Path, name: str) -> Path | None:
    """The file of this name, None where there is none or the name is none of ours."""
    path = workspace / FOLDER / name
    return path if _NAME.match(name) and path.is_file() else None


def sweep(workspace: Path, now: datetime) -> int:
    """Removes sheets whose preview nobody came back to. Returns how many."""
    folder = workspace / FOLDER
    return _tidy(folder, now) if folder.is_dir() else 0


def _tidy(folder: Path, now: datetime) -> int:
    gone = 0
    for path in folder.iterdir():
        if _NAME.match(path.name) and now - datetime.fromtimestamp(path.stat().st_mtime, UTC) > KEPT_FOR:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
