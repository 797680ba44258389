"""How soon a source must be asked again, so that nothing leaves its window unseen. Pure: what polls showed in, moments out.

A feed lists its newest items only. `after_poll` learns how fast they come, asks again well before they are pushed out,
and says so when they were: then nothing of what the last visit brought is listed any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

SHORTEST = timedelta(minutes=10)
"""Between visits: a portal of 150 articles a day lists one in about as long."""
LONGEST = timedelta(days=1)
"""Between visits: the digest is daily."""
FIRST_GUESS = timedelta(minutes=30)
"""Until the pace is known; the busiest outlets of the region turn over ten items in about as long."""

SAFETY = 3.0
"""Visits per turnover of the window at the pace of its busy hours: news come in bursts, and a visit may be late."""

FORGETS_HALF_IN = timedelta(hours=60)
"""A pace once seen fades so slowly that a weekend does not make Monday morning a surprise."""

HASTE_FACTOR, MOST_HASTE, HASTE_HALVES_IN = 2.0, 8.0, timedelta(days=3)
JITTER = 0.1
"""Of an interval, earlier or later, so that visits do not fall into step; a tenth keeps them in their order."""
LONGEST_RETRY_AFTER = timedelta(days=14)
"""An outlet that asks for more is asked again all the same: it may have meant milliseconds."""
FAILING_WAITS_HOURS = (1, 2, 4, 8, 16, 24)
"""The last one for ever: an outlet that comes back after a year is noticed within a day."""

_MAX_AGE = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?(\d{1,9})", re.I)


class Pace(Struct, frozen=True):
    """What is known of a source before a poll. Nothing of it is known before the first."""

    last_answered_at: datetime | None = None
    last_new_at: datetime | None = None
    newest_at: datetime | None = None  # the date of the newest item that was listed
    window_items: int = 0
    items_per_hour: float | None = None
    haste: float = 1.0
    failures: int = 0


class Visit(Struct, frozen=True):
    """What one poll showed. `new`: items this source had not named before; `continuing`: items still listed of those that
    were new the last time anything was; `oldest_new_at`: the oldest date among the new, where dates have a time of day."""

    at: datetime
    answered: bool = True
    listed: int | None = None  # None: unchanged since the last poll
    new: int = 0
    continuing: int = 0
    newest_at: datetime | None = None
    oldest_at: datetime | None = None
    oldest_new_at: datetime | None = None


class Wishes(Struct, frozen=True):
    """What the outlet asks of its visitors."""

    retry_after_seconds: float | None = None
    max_age_seconds: float | None = None
    ttl_minutes: int | None = None
    skip_hours: tuple[int, ...] = ()  # of the day, UTC


NO_WISHES = Wishes()


class Turn(Struct, frozen=True):
    """What follows from a poll. `outrun_since_at`: items published since then may have been missed."""

    pace: Pace
    interval: timedelta
    next_due_at: datetime
    outrun_since_at: datetime | None = None


def after_poll(source_id: str, before: Pace, visit: Visit, wishes: Wishes = NO_WISHES, *, has_window: bool = True) -> Turn:
    """What a poll taught and when the next one is due. `has_window`: the source lists its newest items only, as feeds do."""
    if not visit.answered:
        pace = replace(before, failures=before.failures + 1)
        interval = timedelta(hours=FAILING_WAITS_HOURS[min(pace.failures, len(FAILING_WAITS_HOURS)) - 1])
        return _turn(source_id, pace, interval, visit, wishes, None)
    outrun = has_window and was_outrun(before, visit)
    pace = Pace(
        last_answered_at=visit.at,
        last_new_at=visit.at if visit.new else before.last_new_at,
        newest_at=visit.newest_at or before.newest_at,
        window_items=visit.listed or before.window_items,
        items_per_hour=_items_per_hour(before, visit),
        haste=_haste(before, visit, outrun),
    )
    return _turn(source_id, pace, turnover_interval(pace), visit, wishes, before.last_answered_at if outrun else None)


def was_outrun(before: Pace, visit: Visit) -> bool:
    """Whether the window moved on by more than its length: none of what was new at the last visit that brought anything is
    listed any more. Old items that stay on top for weeks do not hide it; items that reach back to what was known disprove it."""
    if before.last_new_at is None or before.last_answered_at is None or not visit.new or visit.continuing:
        return False
    known_until = before.newest_at if before.newest_at and before.newest_at <= before.last_answered_at else None
    return not (known_until and visit.oldest_new_at and visit.oldest_new_at <= known_until)


def turnover_interval(pace: Pace) -> timedelta:
    """How long the source may be left alone before its window could have turned over."""
    if pace.items_per_hour is None or not pace.window_items:
        return FIRST_GUESS / pace.haste
    if pace.items_per_hour <= 0:
        return LONGEST
    hours = pace.window_items / pace.items_per_hour / SAFETY / pace.haste
    return min(max(timedelta(hours=min(hours, 24.0)), SHORTEST), LONGEST)


def wishes_of(
    headers: Iterable[tuple[str, str]],
    *,
    retry_after_seconds: float | None = None,
    ttl_minutes: int | None = None,
    skip_hours: tuple[int, ...] = (),
) -> Wishes:
    """What an answer's headers and the feed itself ask for."""
    named: Mapping[str, str] = {name.lower(): value for name, value in headers}
    control = named.get("cache-control", "")
    age = _MAX_AGE.search(control)
    fresh = None if age is None or re.search(r"\bno-(?:cache|store)\b", control, re.I) else float(age[1])
    return Wishes(retry_after_seconds, fresh, ttl_minutes, skip_hours)


