"""Which of two texts came first, as far as their times say it: a day, an hour or no time at all leaves it open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from tracker.model import Precision, StoryText

_OPEN_FROM, _OPEN_TO = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

ONE_DAY = timedelta(hours=36)
"""Texts so far apart are of one day: a portal prints in the morning what another had the evening before."""


class Span(Struct, frozen=True):
    """The moments at which a text may have appeared: from `first` to `last`."""

    first: datetime
    last: datetime

    @property
    def is_known(self) -> bool:
        """Whether the text says anything of its time."""
        return self.first > _OPEN_FROM


def span_of(text: StoryText) -> Span:
    """When the text appeared. A whole hour may be any minute of it, as outlets cut their times; midnight may be any of the day."""
    moment = text.published_at
    if moment is None:
        return Span(_OPEN_FROM, _OPEN_TO)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        if text.precision is Precision.DAY or (moment.hour, moment.minute, moment.second) == (0, 0, 0):
            start = moment.replace(hour=0, minute=0, second=0, microsecond=0)
            return Span(start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC))
        if moment.minute == moment.second == 0:
            return Span(moment.astimezone(UTC), (moment + timedelta(hours=1)).astimezone(UTC))
        return Span(moment.astimezone(UTC), (moment + timedelta(minutes=0 if moment.second else 1)).astimezone(UTC))
    except OverflowError:
        return Span(_OPEN_FROM, _OPEN_TO)


def surely_later(one: Span, other: Span) -> timedelta:
    """How much later than the other the one appeared at the least; nothing where it may have been before it."""
    if not (one.is_known and other.is_known):
        return timedelta()
    return max(one.first - other.last, timedelta())


def time_apart(one: StoryText, other: StoryText) -> timedelta | None:
    """The time between two texts; None where one has none."""
    if one.published_at is None or other.published_at is None:
        return None
    return abs(aware(one.published_at) - aware(other.published_at))


def aware(moment: datetime) -> datetime:
    """The moment in UTC if it names no zone of its own."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def of_one_day(one: StoryText, other: StoryText) -> bool:
    """Whether two texts may be of one day; one without a time may be of any."""
    apart = time_apart(one, other)
    return apart is None or apart <= ONE_DAY
