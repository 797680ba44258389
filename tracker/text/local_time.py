"""Moments as people of one zone read them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def in_zone(moment: datetime, zone: str) -> str:
    """`2026-11-23 08:10 CET`: the moment in this IANA zone, with the zone's name at that time of the year."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}"
