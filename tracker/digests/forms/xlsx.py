"""A digest as a workbook, a sheet a table, and its items as CSV. Cells are typed; no text is ever a formula."""

from __future__ import annotations

import csv
import io
import itertools
import math
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import IO, Any

from msgspec import Struct

from tracker.digests.forms.foot import evidence_line
from tracker.digests.forms.palette import palette
from tracker.digests.forms.view import Reading
from tracker.digests.forms.xlsx_tables import (
    Cell,
    Table,
    apart_tables,
    figure_tables,
    item_table,
    message_table,
    quoted_table,
    story_table,
    take_up_table,
    trouble_table,
)
from tracker.spreadsheets.cells import SHEET_ROWS, inert
from tracker.spreadsheets.xlsx_write import ISO_DAY, ISO_MINUTE, open_workbook, sheet_text

NAME_CHARS = 31
"""The longest name of a sheet."""
ROWS_IN_MEMORY = 5_000
"""Rows of a sheet whose links can be clicked and whose height is set: both are kept in memory until the end (50 MB at 100,000). A sheet may
have 65,530 links at the most."""
LINK_CHARS = 2_000
"""A longer address is text: spreadsheets refuse links of more than 2,079 characters."""
PRINTED_CHARS = 205
"""Characters of all columns that are still read on one page across (7 pt on A4 across); of wider tables the first columns are printed."""
LINE_POINTS, MOST_LINES, TITLE_POINTS = 13.5, 6, 26
"""Height of a row's line, and lines after which a row hides the rest: not every program makes room for wrapped text by itself."""
FIRST_YEAR = 1900
"""Spreadsheets know no day before it."""
Line = tuple[str, Cell]
"""A label and what stands beside it; a label alone is a heading."""


class Cover(Struct, frozen=True):
    """What a workbook bears beside its tables: properties, foot line, colour (#rrggbb)."""

    title: str
    foot: str
    made_at: datetime
    colour: str = ""


def render_xlsx(reading: Reading) -> bytes:
    """The workbook: summary, items, stories, the figures, key messages, sources that were not followed, and how it was made. The same
    edition is the same file."""
    quoted = [quoted_table(reading)] if reading.quoted else []
    take_up = [take_up_table(reading)] if reading.take_up else []
    tables = (
        item_table(reading),
        story_table(reading),
        *figure_tables(reading),
        message_table(reading),
        *quoted,
        *take_up,
        *apart_tables(reading),
        trouble_table(reading),
    )
    cover = Cover(
        f"{reading.campaign}: {reading.title}",
        f"{reading.campaign} · {reading.period}",
        reading.digest.made_at,
        reading.digest.facts.branding.colour,
    )
    out = io.BytesIO()
    write_xlsx(
        out,
        tables,
        cover,
        before=(reading.say("sheet_summary"), summary_lines(reading)),
        after=(reading.say("sheet_method"), method_lines(reading)),
    )
    return out.getvalue()


def summary_lines(reading: Reading) -> list[Line]:
    """The first sheet: all that stands before and beside the tables."""
    say, figures, before = reading.say, reading.figures, reading.digest.before
    head = (reading.campaign, reading.period, reading.scope, reading.made, reading.approved)
    lines: list[Line] = [(reading.title, None), *[("", text) for text in head]]
    if reading.attention:
        lines += [(say("needs_attention"), None), *[("", text) for text in reading.attention]]
    lines += [(say("in_brief"), None), *[("", text) for text in reading.summary]]
    values = [figures.stories, figures.items, figures.outlets, figures.countries, *([figures.in_period - before.items] if before else [])]
    lines += [(number.label, value) for number, value in zip(reading.numbers, values, strict=True)]
    lines += [
        (tile.label, " · ".join(filter(None, [tile.value, tile.before]))) for tile in reading.tiles if tile.key in ("leading", "tone")
    ]
    lines += [(_capped(say("tone")), reading.tone.sentence)] if reading.figures.items else []
    lines += [("", reading.hidden)]
    if reading.objectives:
        lines += [(say("objectives"), None)]
        for objective in reading.objectives:
            lines += [("", ", ".join(filter(None, [objective.name, objective.target]))), *[("", f"– {one}") for one in objective.outcomes]]
    if reading.changed:
        lines += [(say("changed_since"), None), *[("", text) for text in reading.changed]]
    lines += [(say("could_not_follow"), None), *[("", text) for text in reading.not_followed]]
    lines += [(country.name, country.unread) for country in reading.countries if country.unread]
    lines += [("", reading.kosovo_note)]
    return [line for line in lines if line[0] or line[1]]


def method_lines(reading: Reading) -> list[Line]:
    """The last sheet: how it was made, by whose money, whom to write to."""
    contact = reading.say("missed_link", address=reading.contact) if reading.contact else ""
    version = reading.say("query_version", version=reading.digest.campaign_version[:8])
    texts = (*reading.method, version, reading.digest.facts.query, reading.kosovo_note, evidence_line(reading), reading.funding, contact)
    return [(reading.say("how_prepared"), None), *[("", text) for text in texts if text]]


def write_xlsx(
    out: IO[bytes], tables: Iterable[Table], cover: Cover, *, before: tuple[str, Sequence[Line]], after: tuple[str, Sequence[Line]]
) -> None:
    """Writes a workbook, a row at a time: 100,000 rows take no more memory than a thousand."""
    with open_workbook(out, row_by_row=True) as book:
        made_at = cover.made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        book.set_properties({"title": cover.title[:200], "created": made_at})
        writer = _Writer(book, cover)
        writer.lines(*before)
        for table in tables:
            writer.table(table)
        writer.lines(*after)


