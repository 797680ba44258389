"""Whole copies of the database, and its soundness. What only SQLite can do."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tracker.errors import StoreError
from tracker.store.schema import metadata

QUICKLY_READ_BYTES = 64 * 1024 * 1024
"""Read and checked in under a second on a small server; an archive of a million articles takes over a minute."""

MAGIC = b"SQLite format 3\0"
NEWEST_FORMAT = 2
"""Bytes 18 and 19 of a file: 1 is a journal, 2 a write-ahead log. What a later SQLite puts there, ours must not write (SQLite's file format, 1.3)."""


def copy(source: Path, target: Path) -> int:
    """Copies a database that may be in use; the copy is consistent, read back and checked before it gets its name: every page, every
    reference, and as many rows in every table. Returns its size in bytes.

    Raises StoreError when the source is missing or the copy cannot be written whole.
    """
    if not source.is_file():
        raise StoreError(f"{source} does not exist; there is nothing to copy")
    refuse_newer_format(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = _beside(target)
    try:
        with (
            _explained(target),
            closing(_reading(source)) as old,
            closing(sqlite3.connect(unfinished)) as new,
        ):
            old.execute("BEGIN")
            counted = _rows(old)  # by the state that is copied: the transaction that reads them is the one the copy is made in
            old.backup(new)  # in one step: a copy in many begins anew whenever another program writes between two of them
            new.execute("PRAGMA journal_mode=DELETE")
        if problems := unsound(unfinished):
            raise StoreError(f"the copy of {source} is damaged ({problems[0]}); see `tracker doctor`")
        with _explained(target), closing(_reading(unfinished)) as read_back:
            if short := sorted(table for table, rows in _rows(read_back).items() if rows != counted.get(table)):
                raise StoreError(f"the copy of {source} lacks rows of {', '.join(short)}; try again, and see `tracker doctor`")
        os.replace(unfinished, target)  # noqa: PTH105
    finally:
        unfinished.unlink(missing_ok=True)
    return target.stat().st_size


def copy_before_upgrade(source: Path, target: Path) -> None:
    """Copies a database as it is, damage and all, for the case that a migration spoils it. Looked over quickly: it is as long, and of the same
    revision. Only its owner can read it. Raises StoreError when it cannot be written whole, with nothing of it left."""
    unfinished = _beside(target)
    try:
        with _explained(target), closing(_reading(source)) as old, closing(sqlite3.connect(unfinished)) as new:
            old.execute("BEGIN")
            wanted = _size(old)
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
        with _explained(target), closing(_reading(unfinished)) as read_back:
            if _size(read_back) != wanted or unfinished.stat().st_size != wanted or revision(unfinished) != revision(source):
                raise StoreError(f"the copy of {source} is not whole; try again, and see `tracker doctor`")
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(unfinished, target)  # noqa: PTH105
    finally:
        unfinished.unlink(missing_ok=True)


def refuse_newer_format(path: Path) -> None:
    """Raises StoreError for a file that says that a newer SQLite wrote it, and that ours may not read it or write into it."""
    with path.open("rb") as file:
        header = file.read(20)
    if header.startswith(MAGIC) and len(header) == 20 and max(header[18:]) > NEWEST_FORMAT:
        raise StoreError(
            f"{path} is of a newer format of SQLite than this machine's SQLite {sqlite3.sqlite_version} knows; use it where a newer SQLite is,"
            " or take another backup"
        )


def newest_rows(path: Path) -> dict[str, int | None]:
    """The highest number of a row in each table that numbers them: of two states of one database the later has a higher one somewhere."""
    with _explained(path), closing(_reading(path)) as conn:
        numbered = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND sql NOT LIKE '%WITHOUT ROWID%'"
        )
        names = [str(row[0]) for row in conn.execute(numbered)]
        return {name: conn.execute(f'SELECT max(rowid) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608 (names of tables)


def _size(conn: sqlite3.Connection) -> int:
    count, size = (int(conn.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
    return count * size


def revision(path: Path) -> str | None:
    """The schema's revision; None when the file is no database of ours."""
    if not path.is_file():
        return None
    try:
        with closing(_reading(path)) as conn:
            rows = conn.execute("SELECT version_num FROM alembic_version").fetchmany(2)
    except sqlite3.Error:
        return None
    return str(rows[0][0]) if len(rows) == 1 else None  # two would stop every later upgrade


def is_newer(path: Path) -> bool:
    """Whether a newer program made this database."""
    made_by = revision(path)
    return made_by is not None and made_by > metadata.HEAD


def folding_noted(path: Path) -> int:
    """The version of the folding that the file's header says its index was made with, whatever stands there."""
    with _explained(path), closing(_reading(path)) as conn:
        return int(conn.execute("PRAGMA user_version").fetchone()[0])


def unsound(path: Path, *, quick: bool = False) -> list[str]:
    """What is wrong inside the file, in SQLite's words; empty when it is sound. `quick` does not hold the indexes against the tables;
    of a file larger than QUICKLY_READ_BYTES it looks at both ends of every table only, so that it takes as long at any size."""
    try:
        with closing(_reading(path)) as conn:
            if quick and path.stat().st_size > QUICKLY_READ_BYTES:
                return list(_damaged_ends(conn))
            found = [str(row[0]) for row in conn.execute(f"PRAGMA {'quick' if quick else 'integrity'}_check(5)") if row[0] != "ok"]
            return found + [
                f"a row of {row[0]} names a row of {row[2]} that is gone" for row in conn.execute("PRAGMA foreign_key_check").fetchmany(5)
            ]
    except sqlite3.Error as error:
        return [str(error)]


def _damaged_ends(conn: sqlite3.Connection) -> Iterator[str]:
    names = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND sql NOT LIKE '%WITHOUT ROWID%'"
    for (name,) in conn.execute(names).fetchall():
        try:
            for order in ("ASC", "DESC"):
                conn.execute(f'SELECT * FROM "{name}" ORDER BY rowid {order} LIMIT 1').fetchone()  # noqa: S608 (names of tables)
        except sqlite3.DatabaseError as error:
            yield f"{name}: {error}"


def set_aside(path: Path, stamp: str) -> Path | None:
    """Gives the database another name, its journal folded in; None when there is none."""
    if not path.exists():
        return None
    aside = path.with_name(f"{path.name}.before-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.before-{stamp}-{number}")
    try:
        with closing(sqlite3.connect(path)) as conn:
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error:
        pass  # a damaged file is set aside as it is, its journal with it
    for ending in ("-wal", "-shm"):
        journal = path.with_name(path.name + ending)
        if journal.exists():
            journal.rename(aside.with_name(aside.name + ending))
    path.rename(aside)
    return aside


def use_log(path: Path) -> None:
    """Turns the write-ahead log on, without which readers and the writer wait for each other. A copy comes without it, as it must be one file."""
    with _explained(path), closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA journal_mode=WAL")


def fold_log(path: Path) -> None:
    """Brings what stands in the write-ahead log into the file, which is then whole by itself. Nobody else may have it open."""
    with _explained(path), closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _rows(conn: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    ordinary = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%'"
    names = [str(row[0]) for row in conn.execute(ordinary)]
    return {name: int(conn.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in names}  # noqa: S608 (names of tables)


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _beside(target: Path) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    return Path(name)


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"the copy to {target} failed: {error}; check free space and permissions") from error
