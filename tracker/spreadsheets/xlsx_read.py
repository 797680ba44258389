"""XLSX -> raw tables: openpyxl in read-only mode, behind limits that hold before it reads a byte.

Measured beside python-calamine 0.9.1 on 20,000 rows of 18 columns: calamine takes a fifteenth of the time. It is not used. A sheet of
two cells at opposite corners ends the whole process: it lays out the rectangle between them, 512 GB. Cells that show an error and
formulas without a stored value come as empty. The day that a workbook counts from is not given.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import repeat
from operator import is_
from typing import TYPE_CHECKING, Any

from tracker.spreadsheets.rows import CELL_CHARS, HEADING_WITHIN, MOST_COLUMNS, MOST_ROWS, Fault, RawTable, SheetError, Value

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

MOST_UNPACKED_BYTES = 96 * 1024 * 1024
"""20,000 rows with excerpts unpack to some 30 MB; openpyxl holds the shared texts in three times their size."""
MOST_TAGS = 2_500_000  # four a cell: 20,000 rows of 16 columns with all their texts have 2 million
MOST_TAGS_A_ROW = 450  # of a sheet that may hold few rows: 64 cells of seven tags, texts kept apart included
MOST_TAGS_BESIDE = 200_000  # of styles and the like, which are read whole: a workbook with 4,000 formats has 30,000
MOST_MEMBERS = 2000  # the sheet for coverage found by people has 12; one with a picture in each row is refused
MOST_SHEET_ROWS = 1_048_576  # the limit of XLSX
MERGES_READ = 10_000  # half of the rows that may come: more is a layout, no table
PIECE = 1024 * 1024  # bytes unpacked at once; twice that is held
OVERLAP = 200  # bytes: more than the longest match of the expressions below, with a namespace prefix of 50
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]{0,100}?\bref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']""")
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def workbook_tables(content: bytes, most_rows: int = MOST_ROWS) -> Iterator[RawTable]:
    """The visible sheets, in order; the hidden ones are named in the notes of the first. Raises SheetError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            notes = _checked(archive, most_rows)
            merged = {name: _merged(archive, name) for name in archive.namelist() if _is_sheet(name)}
        yield from _tables(content, merged, notes, most_rows)
    except SheetError:
        raise
    except Exception as error:  # whatever a damaged workbook makes of a parser that is not ours
        raise SheetError(
            f"is damaged or no workbook ({type(error).__name__}); open it in a spreadsheet program and save it as .xlsx"
        ) from error


def _checked(archive: zipfile.ZipFile, most_rows: int) -> list[str]:
    """Refuses what would unpack to too much or is another format; returns what a person should know."""
    members = archive.infolist()
    names = {member.filename for member in members}
    if "mimetype" in names or "content.xml" in names:
        raise SheetError("is an OpenDocument sheet; save it as .xlsx")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise SheetError("is an archive, but no workbook; save the sheet as .xlsx")
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED_BYTES:
        raise SheetError(f"unpacks to more than {MOST_UNPACKED_BYTES // 2**20} MB; split the sheet, and leave pictures out")
    if any(member.flag_bits & 1 for member in members):
        raise SheetError("is protected by a password; save it without one")
    tags = beside = 0
    for member in members:
        is_picture = member.filename.startswith("xl/media/")  # a drawing among them may declare its document type
        for piece in _pieces(archive, member.filename):
            if not is_picture and _DECLARED.search(piece):
                raise SheetError("declares entities, which no spreadsheet program does; open it in one and save it as .xlsx")
            tags += piece.count(b"<")
            beside += 0 if _is_sheet(member.filename) or member.filename == "xl/sharedStrings.xml" else piece.count(b"<")
            if tags > min(MOST_TAGS, MOST_TAGS_A_ROW * most_rows) or beside > MOST_TAGS_BESIDE:
                raise SheetError(
                    f"has more cells than {most_rows} rows need, or formats; split the sheet, and delete columns that nobody filled"
                )
    return ["its macros were not read"] if any(name.endswith("vbaProject.bin") for name in names) else []


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A member's bytes, each piece with the end of the one before. No more than the archive declares is unpacked."""
    before = b""
    with archive.open(name) as member:
        while piece := member.read(PIECE):
            yield before + piece
            before = piece[-OVERLAP:]


def _is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/") and name.endswith(".xml")


