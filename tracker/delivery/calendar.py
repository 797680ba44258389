"""When a letter may reach somebody: not on a public holiday of their country, not at night where they are. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

NIGHT_FROM, NIGHT_TO = time(22), time(6)
"""Usual hours of rest; somebody who asks for a digest at six gets it at six."""
LONGEST_REST = 30
"""Days looked ahead for a working day: no country rests for so long."""
_ZONES = {
    "AL": "Europe/Tirane",
    "BA": "Europe/Sarajevo",
    "ME": "Europe/Podgorica",
    "MK": "Europe/Skopje",
    "RS": "Europe/Belgrade",
    "XK": "Europe/Belgrade",  # the zone database has none of its own for Kosovo
}


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """Countries whose public holidays are known."""
    import holidays  # only where a recipient has a country: it takes a tenth of a second

    return frozenset(holidays.list_supported_countries(include_aliases=False))


def read_zone(name: str, country: str = "") -> str:
    """The time zone of this name, else that of the country; empty where neither is given. Raises ValueError saying what to write."""
    if name:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:  # what names no zone, leads out of the folder, or is a folder
            raise ValueError(f"{name!r} is no time zone; write it as Europe/Tirane") from error
        return name
    if not country:
        return ""
    if country in _ZONES:
        return _ZONES[country]
    import pytz

    found = pytz.country_timezones.get(country, [])
    if (
        len(
            {
                tuple(ZoneInfo(zone).utcoffset(datetime(2026, month, 15, 12, tzinfo=UTC).astimezone(ZoneInfo(zone))) for month in (1, 7))
                for zone in found
            }
        )
        > 1
    ):
        raise ValueError(f"{country} has several time zones; say which with time_zone")
    if not found:
        raise ValueError(f"the time zone of {country} is not known; say it with time_zone")
    return str(found[0])


def fitting(at: datetime, zone: str, country: str = "", *, on_holidays: str = "wait") -> datetime:
    """The first moment from `at` on that is no night in the zone, and on a working day where `at` falls on a public holiday of the
    country. A weekend that is no holiday was asked for, and stays. Empty `zone`: nothing is known, and `at` stays."""
    if not zone:
        return at
    moment = after_night(at, zone)
    local = moment.astimezone(ZoneInfo(zone))
    if not country or on_holidays == "send" or not is_holiday(local.date(), country):
        return moment
    for days in range(1, LONGEST_REST):
        day = local.date() + timedelta(days=days)
        if day.weekday() < 5 and not is_holiday(day, country):
            return after_night(datetime.combine(day, local.time(), ZoneInfo(zone)).astimezone(UTC), zone)
    return moment


def after_night(at: datetime, zone: str) -> datetime:
    """The same moment by day; else the end of that night in the zone. Empty `zone`: the same moment."""
    if not zone:
        return at
    local = at.astimezone(ZoneInfo(zone))
    if NIGHT_TO <= local.time() < NIGHT_FROM:
        return at
    day = local.date() + timedelta(days=local.time() >= NIGHT_FROM)
    return datetime.combine(day, NIGHT_TO, ZoneInfo(zone)).astimezone(UTC)


def is_holiday(day: date, country: str) -> bool:
    """Whether the country rests on this day by law."""
    return day in _holidays(country, day.year)


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays(country, years=year))
