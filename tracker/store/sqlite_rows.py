"""Rows as SQLite takes them, of the search index and of plain numbers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table


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
