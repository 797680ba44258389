"""What an edition says of its period: every figure is counted again here by SQL of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, text

from tests.builders import a_campaign, a_poll, a_source, an_article, an_outlet, some_facts
from tracker.digests.facts import facts_of_period, facts_of_run
from tracker.model import FetchOutcome, Precision, Published, Window
from tracker.store import articles, registers, runs
from tracker.store.database import Database, open_database

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
WEEK = Window(MONDAY, MONDAY + timedelta(days=7))
AFTER = WEEK.end_at + timedelta(hours=8)
CAMPAIGN = replace(a_campaign(), countries=("AL", "RS"))
OUTLETS = [an_outlet("a", country="AL"), an_outlet("b", country="RS"), an_outlet("c", country="RS")]
SOURCES = [a_source(f"{one}:feed:{number}", outlet_id=one) for one in "abc" for number in (1, 2)]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path)
    with opened.writing() as conn:
        registers.replace(conn, OUTLETS, SOURCES, MONDAY - timedelta(days=60))
    yield opened
    opened.close()


def poll(conn: Connection, source_id: str, at: datetime, outcome: FetchOutcome = FetchOutcome.FETCHED, run_id: int | None = None) -> None:
    registers.record_poll(conn, run_id, replace(a_poll(), source_id=source_id, facts=some_facts(outcome, fetched_at=at)))


def by_sql(conn: Connection, window: Window, until: datetime) -> dict[str, tuple[int, int, int]]:
    """Polled and usable sources, and articles, by country."""
    polls = (
        "SELECT o.country, COUNT(DISTINCT f.source_id), COUNT(DISTINCT CASE WHEN f.outcome IN ('fetched', 'unchanged') THEN f.source_id END)"
        " FROM fetches f JOIN sources s ON s.id = f.source_id JOIN outlets o ON o.id = s.outlet_id"
        f" WHERE f.fetched_at BETWEEN '{window.start_at:%Y-%m-%d %H:%M}' AND '{until:%Y-%m-%d %H:%M:59}' GROUP BY 1"
    )
    read = "SELECT o.country, COUNT(*) FROM articles a JOIN outlets o ON o.id = a.outlet_id WHERE a.title LIKE '%counts%' GROUP BY 1"
    counted = {row[0]: [row[1], row[2], 0] for row in conn.execute(text(polls))}
    for country, count in conn.execute(text(read)):
        counted.setdefault(country, [0, 0, 0])[2] = count
    return {country: (found[0], found[1], found[2]) for country, found in counted.items()}


def test_figures_of_a_week_are_those_of_its_own_polls_and_articles(database: Database) -> None:
    failed = FetchOutcome.DNS_FAILED
    with database.writing() as conn:
        for day in range(7):
            poll(conn, "a:feed:1", MONDAY + timedelta(days=day, hours=3))
            poll(conn, "b:feed:1", MONDAY + timedelta(days=day, hours=3), failed if day else FetchOutcome.FETCHED)
            poll(conn, "c:feed:1", MONDAY + timedelta(days=day, hours=3), failed)
        poll(conn, "b:feed:2", MONDAY - timedelta(hours=1))  # before the week
        poll(conn, "c:feed:2", WEEK.end_at + timedelta(days=9))  # long after it
        rows = [
            ("a", "counts: read in the week", MONDAY + timedelta(days=1), MONDAY - timedelta(days=90)),
            ("b", "counts: of the week, looked up later", WEEK.end_at + timedelta(days=40), MONDAY + timedelta(days=2)),
            ("c", "neither", WEEK.end_at + timedelta(days=40), MONDAY - timedelta(days=90)),
        ]
        made = [
            an_article(number, outlet_id=outlet, title=title, fetched_at=at, published=Published(published, Precision.MINUTE))
            for number, (outlet, title, at, published) in enumerate(rows, 1)
        ]
        articles.save(conn, [(one, one.title.lower(), one.body.lower()) for one in made], AFTER)
    facts = facts_of_period(database, CAMPAIGN, WEEK, AFTER + timedelta(days=60))
    with database.reading() as conn:
        wanted = by_sql(conn, WEEK, WEEK.end_at + timedelta(hours=12))
    assert {one.country: (one.sources_watched, one.sources_answered, one.items_looked_at) for one in facts.by_country} == wanted
    assert wanted == {"AL": (1, 1, 1), "RS": (2, 1, 1)}
    assert (facts.sources_watched, facts.sources_answered, facts.items_looked_at) == (3, 2, 2)


def test_a_period_that_nobody_polled_claims_no_answers(database: Database) -> None:
    with database.writing() as conn:
        poll(conn, "a:feed:1", WEEK.end_at + timedelta(days=300))
    facts = facts_of_period(database, CAMPAIGN, WEEK, WEEK.end_at + timedelta(days=301))
    assert (facts.sources_watched, facts.sources_answered, facts.reach) == (0, 0, None)


def test_figures_of_a_run_are_those_of_its_own_polls(database: Database) -> None:
    with database.writing() as conn:
        run_id = runs.start(conn, AFTER, (), is_night=True)
        poll(conn, "a:feed:1", AFTER, run_id=run_id)
        poll(conn, "b:feed:1", AFTER, FetchOutcome.TIMEOUT, run_id)
        poll(conn, "b:feed:2", AFTER)
    found = {one.country: (one.sources_watched, one.sources_answered) for one in facts_of_run(database, run_id, AFTER)}
    assert found == {"AL": (2, 1), "RS": (4, 0)}