def _merged(archive: zipfile.ZipFile, name: str) -> dict[int, list[Fault]]:
    """A fault for each row in which cells are merged: read-only mode knows nothing of that, and all but one of them look empty."""
    found: dict[int, list[Fault]] = {}
    count = 0
    for piece in _pieces(archive, name):
        for first, top, _, bottom in _MERGED.findall(piece):
            count += 1
            if count > MERGES_READ:
                raise SheetError("has thousands of merged cells; undo the merging")
            for row in range(int(top), min(int(bottom), int(top) + MERGES_READ) + 1):
                if row not in found:
                    fault = Fault(
                        row, str(_number_of(first.decode()) - 1), "is merged with other cells; undo the merging and fill each row"
                    )
                    found[row] = [fault]
    return found


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _tables(content: bytes, merged: dict[str, dict[int, list[Fault]]], notes: list[str], most_rows: int) -> Iterator[RawTable]:
    book, shown = _open(content, shown=False), None
    try:
        hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
        notes = [*notes, *([f"hidden sheets were not read: {', '.join(hidden[:5])}"] if hidden else [])]
        for index, sheet in enumerate(book.worksheets):
            if sheet.sheet_state != "visible":
                continue
            table = RawTable(sheet.title, (), dict(merged.get(_path_of(sheet), {})), notes, book.epoch.date())
            notes = []
            rows = list(_raw_rows(sheet, table.faults, most_rows))
            if any(formulas for _, _, formulas in rows):
                shown = shown or _open(content, shown=True)
                rows = list(_with_shown(rows, shown.worksheets[index], table.faults))
            table.rows = [(number, cells) for number, cells, _ in rows]
            yield table
    finally:
        for opened in (book, shown):
            if opened is not None:
                opened.close()


def _open(content: bytes, *, shown: bool) -> Workbook:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(content), read_only=True, data_only=shown, keep_links=False)


def _path_of(sheet: Any) -> str:
    return str(getattr(sheet, "_worksheet_path", "")).lstrip("/")


_RawRow = tuple[int, tuple[Value, ...], frozenset[int]]


def _raw_rows(sheet: Any, faults: dict[int, list[Fault]], most_rows: int) -> Iterator[_RawRow]:
    """Rows that hold anything, and at which places they hold a formula."""
    from openpyxl.cell.read_only import EMPTY_CELL

    sheet.reset_dimensions()  # what the file says of its size is the sender's word
    kept = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        if number > MOST_SHEET_ROWS:
            raise SheetError("has more rows than a sheet can have")
        if all(map(is_, cells, repeat(EMPTY_CELL))) or all(cell.value is None for cell in cells):  # the first is C, for a million gaps
            continue
        kept += 1
        if kept > most_rows + HEADING_WITHIN:
            raise SheetError(f"has more than {most_rows} rows; split the sheet")
        values = tuple(_value(cell) for cell in cells)
        for column, cell in enumerate(cells):
            if cell.data_type == "e":
                faults.setdefault(number, []).append(Fault(number, str(column), f"shows an error ({cell.value})"))
        yield number, _trimmed(values), frozenset(column for column, cell in enumerate(cells) if cell.data_type == "f")


def _with_shown(rows: list[_RawRow], sheet: Any, faults: dict[int, list[Fault]]) -> Iterator[_RawRow]:
    """The rows with what their formulas showed when the file was saved: nothing is computed here."""
    sheet.reset_dimensions()
    wanted = {number: formulas for number, _, formulas in rows if formulas}
    last = max(wanted)
    shown = {number: cells for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, max_row=last), 1) if number in wanted}
    for number, values, formulas in rows:
        if not formulas:
            yield number, values, formulas
            continue
        mended = list(values)
        for column in formulas:
            cell = shown[number][column] if number in shown and column < len(shown[number]) else None
            if cell is None or cell.value is None:
                faults.setdefault(number, []).append(Fault(number, str(column), "holds a formula without a stored value; type the value"))
            elif cell.data_type == "e":
                faults.setdefault(number, []).append(Fault(number, str(column), f"shows an error ({cell.value})"))
            mended[column] = "" if cell is None else _value(cell)
        yield number, tuple(mended), formulas


def _trimmed(values: tuple[Value, ...]) -> tuple[Value, ...]:
    used = next((len(values) - back for back, value in enumerate(reversed(values)) if value != ""), 0)
    return values[:used]


def _value(cell: Any) -> Value:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds() // 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | datetime | date | time):
        return value
    return _CONTROLS.sub("", str(value)).strip()[:CELL_CHARS]
