from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tracker.sources.polling.pace import (
    JITTER,
    LONGEST,
    LONGEST_RETRY_AFTER,
    MOST_HASTE,
    SHORTEST,
    Pace,
    Turn,
    Visit,
    Wishes,
    after_poll,
    turnover_interval,
    was_outrun,
    wishes_of,
)

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def known(items_per_hour: float = 6.0, **fields: object) -> Pace:
    """A feed of ten items, last asked half an hour ago."""
    given = Pace(NOW - HOUR / 2, NOW - HOUR / 2, NOW - HOUR, 10, items_per_hour)
    return replace(given, **fields)  # type: ignore[arg-type]


def a_visit(new: int = 3, continuing: int = 4, **fields: object) -> Visit:
    return replace(Visit(NOW, listed=10, new=new, continuing=continuing), **fields)  # type: ignore[arg-type]


def test_a_busy_feed_is_asked_often_and_a_slow_one_rarely() -> None:
    intervals = [turnover_interval(known(rate)) for rate in (60.0, 12.0, 3.0, 0.3, 0.0)]
    assert intervals == sorted(intervals)
    assert intervals[0] == SHORTEST
    assert HOUR / 4 <= intervals[1] <= HOUR / 2
    assert intervals[-1] == LONGEST


def test_a_longer_window_may_be_left_alone_longer() -> None:
    assert turnover_interval(known(window_items=100)) > turnover_interval(known(window_items=10)) > turnover_interval(known(window_items=4))


def test_the_first_poll_guesses_the_pace_from_the_dates_of_what_is_listed() -> None:
    busy = after_poll("s", Pace(), Visit(NOW, listed=11, new=11, newest_at=NOW, oldest_at=NOW - HOUR))
    slow = after_poll("s", Pace(), Visit(NOW, listed=11, new=11, newest_at=NOW, oldest_at=NOW - 240 * HOUR))
    undated = after_poll("s", Pace(), Visit(NOW, listed=11, new=11))
    assert busy.pace.items_per_hour == pytest.approx(10)
    assert busy.interval < undated.interval < slow.interval


def test_a_pace_rises_at_once_and_falls_slowly() -> None:
    faster = after_poll("s", known(2.0), a_visit(new=8)).pace.items_per_hour
    slower = after_poll("s", known(6.0), a_visit(new=0)).pace.items_per_hour
    assert faster is not None
    assert slower is not None
    assert faster > 10
    assert 5.9 < slower < 6.0


def test_an_unchanged_answer_keeps_the_window() -> None:
    turn = after_poll("s", known(), Visit(NOW))
    assert (turn.pace.window_items, turn.outrun_since_at, turn.pace.newest_at) == (10, None, NOW - HOUR)


# --- windows that were outrun ---


def test_nothing_left_of_what_was_last_new_is_a_gap_since_the_last_visit_and_makes_haste() -> None:
    turn = after_poll("s", known(), a_visit(new=10, continuing=0))
    assert turn.outrun_since_at == NOW - HOUR / 2
    assert turn.pace.haste == 2
    assert turn.interval < turnover_interval(known())


@pytest.mark.parametrize(
    ("before", "visit"),
    [
        (Pace(), a_visit(new=10, continuing=0)),
        (known(), a_visit(new=9, continuing=1)),
        (known(), a_visit(new=0, continuing=0)),
        (known(), a_visit(new=5, continuing=0, oldest_new_at=NOW - 2 * HOUR)),
        (known(last_new_at=None), a_visit(new=10, continuing=0)),
    ],
    ids=["first poll", "one is left", "nothing new", "reaches back to what was known", "nothing was ever new"],
)
def test_what_is_no_gap(before: Pace, visit: Visit) -> None:
    assert not was_outrun(before, visit)


def test_an_item_kept_on_top_for_weeks_hides_no_gap() -> None:
    assert was_outrun(known(), a_visit(new=9, continuing=0, oldest_new_at=NOW - HOUR / 3))


def test_a_date_in_the_future_hides_no_gap() -> None:
    assert was_outrun(known(newest_at=NOW + 5 * HOUR), a_visit(new=10, continuing=0, oldest_new_at=NOW - HOUR / 3))


