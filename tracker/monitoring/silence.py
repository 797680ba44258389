"""Whether a silence is improbable, by what a source itself brought before. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from statistics import median

from msgspec import Struct

IMPROBABLE = 0.01
"""Silence this unlikely is told to a person: about one false word a year from a source that speaks every other day."""
LEAST_PAST = timedelta(hours=60)
"""Three nights, less what one may be early."""
LEAST_QUIET = timedelta(hours=20)
"""Every outlet sleeps; shorter silences say nothing."""
LEAST_OF_A_DAY = timedelta(hours=6)
"""A quarter of a day: items of fewer hours say little of the whole."""
SAME_WEEKDAYS = 3
"""Of three the median leaves one odd day out."""
USUAL_SPELLS = 2
"""A silence as long as two of its past is a habit."""


class Span(Struct, frozen=True):
    """The time between two visits that were answered, and how many new items it brought."""

    start_at: datetime
    end_at: datetime
    new: int


class Silence(Struct, frozen=True):
    """`usual`: items a day; `expected`: items that should have come."""

    since_at: datetime
    expected: float
    usual: float


def improbable_silence(spans: Sequence[Span]) -> Silence | None:
    """The silence at the end of `spans`, if it is improbable; None also where too little is known to say."""
    speaking = [number for number, span in enumerate(spans) if span.new]
    if not speaking:
        return None
    past, quiet = spans[: speaking[-1] + 1], spans[speaking[-1] + 1 :]
    if not quiet or _length(past) < LEAST_PAST:
        return None
    since, until = quiet[0].start_at, quiet[-1].end_at
    if until - since < LEAST_QUIET or sum(spell >= until - since for spell in _spells(past)) >= USUAL_SPELLS:
        return None
    days = items_by_day(past)
    expected = sum(expected_items(days, day) * (share / timedelta(days=1)) for day, share in _days(since, until))
    if math.exp(-expected) >= IMPROBABLE:
        return None
    return Silence(since, expected, median(days.values()))


def items_by_day(spans: Iterable[Span]) -> dict[date, float]:
    """Items of each calendar day (UTC), as if it had been watched for all of its 24 hours. What a span brought is spread over it."""
    items: dict[date, float] = {}
    watched: dict[date, timedelta] = {}
    for span in spans:
        length = span.end_at - span.start_at
        for day, share in _days(span.start_at, span.end_at):
            items[day] = items.get(day, 0.0) + span.new * (share / length)
            watched[day] = watched.get(day, timedelta(0)) + share
    full = {day: items[day] * (timedelta(days=1) / watched[day]) for day in items if watched[day] >= LEAST_OF_A_DAY}
    return full or {day: items[day] * (timedelta(days=1) / watched[day]) for day in items}


def expected_items(days: Mapping[date, float], day: date) -> float:
    """What a day should bring: the median of its weekday once that is known, else of all days."""
    same_weekday = [count for known, count in days.items() if known.weekday() == day.weekday()]
    return median(same_weekday if len(same_weekday) >= SAME_WEEKDAYS else days.values())


def as_few_as(observed: int, expected: float) -> float:
    """How probable so few items or fewer are where so many are expected (Poisson)."""
    if expected <= 0:
        return 1.0
    return min(1.0, math.fsum(math.exp(count * math.log(expected) - expected - math.lgamma(count + 1)) for count in range(observed + 1)))


def _length(spans: Iterable[Span]) -> timedelta:
    return sum((span.end_at - span.start_at for span in spans), timedelta(0))


def _spells(spans: Iterable[Span]) -> list[timedelta]:
    """How long each silence of the past lasted."""
    spells: list[timedelta] = []
    quiet = timedelta(0)
    for span in spans:
        if span.new:
            spells += [quiet] if quiet else []
            quiet = timedelta(0)
        else:
            quiet += span.end_at - span.start_at
    return spells


def _days(start_at: datetime, end_at: datetime) -> Iterable[tuple[date, timedelta]]:
    """The days of a span and how much of it lies in each."""
    while start_at < end_at:
        midnight = start_at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        yield start_at.date(), min(midnight, end_at) - start_at
        start_at = midnight