def _turn(source_id: str, pace: Pace, interval: timedelta, visit: Visit, wishes: Wishes, outrun_since_at: datetime | None) -> Turn:
    """Jitter spreads the visits of sources that were all asked in one night; it never undercuts what the outlet asks for."""
    spread = 1 + JITTER * (2 * _fraction(f"{source_id} {visit.at.isoformat()}") - 1)
    wait = max(min(interval * spread, LONGEST), SHORTEST)
    due = visit.at + max(wait, _asked_for(wishes))
    return Turn(pace, interval, _outside_of(wishes.skip_hours, due), outrun_since_at)


def _asked_for(wishes: Wishes) -> timedelta:
    patience = max(wishes.max_age_seconds or 0.0, 60.0 * (wishes.ttl_minutes or 0), 0.0)
    asked = min(timedelta(seconds=min(patience, 1e9)), LONGEST)
    if wishes.retry_after_seconds and wishes.retry_after_seconds > 0:
        asked = max(asked, timedelta(seconds=min(wishes.retry_after_seconds, LONGEST_RETRY_AFTER.total_seconds())))
    return asked


def _outside_of(skip_hours: tuple[int, ...], due: datetime) -> datetime:
    skipped = {hour % 24 for hour in skip_hours}
    if len(skipped) == 24:
        return due  # whoever never wants to be visited has robots.txt to say so
    while due.hour in skipped:
        due = due.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return due


def _items_per_hour(before: Pace, visit: Visit) -> float | None:
    """The pace of busy hours: what is seen raises it, the longer the watch the more; time lowers it slowly."""
    if before.last_answered_at is None or before.items_per_hour is None:
        return _by_dates(visit) if before.last_answered_at is None else _seen(before, visit)
    hours = _hours(visit.at - before.last_answered_at)
    faded = before.items_per_hour * _faded(hours, FORGETS_HALF_IN)
    seen = _seen(before, visit)
    if seen is None or seen <= faded:
        return faded
    return faded + (seen - faded) * min(1.0, visit.new / 10 + hours / 2)


def _seen(before: Pace, visit: Visit) -> float | None:
    assert before.last_answered_at is not None
    hours = _hours(visit.at - before.last_answered_at)
    return visit.new / hours if hours > 0 else None


def _by_dates(visit: Visit) -> float | None:
    """A first guess from the dates of what is listed."""
    if not visit.listed or visit.listed < 3 or visit.newest_at is None or visit.oldest_at is None:
        return None
    span = _hours(min(visit.newest_at, visit.at) - visit.oldest_at)
    return (visit.listed - 1) / span if span > 0 else None


def _haste(before: Pace, visit: Visit, outrun: bool) -> float:
    if outrun:
        return min(before.haste * HASTE_FACTOR, MOST_HASTE)
    hours = _hours(visit.at - before.last_answered_at) if before.last_answered_at else 0.0
    return max(1.0, before.haste * _faded(hours, HASTE_HALVES_IN))


def _faded(hours: float, half_in: timedelta) -> float:
    return float(0.5 ** (hours / _hours(half_in)))


def _hours(span: timedelta) -> float:
    return span / timedelta(hours=1)


def _fraction(text: str) -> float:
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest(), "big") / 2**48