def test_a_sitemap_has_no_window_to_outrun() -> None:
    assert after_poll("s", known(), a_visit(new=10, continuing=0), has_window=False).outrun_since_at is None


def test_haste_has_an_end_and_passes() -> None:
    pace = known()
    for _ in range(9):
        pace = after_poll("s", pace, a_visit(new=10, continuing=0)).pace
    assert pace.haste == MOST_HASTE
    later = after_poll("s", replace(pace, last_answered_at=NOW - timedelta(days=20)), a_visit())
    assert later.pace.haste == 1


# --- what the outlet asks for ---


def waited(turn: Turn) -> timedelta:
    return turn.next_due_at - NOW


@pytest.mark.parametrize(
    ("wishes", "least"),
    [
        (Wishes(max_age_seconds=7200), 2 * HOUR),
        (Wishes(ttl_minutes=180), 3 * HOUR),
        (Wishes(retry_after_seconds=5 * 86400), 120 * HOUR),
        (Wishes(retry_after_seconds=float("inf")), LONGEST_RETRY_AFTER),
        (Wishes(max_age_seconds=float("inf")), LONGEST),
        (Wishes(ttl_minutes=10**9), LONGEST),
    ],
)
def test_what_an_outlet_asks_for_is_waited(wishes: Wishes, least: timedelta) -> None:
    assert waited(after_poll("s", known(60.0), a_visit(), wishes)) == least


def test_hours_to_skip_are_skipped() -> None:
    turn = after_poll("s", known(60.0), a_visit(), Wishes(skip_hours=(9, 10, 11)))
    assert turn.next_due_at == NOW.replace(hour=12, minute=0)


def test_who_skips_all_hours_is_asked_nevertheless() -> None:
    assert waited(after_poll("s", known(60.0), a_visit(), Wishes(skip_hours=tuple(range(24))))) < HOUR


@pytest.mark.parametrize(
    ("control", "seconds"),
    [
        ("max-age=600", 600),
        ("public, max-age=3600, s-maxage=7200", 3600),
        ('Max-Age="60"', 60),
        ("s-maxage=900", None),
        ("no-cache, max-age=900", None),
        ("max-age=-5", None),
        ("max-age=soon", None),
        ("", None),
        ("max-age=" + "9" * 400, 999_999_999),
    ],
)
def test_how_long_an_answer_stays_fresh(control: str, seconds: float | None) -> None:
    assert wishes_of([("Cache-Control", control)]).max_age_seconds == seconds


def test_a_failing_source_is_asked_ever_more_rarely_and_never_given_up() -> None:
    pace, waits = known(), []
    for _ in range(400):
        turn = after_poll("s", pace, Visit(NOW, answered=False))
        pace, _ = turn.pace, waits.append(turn.interval)
    assert waits[:6] == [HOUR * hours for hours in (1, 2, 4, 8, 16, 24)]
    assert set(waits[6:]) == {LONGEST}
    assert pace.items_per_hour == 6.0
    assert after_poll("s", pace, a_visit()).pace.failures == 0


@given(
    st.text(max_size=8),
    st.floats(0, 1e6),
    st.integers(0, 1000),
    st.integers(0, 1000),
    st.booleans(),
    st.integers(0, 10**9),
    st.lists(st.integers(-5, 50), max_size=23).map(tuple),
)
def test_every_wait_is_between_ten_minutes_and_a_day_where_nobody_asks_for_more(
    source: str, rate: float, window: int, new: int, answered: bool, seconds: int, skip: tuple[int, ...]
) -> None:
    pace = known(rate, window_items=window, last_answered_at=NOW - timedelta(seconds=seconds))
    visit = a_visit(new=new, answered=answered)
    turn = after_poll(source, pace, visit)
    assert SHORTEST <= waited(turn) <= LONGEST
    assert after_poll(source, pace, visit) == turn
    assert after_poll(source, pace, visit, Wishes(skip_hours=skip)).next_due_at >= turn.next_due_at


def test_sources_asked_together_are_not_due_together() -> None:
    due = {after_poll(f"outlet-{number}", known(), a_visit()).next_due_at for number in range(100)}
    interval = after_poll("s", known(), a_visit()).interval
    assert len(due) > 90
    assert (1 - JITTER) * interval <= min(due) - NOW <= max(due) - NOW <= (1 + JITTER) * interval
