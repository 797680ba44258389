"""The database counts what an edition counts: the same items, decided by the same rule, in one statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.builders import NOW
from tests.conftest import some_of_them
from tests.quarter import MADE_AT, OUTLETS, Quarter
from tests.store.test_plans import FILLING, archive, watching
from tracker.digests.figures import appeared_at
from tracker.digests.history import count_period
from tracker.digests.numbers import PRESETS, Asked, count_numbers, count_periods, days_of
from tracker.digests.periods import first_moment
from tracker.digests.selection import select_entries
from tracker.errors import UsageError
from tracker.model import Audience, Campaign, Entry, Fact, Period, Scope, Window
from tracker.review import decisions
from tracker.store import entries
from tracker.store.database import Database, open_database
from tracker.workspace import read_campaigns

ZONE = ZoneInfo("Europe/Tirane")
FIRST_ON, LAST_ON = date(2026, 1, 20), date(2026, 4, 5)


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> tuple[Database, Campaign]:
    folder = Quarter(tmp_path_factory.mktemp("numbers") / "q").folder
    return open_database(folder), read_campaigns(folder)[0]


def expected(database: Database, campaign: Campaign, asked: Asked) -> list[Entry]:
    """The items that an edition of the period would count, one by one."""
    with database.reading() as conn:
        everything = entries.for_campaign(conn, campaign.id)
    inside = [
        entry
        for entry in everything
        if asked.first_on <= appeared_at(entry).astimezone(ZONE).date() <= asked.last_on
        and asked.scope.covers(entry.outlet.country, entry.article.language, entry.outlet.id)
        and (not asked.tiers or entry.outlet.tier in asked.tiers)
    ]
    return list(select_entries(campaign, inside, audience=asked.audience).counted)


@st.composite
def questions(draw: st.DrawFn) -> Asked:
    first = draw(st.dates(FIRST_ON, LAST_ON))
    return Asked(
        first,
        draw(st.dates(first, LAST_ON + timedelta(days=200))),
        Scope(
            draw(st.lists(st.sampled_from(["AL", "XK", "MK", "RS", "XB"]), max_size=2, unique=True).map(tuple)),
            draw(st.lists(st.sampled_from(["sq", "mk", "sr", "en"]), max_size=2, unique=True).map(tuple)),
            draw(st.lists(st.sampled_from([(one.id, one.name) for one in OUTLETS]), max_size=3, unique=True).map(tuple)),
        ),
        draw(st.lists(st.sampled_from([0, 1, 2, 3]), max_size=2, unique=True).map(tuple)),
        draw(st.sampled_from([*Audience])),
    )


@given(asked=questions(), review=st.sampled_from(["required", "optional"]))
@settings(max_examples=some_of_them(0.6), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_counted_is_what_an_edition_counts(quarter: tuple[Database, Campaign], asked: Asked, review: str) -> None:
    database, campaign = quarter[0], replace(quarter[1], review=review)
    wanted, numbers = expected(database, campaign, asked), count_numbers(database, campaign, asked)
    counts = numbers.counts
    assert counts.total.items == len(wanted)
    assert counts.total.stories == len({entry.story_key or entry.mention.id for entry in wanted})
    assert counts.total.outlets == len({entry.outlet.id for entry in wanted})
    by: dict[str, tuple[object, Callable[[Entry], object]]] = {
        "country": (counts.by_country, lambda entry: entry.outlet.country),
        "language": (counts.by_language, lambda entry: entry.article.language),
        "tier": (counts.by_tier, lambda entry: entry.outlet.tier),
        "outlet": (counts.by_outlet, lambda entry: entry.outlet.id),
    }
    for found, key in by.values():
        assert {value: one.items for value, one in found} == Counter(map(key, wanted))  # type: ignore[attr-defined]
    assert sum(one.items for _, one in counts.by_period) == len(wanted)
    for place, one in counts.by_period:
        after = numbers.bars[place + 1] if place + 1 < len(numbers.bars) else asked.last_on + timedelta(days=1)
        assert one.items == sum(numbers.bars[place] <= appeared_at(entry).astimezone(ZONE).date() < after for entry in wanted)
    tones = Counter(entry.verdict.tone if entry.verdict else "" for entry in wanted)
    assert sum((Counter({tone: items}) for _, tone, items in counts.by_tone), Counter()) == tones
    said = [entry.verdict.key_messages for entry in wanted if entry.verdict and entry.verdict.key_messages is not None]
    assert (dict(counts.by_message), counts.assessed) == (Counter(message for one in said for message in one), len(said))


@given(
    days=st.lists(st.tuples(st.dates(FIRST_ON, LAST_ON), st.integers(1, 200)), max_size=4),
    audience=st.sampled_from([*Audience]),
    review=st.sampled_from(["required", "optional"]),
)
@settings(max_examples=some_of_them(0.3), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_earlier_periods_are_counted_as_their_items_one_by_one(
    quarter: tuple[Database, Campaign], days: list[tuple[date, int]], audience: Audience, review: str
) -> None:
    database, campaign = quarter[0], replace(quarter[1], review=review)
    windows = [Window(first_moment(day, ZONE), first_moment(day + timedelta(days=length), ZONE)) for day, length in days]
    with database.reading() as conn:
        counted = select_entries(campaign, entries.for_campaign(conn, campaign.id), audience=audience).counted
        found = count_periods(conn, campaign, audience, windows)
    assert list(map(in_order, found)) == [in_order(count_period(window, counted)) for window in windows]


def test_a_server_counts_what_a_file_counts(quarter: tuple[Database, Campaign], tmp_path: Path, postgres_url: str) -> None:
    campaign = quarter[1]
    Quarter(tmp_path / "q", postgres_url)
    spans = ((FIRST_ON, LAST_ON), (FIRST_ON + timedelta(days=17), FIRST_ON + timedelta(days=40)))
    windows = [Window(first_moment(first, ZONE), first_moment(last, ZONE)) for first, last in spans]
    counted = []
    with closing(open_database(tmp_path, postgres_url)) as server:
        for database in (quarter[0], server):
            with database.reading() as conn:
                periods = list(map(in_order, count_periods(conn, campaign, Audience.PARTNERS, windows)))
            counted.append((periods, count_numbers(database, campaign, Asked(FIRST_ON, LAST_ON)).counts))
    assert counted[0][0][0].items > 50
    assert counted[0] == counted[1]


def in_order(period: Period) -> Period:
    return replace(period, by_country=tuple(sorted(period.by_country)), cells=tuple(sorted(period.cells, key=str)))


def test_a_corrected_item_is_counted_where_it_belongs(tmp_path: Path) -> None:
    folder = Quarter(tmp_path / "q").folder
    database, campaign = open_database(folder), read_campaigns(folder)[0]
    asked = Asked(FIRST_ON, LAST_ON, Scope(("MK",)))
    before = count_numbers(database, campaign, asked).counts.total.items
    wanted = expected(database, campaign, replace(asked, scope=Scope(("AL",))))[0]
    decisions.say(database, wanted.mention.id, {Fact.OUTLET: "nov-den"}, by="Arta", now=MADE_AT, version=None)
    assert count_numbers(database, campaign, asked).counts.total.items == before + 1
    assert count_numbers(database, campaign, asked).counts.total.items == len(expected(database, campaign, asked))
    database.close()


@pytest.mark.parametrize("preset", PRESETS)
def test_a_named_period_is_whole_days_of_the_campaign(quarter: tuple[Database, Campaign], preset: str) -> None:
    first, last = days_of(preset, quarter[1], NOW)
    assert first <= last <= NOW.astimezone(ZONE).date()


def test_the_last_quarter_is_the_one_before_this() -> None:
    campaign = Campaign("x", "x", (), date(2020, 1, 1), "Europe/Tirane", "required", (), ())
    assert days_of("last_quarter", campaign, NOW) == (date(2025, 10, 1), date(2025, 12, 31))
    with pytest.raises(UsageError, match="no period"):
        days_of("yesteryear", campaign, NOW)


def test_a_period_that_ends_before_it_begins_is_refused(quarter: tuple[Database, Campaign]) -> None:
    with pytest.raises(UsageError, match="before it begins"):
        count_numbers(*quarter, Asked(LAST_ON, FIRST_ON))


def test_counting_takes_as_many_statements_in_a_larger_archive_and_scans_no_growing_table(tmp_path: Path) -> None:
    asked = Asked((FILLING.end_at - timedelta(days=400)).date(), FILLING.end_at.date())
    counts = []
    for articles in (400, 1200):
        parts = archive(tmp_path / str(articles), articles)
        with watching(parts) as seen:
            found = count_numbers(parts.database, read_campaigns(parts.workspace)[0], asked)
        assert seen.scans() == []
        assert found.counts.total.items > 10
        counts.append(len(seen.statements))
        parts.close()
    assert counts[0] == counts[1]
