"""Which files of a net are asked for now. Pure.

GDELT writes a file for most minutes, in bursts, sometimes hours late, and lists none: each minute is asked for once it is over, and again
while its file is not there, ever more rarely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from tracker.nets.gdelt_list import minutes_back

ASKED_AGAIN = (timedelta(minutes=20), timedelta(hours=2), timedelta(hours=8), timedelta(hours=25))
"""How long after its minute a missing file is looked for: its bursts come every quarter of an hour, an outage of theirs ends within the day."""
TRIES_AFTER_FAILURE = 8
"""Of a file whose server failed or that was broken; a minute's news has come by then in another way."""
SETTLED_AFTER = timedelta(minutes=1)


class Before(Struct, frozen=True):
    """What is known of a file. `is_read`: it was read to its end; `is_missing`: it was not there."""

    asked_at: datetime
    tries: int
    is_read: bool
    is_missing: bool


def due(now: datetime, reach: timedelta, known: Mapping[str, Before], name_of: Callable[[datetime], str]) -> Iterator[datetime]:
    """The minutes whose file is to be asked for now, the newest first. One that was never asked for is none older than `reach`; one that was
    missing then is a day older at most, so that a file that comes a day late is found by who asks once a night."""
    first = now - reach
    for minute in minutes_back(now, first - ASKED_AGAIN[-1]):
        before = known.get(name_of(minute))
        if minute >= first if before is None else is_due(minute, before, now):
            yield minute


def is_due(minute: datetime, before: Before, now: datetime) -> bool:
    """Whether a file that was asked for before is asked for again."""
    if before.is_read:
        return False
    if not before.is_missing:
        return before.tries < TRIES_AFTER_FAILURE and now - before.asked_at >= SETTLED_AFTER
    return any(before.asked_at < minute + wait <= now for wait in ASKED_AGAIN)