class _Writer:
    """Sheets of one workbook."""

    def __init__(self, book: Any, cover: Cover) -> None:
        self._book = book
        self._names: set[str] = set()
        self._foot = cover.foot.replace("&", "&&")[:200]
        colours, top = palette(cover.colour), {"valign": "top", "font_size": 10}
        heading = {
            "bold": True,
            "bg_color": colours.brand,
            "font_color": "#FFFFFF",
            "text_wrap": True,
            "valign": "vcenter",
            "font_size": 10,
        }
        self._heading = book.add_format(heading)
        self._title = book.add_format({"bold": True, "font_size": 13, "font_color": colours.brand})
        self._text = book.add_format({**top, "text_wrap": True})
        self._link = book.add_format({**top, "font_color": colours.brand, "underline": 1})
        self._label = book.add_format({**top, "text_wrap": True, "font_color": "#505A61"})
        self._lined = book.add_format({**top, "num_format": "#,##0", "align": "left", "bold": True})
        self._formats = {
            "number": book.add_format({**top, "num_format": "#,##0"}),
            "share": book.add_format({**top, "num_format": "0%"}),
            "moment": book.add_format({**top, "num_format": ISO_MINUTE, "align": "left"}),
            "day": book.add_format({**top, "num_format": ISO_DAY, "align": "left"}),
        }

    def lines(self, name: str, lines: Sequence[Line]) -> None:
        """A sheet of headings, sentences and labelled numbers."""
        sheet = self._sheet(name)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 110)
        for row, (label, value) in enumerate(lines):
            if value is None:
                sheet.set_row(row, TITLE_POINTS if row else LINE_POINTS + 4)  # apart from what stands above
            else:
                self._make_room(sheet, row, [(label, 26), (value, 110)])
            sheet.write_string(row, 0, sheet_text(label), self._title if value is None else self._label)
            if isinstance(value, int):
                sheet.write_number(row, 1, value, self._lined)
            elif value:
                sheet.write_string(row, 1, sheet_text(str(value)), self._text)
        sheet.print_area(0, 0, max(len(lines) - 1, 0), 1)

    def table(self, table: Table) -> None:
        """A sheet with a frozen heading, a filter and typed cells; the rest goes on on the next sheet when one is full."""
        kinds, widths = [column.kind for column in table.columns], [column.width for column in table.columns]
        sheet, count = self._begin(table), 0
        for values in table.rows():
            if count == SHEET_ROWS:
                self._end(sheet, count, widths)
                sheet, count = self._begin(table), 0
            count += 1
            self._make_room(sheet, count, zip(values, widths, strict=True))
            for column, (value, kind) in enumerate(zip(values, kinds, strict=True)):
                self._cell(sheet, count, column, value, kind)
        self._end(sheet, count, widths)

    def _end(self, sheet: Any, count: int, widths: Sequence[int]) -> None:
        """A filter over all, and on paper as many columns as are read there, on one page across."""
        sheet.autofilter(0, 0, count, len(widths) - 1)
        printed = sum(reached <= PRINTED_CHARS for reached in itertools.accumulate(widths))
        sheet.print_area(0, 0, count, max(printed, 1) - 1)

    def _begin(self, table: Table) -> Any:
        sheet = self._sheet(table.name)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        for column, one in enumerate(table.columns):
            sheet.set_column(column, column, one.width)
            sheet.write_string(0, column, sheet_text(one.heading), self._heading)
        return sheet

    def _make_room(self, sheet: Any, row: int, cells: Iterable[tuple[Cell, int]]) -> None:
        """Before the row's cells are written: what is written is not in memory any more."""
        if row > ROWS_IN_MEMORY:
            return
        lines = max(math.ceil(len(value) / width) if isinstance(value, str) else 1 for value, width in cells)
        if lines > 1:
            sheet.set_row(row, LINE_POINTS * min(lines, MOST_LINES))

    def _cell(self, sheet: Any, row: int, column: int, value: Cell, kind: str) -> None:
        if value is None or value == "":
            return
        if isinstance(value, date) and value.year < FIRST_YEAR:
            value = _printed(value)
        if isinstance(value, datetime):
            sheet.write_datetime(row, column, value, self._formats["moment"])
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), self._formats["day"])  # noqa: DTZ001 - a cell has no zone
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self._formats["share" if kind == "share" else "number"])
        elif kind == "link" and row <= ROWS_IN_MEMORY and len(value) <= LINK_CHARS and re.match("https?://", value):
            sheet.write_url(row, column, value, self._link, sheet_text(value))
        else:
            sheet.write_string(row, column, sheet_text(value), self._text)

    def _sheet(self, name: str) -> Any:
        wanted = free = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:NAME_CHARS].strip() or "-"
        number = 1
        while free.casefold() in self._names:
            number += 1
            free = f"{wanted[: NAME_CHARS - 8]} {number}"
        self._names.add(free.casefold())
        sheet = self._book.add_worksheet(free)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L&8{self._foot}&R&8&P / &N")
        return sheet


def render_csv(reading: Reading) -> bytes:
    """The items as CSV in UTF-8 with a byte order mark, so that spreadsheets read the letters. The columns are always the same."""
    table = item_table(reading, whole=True)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([inert(column.heading) for column in table.columns])
    for values in table.rows():
        writer.writerow([inert(_printed(value)) for value in values])
    return text.getvalue().encode("utf-8-sig")


def _capped(words: str) -> str:
    """Words as a heading begins."""
    return words[:1].upper() + words[1:]


def _printed(value: Cell) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return "" if value is None else str(value)
