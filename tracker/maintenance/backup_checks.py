"""What the doctor says of the backups that are made by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from tracker.errors import ConfigError
from tracker.locale.said import Said, wrong
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
        yield Check(NAME, False, wrong(error), Said("do_other_folder"))
        return
    if folder is None:
        yield Check(NAME, True, "none is made by itself", "set schedule.backup_to to a folder on another disk")
        return
    try:
        last = newest(folder, now)
    except OSError as error:
        yield Check(NAME, False, Said("found_folder_unreadable", folder=str(folder), words=str(error.strerror)), Said("do_connect_disk"))
        return
    if last is None:
        none = Said("found_backup_none", folder=str(folder))
        yield Check(NAME, not made_database, none, Said("do_run_or_wait", command="`tracker backup --rotate`"))
        return
    file, moment = last
    yield _age(file, moment, now, zone, damage=_damage(file) if thorough else "", same_disk=_is_same_disk(folder, workspace))
    if settings.schedule.backup_command:
        yield _elsewhere(made_at(taken_elsewhere(folder)), now, zone)


def _age(file: Path, moment: datetime, now: datetime, zone: str, *, damage: str, same_disk: bool) -> Check:
    finding = Said("found_backup_age", when=in_zone(moment, zone), size=f"{file.stat().st_size / 1e6:.1f}")
    if damage:
        damaged = Said("found_backup_damaged", age=finding, words=damage)
        return Check(NAME, False, damaged, Said("do_check_disk", command="`tracker backup --rotate`"))
    if now - moment > OLD_AFTER:
        return Check(NAME, False, finding, Said("do_see_backup_job", job="backup", command="`tracker schedule --list`", log="jobs.log"))
    return Check(NAME, True, finding, "it is on the database's own disk; one elsewhere is safer" if same_disk else "")


def _elsewhere(moment: datetime | None, now: datetime, zone: str) -> Check:
    late = moment is None or now - moment > OLD_AFTER or moment - now > CLOCK_SLACK
    finding = Said("found_elsewhere_age", when=in_zone(moment, zone)) if moment else Said("found_elsewhere_none")
    return Check(
        "backup elsewhere",
        not late,
        finding,
        Said("do_see_backup_command", setting="schedule.backup_command", log="jobs.log") if late else "",
    )


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
