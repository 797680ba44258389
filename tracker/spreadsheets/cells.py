"""Cells of spreadsheets and CSV files: what a program might take for a formula is shown as text."""

from __future__ import annotations

import re

CELL_CHARS = 32_767
"""The most characters a spreadsheet's cell holds."""
SHEET_ROWS = 1_048_575
"""The most rows of a sheet, below its heading."""
_FORMULA = re.compile(r"[\s\x00-\x20]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
"""What a spreadsheet may take for a formula, full-width signs included."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def inert(cell: str) -> str:
    """The cell for a CSV file: with an apostrophe before what looks like a formula, and without NUL."""
    cell = cell.replace("\0", "")
    return f"'{cell}" if _FORMULA.match(cell) else cell


def fitting(cell: str) -> str:
    """The cell for a sheet whose cells are typed as text: cut to what a cell holds."""
    return cell[:CELL_CHARS]


def legal(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_XML.sub("", text)
