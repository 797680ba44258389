"""A week with nights in which nothing could be read says so, whatever the last night brought."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.builders import a_campaign, a_poll, a_source, an_outlet, some_facts
from tracker.digests.editions import lacks_coverage, make_edition
from tracker.digests.facts import facts_of_period, unread_nights
from tracker.model import Audience, EditionKind, FetchOutcome, Reach, ReachCell, RunReport, UnreadNight, Window
from tracker.store import digests, registers, runs
from tracker.store.database import Database, open_database

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
WEEK = Window(MONDAY, MONDAY + timedelta(days=7))
CAMPAIGN = replace(a_campaign(), review="optional", time_zone="Europe/Tirane", countries=("AL",))
WHOLE = Reach((ReachCell("AL", 1, "sq", 4, 4),))
NOTHING = Reach((ReachCell("AL", 1, "sq", 4, 0),))
HALF = Reach((ReachCell("AL", 1, "sq", 4, 1),))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path)
    with opened.writing() as conn:
        registers.replace(conn, [an_outlet()], [a_source()], MONDAY)
    yield opened
    opened.close()


def night(database: Database, day: int, reach: Reach | None, *, hour: int = 3, ended: bool = True) -> None:
    at = MONDAY + timedelta(days=day, hours=hour)
    with database.writing() as conn:
        run_id = runs.start(conn, at, (), is_night=True)
        if ended:
            runs.finish(conn, run_id, at + timedelta(hours=1), 0, reach=reach)
        outcome = FetchOutcome.FETCHED if reach is None or reach.read else FetchOutcome.DNS_FAILED
        registers.record_poll(conn, run_id, replace(a_poll(), facts=some_facts(outcome, fetched_at=at)))


def test_failed_and_killed_nights_of_a_week_are_named_and_partners_wait(database: Database) -> None:
    for day, reach in enumerate([WHOLE, NOTHING, WHOLE, HALF, None, WHOLE]):
        night(database, day, reach)
    night(database, 6, None, ended=False)
    made_at = WEEK.end_at + timedelta(hours=8)
    facts = facts_of_period(database, CAMPAIGN, WEEK, made_at)
    assert facts.nights == 7
    assert [one.on for one in facts.unread_nights] == ["2026-11-17", "2026-11-19", "2026-11-22"]
    assert lacks_coverage(facts)
    edition, _ = make_edition(database, CAMPAIGN, EditionKind.WEEKLY, WEEK, facts, made_at)
    with database.reading() as conn:
        assert [*digests.released_at(conn, edition.id)] == [Audience.STAFF]
        assert digests.facts_of(conn, edition.id) == facts


def test_a_night_that_went_well_at_the_second_try_has_not_failed(database: Database) -> None:
    night(database, 2, NOTHING, hour=3)
    night(database, 2, NOTHING, hour=4)
    night(database, 2, WHOLE, hour=5)
    facts = facts_of_period(database, CAMPAIGN, WEEK, WEEK.end_at + timedelta(hours=8))
    assert (facts.nights, facts.unread_nights) == (1, ())
    assert not lacks_coverage(facts)


def test_the_night_after_a_period_counts_for_its_last_day_but_a_later_one_does_not(database: Database) -> None:
    night(database, 7, NOTHING)
    night(database, 9, NOTHING)
    facts = facts_of_period(database, CAMPAIGN, WEEK, WEEK.end_at + timedelta(days=5))
    assert [one.on for one in facts.unread_nights] == ["2026-11-23"]


def test_a_night_without_the_campaigns_countries_is_unread_for_that_campaign() -> None:
    reach = Reach((ReachCell("AL", 1, "sq", 3, 0), ReachCell("RS", 1, "sr", 30, 30)))
    ran = {"2026-11-17": [RunReport(1, MONDAY, MONDAY, reach=reach)]}
    assert unread_nights(ran, ("AL", "XK")) == (UnreadNight("2026-11-17", 33, 30),)
    assert unread_nights(ran, ("RS",)) == ()
