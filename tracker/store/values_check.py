"""Whether every value in a database file is of its column's kind: SQLite stores anything anywhere."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Float, Integer, LargeBinary, String, Table
from sqlalchemy.types import TypeDecorator

from tracker.store.schema.metadata import metadata

MOST_NAMED = 5
_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_MOMENT = f"{_DAY} [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*"
_KINDS: tuple[tuple[type, str, str], ...] = (
    (JSON, "list", "typeof({c}) = 'text' AND json_valid({c})"),
    (DateTime, "moment", f"typeof({{c}}) = 'text' AND {{c}} GLOB '{_MOMENT}' AND datetime({{c}}) IS NOT NULL"),
    (Date, "day", f"typeof({{c}}) = 'text' AND {{c}} GLOB '{_DAY}' AND date({{c}}) IS NOT NULL"),
    (Boolean, "yes or no", "{c} IN (0, 1)"),
    (Integer, "whole number", "typeof({c}) = 'integer'"),
    (Float, "number", "typeof({c}) IN ('real', 'integer')"),
    (LargeBinary, "bytes", "typeof({c}) = 'blob'"),
    (String, "text", "typeof({c}) = 'text'"),
)


def strange_values(path: Path) -> list[str]:
    """Columns with a value that is none of their kind, at most MOST_NAMED; all is read. Raises sqlite3.Error."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as conn:
        found = (words for table in metadata.sorted_tables if (words := _first_of(conn, table)))
        return [words for _, words in zip(range(MOST_NAMED), found, strict=False)]


def _first_of(conn: sqlite3.Connection, table: Table) -> str:
    kinds = {column.name: kind for column in table.columns if (kind := _kind_of(column))}
    if not kinds:
        return ""
    wrong = {name: f'"{name}" IS NOT NULL AND NOT ({test.format(c=chr(34) + name + chr(34))})' for name, (_, test) in kinds.items()}
    cases = " ".join(f"WHEN {test} THEN '{name}'" for name, test in wrong.items())
    row = conn.execute(f'SELECT CASE {cases} END AS strange_column FROM "{table.name}" WHERE strange_column IS NOT NULL LIMIT 1').fetchone()  # noqa: S608 (names of our own schema)
    return f"the column {row[0]} of {table.name} holds what is no {kinds[row[0]][0]}" if row else ""


def _kind_of(column: Column[object]) -> tuple[str, str] | None:
    kind = column.type
    while isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    return next(((words, test) for base, words, test in _KINDS if isinstance(kind, base)), None)
