"""What the doctor says of the backups that are made by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from tracker.errors import ConfigError
from tracker.maintenance.checks import Check
from tracker.maintenance.kept_backups import CLOCK_SLACK, backup_folder, newest, taken_elsewhere
from tracker.maintenance.packing import UNREADABLE, read_whole
from tracker.maintenance.rotation import made_at
from tracker.settings import Settings
from tracker.store.database import database_path
from tracker.store.server_url import is_server
from tracker.text.local_time import in_zone

NAME = "backup"
OLD_AFTER = timedelta(hours=36)
"""A day and a half, as for nights: one that is late is none that is missing."""


def check_backups(workspace: Path, settings: Settings, now: datetime, zone: str, *, thorough: bool = False) -> Iterator[Check]:
    """The age of the newest backup, and of the newest that was taken elsewhere. `thorough` reads the newest one whole."""
    made_database = is_server(settings.database.url) or database_path(workspace, settings.database.url).exists()
    try:
        folder = backup_folder(workspace, settings)
    except ConfigError as error:
        yield Check(NAME, False, str(error), "name another folder")
        return
    if folder is None:
        yield Check(NAME, True, "none is made by itself", "set schedule.backup_to to a folder on another disk")
        return
    try:
        last = newest(folder, now)
    except OSError as error:
        yield Check(NAME, False, f"{folder} cannot be read: {error.strerror}", "make the folder, or connect the disk it is on")
        return
    if last is None:
        yield Check(NAME, not made_database, f"{folder} has none", "run `tracker backup --rotate`, or wait for the scheduler")
        return
    file, moment = last
    yield _age(file, moment, now, zone, damage=_damage(file) if thorough else "", same_disk=_is_same_disk(folder, workspace))
    if settings.schedule.backup_command:
        yield _elsewhere(made_at(taken_elsewhere(folder)), now, zone)


def _age(file: Path, moment: datetime, now: datetime, zone: str, *, damage: str, same_disk: bool) -> Check:
    finding = f"the newest is of {in_zone(moment, zone)}, {file.stat().st_size / 1e6:.1f} MB"
    if damage:
        return Check(NAME, False, f"{finding}; it cannot be read: {damage}", "check the disk, then run `tracker backup --rotate`")
    if now - moment > OLD_AFTER:
        return Check(NAME, False, finding, "see the job backup in `tracker schedule --list`, and jobs.log")
    return Check(NAME, True, finding, "it is on the database's own disk; one elsewhere is safer" if same_disk else "")


def _elsewhere(moment: datetime | None, now: datetime, zone: str) -> Check:
    late = moment is None or now - moment > OLD_AFTER or moment - now > CLOCK_SLACK
    finding = f"the newest elsewhere is of {in_zone(moment, zone)}" if moment else "none was taken elsewhere yet"
    return Check("backup elsewhere", not late, finding, "see what schedule.backup_command said, in jobs.log" if late else "")


def _damage(file: Path) -> str:
    """What stands in the way of reading a pack to its end; empty for a whole one."""
    try:
        for _, packed in read_whole(file):
            while packed is not None and packed.read(2**20):
                pass
    except UNREADABLE as error:
        return str(error)
    return ""


def _is_same_disk(folder: Path, workspace: Path) -> bool:
    return folder.stat().st_dev == workspace.stat().st_dev
