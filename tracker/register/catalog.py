"""The register of outlets: a CSV file, checked when read; the shipped one, and one written back.

A wrong file is one ConfigError naming file, line, column and what would be right; nothing of it is used.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from pathlib import Path

from msgspec import Struct

from tracker.errors import ConfigError
from tracker.model import Outlet, Source, SourceKind
from tracker.register import catalog_rows

MAX_FILE_BYTES = 32 * 1024 * 1024
"""340 times the shipped register; more is no list of outlets."""
MAX_CELL_CHARS = 100_000
"""The longest cell of the shipped register has 235; a missing quote makes one cell of the rest of the file."""

_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


class Catalogue(Struct, frozen=True):
    """Outlets and the addresses of theirs that we watch, in the order of the file."""

    outlets: tuple[Outlet, ...] = ()
    sources: tuple[Source, ...] = ()


def shipped() -> Catalogue:
    """The register that comes with the program."""
    file = resources.files("tracker.register").joinpath("data/outlets.csv")
    return _parsed(file.read_bytes(), "outlets.csv (shipped)", {})


def read_catalogue(path: Path) -> Catalogue:
    """The catalogue in one CSV file. Raises ConfigError."""
    return read_catalogues([path])


def read_catalogues(paths: Sequence[Path]) -> Catalogue:
    """Several files as one catalogue; an outlet may stand in one of them only. Raises ConfigError."""
    seen: dict[str, str] = {}
    parts = [_parsed(_bytes_of(path), str(path), seen) for path in paths]
    return Catalogue(tuple(outlet for part in parts for outlet in part.outlets), tuple(source for part in parts for source in part.sources))


def write_catalogue(catalogue: Catalogue) -> str:
    """The catalogue as CSV that `read_catalogue` reads back the same. No cell is taken for a formula by a spreadsheet."""
    watched: dict[str, list[Source]] = {}
    for source in catalogue.sources:
        watched.setdefault(source.outlet_id, []).append(source)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(catalog_rows.COLUMNS)
    for outlet in catalogue.outlets:
        cells = catalog_rows.cells(outlet, watched.get(outlet.id, ()))
        writer.writerow([_guarded(cells[column]) for column in catalog_rows.COLUMNS])
    return text.getvalue()


def source_id(outlet_id: str, kind: SourceKind, number: int) -> str:
    """The stable id of an outlet's n-th source of a kind, counted from 1."""
    return f"{outlet_id}:{kind}:{number}"


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ConfigError(f"is larger than {MAX_FILE_BYTES // 2**20} MB; a catalogue is a CSV file of outlets", place=path)
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror or error}", place=path) from error


def _parsed(raw: bytes, place: str, seen: dict[str, str]) -> Catalogue:
    rows = _rows(_text(raw, place), place)
    line, header = next(rows, (1, []))
    columns = _header(header, place, line)
    outlets: list[Outlet] = []
    sources: list[Source] = []
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if not any(cell.strip() for cell in cells[len(columns) :]):
            cells = cells[: len(columns)]
        if len(cells) != len(columns):
            raise ConfigError(
                f"has {len(cells)} cells where the header has {len(columns)} columns; a cell with a comma needs quotes",
                place=place,
                line=line,
            )
        named = {column: _unguarded(cell.strip()) for column, cell in zip(columns, cells, strict=True)}
        try:
            outlet, listed = catalog_rows.outlet_and_sources(named)
        except catalog_rows.WrongCell as wrong:
            raise ConfigError(f"{wrong.column}: {wrong}", place=place, line=line, column=columns.index(wrong.column) + 1) from wrong
        if outlet.id in seen:
            raise ConfigError(f"id: {outlet.id!r} stands already at {seen[outlet.id]}; ids must be unique", place=place, line=line)
        seen[outlet.id] = f"{place}:{line}"
        outlets.append(outlet)
        sources += listed
    return Catalogue(tuple(outlets), tuple(sources))


def _text(raw: bytes, place: str) -> str:
    if raw.startswith(_WORKBOOK):
        raise ConfigError("is a workbook (.xlsx, .xls or .ods); save it as CSV in UTF-8", place=place)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ConfigError("is UTF-16 text; save it as CSV in UTF-8", place=place)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"is not UTF-8 text (byte 0x{raw[error.start]:02x}); save it as CSV in UTF-8", place=place, line=line) from error
    if (nul := text.find("\0")) >= 0:
        raise ConfigError("holds a NUL character; it is damaged or no CSV file", place=place, line=text.count("\n", 0, nul) + 1)
    return text


def _rows(text: str, place: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line they begin on. Spreadsheets of the region separate by semicolon."""
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ConfigError(f"is not valid CSV: {error}; is a quote missing?", place=place, line=line) from error
        long = next((cell for cell in row if len(cell) > MAX_CELL_CHARS), None)
        if long is not None:
            raise ConfigError(f"has a cell of {len(long)} characters; is a quote missing?", place=place, line=line)
        yield line, row


def _header(cells: Iterable[str], place: str, line: int) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    while columns and not columns[-1]:  # spreadsheets write columns that were emptied
        columns.pop()
    missing = [name for name in catalog_rows.REQUIRED if name not in columns]
    if missing:
        raise ConfigError(
            f"the first row must name the columns; missing: {', '.join(missing)}; known are {', '.join(catalog_rows.COLUMNS)}",
            place=place,
            line=line,
        )
    for number, name in enumerate(columns, 1):
        if name not in catalog_rows.COLUMNS:
            known = ", ".join(catalog_rows.COLUMNS)
            raise ConfigError(f"unknown column {name!r}; known are {known}", place=place, line=line, column=number)
        if columns.index(name) != number - 1:
            raise ConfigError(f"the column {name!r} stands twice", place=place, line=line, column=number)
    return columns


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell
