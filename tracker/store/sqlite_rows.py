"""Rows as SQLite takes them, of the search index and of plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table


def as_indexed(folded: str) -> str:
    """A folded text as FTS5 takes it: as it is."""
    return folded


def remove_from_search(connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
    """Takes (search id, folded text) out of the index: its words are found by the text, as the index keeps none. A text that was folded
    otherwise when it was indexed leaves words behind; they name an article that the matcher then looks at in vain."""
    if rows:
        statement = "INSERT INTO article_search(article_search, rowid, words) VALUES ('delete', ?, ?)"
        connection.exec_driver_sql(statement, [*rows])


def enter_numbers(connection: Connection, table: Table, rows: Sequence[tuple[int, ...]]) -> None:
    """Rows of a table that holds whole numbers alone; those that are there stay."""
    marks = ", ".join("?" for _ in table.columns)
    connection.exec_driver_sql(f'INSERT OR IGNORE INTO "{table.name}" VALUES ({marks})', [*rows])  # noqa: S608 (names of our own schema)


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """A plain INSERT of rows that give every column, by the driver itself: SQLAlchemy's way costs 40 microseconds a row more."""
    _insert(connection, table, tuple(table.columns.keys()), rows)


def add_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """See `Backend`; by the driver itself, as `insert_rows`."""
    if rows:
        _insert(connection, table, tuple(rows[0]), rows, " ON CONFLICT DO NOTHING")


def _insert(connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[dict[str, Any]], end: str = "") -> None:
    binders = _binders(table, columns, connection.dialect)
    values = [tuple([row[name] if bind is None else bind(row[name]) for name, bind in binders]) for row in rows]
    names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks}){end}', values)  # noqa: S608 (names of our own schema)


@lru_cache(maxsize=64)
def _binders(table: Table, columns: tuple[str, ...], spoken: Dialect) -> tuple[tuple[str, Any], ...]:
    """The names of columns, each with what makes the driver's value of ours (None: it is the same)."""
    return tuple((name, table.columns[name].type.dialect_impl(spoken).bind_processor(spoken)) for name in columns)
