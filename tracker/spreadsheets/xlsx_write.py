"""Workbooks that we write: no text is ever a formula, a link or a number by its looks. The one place that opens xlsxwriter."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import IO, Any

from tracker.spreadsheets.cells import fitting, inert

_TEXT_IS_TEXT = MappingProxyType({"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
_COPIED_BYTES = 1 << 20  # a MiB at a time, whatever the size of the workbook
HEADING = MappingProxyType({"bold": True, "bg_color": "#DDE6EE", "border": 1})
"""A heading that is only read."""
TO_FILL = MappingProxyType({"bold": True, "bg_color": "#FFE8A3", "border": 1})
"""A heading of a column that a person fills in."""
ISO_DAY = "yyyy-mm-dd"
ISO_MINUTE = "yyyy-mm-dd hh:mm"


@contextmanager
def open_workbook(out: IO[bytes], *, row_by_row: bool = False) -> Iterator[Any]:
    """An `xlsxwriter.Workbook`, written to `out` when the block ends without an error. `row_by_row`: rows are written in order and leave
    memory at once, so 100,000 take no more than a thousand."""
    import xlsxwriter

    options = {**_TEXT_IS_TEXT, "constant_memory": row_by_row, "default_date_format": ISO_MINUTE, "nan_inf_to_errors": True}
    with tempfile.TemporaryDirectory(prefix="tracker-sheets-") as folder, tempfile.TemporaryFile(dir=folder) as file:
        with xlsxwriter.Workbook(file, {**options, "tmpdir": folder}) as book:
            yield book
        file.seek(0)
        while piece := file.read(_COPIED_BYTES):
            out.write(piece)


def sheet_text(text: str) -> str:
    """The text as a cell may hold it. Also a typed cell is inert: a workbook that is saved as CSV forgets that it was text."""
    return fitting(inert(text))


def write_list(book: Any, name: str, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[str]]) -> None:
    """Adds a sheet of texts to look things up in. `columns`: heading and width in characters."""
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, (heading, width) in enumerate(columns):
        sheet.write_string(0, column, heading, bold)
        sheet.set_column(column, column, width)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, sheet_text(cell))
