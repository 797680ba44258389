"""A workspace with items to review, and a reviewer who fills a sheet in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.cli.running import Outcome, run
from tests.newsdesk import CAMPAIGN, Newsdesk
from tests.sheets import changed
from tracker.model import Decision, Entry, Mention, Verdict
from tracker.store import entries, verdicts

HEADING_ROW = 4
MESSAGES = """
[[key_messages]]
id = "clean-water"
name = "Clean water for all"
query = 'river'

[[key_messages]]
id = "Schools"
name = "Schools take part"
query = 'minor'
"""
REVIEWED_CAMPAIGN = CAMPAIGN.replace("[terms.river]", f"{MESSAGES}\n[terms.river]", 1)


def sheet_rows(path: Path) -> list[dict[str, Any]]:
    """The items of a sheet by heading."""
    values = list(load_workbook(path)["review"].values)
    heads = values[HEADING_ROW - 1]
    return [dict(zip(heads, row, strict=True)) for row in values[HEADING_ROW:]]


def fill(source: Path, target: Path, by_mention: Mapping[str, Mapping[str, Any]]) -> Path:
    """A reviewer's changes: by mention, by column."""

    def write(page: Any) -> None:
        heads = {cell.value: cell.column for cell in page[HEADING_ROW]}
        for row in page.iter_rows(min_row=HEADING_ROW + 1):
            for column, value in by_mention.get(str(row[0].value), {}).items():
                page.cell(row[0].row, heads[column]).value = value

    return changed(source, target, write)


def said(desk: Newsdesk) -> dict[int, Verdict]:
    with desk.parts.database.reading() as conn:
        return verdicts.latest(conn, "rivers")


def recorded(desk: Newsdesk) -> list[Decision]:
    """Every decision in the order of recording."""
    with desk.parts.database.reading() as conn:
        return [
            *map(Decision, conn.exec_driver_sql("SELECT json_extract(after, '$') FROM events WHERE fact = 'verdict' ORDER BY id").scalars())
        ]


def export(desk: Newsdesk, *arguments: str, name: str = "week.xlsx") -> Path:
    path = desk.folder / name
    assert run("-w", desk.folder, "verdict", "--export", path, *arguments).code == 0
    return path


def back(desk: Newsdesk, path: Path, *arguments: str) -> Outcome:
    return run("-w", desk.folder, "verdict", "--import", path, "--by", "Mira", *arguments)


def entry_of(desk: Newsdesk, mention: Mention) -> Entry:
    with desk.parts.database.reading() as conn:
        (entry,) = entries.for_campaign(conn, mention.campaign_id, article_ids=[mention.article_id])
    return entry
