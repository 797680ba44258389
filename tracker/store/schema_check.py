"""Whether a database has what this program makes, and nothing besides: tables, columns, indexes, triggers, views."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from tracker.store import backup
from tracker.store.database import open_database
from tracker.store.sqlite import NEW_SEARCH, make_engine, prepare_file

MOST_NAMED = 5
"""Differences that are named: a file that lacks everything needs no list."""


def differences(path: Path) -> list[str]:
    """What a database of the newest revision lacks, has besides, or has otherwise than one that is made now; at most MOST_NAMED.

    Raises StoreError when no database can be made to compare with, sqlite3.Error when the file cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="tracker-") as folder:
        fresh = open_database(Path(folder))
        fresh.close()
        wanted = _objects(fresh.path)
    found = _objects(path)
    said = [f"the {kind} {name} is missing" for kind, name in sorted(wanted.keys() - found.keys())]
    said += [f"the {kind} {name} is none of ours" for kind, name in sorted(found.keys() - wanted.keys())]
    said += [
        f"the {kind} {name} is not as we make it"
        for kind, name in sorted(wanted.keys() & found.keys())
        if wanted[kind, name] != found[kind, name]
    ]
    return said[:MOST_NAMED]


def has_tables_of_its_revision(path: Path) -> bool:
    """Whether a database of any revision has the tables and columns that our migrations make up to that one, neither less nor more.

    Raises sqlite3.Error when the file cannot be read, and what a migration raises that fails on an empty database.
    """
    from tracker.store.migrations.upgrade import known_revisions, upgrade

    revision = backup.revision(path)
    if revision not in known_revisions():
        return False
    with tempfile.TemporaryDirectory(prefix="tracker-") as folder:
        fresh = Path(folder) / path.name
        prepare_file(fresh, busy_timeout_seconds=30)
        engine = make_engine(fresh, busy_timeout_seconds=30)
        try:
            upgrade(engine, fresh, revision)
        finally:
            engine.dispose()
        return _columns(fresh) == _columns(path)


def _columns(path: Path) -> dict[str, list[str]]:
    """By table."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as conn:
        names = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'").fetchall()
        return {
            name: sorted(row[0] for row in conn.execute("SELECT name FROM pragma_table_info(?)", (name,)))
            for (name,) in names
            if not name.startswith(NEW_SEARCH)
        }


def _objects(path: Path) -> dict[tuple[str, str], object]:
    """By kind and name: the statement of a trigger, view or virtual table, what a table's columns and references and an index's columns are."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as conn:
        rows = conn.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'").fetchall()
        return {(kind, name): _description(conn, kind, name, sql or "") for kind, name, sql in rows if not name.startswith(NEW_SEARCH)}


def _description(conn: sqlite3.Connection, kind: str, name: str, sql: str) -> object:
    quoted = name.replace('"', '""')
    if kind == "table" and not sql.upper().startswith("CREATE VIRTUAL"):
        columns = conn.execute(f'PRAGMA table_xinfo("{quoted}")').fetchall()
        references = conn.execute(f'PRAGMA foreign_key_list("{quoted}")').fetchall()
        unique = [tuple(row[2:4]) for row in conn.execute(f'PRAGMA index_list("{quoted}")') if row[1].startswith("sqlite_autoindex")]
        named = sorted((row[1], row[2].upper(), row[3], row[5], row[6]) for row in columns)  # order and default may differ with age
        return named, sorted(map(str, (row[2:] for row in references))), sorted(map(str, unique))
    if kind == "index":
        return (
            [row[2] for row in conn.execute(f'PRAGMA index_info("{quoted}")')],  # by name: a column's number may differ with age
            " unique " in f" {sql.lower()} ",
            _plain(sql.partition("WHERE")[2]),
        )
    return _plain(sql)


def _plain(sql: str) -> str:
    return re.sub(r'[\s"`]+', " ", sql).strip().casefold()
