"""What SQLite says of a damaged file, and of a search index that is damaged alone: that can be made anew."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

INDEX_WORDS = "invalid fts5 file format"
"""Told as a general error: the index's own settings are gone or damaged (`fts5_config.c`)."""


def is_damaged(error: Exception) -> bool:
    """Whether it says that the file or the index is damaged."""
    code = getattr(error.orig if isinstance(error, DBAPIError) else error, "sqlite_errorcode", None)
    return is_index_damaged(error) or (code is not None and code & 0xFF == sqlite3.SQLITE_CORRUPT)


def is_index_damaged(error: Exception) -> bool:
    """Whether it says that the search index is damaged, and no more than that."""
    original = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(original, "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_CORRUPT_VTAB or (code == sqlite3.SQLITE_ERROR and str(original).startswith(INDEX_WORDS))
