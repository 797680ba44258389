"""Whether the indexes of a table have its rows: a look at the ids that each holds, for every edition and every mailing.

What is looked up by an index that lost rows lacks them, and no error says so. SQLite's own `integrity_check` compares every key with its
row, which takes a second where an archive has 50,000 items; a night does that once (`Database.refuse_damaged`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Connection

_TOKENS = re.compile(r"""'[^']*'|"[^"]*"|`[^`]*`|\[[^]]*\]|--[^\n]*|/\*.*?\*/|\bWHERE\b""", re.I | re.S)
"""Names, texts and comments of a statement, which may hold the word too, and the word itself. A quote that is doubled ends one and begins
the next."""
EVERY_ROW = "1"
IDS_OF = f"SELECT count(*), coalesce(sum(rowid & {2**31 - 1}), 0) FROM"
"""How every statement of this look begins: the one that reads whole indexes each day, at 0.1 µs an entry. Of ids their lower half is
added up: some may be near 2^63, and SQLite refuses a sum beyond that."""
COUNT_OF = "SELECT count(*), 1 FROM"
"""How the look at a table's rows by their number alone begins: 0.08 µs an entry where they are not in memory. The second column keeps SQLite from answering from
whichever index is smallest."""
SMALLEST_OF = "SELECT count(*) AS rows_held FROM"
"""The same of the smallest index, in a hundredth of that."""
COUNTED = {"articles": ("ix_articles_published",)}
"""Of which table these indexes alone are looked at, and how many rows each holds alone. What editions count and estimate of articles they
read from this one; the rows themselves hold the texts, and to compare all of a million takes seconds."""
_Held = tuple[int, int]
"""How many rows, and the sum of their ids."""


def fault(conn: Connection, table: str) -> str:
    """What SQLite finds wrong with the table, comparing each key with its row; "" for nothing. Of COUNTED what `missing` finds."""
    if table in COUNTED:
        return _fewer(conn, table)
    found = str(conn.exec_driver_sql(f"PRAGMA integrity_check('{table}')").scalars().first())
    return "" if found == "ok" else found


def missing(conn: Connection, table: str) -> str:
    """Which index lacks rows of the table, in words; "" where all hold the same. A table of one index is read itself, and so
    is one with indexes of some of its rows: those are compared with the rows that belong into them."""
    if table in COUNTED:
        return _fewer(conn, table)
    whole: dict[str, _Held] = {}
    for name, condition in _indexes(conn, table):
        held = _held(conn, table, f"INDEXED BY {_quoted(name)}", condition)
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


def _fewer(conn: Connection, table: str) -> str:
    """The same of a table in COUNTED."""
    rows = int(conn.exec_driver_sql(f"{SMALLEST_OF} {table}").scalar_one())
    held = {name: int(conn.exec_driver_sql(f"{COUNT_OF} {table} INDEXED BY {_quoted(name)}").one()[0]) for name in COUNTED[table]}
    most = max(rows, *held.values())
    return next((f"{name} lacks rows of {table}" for name, count in held.items() if count != most), "") or (
        "" if rows == most else f"an index of {table} lacks rows"
    )


def _indexes(conn: Connection, table: str) -> Iterator[tuple[str, str]]:
    """Each with the condition of the rows that it holds."""
    rows = conn.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", (table,))
    for name, statement in rows.all():
        yield name, _condition(statement or "")


def _condition(statement: str) -> str:
    """Of the rows of an index, which a person may have made: by any name, and with comments."""
    where = next((found for found in _TOKENS.finditer(statement) if found[0].upper() == "WHERE"), None)
    return statement[where.end() :].strip() if where else EVERY_ROW


def _held(conn: Connection, table: str, by: str, condition: str) -> _Held:
    # the sum keeps SQLite from answering a bare count from whichever index is smallest
    counted = f"{IDS_OF} {table} {by} WHERE {condition}"  # all of it is of the schema
    row = conn.exec_driver_sql(counted).one()
    return int(row[0]), int(row[1])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
