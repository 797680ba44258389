from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clockwork import ZONE, local
from tracker.recurrence import QUARTERS, At, Every, QuietHours, is_slot, next_after, read_quiet_hours, read_time, readable

NIGHT = At(time(2), ZONE)
HALF_PAST_TWO = At(time(2, 30), ZONE)
MONDAY = At(time(6), ZONE, weekday=0)
FIRST = At(time(6), ZONE, day=1)
QUARTER = At(time(6), ZONE, day=1, months=QUARTERS)
MOMENTS = st.integers(0, 5 * 365 * 24 * 3600).map(lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("rhythm", "moment", "following"),
    [
        (NIGHT, local("2026-11-25T01:59:59"), local("2026-11-25T02:00")),
        (NIGHT, local("2026-11-25T02:00"), local("2026-11-26T02:00")),
        (MONDAY, local("2026-11-30T05:59"), local("2026-11-30T06:00")),
        (MONDAY, local("2026-11-30T06:00"), local("2026-12-07T06:00")),
        (FIRST, local("2026-01-31T12:00"), local("2026-02-01T06:00")),
        (FIRST, local("2024-02-01T06:00"), local("2024-03-01T06:00")),
        (QUARTER, local("2026-10-01T06:00"), local("2027-01-01T06:00")),
        (QUARTER, local("2026-06-30T23:59"), local("2026-07-01T06:00")),
        (Every(timedelta(minutes=10)), local("2026-11-25T12:00"), local("2026-11-25T12:10")),
        (HALF_PAST_TWO, datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # skipped: 03:30
        (HALF_PAST_TWO, datetime(2026, 3, 29, 2, 0, tzinfo=UTC), datetime(2026, 3, 30, 0, 30, tzinfo=UTC)),
        (HALF_PAST_TWO, datetime(2026, 10, 24, 22, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the first 02:30
        (HALF_PAST_TWO, datetime(2026, 10, 25, 1, 10, tzinfo=UTC), datetime(2026, 10, 26, 1, 30, tzinfo=UTC)),  # the second 02:10
        (MONDAY, local("2026-03-23T06:00"), local("2026-03-30T06:00")),
    ],
)
def test_the_next_time_is_the_first_after_the_moment(rhythm: At | Every, moment: datetime, following: datetime) -> None:
    assert next_after(rhythm, moment) == following
    assert next_after(rhythm, moment).tzinfo is UTC


def test_an_hour_that_the_clocks_skip_in_spring_comes_an_hour_later() -> None:
    """On 29 March 2026 the clocks of Tirana go from 02:00 to 03:00."""
    before = local("2026-03-28T12:00")
    assert next_after(NIGHT, before) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert next_after(HALF_PAST_TWO, before) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert next_after(HALF_PAST_TWO, datetime(2026, 3, 29, 1, 30, tzinfo=UTC)) == datetime(2026, 3, 30, 0, 30, tzinfo=UTC)


def test_an_hour_that_the_clocks_repeat_in_autumn_comes_once() -> None:
    """On 25 October 2026 the clocks go from 03:00 back to 02:00."""
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_after(HALF_PAST_TWO, local("2026-10-24T12:00")) == first
    assert next_after(HALF_PAST_TWO, first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@given(MOMENTS, st.sampled_from([NIGHT, HALF_PAST_TWO, MONDAY, FIRST, QUARTER]))
def test_the_next_time_lies_ahead_is_a_time_and_has_none_before_it(moment: datetime, rhythm: At) -> None:
    following = next_after(rhythm, moment)
    assert following > moment
    assert is_slot(rhythm, following)
    assert next_after(rhythm, following - timedelta(seconds=1)) == following
    middle = moment + (following - moment) / 2
    assert next_after(rhythm, middle) == following


@given(MOMENTS)
def test_every_day_has_its_night_and_only_one(moment: datetime) -> None:
    days = []
    for _ in range(20):
        moment = next_after(HALF_PAST_TWO, moment)
        days.append(moment.astimezone(ZoneInfo(ZONE)).date())
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(days))


def test_a_day_that_never_comes_is_refused() -> None:
    with pytest.raises(ValueError, match="never comes"):
        next_after(At(time(6), ZONE, day=31, months=(2,)), local("2026-01-01T00:00"))


@pytest.mark.parametrize(
    ("hours", "moment", "over"),
    [
        ("22:00-07:00", "2026-11-25T21:59", "2026-11-25T21:59"),
        ("22:00-07:00", "2026-11-25T22:00", "2026-11-26T07:00"),
        ("22:00-07:00", "2026-11-26T03:00", "2026-11-26T07:00"),
        ("22:00-07:00", "2026-11-26T07:00", "2026-11-26T07:00"),
        ("13:00-14:30", "2026-11-26T13:00", "2026-11-26T14:30"),
        ("13:00-14:30", "2026-11-26T14:30", "2026-11-26T14:30"),
        ("22:00-07:00", "2026-03-28T23:30", "2026-03-29T07:00"),
    ],
)
def test_quiet_hours_end_at_their_hour_also_over_midnight_and_a_change_of_the_clock(hours: str, moment: str, over: str) -> None:
    quiet = read_quiet_hours(hours)
    assert quiet is not None
    assert quiet.over_at(local(moment), ZONE) == local(over)


def test_hours_are_read_as_they_are_written() -> None:
    assert read_time("7:05") == time(7, 5)
    assert read_quiet_hours("22:00-7:00") == QuietHours(time(22), time(7))
    assert read_quiet_hours("") is None


@pytest.mark.parametrize("text", ["24:00", "7", "07:60", "7:5", "-1:00", "٠٧:٠٠", "07:00:00", "noon", " 07:00"])
def test_what_is_no_hour_is_refused(text: str) -> None:
    assert not readable(read_time, text)


@pytest.mark.parametrize("text", ["22:00", "22:00-", "22:00-22:00", "22:00-7", "from ten"])
def test_what_is_no_span_of_hours_is_refused(text: str) -> None:
    assert not readable(read_quiet_hours, text)
