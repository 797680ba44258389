"""Seven days and four weeks of backups are kept, whatever the clock and the machine did meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.maintenance.rotation import made_at, name_of, spare

FIRST = datetime(2026, 11, 2, 22, 0, tzinfo=UTC)  # a Monday
MOMENTS = st.integers(-200_000_000, 200_000_000).map(lambda seconds: FIRST + timedelta(seconds=seconds))


def left(made: list[datetime], days: int = 7, weeks: int = 4) -> list[datetime]:
    return sorted(set(made) - spare(made, days, weeks))


def test_a_daily_backup_leaves_seven_days_and_the_last_of_four_weeks() -> None:
    kept: list[datetime] = []
    for day in range(60):
        kept = left([*kept, FIRST + timedelta(days=day)])
    ages = [(FIRST + timedelta(days=59) - moment).days for moment in reversed(kept)]
    assert ages == [0, 1, 2, 3, 4, 5, 6, 11, 18]  # a Thursday: this week's and the last week's newest are among the seven
    assert kept[-9].isoweekday() == kept[-8].isoweekday() == 7


def test_of_several_on_a_day_the_newest_stays() -> None:
    made = [FIRST + timedelta(hours=hours) for hours in (-3, -2, -1)]
    assert left(made) == made[-1:]


def test_a_machine_that_was_off_for_months_keeps_what_it_had() -> None:
    made = [FIRST - timedelta(days=days) for days in range(90, 97)]
    assert left([*made, FIRST]) == sorted([*made[:6], FIRST])


def test_a_clock_that_was_years_ahead_costs_one_place() -> None:
    made = [FIRST + timedelta(days=1500), *(FIRST - timedelta(days=days) for days in range(7))]
    assert len(left(made, weeks=0)) == 7


@given(st.lists(MOMENTS, max_size=60), st.integers(1, 10), st.integers(0, 6))
def test_the_newest_always_stays_and_never_more_than_days_and_weeks(made: list[datetime], days: int, weeks: int) -> None:
    kept = left(made, days, weeks)
    assert len(kept) <= days + weeks
    assert not made or max(made) in kept
    assert left(kept, days, weeks) == kept


@given(MOMENTS)
def test_a_name_says_when_it_was_made(moment: datetime) -> None:
    assert made_at(name_of(moment)) == moment


@pytest.mark.parametrize(
    "name",
    [
        "coverage.db",
        "coverage-20261126.tar.gz",
        "coverage-20260231T220000Z.tar.gz",
        "coverage-20261126T220000Z.tar.gz.part",
        "coverage-20261126T220000Z.tar.gz\n",
        "my-coverage-20261126T220000Z.tar.gz",
        "coverage-٢٠٢٦١١٢٦T220000Z.tar.gz",
    ],
)
def test_any_other_name_is_no_backup_of_ours(name: str) -> None:
    assert made_at(name) is None
