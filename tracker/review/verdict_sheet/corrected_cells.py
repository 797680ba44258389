"""Cells in which a reviewer corrected what an outlet says of its item. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from tracker.model import Campaign, Fact, Outlet, Precision, Value
from tracker.review.manual.sheet_rows import Register
from tracker.review.verdict_sheet.row_state import FACTS
from tracker.spreadsheets.rows import Sheet, SheetRow
from tracker.text.dates import parse_moment

_BETWEEN = re.compile(r"\s*[;,]\s*")


def facts_of(sheet: Sheet, row: SheetRow, campaign: Campaign, now: datetime) -> dict[str, str]:
    """What the row says of its item, by `FACTS`; a date as its day and its time, in whatever form a program has left it."""
    facts = {name: row.text(name) for name in FACTS}
    cell = row.values.get("published", "")
    day, at = sheet.day(cell), cell.time() if isinstance(cell, datetime) else time()
    if day is None and facts["published"]:
        read = parse_moment(facts["published"], zone=campaign.time_zone, now=now)
        if read is not None:
            local = read.at if read.precision is Precision.DAY else read.at.astimezone(ZoneInfo(campaign.time_zone))
            day, at = local.date(), time() if read.precision is Precision.DAY else local.time()
    return facts | ({"published": day.isoformat(), "time": f"{at:%H:%M}" if at != time() else ""} if day else {})


def corrections_of(
    facts: Mapping[str, str], changed: Collection[str], campaign: Campaign, register: Register
) -> tuple[dict[Fact, Value], list[str]]:
    """What the changed cells say in place of the outlet, and what is wrong with them in words."""
    said: dict[Fact, Value] = {}
    wrong: list[str] = []
    if "headline" in changed:
        said[Fact.HEADLINE] = facts["headline"]
    if "author" in changed:
        said[Fact.AUTHORS] = tuple(name for name in _BETWEEN.split(facts["author"]) if name)
    if {"published", "time"} & {*changed}:
        if (moment := _moment(facts, campaign)) is None:
            wrong.append(f"published: {facts['published'][:40]!r} is no date; write it as 2026-10-11 or 2026-10-11 08:30")
        else:
            said[Fact.PUBLISHED] = moment
    if {"outlet", "country"} & {*changed}:
        found = register.find(facts["outlet"], facts["country"].upper() if "country" in changed else "")
        if isinstance(found, Outlet):
            said[Fact.OUTLET] = found.id
        else:
            unknown = f"the register has no {facts['outlet'][:40]!r}; write its name or id as `tracker sources list` has it"
            wrong.append(f"outlet: {found or unknown}")
    return said, wrong


def _moment(facts: Mapping[str, str], campaign: Campaign) -> str | None:
    try:
        at = datetime.fromisoformat(f"{facts['published']}T{facts['time'] or '00:00'}").replace(tzinfo=ZoneInfo(campaign.time_zone))
    except ValueError:
        return None
    return at.isoformat() if facts["time"] else at.date().isoformat()
