"""In about how many days each disk is full, by what the last weeks brought: the database, the outbox, pages, backups."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from msgspec import Struct
from sqlalchemy import Connection

from tracker.errors import ConfigError
from tracker.locale.said import Said
from tracker.maintenance import rotation
from tracker.maintenance.checks import Check
from tracker.maintenance.kept_backups import backup_folder
from tracker.settings import Settings
from tracker.store import articles, backend, pages
from tracker.store.database import database_path
from tracker.store.server_url import is_server

LATELY = timedelta(days=28)
"""Four weeks: every weekday as often, and a holiday does not count much."""
LEAST_DAYS = 3
"""The first nights look a week back and bring many times what a usual one does."""
MOST_FILES = 50_000
"""Of the outbox: half a second. A year of 20 campaigns with 30 readers each writes fewer."""
ON_DISK = "file://"
WARNED_BEFORE_DAYS = 60
"""Time to buy a disk or to store less, also over a summer."""

COUNTED_DAYS = 3650
"""Ten years: no pace of four weeks tells of more."""


class Growth(Struct, frozen=True):
    """What one kind of file adds in a folder: bytes a day, and bytes that still come once (backups up to the number that is kept)."""

    folder: Path
    daily: float
    once: int = 0


def check_growth(conn: Connection, workspace: Path, settings: Settings, now: datetime) -> Iterator[Check]:
    """How long each disk lasts at the pace of the last weeks, the workspace's first. Nothing while too little is known of it."""
    first_at = articles.first_fetched_at(conn)
    if first_at is None or now - first_at < timedelta(days=LEAST_DAYS):
        return
    since = now - min(LATELY, now - first_at)
    home = _device(workspace)
    by_disk: dict[int | None, list[Growth]] = {home: []}
    for one in growths(conn, workspace, settings, since, now):
        by_disk.setdefault(_device(one.folder), []).append(one)
    for disk, found in by_disk.items():
        daily, once = sum(one.daily for one in found), sum(one.once for one in found)
        folder = workspace if disk == home else found[0].folder
        if disk is None or (lasts := days_left(max(shutil.disk_usage(_there(folder)).free - once, 0), daily)) is None:
            continue
        told = {"size": f"{daily / 1e6:.1f}"} | ({"days": f"{lasts:,}"} if lasts <= COUNTED_DAYS else {})
        key = "found_growth" if lasts <= COUNTED_DAYS else "found_slow_growth"
        finding = Said(key, **told) if disk == home else Said(f"{key}_at", folder=str(folder), **told)
        well = lasts >= WARNED_BEFORE_DAYS
        yield Check("growth", well, finding, "" if well else Said("do_store_less", file="docs/care.md"), days=lasts)


def growths(conn: Connection, workspace: Path, settings: Settings, since: datetime, now: datetime) -> Iterator[Growth]:
    """What each kind of file adds: database, outbox, pages outside of the database, backups. Logs are begun anew and do not grow."""
    days = (now - since) / timedelta(days=1)
    size = backend.of(conn).file_bytes(conn)
    daily = daily_bytes(size, articles.newest_id(conn), articles.count_fetched(conn, since, now), days)
    if not is_server(settings.database.url):
        yield Growth(database_path(workspace, settings.database.url).parent, daily)
    yield Growth(workspace / "outbox", written_bytes(workspace / "outbox", since) / days)
    if settings.pages.url.startswith(ON_DISK):
        yield Growth(Path(settings.pages.url.removeprefix(ON_DISK)), pages.bytes_elsewhere(conn, since) / days)
    with suppress(ConfigError, OSError):  # said by the check of backups
        if folder := backup_folder(workspace, settings):
            yield _backups(folder, settings, size, daily)


def _backups(folder: Path, settings: Settings, database_bytes: int, daily: float) -> Growth:
    """Packs up to the number that is kept are still to come; then each grows as the database does."""
    sizes = [path.stat().st_size for path in sorted(folder.iterdir()) if rotation.made_at(path.name) is not None]
    kept = settings.keep.backup_days + settings.keep.backup_weeks
    newest = sizes[-1] if sizes else database_bytes  # a pack is no larger than what it packs
    return Growth(folder, kept * daily * newest / max(database_bytes, 1), max(kept - len(sizes), 0) * newest)


def _there(folder: Path) -> Path:
    """The folder, or the first above it that exists."""
    return next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())


def _device(folder: Path) -> int | None:
    """Which filesystem a folder is on, or will be on once it is made; None where it cannot be looked at."""
    try:
        return _there(folder).stat().st_dev
    except OSError:
        return None


def daily_bytes(database_bytes: int, ever: int, lately: int, days: float) -> float:
    """Bytes that a day adds: what the file holds for each article it ever had, times the articles of a day of late."""
    return database_bytes / max(ever, 1) * lately / days


def written_bytes(folder: Path, since: datetime) -> int:
    """Bytes of the files in a folder, editions and letters say, that were written since then; of MOST_FILES at most."""
    size = 0
    for path in islice(folder.rglob("*"), MOST_FILES):
        with suppress(OSError):  # it went away meanwhile
            found = path.lstat()
            if stat.S_ISREG(found.st_mode) and found.st_mtime >= since.timestamp():
                size += found.st_size
    return size


def days_left(free_bytes: int, daily: float) -> int | None:
    """Whole days until so much is used up; None where nothing grows."""
    return int(free_bytes / daily) if daily > 0 else None
