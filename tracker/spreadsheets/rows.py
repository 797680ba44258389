"""What is read from a sheet, and the limits that hold for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from msgspec import Struct, field

MOST_ROWS = 20_000
"""Rows that say something; a campaign of a year has some 5,000 items, and reading this many takes 5 s."""
MOST_COLUMNS = 64
"""Twice those of our widest table, the export of mentions (30), for columns that people add."""
HEADING_WITHIN = 20
"""Rows above the headings, for a title and a word to the reader."""
CELL_CHARS = 32_767  # the limit of a cell in XLSX
DAYS_COUNTED = (30_000, 75_000)
"""Bare numbers that are days: 1982 to 2105 as most workbooks count. A year typed alone is none."""

Value = str | int | float | date | datetime | time
"""What a cell holds; an empty one is "". A moment in a sheet has no zone."""


class Fault(Struct, frozen=True):
    """Why a row cannot be taken: its number as the sheet counts, the column, and what would be right. `kind`: which of the faults that
    a page tells in the reader's words it is; empty: none of them."""

    row: int
    column: str
    reason: str
    kind: str = ""

    def __str__(self) -> str:
        return f"row {self.row}{f', column {self.column}' if self.column else ''}: {self.reason}"


class SheetRow(Struct, frozen=True):
    """A row that says something. With `faults` its values are not to be trusted."""

    number: int
    values: Mapping[str, Value]
    faults: tuple[Fault, ...] = ()

    def text(self, column: str) -> str:
        """The cell as one line; empty when there is none."""
        return " ".join(as_text(self.values.get(column, "")).split())


class Sheet(Struct, frozen=True):
    """`notes` tell what was seen and not read, or read in another way than it might seem. `day_zero`: the day that a workbook counts
    its days from, None in a text."""

    rows: tuple[SheetRow, ...]
    columns: tuple[str, ...]
    notes: tuple[str, ...] = ()
    day_zero: date | None = None

    def day(self, value: Value) -> date | None:
        """The day of a cell that holds a date, or the bare number of one; None for anything else."""
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if self.day_zero is None or isinstance(value, str | time) or not DAYS_COUNTED[0] <= value <= DAYS_COUNTED[1]:
            return None
        return self.day_zero + timedelta(days=int(value))


class RawTable(Struct):
    """One table of a file before its headings are known: rows from 1, and places that a reader must not trust."""

    name: str
    rows: Iterable[tuple[int, tuple[Value, ...]]]
    faults: dict[int, list[Fault]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    day_zero: date | None = None


class SheetError(ValueError):
    """The file as a whole cannot be used; the text says what would be right."""


def as_text(value: Value) -> str:
    """A value as a person typed it: numbers without a tail, times as HH:MM."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)
