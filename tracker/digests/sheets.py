"""A digest as a workbook, a sheet a table, and its items as CSV. Cells are typed; no text is ever a formula."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import IO, Any

from tracker.digests.cells import SHEET_ROWS, fitting, inert
from tracker.digests.reading import Reading
from tracker.digests.sheettables import Cell, Table, figure_tables, item_table, message_table, story_table, trouble_table

NAME_CHARS = 31
"""The longest name of a sheet."""
MADE_AT = datetime(2000, 1, 1, tzinfo=UTC)
"""Workbooks bear this as their day of making, so that an edition written twice is the same file."""
_OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd hh:mm", "nan_inf_to_errors": True,
}  # fmt: skip


def render_xlsx(reading: Reading) -> bytes:
    """The workbook: summary, items, stories, the figures, key messages, sources that were not followed, and how it was made."""
    tables = (item_table(reading), story_table(reading), *figure_tables(reading), message_table(reading), trouble_table(reading))
    out = io.BytesIO()
    write_xlsx(out, tables, title=f"{reading.campaign}: {reading.title}", before=summary_lines(reading), after=method_lines(reading))
    return out.getvalue()


def summary_lines(reading: Reading) -> tuple[str, list[tuple[str, str]]]:
    """Name and lines (label, text) of the first sheet."""
    lines = [("", reading.title), ("", reading.campaign), ("", reading.period), ("", reading.made)]
    lines += [("", text) for text in (reading.approved, *reading.summary, reading.hidden) if text]
    lines += [(number.label, number.value) for number in reading.numbers]
    for objective in reading.objectives:
        lines += [(objective.name, objective.target), *[("", outcome) for outcome in objective.outcomes]]
    lines += [(person.name, f"{person.role}, {person.counted}" if person.role else person.counted) for person in reading.quoted]
    return reading.say("sheet_summary"), lines


def method_lines(reading: Reading) -> tuple[str, list[tuple[str, str]]]:
    """Name and lines of the last sheet."""
    texts = (*reading.not_followed, *reading.method, reading.kosovo_note, reading.funding)
    return reading.say("sheet_method"), [("", text) for text in texts if text]


def write_xlsx(
    out: IO[bytes],
    tables: Iterable[Table],
    *,
    title: str,
    before: tuple[str, list[tuple[str, str]]],
    after: tuple[str, list[tuple[str, str]]],
) -> None:
    """Writes a workbook, a row at a time: 100,000 rows take no more memory than a hundred."""
    import xlsxwriter

    with tempfile.TemporaryDirectory(prefix="tracker-sheets-") as folder:
        options = {**_OPTIONS, "tmpdir": folder}
        with tempfile.TemporaryFile(dir=folder) as file:
            with xlsxwriter.Workbook(file, options) as book:
                book.set_properties({"title": fitting(title)[:200], "created": MADE_AT.replace(tzinfo=None)})
                writer = _Writer(book)
                writer.lines(*before)
                for table in tables:
                    writer.table(table)
                writer.lines(*after)
            file.seek(0)
            while piece := file.read(1 << 20):
                out.write(piece)


class _Writer:
    """Sheets of one workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._names: set[str] = set()
        self._heading = book.add_format({"bold": True, "bg_color": "#E3EEF2", "bottom": 1, "text_wrap": True, "valign": "top"})
        self._label = book.add_format({"bold": True, "valign": "top"})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._formats = {
            "number": book.add_format({"num_format": "#,##0", "valign": "top"}),
            "share": book.add_format({"num_format": "0%", "valign": "top"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top", "align": "left"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
        }

    def lines(self, name: str, lines: list[tuple[str, str]]) -> None:
        """A sheet of labelled sentences."""
        sheet = self._sheet(name)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 100)
        for row, (label, text) in enumerate(lines):
            sheet.write_string(row, 0, fitting(label), self._label)
            sheet.write_string(row, 1, fitting(text), self._text)

    def table(self, table: Table) -> None:
        """A sheet with a frozen heading, a filter and typed cells; the rest goes on on the next sheet when one is full."""
        sheet, count = self._begin(table), 0
        for values in table.rows():
            if count == SHEET_ROWS:
                sheet.autofilter(0, 0, count, len(table.columns) - 1)
                sheet, count = self._begin(table), 0
            count += 1
            for column, (value, kind) in enumerate(zip(values, (column.kind for column in table.columns), strict=True)):
                self._cell(sheet, count, column, value, kind)
        sheet.autofilter(0, 0, count, len(table.columns) - 1)

    def _begin(self, table: Table) -> Any:
        sheet = self._sheet(table.name)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        for column, one in enumerate(table.columns):
            sheet.set_column(column, column, one.width)
            sheet.write_string(0, column, fitting(one.heading), self._heading)
        return sheet

    def _cell(self, sheet: Any, row: int, column: int, value: Cell, kind: str) -> None:
        if value is None or value == "":
            return
        if isinstance(value, datetime):
            sheet.write_datetime(row, column, value, self._formats["moment"])
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), self._formats["day"])  # noqa: DTZ001 - a cell has no zone
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self._formats["share" if kind == "share" else "number"])
        else:
            sheet.write_string(row, column, fitting(value), self._text)

    def _sheet(self, name: str) -> Any:
        free = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:NAME_CHARS] or "-"
        number = 1
        while free.casefold() in self._names:
            number += 1
            free = f"{free[: NAME_CHARS - 4]} {number}"
        self._names.add(free.casefold())
        sheet = self._book.add_worksheet(free)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        return sheet


def render_csv(reading: Reading) -> bytes:
    """The items as CSV in UTF-8 with a byte order mark, so that spreadsheets read the letters."""
    table = item_table(reading)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([inert(column.heading) for column in table.columns])
    for values in table.rows():
        writer.writerow([inert(_plain(value)) for value in values])
    return text.getvalue().encode("utf-8-sig")


def _plain(value: Cell) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return "" if value is None else str(value)
