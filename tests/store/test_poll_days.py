"""Sums of days say exactly what the polls themselves say, wherever a period begins and ends, and also after the polls were thinned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import Connection, select, text

from tests.builders import a_poll, a_source, an_outlet, some_facts
from tests.conftest import some_of_them
from tracker.model import FetchOutcome, PollRecord
from tracker.store import nights, poll_days, registers
from tracker.store.migrations.versions.rev_0016_days_of_polls import FILL
from tracker.store.schema.crawl import fetches
from tracker.store.schema.crawl import poll_days as sums

MIDNIGHT = datetime(2026, 3, 10, tzinfo=UTC)
DAYS = 4
SOURCES = ("zeri-i-lumit:feed:1", "zeri-i-lumit:feed:2")
OUTCOMES = (FetchOutcome.FETCHED, FetchOutcome.UNCHANGED, FetchOutcome.TIMEOUT, FetchOutcome.EMPTY)
MINUTES = st.integers(0, DAYS * 24 * 60 - 1) | st.sampled_from([0, 24 * 60 - 1, 24 * 60, 2 * 24 * 60])
POLLS = st.lists(st.tuples(MINUTES, st.sampled_from(SOURCES), st.sampled_from(OUTCOMES), st.integers(0, 3)), max_size=20)
PERIODS = st.tuples(MINUTES, MINUTES).map(sorted)
every_example = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=some_of_them(0.6))


def at(minutes: int) -> datetime:
    return MIDNIGHT + timedelta(minutes=minutes)


@pytest.fixture
def polled(conn: Connection) -> Callable[[Sequence[Any]], None]:
    """Polls these, in this order and nothing else; a clock may have gone back between two of them."""
    registers.replace(conn, [an_outlet()], [a_source(id=source) for source in SOURCES], MIDNIGHT)

    def poll(polls: Sequence[Any]) -> None:
        for table in (fetches, sums):
            conn.execute(table.delete())
        for minutes, source_id, outcome, new in polls:
            listed = 10 + new if outcome is FetchOutcome.FETCHED else 0
            facts = some_facts(outcome, fetched_at=at(minutes), detail=f"answer of minute {minutes}")
            newest_at = at(minutes) - timedelta(hours=new) if new else None
            one = a_poll(outcome, source_id=source_id, facts=facts, listed=listed, newest_at=newest_at, oldest_at=newest_at)
            registers.record_poll(conn, None, one, new_links=new)

    return poll


def told_by_polls(conn: Connection, since: datetime, until: datetime) -> dict[str, list[PollRecord]]:
    """What the polls themselves say of a period."""
    by_key: dict[tuple[str, str, str], list[Any]] = {}
    for row in conn.execute(select(fetches).where(fetches.c.source_id.is_not(None)).order_by(fetches.c.id)):
        if since <= row.fetched_at <= until:
            by_key.setdefault((row.source_id, row.fetched_at.date().isoformat(), row.outcome), []).append(row)
    found: dict[str, list[PollRecord]] = {}
    for rows in sorted(by_key.values(), key=lambda rows: rows[-1].id):
        last, new = rows[-1], sum(row.new_links or 0 for row in rows)
        dates = (last.newest_at, last.oldest_at)
        one = PollRecord(last.fetched_at, FetchOutcome(last.outcome), last.listed or 0, new, *dates, last.detail, len(rows))
        found.setdefault(last.source_id, []).append(one)
    return found


def uncounted(found: dict[str, list[PollRecord]]) -> dict[str, list[PollRecord]]:
    """Without how many polls there were: those that were thinned out count no more."""
    return {source: [replace(one, visits=1) for one in polls] for source, polls in found.items()}


@every_example
@given(POLLS, PERIODS)
def test_sums_say_what_the_polls_say(
    conn: Connection, polled: Callable[[Sequence[Any]], None], polls: Sequence[Any], period: list[int]
) -> None:
    polled(polls)
    since, until = map(at, period)
    wanted = told_by_polls(conn, since, until)
    assert poll_days.polls_by_day(conn, since, until) == wanted
    answered = {source: any(poll.outcome.succeeded for poll in polls) for source, polls in wanted.items()}
    assert poll_days.sources_polled(conn, since, until) == answered


@every_example
@given(POLLS, PERIODS)
def test_sums_stay_when_polls_are_thinned(
    conn: Connection, polled: Callable[[Sequence[Any]], None], polls: Sequence[Any], period: list[int]
) -> None:
    polled(polls)
    whole_days = (MIDNIGHT, at(DAYS * 24 * 60))
    before = poll_days.polls_by_day(conn, *whole_days)
    for failed in (False, True):
        nights.thin_polls(conn, nights.crowded_days(conn, at(period[1]), failed=failed))
    assert poll_days.polls_by_day(conn, *whole_days) == before
    since, until = map(at, period)
    assert uncounted(poll_days.polls_by_day(conn, since, until)) == uncounted(told_by_polls(conn, since, until))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # PostgreSQL was given a schema after that revision
@every_example
@given(POLLS)
def test_a_migrated_database_has_the_sums_that_would_have_been_kept(
    conn: Connection, polled: Callable[[Sequence[Any]], None], polls: Sequence[Any]
) -> None:
    polled(polls)
    kept = conn.execute(select(sums)).all()
    conn.execute(sums.delete())
    conn.execute(text(FILL))
    assert conn.execute(select(sums)).all() == kept


def test_a_period_in_another_zone_is_the_same_period(conn: Connection, polled: Callable[[Sequence[Any]], None]) -> None:
    polled([(60 * hour, SOURCES[0], OUTCOMES[hour % 3], 1) for hour in range(0, DAYS * 24, 5)])
    since, until = (moment.astimezone(ZoneInfo("Europe/Belgrade")) for moment in (at(23 * 60), at(49 * 60)))
    assert poll_days.polls_by_day(conn, since, until) == told_by_polls(conn, since, until)
