"""Spreadsheets as people and their programs make them, for tests."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

Rows = Sequence[Sequence[Any]]


def workbook(path: Path, rows: Rows, *, change: Callable[[Workbook], None] = lambda book: None) -> Path:
    """One sheet with these rows; `change` may do to the book what it likes before it is saved."""
    book = Workbook()
    for row in rows:
        book.active.append([*row])  # type: ignore[union-attr]
    change(book)
    book.save(path)
    return path


def table(path: Path, rows: Rows, *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """The same as CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def changed(source: Path, target: Path, change: Callable[[Any], None]) -> Path:
    """A sheet opened, changed and saved by another program than the one that wrote it."""
    book = load_workbook(source)
    change(book.worksheets[0])
    book.save(target)
    return target


def repacked(source: Path, target: Path, members: Mapping[str, bytes]) -> Path:
    """A workbook some of whose parts are replaced or added."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in members:
                new.writestr(name, old.read(name))
        for name, content in members.items():
            new.writestr(name, content)
    return target
