"""Spreadsheets that people send back: XLSX or CSV -> rows by heading, with what is wrong in each.

A sheet is untrusted: its size packed and unpacked, its rows and columns are bounded, no macro runs and no formula is computed. It
decides nothing about what a row means.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from tracker.errors import ConfigError
from tracker.spreadsheets.rows import HEADING_WITHIN, MOST_ROWS, Fault, RawTable, Sheet, SheetError, SheetRow, Value, as_text
from tracker.text.charsets import decode

MOST_BYTES = 16 * 1024 * 1024
"""20,000 rows of 18 columns, 160 characters in one, pack to 2.2 MB."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_sheet(
    path: Path,
    *,
    needed: Collection[str],
    known: Collection[str],
    also: Mapping[str, str] | None = None,
    beside: Collection[str] = (),
    most_rows: int = MOST_ROWS,
) -> Sheet:
    """The rows below the headings of the one table that has all `needed` ones. `also` gives other names of known headings, `beside`
    the names of our own sheets that hold no rows. No more is read than `most_rows` rows may hold.

    Raises ConfigError, in one line, for a file that is no sheet, is too large, is damaged or has not the headings.
    """
    content = _bytes_of(path)
    try:
        tables = [_csv_table(content, path)] if not content.startswith(b"PK") else list(_workbook_tables(content, most_rows))
        tables = [table for table in tables if table.name not in beside]
        return _below_headings(tables, needed, {**{name: name for name in known}, **(also or {})}, most_rows)
    except SheetError as error:
        raise ConfigError(str(error), place=path) from error


def _workbook_tables(content: bytes, most_rows: int) -> Iterator[RawTable]:
    from tracker.spreadsheets.xlsx_read import workbook_tables  # openpyxl takes 0.2 s to load

    return workbook_tables(content, most_rows)


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise ConfigError("is no file" if path.exists() else "does not exist", place=path)
        if path.stat().st_size > MOST_BYTES:
            raise ConfigError(f"is larger than {MOST_BYTES // 2**20} MB; split the sheet", place=path)
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror or error}", place=path) from error
    if content.startswith(_OLE):
        raise ConfigError("is an old .xls workbook or is protected by a password; save it as .xlsx without a password", place=path)
    if path.suffix.lower() in (".xlsx", ".xlsm") and not content.startswith(b"PK"):
        raise ConfigError("is no .xlsx workbook, whatever its name says; save it again as .xlsx", place=path)
    return content


# --- CSV -----------------------------------------------------------------------------------------------------------------


def _csv_table(content: bytes, path: Path) -> RawTable:
    decoded = decode(content, "text/csv")
    text = decoded.text.removeprefix("\ufeff")
    if "\0" in text:
        raise SheetError("is neither an .xlsx workbook nor a CSV text")
    table = RawTable(path.name, ())
    if decoded.charset not in ("utf-8", "ascii"):
        table.notes.append(f"read as {decoded.charset}; if letters are wrong, save it as CSV in UTF-8")
    delimiter = _delimiter(text)
    table.rows = _csv_rows(text, delimiter)
    return table


def _delimiter(text: str) -> str:
    """The sign that the first lines have most of; a heading holds none of them."""
    first = text.splitlines()[:HEADING_WITHIN]
    return max(";,\t", key=lambda sign: max((line.count(sign) for line in first), default=0))


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, tuple[Value, ...]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise SheetError(f"row {number}: is no valid CSV ({error}); is a quotation mark missing?") from error
        yield number, tuple(_without_guard(cell) for cell in row)
        number += 1


def _without_guard(cell: str) -> str:
    """A CSV of ours puts an apostrophe before what a spreadsheet would take for a formula."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:].lstrip()[:1] in ("=", "+", "-", "@") else cell


# --- headings ------------------------------------------------------------------------------------------------------------


def _below_headings(tables: list[RawTable], needed: Collection[str], names: Mapping[str, str], most_rows: int) -> Sheet:
    notes: list[str] = []
    found: Sheet | None = None
    nearest: set[str] = set()
    for table in tables:
        rows = iter(table.rows)
        headings, at, seen = _headings(rows, needed, names)
        nearest = max(nearest, seen, key=len)
        if not headings:
            notes += [f"sheet {table.name!r} has no such headings and was not read"] if seen or len(tables) > 1 else []
            continue
        if found is not None:
            raise SheetError(f"has the headings in more than one sheet; keep one of them ({table.name!r} is the second)")
        read = tuple(_rows(rows, headings, table.faults, most_rows))
        unknown = [name for name in headings if name and name not in names.values()]
        notes += table.notes + ([f"columns not known and not read: {', '.join(unknown[:10])}"] if unknown else [])
        found = Sheet(read, tuple(name for name in headings if name), day_zero=table.day_zero)
        if wrong := table.faults.get(at):
            raise SheetError(f"row {at} with the headings {wrong[0].reason}")
    if found is None:
        lacking = [name for name in needed if name not in nearest]
        raise SheetError(f"lacks the columns {', '.join(lacking)}; take the headings from a sheet that the tracker wrote")
    return replace(found, notes=tuple(notes))


def _headings(
    rows: Iterator[tuple[int, tuple[Value, ...]]], needed: Collection[str], names: Mapping[str, str]
) -> tuple[list[str], int, set[str]]:
    """The headings and their row; empty, with the known ones of the nearest row, when no row near the top has all of `needed`."""
    nearest: set[str] = set()
    for number, cells in rows:
        if number > HEADING_WITHIN:
            break
        typed = [" ".join(as_text(cell).lower().rstrip(" *:").split()) for cell in cells]
        headings = [names.get(name, name) for name in typed]
        known = set(headings) & set(names.values())
        if set(needed) <= known:
            if twice := sorted({name for name in known if headings.count(name) > 1}):
                raise SheetError(f"has the column {twice[0]} more than once; keep one")
            return headings, number, known
        nearest = max(nearest, known, key=len)
    return [], 0, nearest


def _rows(
    rows: Iterator[tuple[int, tuple[Value, ...]]], headings: list[str], faults: Mapping[int, list[Fault]], most_rows: int
) -> Iterator[SheetRow]:
    count = 0
    for number, cells in rows:
        if not any(cell != "" for cell in cells) and number not in faults:
            continue
        count += 1
        if count > most_rows:
            raise SheetError(f"has more than {most_rows} rows; split the sheet")
        wrong = [*faults.get(number, ())]
        if any(cell != "" for cell in cells[len(headings) :]):
            wrong.append(Fault(number, "", "holds more cells than there are headings; is a quotation mark missing?"))
        values = {name: cell for name, cell in zip(headings, cells, strict=False) if name and cell != ""}
        named = [Fault(number, _heading_of(fault.column, headings), fault.reason) for fault in wrong]
        yield SheetRow(number, values, tuple(named))


def _heading_of(column: str, headings: list[str]) -> str:
    """The heading of a column that is told by number."""
    return headings[int(column)] if column.isdigit() and int(column) < len(headings) and headings[int(column)] else ""
