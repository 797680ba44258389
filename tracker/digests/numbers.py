"""The numbers of a period as they are asked for on a page: by country, language, tier, outlet and time, narrowed at will.

What counts is what an edition for the audience counts (`selection`), decided once for every kind of item; the database counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace

from tracker.digests import history
from tracker.digests.periods import first_moment, months_before
from tracker.digests.ranking import LEADING
from tracker.digests.selection import select_entries
from tracker.errors import UsageError
from tracker.model import (
    DATE_UNCERTAIN,
    LISTED_ELSEWHERE,
    Article,
    Audience,
    Campaign,
    Decision,
    Depth,
    Entry,
    Mention,
    Outlet,
    Period,
    Scope,
    Verdict,
    Window,
)
from tracker.store import counting, entries
from tracker.store.counting import Counts, Kind
from tracker.store.database import Database

if TYPE_CHECKING:
    from sqlalchemy import Connection

WEEKS_UP_TO = timedelta(days=200)
"""A longer period is shown by months: more than thirty bars are not told apart."""
DAYS_UP_TO = timedelta(days=31)
PRESETS = ("last_quarter", "this_quarter", "last_month", "this_month", "last_year", "all")
_EPOCH = datetime(2000, 1, 1, tzinfo=ZoneInfo("UTC"))


class Asked(Struct, frozen=True):
    """What is to be counted: the days, both included, are of the campaign's zone and of publication."""

    first_on: date
    last_on: date
    scope: Scope = field(default_factory=Scope)
    tiers: tuple[int, ...] = ()
    audience: Audience = Audience.PARTNERS


class Numbers(Struct, frozen=True):
    """The counts, and the first day of each bar of time. `step`: "day", "week" or "month"."""

    asked: Asked
    counts: Counts
    bars: tuple[date, ...]
    step: str


def days_of(preset: str, campaign: Campaign, now: datetime) -> tuple[date, date]:
    """The first and the last day of a period with a name, in the campaign's zone. Raises UsageError for a name that is none."""
    today = now.astimezone(ZoneInfo(campaign.time_zone)).date()
    month, quarter = today.replace(day=1), date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    day = timedelta(days=1)
    named = {
        "last_quarter": (months_before(quarter, 3), quarter - day),
        "this_quarter": (quarter, today),
        "last_month": (months_before(month, 1), month - day),
        "this_month": (month, today),
        "last_year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        "all": (min(campaign.since, today), today),
    }
    if preset not in named:
        raise UsageError(f"no period {preset[:40]!r}; there are {', '.join(PRESETS)}")
    return named[preset]


def count_numbers(database: Database, campaign: Campaign, asked: Asked) -> Numbers:
    """Counts what was asked for. Raises UsageError for a period that ends before it begins."""
    if asked.last_on < asked.first_on:
        raise UsageError(f"the period ends ({asked.last_on}) before it begins ({asked.first_on})")
    step, bars = _bars(asked.first_on, asked.last_on)
    zone = ZoneInfo(campaign.time_zone)
    bounds = [*(first_moment(day, zone) for day in bars), first_moment(asked.last_on + timedelta(days=1), zone)]
    with database.reading() as conn:
        scope = asked.scope
        wanted = replace(
            _wanted(conn, campaign, asked.audience, tuple(pairwise(bounds))),
            countries=scope.countries,
            languages=scope.languages,
            outlets=tuple(sorted(scope.outlet_ids)),
            tiers=asked.tiers,
        )
        counts = counting.count(conn, wanted)
    return Numbers(asked, counts, bars, step)


def count_periods(conn: Connection, campaign: Campaign, audience: Audience, windows: Sequence[Window]) -> list[Period]:
    """The figures of each of the windows, which may overlap: of what an edition for the audience counts that appeared in it."""
    if not windows:
        return []
    wanted = _wanted(conn, campaign, audience, tuple((one.start_at, one.end_at) for one in windows))
    found = zip(windows, counting.count_cells(conn, wanted, LEADING), strict=True)
    return [history.period_of(window, cells, stories) for window, (cells, stories) in found]


def _wanted(conn: Connection, campaign: Campaign, audience: Audience, periods: tuple[tuple[datetime, datetime], ...]) -> counting.Wanted:
    return counting.Wanted(
        campaign_id=campaign.id,
        counted=counted_kinds(_plain(campaign), audience),
        periods=periods,
        left_out=entries.sensitive_articles(conn, campaign.id),
        own_domains=campaign.own_domains,
    )


@lru_cache(maxsize=64)
def counted_kinds(campaign: Campaign, audience: Audience) -> frozenset[str]:
    """The codes of those kinds of items that an edition for the audience counts: one item of each is put to `select_entries`."""
    found = list(enumerate(counting.kinds([circle.id for circle in campaign.circles])))
    counted = select_entries(campaign, [_of_kind(kind, campaign, number) for number, kind in found], audience=audience).counted
    ids = {entry.article.id for entry in counted}
    return frozenset(kind.code for number, kind in found if number in ids)


def _plain(campaign: Campaign) -> Campaign:
    """What decides about kinds, so that a change of terms decides nothing anew."""
    return replace(campaign, terms=(), labels=(), key_messages=(), releases=(), version="")


def _of_kind(kind: Kind, campaign: Campaign, number: int) -> Entry:
    host = campaign.own_domains[0] if kind.own and campaign.own_domains else "a.invalid"
    url = f"https://{host}/1"
    return Entry(
        mention=Mention(str(number), campaign.id, number, kind.circle, (), _labels_of(kind), (), kind.held, ""),
        article=Article("a", url, url, "", "", _EPOCH, Depth.EXTRACTED, id=number),
        outlet=Outlet("a", "", url, "XB", ()),
        story_key="",
        verdict=Verdict(campaign.id, number, Decision(kind.decision), _EPOCH) if kind.decision else None,
    )


def _labels_of(kind: Kind) -> tuple[str, ...]:
    marks = ((DATE_UNCERTAIN, kind.uncertain), (LISTED_ELSEWHERE, kind.listed))
    return tuple(label for label, holds in marks if holds)


def _bars(first: date, last: date) -> tuple[str, tuple[date, ...]]:
    """The days on which the bars of time begin; the first one at the period's first day."""
    length = last - first
    step = "day" if length <= DAYS_UP_TO else "week" if length <= WEEKS_UP_TO else "month"
    return step, tuple(_steps(first, last, step))


def _steps(first: date, last: date, step: str) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        if step == "day":
            day += timedelta(days=1)
        elif step == "week":
            day += timedelta(days=7 - day.weekday())
        else:
            day = months_before(day.replace(day=1), -1)
