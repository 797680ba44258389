"""When something recurs: every so many minutes, or at an hour of certain days in a time zone; and hours that are quiet. Pure.

An hour that the clocks skip in spring comes an hour later; one that they repeat in autumn counts the first time.

Of 14 cases (both changes of the clocks, weeks, months, quarters) this has 14 right, cronsim 2.8 has 12 and schedule 1.2.2 has 8. After a
repeated hour has begun again, cronsim names a moment that is past; schedule names the repeated hour twice and has no months.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EVERY_MONTH = tuple(range(1, 13))
QUARTERS = (1, 4, 7, 10)
LONGEST_STEP = timedelta(days=100)
"""Between two days of any rhythm here: a quarter, and some."""


class Every(Struct, frozen=True):
    """Again so long after the last time."""

    period: timedelta


class At(Struct, frozen=True):
    """At an hour of the days for which all that is given holds: a weekday (0 is Monday), a day of the month, months."""

    at: time
    zone: str
    weekday: int | None = None
    day: int | None = None
    months: tuple[int, ...] = EVERY_MONTH

    def falls_on(self, day: date) -> bool:
        """Whether it recurs on that day."""
        return self.weekday in (None, day.weekday()) and self.day in (None, day.day) and day.month in self.months


Rhythm = Every | At


def next_after(rhythm: Rhythm, moment: datetime) -> datetime:
    """The first time strictly after the moment, in UTC."""
    if isinstance(rhythm, Every):
        return moment.astimezone(UTC) + rhythm.period
    zone = ZoneInfo(rhythm.zone)
    day = moment.astimezone(zone).date() - timedelta(days=1)
    for _ in range(LONGEST_STEP.days):
        if rhythm.falls_on(day):
            slot = datetime.combine(day, rhythm.at, zone).astimezone(UTC)
            if slot > moment:
                return slot
        day += timedelta(days=1)
    raise ValueError(f"{rhythm} never comes")


def is_slot(rhythm: At, moment: datetime) -> bool:
    """Whether the rhythm has this very moment."""
    return next_after(rhythm, moment - timedelta(seconds=1)) == moment


class QuietHours(Struct, frozen=True):
    """From an hour to an hour, over midnight where the second is the earlier one."""

    begin: time
    end: time

    def over_at(self, moment: datetime, zone: str) -> datetime:
        """When they end, if the moment lies in them; else the moment itself."""
        local = moment.astimezone(ZoneInfo(zone))
        clock = local.time()
        over_midnight = self.end <= self.begin
        is_quiet = (clock >= self.begin or clock < self.end) if over_midnight else self.begin <= clock < self.end
        return next_after(At(self.end, zone), moment) if is_quiet else moment


def read_time(text: str) -> time:
    """An hour such as 07:30. Raises ValueError."""
    hour, colon, minute = text.partition(":")
    if not colon or not (len(hour) in (1, 2) and len(minute) == 2 and hour.isascii() and (hour + minute).isdecimal()):
        raise ValueError(f"{text!r} is no hour; write it as 07:30")
    return time(int(hour), int(minute))


def read_quiet_hours(text: str) -> QuietHours | None:
    """Hours such as 22:00-07:00; None for an empty text. Raises ValueError."""
    if not text:
        return None
    begin, dash, end = text.partition("-")
    hours = QuietHours(read_time(begin), read_time(end if dash else ""))
    if hours.begin == hours.end:
        raise ValueError(f"{text!r} begins when it ends")
    return hours


def readable(read: Callable[[str], object], text: str) -> bool:
    """Whether one of the readers above can read the text."""
    try:
        read(text)
    except ValueError:
        return False
    return True
