"""The search index's own check, made on a copy of the index, so that nobody waits to write meanwhile.

The check is a command that SQLite takes for a write: made in the database itself it keeps every other writer out until it has read all.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from tracker.store.sqlite import SEARCH, SEARCH_PARTS

ROOM = 3
"""Free space that is asked for, in sizes of the index: its copy, and as much again for whatever else is written meanwhile."""
CHECK = f"INSERT INTO {SEARCH}({SEARCH}) VALUES ('integrity-check')"  # noqa: S608 (our own table)


def check(path: Path, busy_timeout_seconds: float) -> None:
    """Reads the whole index of a database. Raises a sqlite3.DatabaseError that says so when it is damaged. Where the disk has no room for
    a copy of the index the check is made in the database itself."""
    with closing(sqlite3.connect(path, timeout=busy_timeout_seconds, isolation_level=None)) as conn:
        (size,) = conn.execute(f"SELECT coalesce(sum(length(block)), 0) FROM {SEARCH}_data").fetchone()  # noqa: S608 (our own table)
        if shutil.disk_usage(path.parent).free < ROOM * size:
            conn.execute(CHECK)
            return
        (made_by,) = conn.execute("SELECT sql FROM sqlite_master WHERE name = ?", (SEARCH,)).fetchone()
    with closing(_nameless(path.parent)) as copy:
        copy.execute(made_by)
        copy.execute("ATTACH ? AS source", (f"{path.absolute().as_uri()}?mode=ro",))
        copy.execute("BEGIN")
        for part, _ in SEARCH_PARTS:
            copy.execute(f"DELETE FROM main.{SEARCH}_{part}")  # noqa: S608 (our own tables)
            copy.execute(f"INSERT INTO main.{SEARCH}_{part} SELECT * FROM source.{SEARCH}_{part}")  # noqa: S608 (our own tables)
        copy.execute("COMMIT")
        copy.execute("DETACH source")
        copy.execute(CHECK)


def _nameless(folder: Path) -> sqlite3.Connection:
    """An empty database without a name in the folder: nothing of it stays, however this process ends."""
    handle, name = tempfile.mkstemp(prefix=".index-check-", dir=folder)
    os.close(handle)
    try:
        conn = sqlite3.connect(f"{Path(name).absolute().as_uri()}", uri=True, isolation_level=None)
        for pragma in ("journal_mode = OFF", "synchronous = OFF"):
            conn.execute(f"PRAGMA {pragma}")
        conn.execute("CREATE TABLE here (it INTEGER)")
    finally:
        Path(name).unlink()
    return conn
