"""Whether the indexes of a table have its rows: a look at the ids that each holds, for every edition and every mailing.

What is looked up by an index that lost rows lacks them, and no error says so. SQLite's own `integrity_check` compares every key with its
row, which takes a second where an archive has 50,000 items; a night does that once (`Database.refuse_damaged`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Connection

_WHERE = re.compile(r"\bWHERE\b(.*)$", re.I | re.S)
EVERY_ROW = "1"
IDS_OF = "SELECT count(*), coalesce(sum(rowid), 0) FROM"
"""How every statement of this look begins: the one that reads whole indexes each day, at 0.1 µs an entry."""
_Held = tuple[int, int]
"""How many rows, and the sum of their ids."""


def fault(conn: Connection, table: str) -> str:
    """What SQLite finds wrong with the table, comparing each key with its row; "" for nothing."""
    found = str(conn.exec_driver_sql(f"PRAGMA integrity_check('{table}')").scalars().first())
    return "" if found == "ok" else found


def missing(conn: Connection, table: str) -> str:
    """Which index lacks rows of the table, in words; "" where all hold the same. A table of one index is read itself, and so
    is one with indexes of some of its rows: those are compared with the rows that belong into them."""
    whole: dict[str, _Held] = {}
    for name, condition in _indexes(conn, table):
        held = _held(conn, table, f'INDEXED BY "{name}"', condition)
        if condition == EVERY_ROW:
            whole[name] = held
        elif held != _held(conn, table, "NOT INDEXED", condition):
            return f"{name} lacks rows of {table}"
    if len(whole) == 1:
        whole[table] = _held(conn, table, "NOT INDEXED", EVERY_ROW)
    if len({*whole.values()}) < 2:
        return ""
    most = max(whole.values())
    return f"{next(name for name, held in whole.items() if held != most)} lacks rows of {table}"


def _indexes(conn: Connection, table: str) -> Iterator[tuple[str, str]]:
    """Each with the condition of the rows that it holds."""
    rows = conn.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", (table,))
    for name, statement in rows.all():
        found = _WHERE.search(statement or "")
        yield name, found[1].strip() if found else EVERY_ROW


def _held(conn: Connection, table: str, by: str, condition: str) -> _Held:
    # the sum keeps SQLite from answering a bare count from whichever index is smallest
    counted = f"{IDS_OF} {table} {by} WHERE {condition}"  # all of it is our own schema's
    row = conn.exec_driver_sql(counted).one()
    return int(row[0]), int(row[1])
