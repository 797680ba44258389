"""Which days an edition covers, in the campaign's zone, and what belongs to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_mention, an_article, an_outlet
from tracker.digests.periods import days, months_before, reach_of, window_before, window_of
from tracker.model import EditionKind, Entry, Published, Window

TIRANA = "Europe/Tirane"
SINCE = date(2024, 10, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def entry_of(published: str) -> Entry:
    article = an_article(published=Published(datetime.fromisoformat(published)))
    return Entry(a_mention(), article, an_outlet(), "story")


@pytest.mark.parametrize(
    ("kind", "as_of", "start", "end"),
    [
        (EditionKind.WEEKLY, "2026-03-16T09:00+01:00", "2026-03-09T00:00+01:00", "2026-03-16T00:00+01:00"),
        (EditionKind.WEEKLY, "2026-03-15T23:59+01:00", "2026-03-02T00:00+01:00", "2026-03-09T00:00+01:00"),
        # the week in which clocks go forward has 167 hours
        (EditionKind.WEEKLY, "2026-03-30T06:00+02:00", "2026-03-23T00:00+01:00", "2026-03-30T00:00+02:00"),
        (EditionKind.WEEKLY, "2026-10-26T06:00+01:00", "2026-10-19T00:00+02:00", "2026-10-26T00:00+01:00"),
        (EditionKind.MONTHLY, "2026-01-01T00:00+01:00", "2025-12-01T00:00+01:00", "2026-01-01T00:00+01:00"),
        (EditionKind.MONTHLY, "2026-04-30T12:00+02:00", "2026-03-01T00:00+01:00", "2026-04-01T00:00+02:00"),
        (EditionKind.QUARTERLY, "2026-02-10T12:00+01:00", "2025-10-01T00:00+02:00", "2026-01-01T00:00+01:00"),
        (EditionKind.QUARTERLY, "2026-04-01T00:00+02:00", "2026-01-01T00:00+01:00", "2026-04-01T00:00+02:00"),
        (EditionKind.LIFETIME, "2026-04-01T00:00+02:00", "2024-10-01T00:00+02:00", "2026-04-01T00:00+02:00"),
        (EditionKind.SITUATION, "2026-04-01T12:00+02:00", "2026-03-31T12:00+02:00", "2026-04-01T12:00+02:00"),
    ],
)
def test_an_edition_covers_the_last_full_period_of_the_campaigns_own_days(kind: EditionKind, as_of: str, start: str, end: str) -> None:
    assert window_of(kind, at(as_of), TIRANA, SINCE) == Window(at(start), at(end))


@pytest.mark.parametrize("kind", [EditionKind.NIGHTLY, EditionKind.REPORT])
def test_an_edition_without_a_period_of_its_own_says_so(kind: EditionKind) -> None:
    with pytest.raises(ValueError, match="no period"):
        window_of(kind, at("2026-03-16T09:00+01:00"), TIRANA, SINCE)


MOMENTS = st.datetimes(datetime(2024, 10, 2), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis puts the zone on


@given(MOMENTS, st.sampled_from([EditionKind.WEEKLY, EditionKind.MONTHLY, EditionKind.QUARTERLY]))
def test_periods_of_a_series_meet_without_a_gap(as_of: datetime, kind: EditionKind) -> None:
    window = window_of(kind, as_of, TIRANA, SINCE)
    assert window.end_at <= as_of
    before = window_before(kind, window, TIRANA)
    assert before.end_at == window.start_at
    assert before == window_of(kind, window.start_at + timedelta(minutes=1), TIRANA, SINCE)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 40))
def test_months_are_counted_back_over_years(day: date, months: int) -> None:
    first = day.replace(day=1)
    back = months_before(first, months)
    assert back.day == 1
    assert (first.year - back.year) * 12 + first.month - back.month == months


WEEK = days(date(2026, 3, 9), date(2026, 3, 16), ZoneInfo(TIRANA))


@pytest.mark.parametrize(
    ("kind", "published", "is_first", "belongs"),
    [
        (EditionKind.WEEKLY, "2026-03-09T00:00+01:00", True, True),
        (EditionKind.WEEKLY, "2026-03-15T23:59+01:00", True, True),
        (EditionKind.WEEKLY, "2026-03-16T00:00+01:00", True, False),
        (EditionKind.WEEKLY, "2026-03-08T23:59+01:00", True, False),
        # found or cleared too late for its own edition
        (EditionKind.WEEKLY, "2026-03-01T12:00+01:00", False, True),
        (EditionKind.WEEKLY, "2025-10-01T12:00+01:00", False, False),
        (EditionKind.REPORT, "2026-03-08T23:59+01:00", False, False),
        (EditionKind.NIGHTLY, "2025-10-01T12:00+01:00", False, True),
    ],
)
def test_items_belong_to_the_period_in_which_they_appeared_or_to_the_next_edition_of_the_series(
    kind: EditionKind, published: str, is_first: bool, belongs: bool
) -> None:
    reach = reach_of(kind, WEEK, is_first=is_first)
    assert (reach is None or reach.start_at <= at(published) < reach.end_at) is belongs
