"""The workbook and the CSV of a digest: typed cells, no formulas, the same figures as the mail."""

from __future__ import annotations

import csv
import io
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from tests.digests import samples
from tracker.digests.cells import inert
from tracker.digests.reading import Reading, read_digest
from tracker.digests.sheets import render_csv, render_xlsx, write_xlsx
from tracker.digests.sheettables import Cell, Column, Table
from tracker.locale import LANGUAGES


def book_of(reading: Reading) -> Any:
    return openpyxl.load_workbook(io.BytesIO(render_xlsx(reading)))


def column(sheet: Any, heading: str) -> list[Any]:
    headings = [cell.value for cell in sheet[1]]
    return [row[headings.index(heading)].value for row in sheet.iter_rows(min_row=2)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_a_table_with_headings_in_the_readers_language(language: str) -> None:
    reading = read_digest(samples.a_week(), language)
    book = book_of(reading)
    items = book[reading.say("sheet_items")]
    assert [cell.value for cell in items[1]][:3] == [reading.say(key) for key in ("col_headline", "col_translation", "col_outlet")]
    assert items.auto_filter.ref
    assert items.freeze_panes == "A2"
    assert items.print_title_rows == "$1:$1"
    assert column(items, reading.say("col_headline")) == [clip.headline for clip in reading.clips]


def test_the_figures_of_the_sheets_add_up_to_the_items() -> None:
    reading = read_digest(samples.a_week())
    book = book_of(reading)
    for name in ("sheet_countries", "sheet_outlets", "sheet_weeks", "by_tier", "by_language", "by_medium"):
        assert sum(column(book[reading.say(name)], "Items")) == reading.figures.items, name
    assert sum(column(book["Stories"], "Items")) == reading.figures.items


def test_moments_are_dates_in_the_campaigns_own_time() -> None:
    reading = read_digest(samples.a_week())
    published = column(book_of(reading)["Items"], "Published")
    assert all(isinstance(moment, datetime) for moment in published if moment is not None)
    dated = [clip for clip in reading.clips if clip.has_time]
    assert dated
    shown = dict(zip([clip.id for clip in reading.clips], published, strict=True))[dated[0].id]
    assert f"{shown:%H:%M}" in dated[0].published


def test_hostile_text_is_text_in_every_cell() -> None:
    reading = read_digest(samples.hostile())
    book = book_of(reading)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.value
                assert cell.hyperlink is None
    rows = list(csv.reader(io.StringIO(render_csv(reading).decode("utf-8-sig"))))
    assert len(rows) == len(reading.clips) + 1
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]


@pytest.mark.parametrize("cell", ["=1+1", " =1", "+1", "-1", "@x", "\tx", "\uff1dx", "\x00=x"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_made_text(cell: str) -> None:
    assert inert(cell).startswith("'")


def test_the_same_edition_is_the_same_file_and_an_empty_one_is_a_file() -> None:
    for digest in (samples.a_week(), samples.empty()):
        reading = read_digest(digest)
        assert render_xlsx(reading) == render_xlsx(reading)
        assert render_csv(reading) == render_csv(reading)


def test_a_full_sheet_goes_on_on_the_next_and_names_are_never_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.digests.sheets.SHEET_ROWS", 3)
    table = Table("A name: that is [too] long for a sheet of a workbook", (Column("n", 9, "number"),), lambda: ([n] for n in range(7)))
    out = io.BytesIO()
    write_xlsx(out, [table, table], title="t", before=("first", []), after=("last", []))
    sheets = openpyxl.load_workbook(out).worksheets
    assert [sheet.max_row - 1 for sheet in sheets[1:-1]] == [3, 3, 1] * 2
    assert len({sheet.title for sheet in sheets}) == len(sheets)


def a_hundred_thousand() -> Iterator[list[Cell]]:
    for number in range(100_000):
        yield [f"Headline {number}, as long as headlines are in the press of the region", number, datetime(2026, 3, 1 + number % 28)]  # noqa: DTZ001


def grown() -> float:
    """Megabytes that a workbook of 100,000 rows costs this process."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    columns = (Column("a", 60), Column("b", 9, "number"), Column("c", 17, "moment"))
    with open("/dev/null", "wb") as out:  # noqa: PTH123
        write_xlsx(out, [Table("Items", columns, a_hundred_thousand)], title="t", before=("first", []), after=("last", []))
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


@pytest.mark.soak
def test_a_hundred_thousand_rows_take_less_than_fifty_megabytes() -> None:
    program = "import tests.digests.test_sheets as t, xlsxwriter; print(t.grown())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 50
