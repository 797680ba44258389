"""Opening the database: made on first use, brought to the newest schema, and refused with a reason when it cannot be used."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from tracker.errors import StoreError
from tracker.store import sqlite
from tracker.store.schema import metadata as schema
from tracker.text.folding import FOLDING_VERSION

FILE_NAME = "coverage.db"
_SQLITE_URL = "sqlite:///"


class Database:
    """An open database. Connections come from `writing` and `reading` only."""

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self._engine = engine
        self._watching: sqlite3.Connection | None = None
        self._lock = threading.Lock()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start; committed at the end, undone on an exception. Keep it short:
        other processes wait. Raises StoreError when the database is locked, full, read-only or damaged."""
        with self._explained(), self._engine.connect() as connection:
            writer = connection.execution_options(writing=True)
            with writer.begin():
                yield writer

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database throughout. Raises StoreError like `writing`."""
        with self._explained(), self._engine.connect() as connection:
            yield connection

    def state(self) -> int:
        """A number that is another one after anybody, here or in another process, has changed anything. Raises StoreError."""
        with self._explained(), self._lock:
            if self._watching is None:
                self._watching = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
            return int(self._watching.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Ends all connections; the database can be opened again."""
        with self._lock:
            if self._watching is not None:
                self._watching.close()
                self._watching = None
        self._engine.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error, UnicodeDecodeError) as error:
            explained = sqlite.explain(error, self.path)
            if explained is None:
                raise
            raise explained from error


def database_path(workspace: Path, url: str = "") -> Path:
    """Where the database lies. `url`: empty for coverage.db in the workspace, or sqlite:///PATH (relative to the workspace)."""
    if not url:
        return workspace / FILE_NAME
    if not url.startswith(_SQLITE_URL) or len(url) == len(_SQLITE_URL) or ":memory:" in url:
        raise StoreError(f"database.url must be empty or sqlite:///PATH, not {url.split('@')[-1]!r}")
    return workspace / url.removeprefix(_SQLITE_URL)


def file_bytes(conn: Connection) -> int:
    """The database's size, without its log and without pages that are free for use again."""
    used, free, size = (int(conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()) for name in ("page_count", "freelist_count", "page_size"))
    return (used - free) * size


def open_database(workspace: Path, url: str = "", *, busy_timeout_seconds: float = 30, must_exist: bool = False) -> Database:
    """The workspace's database, made if it is not there and migrated if it is older than this program. Raises StoreError, with
    what to do, when it is newer, damaged, locked, not writable, or missing although it `must_exist`."""
    path = database_path(workspace, url)
    if path.is_dir():
        raise StoreError(f"{path} is a folder; the database must be a file: move the folder away")
    if must_exist and not path.exists():
        raise StoreError(f"{path} does not exist yet; run `tracker nightly` first or name the workspace with --workspace")
    engine = sqlite.make_engine(path, busy_timeout_seconds)
    database = Database(path, engine)
    try:
        with database._explained():
            if _revision(engine, path) != schema.HEAD:
                _bring_to_head(engine, path, busy_timeout_seconds)
    except OSError as error:
        raise StoreError(f"{path} cannot be made: {error.strerror}; check the workspace's folder") from error
    except BaseException:
        engine.dispose()
        raise
    return database


def _bring_to_head(engine: Engine, path: Path, busy_timeout_seconds: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with _only_one(path.parent):
        revision = _revision(engine, path)
        if revision == schema.HEAD:
            return
        if revision is None:
            _refuse_foreign(engine, path)
            try:
                sqlite.prepare_file(path, busy_timeout_seconds)
            except sqlite3.Error as error:
                raise (sqlite.explain(error, path) or error) from error
        from tracker.store.migrations.upgrade import upgrade

        upgrade(engine, path)
        if revision is None:
            with engine.connect().execution_options(writing=True) as connection:
                sqlite.note_folding_version(connection, FOLDING_VERSION)
                connection.commit()


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Two programs that open a fresh workspace at once must not both make the tables."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _revision(engine: Engine, path: Path) -> str | None:
    if not path.exists() or not path.stat().st_size:
        return None
    with engine.connect() as connection:
        known = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").first()
        row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first() if known else None
        return None if row is None else str(row[0])


def _refuse_foreign(engine: Engine, path: Path) -> None:
    """A database of another program is left alone."""
    if not path.exists() or not path.stat().st_size:
        return
    with engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name NOT IN ('alembic_version')").scalar_one()
    if tables:
        raise StoreError(f"{path} is a database of another program; move it away or set database.url")
