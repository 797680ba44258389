from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from tests.builders import NOW, a_poll, some_facts
from tracker.model import FetchOutcome
from tracker.store import nights, poll_days, registers
from tracker.store.schema.crawl import fetches

SOURCE = "zeri-i-lumit:feed:1"


def poll(conn: Connection, hours: int, outcome: FetchOutcome, new: int = 0) -> None:
    facts = some_facts(outcome, fetched_at=NOW + timedelta(hours=hours))
    registers.record_poll(conn, None, a_poll(outcome, facts=facts, listed=10), new_links=new)


def test_a_day_of_polls_is_one_row_an_outcome_with_all_that_it_brought(conn: Connection) -> None:
    for hours in range(6):
        poll(conn, hours, FetchOutcome.FETCHED if hours % 2 else FetchOutcome.UNCHANGED, new=hours)
    poll(conn, 6, FetchOutcome.TIMEOUT)
    poll(conn, 30, FetchOutcome.FETCHED, new=5)
    found = poll_days.polls_by_day(conn, NOW, NOW + timedelta(days=2))[SOURCE]
    assert [(day.outcome, day.new, day.visits) for day in found] == [
        (FetchOutcome.UNCHANGED, 6, 3),
        (FetchOutcome.FETCHED, 9, 3),
        (FetchOutcome.TIMEOUT, 0, 1),
        (FetchOutcome.FETCHED, 5, 1),
    ]
    assert poll_days.polls_by_day(conn, NOW + timedelta(days=3), NOW + timedelta(days=4)) == {}


def test_thinning_keeps_what_days_brought_and_every_failure(conn: Connection) -> None:
    for hours in range(12):
        poll(conn, hours, FetchOutcome.FETCHED, new=2)
        poll(conn, hours, FetchOutcome.TIMEOUT)
    poll(conn, 40, FetchOutcome.FETCHED, new=1)
    poll(conn, 41, FetchOutcome.FETCHED, new=1)
    before = [(day.outcome, day.new) for day in poll_days.polls_by_day(conn, NOW, NOW + timedelta(days=3))[SOURCE]]
    assert nights.thin_polls(conn, nights.crowded_days(conn, NOW + timedelta(hours=36))) == 11
    assert [(day.outcome, day.new) for day in poll_days.polls_by_day(conn, NOW, NOW + timedelta(days=3))[SOURCE]] == before
    assert conn.execute(select(func.count()).select_from(fetches)).scalar() == 12 + 1 + 2
    assert nights.thin_polls(conn, nights.crowded_days(conn, NOW + timedelta(hours=36))) == 0


def test_failures_of_a_day_are_thinned_apart(conn: Connection) -> None:
    for hours in range(3):
        for outcome in (FetchOutcome.FETCHED, FetchOutcome.TIMEOUT, FetchOutcome.EMPTY):
            poll(conn, hours, outcome)
    days = nights.crowded_days(conn, NOW + timedelta(days=2), failed=True)
    assert sorted(day.outcome for day in days) == ["empty", "timeout"]
    assert nights.thin_polls(conn, days) == 4
    nights.note_thinned(conn, NOW + timedelta(days=2), failed=True)
    assert [day.outcome for day in nights.crowded_days(conn, NOW + timedelta(days=2))] == ["fetched"]


@pytest.mark.parametrize(
    ("days", "thinned"),
    [
        ((0, 3, 8, 15), 4),  # each week has one
        ((0, 60), 2),  # the machine was off for two months, or polled once a night
        ((), 0),
    ],
)
def test_days_of_polls_are_thinned_however_long_ago_they_were(conn: Connection, days: tuple[int, ...], thinned: int) -> None:
    for day in days:
        for hours in (30 * 24 * 3 - day * 24, 30 * 24 * 3 - day * 24 + 1):
            poll(conn, hours, FetchOutcome.FETCHED, new=1)
    assert nights.thin_polls(conn, nights.crowded_days(conn, NOW + timedelta(days=100))) == thinned
    assert nights.crowded_days(conn, NOW + timedelta(days=100)) == []


def test_only_what_came_since_the_last_thinning_is_looked_through(conn: Connection) -> None:
    for hours in (0, 1, 40, 41):
        poll(conn, hours, FetchOutcome.FETCHED, new=1)
    first = NOW + timedelta(hours=41)
    days = nights.crowded_days(conn, first)
    assert [day.new_links for day in days] == [2]  # of the second day's polls one was before then
    nights.thin_polls(conn, days)
    nights.note_thinned(conn, first)
    poll(conn, 0, FetchOutcome.FETCHED, new=1)  # a clock that went back
    assert [day.new_links for day in nights.crowded_days(conn, NOW + timedelta(days=100))] == [2]


def test_of_a_thinning_that_was_killed_the_days_that_are_left_are_found(conn: Connection) -> None:
    for day in (0, 30, 60):
        for hours in (0, 1):
            poll(conn, 24 * day + hours, FetchOutcome.FETCHED, new=1)
    days = nights.crowded_days(conn, NOW + timedelta(days=100))
    assert days == sorted(days, key=lambda day: day.first_at)
    nights.thin_polls(conn, days[2:])  # whichever it came to
    assert nights.crowded_days(conn, NOW + timedelta(days=100)) == days[:2]
