"""Which of the backups in a folder are kept: by their names, which say when each was made. Pure."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from contextlib import suppress
from datetime import UTC, datetime

_NAME = re.compile(r"coverage-(\d{8}T\d{6})Z\.tar\.gz")
_MOMENT = "%Y%m%dT%H%M%S"


def name_of(made_at: datetime) -> str:
    """The name of a backup made then."""
    return f"coverage-{made_at.astimezone(UTC).strftime(_MOMENT)}Z.tar.gz"


def made_at(name: str) -> datetime | None:
    """When the backup of this name was made; None for a file of any other name."""
    if found := _NAME.fullmatch(name):
        with suppress(ValueError):  # a 31st of February
            return datetime.strptime(found[1], _MOMENT).replace(tzinfo=UTC)
    return None


def spare(backups: Iterable[datetime], days: int, weeks: int) -> set[datetime]:
    """Those given up: all but the newest of each of the last so many days and weeks that have one. Days and weeks are counted by what is
    there, so that a machine that was off, or a clock that was ahead, costs no backup its place."""
    newest_first = sorted(set(backups), reverse=True)
    by_day = _newest_of_each((moment, moment.date()) for moment in newest_first)
    by_week = _newest_of_each((moment, moment.isocalendar()[:2]) for moment in newest_first)
    return set(newest_first) - set(by_day[:days]) - set(by_week[:weeks])


def _newest_of_each(dated: Iterable[tuple[datetime, Hashable]]) -> list[datetime]:
    newest: dict[Hashable, datetime] = {}
    for moment, span in dated:
        newest.setdefault(span, moment)
    return list(newest.values())
