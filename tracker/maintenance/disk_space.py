"""In about how many days the disk is full, by what the last weeks brought: the database and the outbox."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from tracker.locale.said import Said
from tracker.maintenance.checks import Check
from tracker.store import articles, backend

LATELY = timedelta(days=28)
"""Four weeks: every weekday as often, and a holiday does not count much."""
LEAST_DAYS = 3
"""The first nights look a week back and bring many times what a usual one does."""
WARNED_BEFORE_DAYS = 60
"""Time to buy a disk or to store less, also over a summer."""


def check_growth(conn: Connection, workspace: Path, now: datetime) -> Iterator[Check]:
    """How long the disk lasts at the pace of the last weeks. Nothing while too little is known of it."""
    first_at = articles.first_fetched_at(conn)
    if first_at is None or now - first_at < timedelta(days=LEAST_DAYS):
        return
    days = min(LATELY, now - first_at) / timedelta(days=1)
    lately = articles.count_fetched(conn, now - LATELY, now)
    daily = daily_bytes(backend.of(conn).file_bytes(conn), articles.newest_id(conn), lately, days)
    daily += written_bytes(workspace / "outbox", now - min(LATELY, now - first_at)) / days
    lasts = days_left(shutil.disk_usage(workspace).free, daily)
    if lasts is None:
        return
    finding = Said("found_growth", size=f"{daily / 1e6:.1f}", days=f"{lasts:,}")
    well = lasts >= WARNED_BEFORE_DAYS
    yield Check("growth", well, finding, "" if well else Said("do_store_less", file="docs/care.md"))


def daily_bytes(database_bytes: int, ever: int, lately: int, days: float) -> float:
    """Bytes that a day adds: what the file holds for each article it ever had, times the articles of a day of late."""
    return database_bytes / max(ever, 1) * lately / days


def written_bytes(folder: Path, since: datetime) -> int:
    """Bytes of the files in a folder, editions and letters say, that were written since then."""
    size = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # it went away meanwhile
            found = path.lstat()
            if stat.S_ISREG(found.st_mode) and found.st_mtime >= since.timestamp():
                size += found.st_size
    return size


def days_left(free_bytes: int, daily: float) -> int | None:
    """Whole days until so much is used up; None where nothing grows."""
    return int(free_bytes / daily) if daily > 0 else None
