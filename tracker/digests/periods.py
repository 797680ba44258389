"""Which period an edition covers, in the campaign's own days; and which items belong to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.model import EditionKind, Window

LATE = {
    EditionKind.WEEKLY: timedelta(days=28),
    EditionKind.MONTHLY: timedelta(days=62),
    EditionKind.QUARTERLY: timedelta(days=92),
}
"""How long before its period an item may have appeared that was found or cleared too late for its own edition: a month of reviewing for
a weekly one, one period or two for the longer ones. Older finds (a look back of years) belong to reports."""
SITUATION_HOURS = 24
"""A situation edition covers a day (design: "the last 24 hours")."""


def window_of(kind: EditionKind, as_of: datetime, time_zone: str, since: date) -> Window:
    """The last full week (Monday to Sunday), month or quarter before the moment; the campaign's life or the last hours up to it.

    Raises ValueError for kinds that have no period of their own: a nightly edition follows the one before, a report is asked for.
    """
    zone = ZoneInfo(time_zone)
    today = as_of.astimezone(zone).date()
    match kind:
        case EditionKind.WEEKLY:
            monday = today - timedelta(days=today.weekday())
            return days(monday - timedelta(days=7), monday, zone)
        case EditionKind.MONTHLY:
            first = today.replace(day=1)
            return days(months_before(first, 1), first, zone)
        case EditionKind.QUARTERLY:
            first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
            return days(months_before(first, 3), first, zone)
        case EditionKind.LIFETIME:
            return Window(min(first_moment(since, zone), as_of), as_of)
        case EditionKind.SITUATION:
            return Window(as_of - timedelta(hours=SITUATION_HOURS), as_of)
        case _:
            raise ValueError(f"a {kind} edition has no period of its own")


def window_before(kind: EditionKind, window: Window, time_zone: str) -> Window:
    """The period that an edition's figures are compared with: the week, month or quarter before, else as many hours."""
    zone = ZoneInfo(time_zone)
    first = window.start_at.astimezone(zone).date()
    months = {EditionKind.MONTHLY: 1, EditionKind.QUARTERLY: 3}.get(kind)
    if months:
        return days(months_before(first, months), first, zone)
    if kind is EditionKind.WEEKLY:
        return days(first - timedelta(days=7), first, zone)
    return Window(window.start_at - (window.end_at - window.start_at), window.start_at)


def days(first: date, after_last: date, zone: ZoneInfo) -> Window:
    """Whole days of the zone, from the first up to and without `after_last`; a day of a clock change has 23 or 25 hours."""
    return Window(first_moment(first, zone), first_moment(after_last, zone))


def months_before(first: date, months: int) -> date:
    """The first of the month so many months earlier."""
    number = first.year * 12 + first.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def reach_of(kind: EditionKind, window: Window, *, is_first: bool) -> Window | None:
    """When an item must have appeared for an edition of this period to be about it; None: at any time.

    Reports, a lifetime and a situation take what appeared in the period, whenever it was found. Serial editions take besides what
    appeared before it and was not reported yet (`LATE`), unless this is the first of its kind. A nightly one takes all there is.
    """
    if kind is EditionKind.NIGHTLY:
        return None
    late = timedelta(0) if is_first else LATE.get(kind, timedelta(0))
    return Window(window.start_at - late, window.end_at)


def first_moment(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day in the zone, in UTC."""
    return datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)
