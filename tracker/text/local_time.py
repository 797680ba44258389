"""Moments as people of one zone read them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.model import Precision, Published


def in_zone(moment: datetime, zone: str) -> str:
    """`2026-11-23 08:10 CET`: the moment in this IANA zone, with the zone's name at that time of the year."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}"


def in_words(published: Published, zone: str) -> str:
    """`Friday 20 November 2026, 14:05 (Europe/Tirane)`: a date of publication in an outlet's zone; the day alone where no time is known."""
    if published.precision is Precision.DAY:
        return f"{published.at:%A} {published.at.day} {published.at:%B %Y}"
    local = published.at.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({zone})"
