"""What SQLite says of a damaged file, and of a search index that is damaged alone: that can be made anew."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from tracker.errors import SearchIndexDamaged, StoreError

INDEX_WORDS = re.compile(r"invalid fts5 file format|vtable constructor failed: article_search|no such table: (\w+\.)?article_search_")
"""Told as general errors: the index's own settings (`fts5_config.c`) or one of its tables is gone or damaged."""
TWICE = "constraint failed"
"""All that is said where the index writes a row that it has already, at the commit; a constraint of a table is told with its name."""
UNKNOWN_FORMAT = "unsupported file format"
"""Told as a general error, of a header in which the format's number is none."""
UNREADABLE_TEXT = "Could not decode to UTF-8"
"""How Python begins to say of a text that it is none: it writes no such texts."""
SHAPE_WORDS = re.compile(r"(error in \w+ \w{1,200}: )?no such (table|column|index)|table \S{1,200} has no column named")
"""Told as general errors: of damage to the list of tables, or of a mistake in a statement of ours."""


def is_damaged(error: Exception) -> bool:
    """Whether it says that the file or the index is damaged."""
    code = getattr(error.orig if isinstance(error, DBAPIError) else error, "sqlite_errorcode", None)
    return is_index_damaged(error) or (code is not None and code & 0xFF == sqlite3.SQLITE_CORRUPT)


def is_index_damaged(error: Exception) -> bool:
    """Whether it says that the search index is damaged, and no more than that."""
    original = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(original, "sqlite_errorcode", None)
    if code is not None and code & 0xFF == sqlite3.SQLITE_CONSTRAINT:
        return str(original) == TWICE
    return code == sqlite3.SQLITE_CORRUPT_VTAB or (code == sqlite3.SQLITE_ERROR and bool(INDEX_WORDS.match(str(original))))


def is_of_shape(error: Exception) -> bool:
    """Whether it says that a table or a column is not there."""
    original = error.orig if isinstance(error, DBAPIError) else error
    return getattr(original, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR and bool(SHAPE_WORDS.match(str(original)))


def explain(error: Exception, path: Path) -> StoreError | None:
    """What a person can do about a database error; None for a fault of the program."""
    original = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(original, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    if is_index_damaged(error):
        return SearchIndexDamaged(f"the search index in {path} is damaged; run `tracker reindex`, which makes it anew from the articles")
    if isinstance(original, ValueError) or primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or str(original) == UNKNOWN_FORMAT:
        return damaged(path)
    if isinstance(original, sqlite3.OperationalError) and str(original).startswith(UNREADABLE_TEXT):
        return damaged(path)
    advice = {
        sqlite3.SQLITE_BUSY: "is in use by another program that does not let go; end that program and try again",
        sqlite3.SQLITE_LOCKED: "is in use by another program that does not let go; end that program and try again",
        sqlite3.SQLITE_READONLY: "cannot be written; make the file and its folder writable for this user",
        sqlite3.SQLITE_PERM: "cannot be written; make the file and its folder writable for this user",
        sqlite3.SQLITE_FULL: "cannot grow: the disk is full; make room and start again, nothing that was stored is lost",
        sqlite3.SQLITE_CANTOPEN: "cannot be opened; it must be a file in a folder that exists and is writable for this user",
        sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports an error; check the disk and its free space",
    }
    return StoreError(f"{path} {advice[primary]}") if primary in advice else None


def damaged(path: Path, why: str = "") -> StoreError:
    """What to do about a damaged file."""
    found = f" ({' '.join(why.split())})" if why else ""
    return StoreError(
        f"{path} is damaged or is no database of the tracker{found}; move it away and run `tracker restore FILE` with a backup"
    )
