"""One connection to the schema `work`, opened when first needed and again after it was lost. Every statement is a transaction."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.rows import tuple_row

from tracker.errors import StoreError
from tracker.store import server_url

SCHEMA = "work"
CONNECT_SECONDS = 10
STATEMENT_SECONDS = 30
"""No statement here takes longer than some milliseconds, but for waits behind another's."""


def conninfo(url: str) -> str:
    """`database.url` as libpq reads it, with the schema and limits of this work. Raises StoreError."""
    parts = server_url.read(url)
    given: dict[str, Any] = {
        "host": parts.host,
        "port": parts.port,
        "user": parts.username,
        "password": parts.password,
        "dbname": parts.database,
    }
    for name, value in parts.query.items():
        given[name] = value if isinstance(value, str) else ",".join(value)
    options = f"-c search_path={SCHEMA} -c statement_timeout={STATEMENT_SECONDS * 1000} -c timezone=UTC -c client_min_messages=warning"
    limits = {"connect_timeout": CONNECT_SECONDS, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
    named = {name: value for name, value in given.items() if value is not None}
    return make_conninfo("", **{**limits, "application_name": "press coverage tracker, work", **named, "options": options})


class Link:
    """A connection for one thread at a time. A statement on a connection that turns out to be lost is tried once more on a new one:
    every statement here may be done twice."""

    def __init__(self, url: str) -> None:
        self._conninfo = conninfo(url)
        self._connection: psycopg.Connection[Any] | None = None
        self._lock = threading.Lock()

    def rows(self, statement: str, values: Mapping[str, Any] | Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a statement; none for one that gives none. Raises StoreError when the server is out of reach or refuses."""
        with self._lock:
            fresh = self._connection is None
            try:
                return self._ask(statement, values)
            except psycopg.OperationalError as error:
                self._drop()
                if fresh:
                    raise _explained(error) from error
            except psycopg.Error as error:
                raise _explained(error) from error
            try:
                return self._ask(statement, values)
            except psycopg.Error as error:
                self._drop()
                raise _explained(error) from error

    def close(self) -> None:
        """Ends the connection; it is opened again when needed."""
        with self._lock:
            self._drop()

    def _ask(self, statement: str, values: Any) -> list[tuple[Any, ...]]:
        if self._connection is None:
            self._connection = psycopg.connect(self._conninfo, autocommit=True, row_factory=tuple_row)
        cursor = self._connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []

    def _drop(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()


def _explained(error: psycopg.Error) -> StoreError:
    """The first line of what the server said: it names no password."""
    said = " ".join(str(error).split("\n", 1)[0].split())
    if isinstance(error, psycopg.OperationalError):
        return StoreError(f"the PostgreSQL server cannot be reached ({said}); what was under way is taken up again when it can")
    return StoreError(f"the PostgreSQL server refused: {said}")
