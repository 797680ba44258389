from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.monitoring.silence import Span, as_few_as, expected_items, improbable_silence, items_by_day

START = datetime(2026, 11, 2, tzinfo=UTC)


def spans(*new: int, hours: float = 24.0, start: datetime = START) -> list[Span]:
    step = timedelta(hours=hours)
    return [Span(start + number * step, start + (number + 1) * step, items) for number, items in enumerate(new)]


@pytest.mark.parametrize("every_hours", [24.0, 6.0, 1.0, 0.25])
def test_a_days_silence_of_a_daily_source_is_improbable_however_often_it_is_asked(every_hours: float) -> None:
    day = int(24 / every_hours)
    speaking = [max(1, int(12 / day))] * day
    found = improbable_silence(spans(*speaking * 6, *[0] * day, hours=every_hours))
    assert found is not None
    assert found.since_at == START + timedelta(days=6)
    assert improbable_silence(spans(*speaking * 6, *[0] * (day // 2), hours=every_hours)) is None


def test_a_quiet_weekend_is_a_habit() -> None:
    week = [9, 8, 9, 7, 9, 0, 0]
    assert improbable_silence(spans(*week * 4)) is None
    assert improbable_silence(spans(*week * 4, 0, 0, 0)) is not None


def test_a_silence_as_long_as_two_before_is_no_news() -> None:
    assert improbable_silence(spans(9, 0, 0, 9, 9, 0, 0, 9, 9, 9, 0, 0)) is None


def test_what_an_outage_brought_at_once_is_spread_over_its_days() -> None:
    outage = [*spans(8, 8), Span(START + timedelta(days=2), START + timedelta(days=5), 24)]
    assert set(items_by_day(outage).values()) == {8.0}


def test_the_weekday_counts_once_it_is_known() -> None:
    days = {date(2026, 11, 1) + timedelta(days=number): float(number % 7) for number in range(28)}
    assert expected_items(days, date(2026, 11, 29)) == 0.0
    assert expected_items(days, date(2026, 12, 3)) == 4.0
    assert expected_items({date(2026, 11, 1): 3.0, date(2026, 11, 2): 5.0}, date(2026, 11, 9)) == 4.0


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0.1, 80)), max_size=40))
def test_spreading_items_over_days_loses_none_and_silence_needs_a_past(given: list[tuple[int, float]]) -> None:
    listed, at = [], START
    for new, hours in given:
        listed.append(Span(at, at + timedelta(hours=hours), new))
        at = listed[-1].end_at
    assert all(count >= 0 for count in items_by_day(listed).values())
    silence = improbable_silence(listed)
    assert silence is None or (silence.expected > 4 and any(span.new for span in listed))


@pytest.mark.parametrize(
    ("observed", "expected", "probability"), [(0, 0.0, 1.0), (0, 1.0, 0.3679), (2, 10.0, 0.0028), (500, 500.0, 0.5119)]
)
def test_the_probability_of_so_few(observed: int, expected: float, probability: float) -> None:
    assert as_few_as(observed, expected) == pytest.approx(probability, abs=1e-4)
