"""All rows of one database into another: from a SQLite file to a PostgreSQL server, or back. Read back and compared row by row.

What an interrupted transfer has brought is compared with the source and kept, so that it goes on where it stopped. A target that holds
anything else is refused. The search index is no data: it is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, field
from sqlalchemy import Connection, Table, func, select

from tracker.errors import StoreError
from tracker.store import backend, schema, search_index
from tracker.store.database import Database
from tracker.store.schema.metadata import metadata

BATCH = 1000
"""Rows written in one transaction: 20 MB where they are pages."""
IN_PLACE_OF_NUL = "\ufffd"
INDEX = "search index"
Row = tuple[Any, ...]
assert schema.__all__  # importing it declares every table


class Transfer(Struct):
    """What was done: rows by table, how many of them were there already, and in how many texts a NUL was replaced."""

    rows: dict[str, int] = field(default_factory=dict)
    there_before: int = 0
    texts_changed: int = 0


def counts(database: Database) -> dict[str, int]:
    """Rows of each table that holds any."""
    with database.reading() as conn:
        found = {table.name: int(conn.execute(select(func.count()).select_from(table)).scalar_one()) for table in metadata.sorted_tables}
    return {name: count for name, count in found.items() if count}


def transfer(
    source: Database, target: Database, on_progress: Callable[[str, int, int], None] = lambda table, done, known: None
) -> Transfer:
    """Brings every row of the source into the target. Both are of the newest revision. Nobody else writes to either.

    Raises StoreError for a target that holds rows which the source has not, and when a row comes back otherwise than it was written."""
    done = Transfer()
    known = counts(source)
    with source.reading() as reading:
        for table in metadata.sorted_tables:
            _bring(reading, target, table, done, lambda rows, name=table.name: on_progress(name, rows, known.get(name, 0)))  # type: ignore[misc]
        numbers = {table.name: backend.of(reading).numbers_given(reading, table) for table in metadata.sorted_tables if _is_numbered(table)}
    with target.writing() as conn:
        for table in metadata.sorted_tables:
            if table.name in numbers:
                backend.of(conn).note_numbers_given(conn, table, numbers[table.name])
    articles = known.get("articles", 0)
    made = search_index.rebuild(target, lambda rows, _: on_progress(INDEX, rows, articles))
    if made != articles:
        raise StoreError(f"the search index of {target.place} holds {made} of {articles} articles; run the same command again")
    with target.writing() as conn:
        backend.of(conn).count_anew(conn)
    return done


def _bring(source: Connection, target: Database, table: Table, done: Transfer, on_progress: Callable[[int], None]) -> None:
    last: Row | None = None
    brought = 0
    while True:
        wanted, changed = _readable(_rows(source, table, last), for_server=target.on_server)
        with target.reading() as conn:
            there = _rows(conn, table, last)
        if there != wanted[: len(there)] or (there and not wanted):
            raise StoreError(
                f"{target.place} holds rows of {table.name} that {source.engine.url.database} has not; name an empty database for the copy"
            )
        if not wanted:
            break
        if new := wanted[len(there) :]:
            with target.writing() as conn:
                backend.of(conn).insert_plain(conn, table, new)
            with target.reading() as conn:
                if _rows(conn, table, last) != wanted:
                    raise StoreError(
                        f"{target.place} does not give back the rows of {table.name} that were written; see its log and its disk"
                    )
        done.there_before += len(there)
        done.texts_changed += changed
        brought += len(wanted)
        last = tuple(wanted[-1][place] for place in _key_places(table))
        on_progress(brought)
    done.rows[table.name] = brought


def _rows(conn: Connection, table: Table, after: Row | None) -> list[Row]:
    """The next rows by the table's key, in values that are alike from both databases."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    key = ", ".join(f'"{column.name}"' for column in table.primary_key)
    here = backend.of(conn)
    mark = here.MARK
    beyond = "" if after is None else f" WHERE ({key}) > ({', '.join([mark] * len(after))})"
    statement = f'SELECT {names} FROM "{table.name}"{beyond} ORDER BY {key} LIMIT {BATCH}'  # noqa: S608 (names of our own schema)
    found = conn.exec_driver_sql(statement, after or ())
    return [tuple([_alike(value) for value in row]) for row in found]


def _alike(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S.%f}"
    return int(value) if isinstance(value, bool) else value


def _readable(rows: Sequence[Row], *, for_server: bool) -> tuple[list[Row], int]:
    """The rows as the target can hold them, and in how many texts something was replaced."""
    if not for_server:
        return [*rows], 0
    changed = sum(isinstance(value, str) and "\x00" in value for row in rows for value in row)
    if not changed:
        return [*rows], 0
    return [tuple([value.replace("\x00", IN_PLACE_OF_NUL) if isinstance(value, str) else value for value in row]) for row in rows], changed


def _key_places(table: Table) -> list[int]:
    names = [column.name for column in table.columns]
    return [names.index(column.name) for column in table.primary_key]


def _is_numbered(table: Table) -> bool:
    return table._autoincrement_column is not None
