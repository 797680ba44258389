"""The backups that are made by themselves: into one folder, each read back, the oldest given up; then taken elsewhere.

A backup gets its name when it is whole. Older ones go only after that, and only files with a name of ours.
"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from tracker.errors import ConfigError, StoreError
from tracker.maintenance import packing, rotation, server_backup
from tracker.maintenance.offsite import take_elsewhere
from tracker.settings import WORKSPACE_FILE, Settings
from tracker.store.database import database_path
from tracker.store.lock import BackupLock
from tracker.store.server_url import is_server

OWNER, ELSEWHERE = ".backups-of", ".taken-elsewhere"
CLOCK_SLACK = timedelta(minutes=10)
"""A choice: a clock that drifts is off by minutes, one that was set wrongly by hours."""
COPIES_AT_ONCE = 2
"""While a pack is made, the folder holds the database's copy and the pack, which is no larger."""


class KeptBackup(Struct, frozen=True):
    """What was done: `file` with its size, the names of those given up, and whether the operator's command took it elsewhere.
    `made` is false where the one of before still had to go elsewhere and went."""

    file: Path
    size_bytes: int
    made: bool
    given_up: tuple[str, ...]
    elsewhere: bool


def backup_and_rotate(workspace: Path, settings: Settings, environment: Mapping[str, str], now: datetime) -> KeptBackup:
    """Makes a backup, gives up the oldest, has the newest taken elsewhere. One of this day that could only not be taken elsewhere is not
    made again. Raises ConfigError without a folder or for one that will not do, StoreError when it fails, RunLocked for a second one."""
    folder = backup_folder(workspace, settings)
    if folder is None:
        raise ConfigError("no folder for backups: set schedule.backup_to", place=workspace / WORKSPACE_FILE)
    with BackupLock(workspace).acquire():
        _claim(folder, workspace)
        for left in folder.glob(".coverage-*.tar.gz.*"):  # of one that was killed
            shutil.rmtree(left, ignore_errors=True)
        command = settings.schedule.backup_command
        last = newest(folder, now)
        waits = bool(command and last and last[1].date() == now.date() and taken_elsewhere(folder) != last[0].name)
        given_up: tuple[str, ...] = ()
        if waits and last is not None:
            file = last[0]
        else:
            file = folder / rotation.name_of(now)
            _refuse_full(folder, workspace, settings)
            packing.pack(workspace, settings, file, overwrite=True)
            given_up = _give_up(folder, settings, file)
        if command:
            take_elsewhere(command, file, environment, settings.schedule.backup_command_minutes * 60)
            _note_elsewhere(folder, file)
    return KeptBackup(file, file.stat().st_size, not waits, given_up, bool(command))


def backup_folder(workspace: Path, settings: Settings) -> Path | None:
    """The folder of the settings; None without one. A relative path begins in the workspace. Raises ConfigError where what is packed, or
    pruned, would hold the packs."""
    if not settings.schedule.backup_to:
        return None
    place = workspace / WORKSPACE_FILE
    try:
        folder = (workspace / Path(settings.schedule.backup_to).expanduser()).resolve()
        within = any(folder.is_relative_to((workspace / name).resolve()) for name in packing.FOLDERS)
    except (OSError, RuntimeError, ValueError) as error:  # no such user, links in a circle
        raise ConfigError(f"schedule.backup_to cannot be followed: {error}", place=place) from error
    if within:
        raise ConfigError(f"schedule.backup_to must be outside {' and '.join(f'{one}/' for one in packing.FOLDERS)}", place=place)
    return folder


def newest(folder: Path, now: datetime) -> tuple[Path, datetime] | None:
    """The newest backup that is not of the future, and when it was made: a clock that was ahead must not hide that none is made any more.
    Raises OSError for a folder that cannot be read."""
    found = _backups(folder)
    moment = max((one for one in found if one <= now + CLOCK_SLACK), default=None)
    return None if moment is None else (found[moment], moment)


def taken_elsewhere(folder: Path) -> str:
    """The name of the backup that the operator's command took last; empty when it never did."""
    try:
        return (folder / ELSEWHERE).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that is too long
        return False


def _note_elsewhere(folder: Path, file: Path) -> None:
    try:
        (folder / ELSEWHERE).write_text(file.name, "utf-8")
    except OSError as error:
        raise StoreError(f"{file} was taken elsewhere, and {folder / ELSEWHERE} cannot be written: {error.strerror}") from error


def _backups(folder: Path) -> dict[datetime, Path]:
    return {
        moment: path for path in folder.iterdir() if (moment := rotation.made_at(path.name)) and path.is_file() and not path.is_symlink()
    }


def _claim(folder: Path, workspace: Path) -> None:
    """One workspace a folder: another's backups would be given up as if they were ours. A folder that is missing is none to make: the disk
    that belongs there may not be there."""
    if not _is_folder(folder):
        raise StoreError(f"{folder} (schedule.backup_to) is not there; make it, or connect the disk it is on")
    note, ours = folder / OWNER, f"{socket.gethostname()}:{workspace.resolve()}"
    try:
        theirs = note.read_text("utf-8").strip() if note.exists() else ""
        host, _, path = theirs.partition(":")
        if theirs not in ("", ours) and (host != socket.gethostname() or _is_folder(Path(path))):
            raise StoreError(f"{folder} holds the backups of {theirs}; name another folder, or remove {note} where that one is gone")
        if theirs != ours:
            note.write_text(f"{ours}\n", "utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{folder} (schedule.backup_to) cannot be used: {getattr(error, 'strerror', None) or error}") from error


def _refuse_full(folder: Path, workspace: Path, settings: Settings) -> None:
    """A disk is not filled to its end by a backup that it cannot hold."""
    if is_server(settings.database.url):
        sizes = [server_backup.size_bytes(workspace, settings)]
    else:
        path = database_path(workspace, settings.database.url)
        sizes = [path.stat().st_size for path in (path, path.with_name(f"{path.name}-wal")) if path.exists()]
    needed, free = COPIES_AT_ONCE * sum(sizes), shutil.disk_usage(folder).free
    if free < needed:
        raise StoreError(
            f"{folder} has {free / 1e6:.0f} MB free and a backup takes about {needed / 1e6:.0f} MB; make room, or lower keep.backup_days"
        )


def _give_up(folder: Path, settings: Settings, just_made: Path) -> tuple[str, ...]:
    """Removes what is kept no longer; never the one just made, which an older clock may have given an older name."""
    found = _backups(folder)
    gone = []
    for moment in sorted(rotation.spare(found, settings.keep.backup_days, settings.keep.backup_weeks)):
        if found[moment] != just_made:
            with suppress(OSError):  # one that cannot be removed stays, and is tried again tomorrow
                found[moment].unlink()
                gone.append(found[moment].name)
    return tuple(gone)
