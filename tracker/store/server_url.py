"""Addresses of databases on a PostgreSQL server, read without the driver. A password in one is never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy.engine.url import URL

SCHEMES = ("postgresql+psycopg", "postgresql", "postgres")


def is_server(url: str) -> bool:
    """Whether the setting `database.url` names a server and no file."""
    return url.partition("://")[0] in SCHEMES


def read(url: str) -> URL:
    """The address in parts. Raises StoreError for one that cannot be read."""
    from sqlalchemy.engine.url import make_url  # here: who keeps a file and takes a lock needs none of it
    from sqlalchemy.exc import ArgumentError

    try:
        parts = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreError("database.url cannot be read; write postgresql+psycopg://USER:PASSWORD@HOST:5432/NAME") from error
    if "@" in (parts.host or ""):
        raise StoreError("database.url has two `@`; write one that belongs to the password as %40")
    if "password" in parts.query:
        raise StoreError("database.url has the password behind the `?`; write it before the `@`, or leave it to ~/.pgpass")
    if unknown := _unknown_option(parts):
        raise StoreError(
            f"database.url has the option {unknown!r} behind the `?`, which PostgreSQL does not know; see its list of connection parameters"
        )
    if not parts.database:
        raise StoreError("database.url names no database; write postgresql+psycopg://USER:PASSWORD@HOST:5432/NAME")
    return parts


def _unknown_option(parts: URL) -> str:
    """The first that the driver would refuse; where it is not installed that is told elsewhere."""
    if not parts.query:
        return ""
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import make_conninfo
    except ImportError:
        return ""
    for name in parts.query:
        try:
            make_conninfo("", **{name: ""})
        except ProgrammingError:
            return str(name)
    return ""


def place(url: str) -> str:
    """The database as people are told of it: its name and its server's."""
    parts = read(url)
    host = parts.host or str(parts.query.get("host") or "this machine")
    port = f":{parts.port}" if parts.port else ""
    return f"the database {parts.database} on {host}{port}"
