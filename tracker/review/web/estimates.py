"""How much coverage of a period was missed, as the numbers tell it: what is judged of all articles is made ahead and kept for hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.digests.missed import Articles, Whole, estimate_missed
from tracker.digests.numbers import days_of
from tracker.digests.periods import first_moment
from tracker.model import Campaign, Estimate, Window
from tracker.review.web.context import desk
from tracker.review.web.remembered import Key, Remembered, remembered
from tracker.store.database import Database

LONGEST_ESTIMATED = timedelta(days=93)
"""A quarter: every item of a longer period would be read for one line."""
JUDGED_WITHIN = timedelta(hours=6)
"""How old the judgement on all articles may be: nights alone change it."""
AHEAD = ("last_quarter", "this_quarter", "last_month", "this_month")
"""Periods that are judged before anybody asks."""


def estimate_of(campaign: Campaign, first_on: date, last_on: date, *, wait: bool) -> Estimate | None:
    """The estimate of the days, both included. None where it is not kept and nobody waits for it: a large archive takes a second."""
    here, memory = desk(), remembered()
    window = _window(campaign, first_on, last_on)
    key = ("estimate", campaign.id, campaign.version, window, here.database.state())
    if not (wait or memory.has(key)):
        return None
    articles = _Kept(here.database, memory, here.now)
    made: Estimate = memory.value(key, lambda: estimate_missed(here.database, campaign, window, articles=articles))
    return made


def judged_ahead(database: Database, campaign: Campaign, now: datetime) -> Iterator[tuple[Key, Callable[[], Whole]]]:
    """What is judged of all articles in the periods of AHEAD, each under its key in the memory."""
    for preset in AHEAD:
        window = _window(campaign, *days_of(preset, campaign, now))
        yield _key(window, campaign.countries), _judging(database, window, campaign.countries)


class _Kept(Articles):
    """What is judged of all articles, as of JUDGED_WITHIN."""

    def __init__(self, database: Database, memory: Remembered, now: datetime) -> None:
        super().__init__(database)
        self._memory, self._now = memory, now

    def judge(self, window: Window, countries: Sequence[str]) -> Whole:
        return self._memory.lately(_key(window, countries), lambda: super(_Kept, self).judge(window, countries), self._now, JUDGED_WITHIN)


def _judging(database: Database, window: Window, countries: Sequence[str]) -> Callable[[], Whole]:
    return lambda: Articles(database).judge(window, countries)


def _key(window: Window, countries: Sequence[str]) -> Key:
    return ("judged", window, tuple(countries))


def _window(campaign: Campaign, first_on: date, last_on: date) -> Window:
    zone = ZoneInfo(campaign.time_zone)
    return Window(first_moment(first_on, zone), first_moment(last_on + timedelta(days=1), zone))
