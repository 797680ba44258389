"""Opening the database: made on first use, brought to the newest schema, and refused with a reason when it cannot be used."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from contextvars import ContextVar
from json import JSONDecodeError
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from tracker.errors import StoreError
from tracker.settings import DATABASE_FILE
from tracker.store import backend, index_rows, server_url, sqlite
from tracker.store.backend import Backend
from tracker.store.damage import is_of_shape
from tracker.store.schema import metadata as schema
from tracker.store.write_priority import WritePriority
from tracker.text.folding import FOLDING_VERSION

FILE_NAME = DATABASE_FILE
WRITTEN_BY_NIGHTS = "outbox"
LOOKED_OVER_FOR_SECONDS = 600.0
"""A choice: twenty campaigns of a night are one look, half a second with 50,000 mentions; the desk looks anew."""
LEAST_BYTES = 512
"""SQLite takes a shorter file for a new one: it is no page."""
_SQLITE_URL = "sqlite:///"
_comparing: ContextVar[bool] = ContextVar("_comparing", default=False)
"""While a file is compared with what our migrations make."""


class Database:
    """An open database. Connections come from `writing` and `reading` only. `place` names it to people. While its server is out of reach,
    whoever begins something waits for it, `patience_seconds` long."""

    patience_seconds = 0.0
    is_waited_for = False
    """Whether people wait for what is written here: it then comes before what all others write."""

    def __init__(self, engine: Engine, place: str, path: Path | None = None) -> None:
        self.place = place
        self._engine = engine
        self._path = path

    @property
    def on_server(self) -> bool:
        """Whether it is on a PostgreSQL server; else it is a file."""
        return self._path is None

    @property
    def backend(self) -> Backend:
        """What understands it."""
        return backend.named(self._engine.dialect.name)

    @property
    def path(self) -> Path:
        """The file. Raises StoreError for a database on a server."""
        if self._path is None:
            raise StoreError(f"{self.place} is on a server, not in a file")
        return self._path

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start; committed at the end, undone on an exception. Keep it short:
        other processes wait. Raises StoreError when the database is locked, full, read-only, damaged or out of reach."""
        with self._explained(), self._turn(), self._connected() as connection:
            writer = self._for_writing(connection)
            with writer.begin():
                yield writer

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database throughout. Raises StoreError like `writing`."""
        with self._explained(), self._connected() as connection:
            yield connection

    def state(self) -> int:
        """A number that is another one after anybody, here or in another process, has changed anything. Raises StoreError."""
        raise NotImplementedError

    def empty_log(self) -> None:
        """What was overwritten stands in no log beside the database any more, as far as nobody else reads at the moment."""

    def refuse_damaged(self, tables: Iterable[str], *, thorough: bool = False) -> None:
        """Raises StoreError where one of these tables and its indexes disagree: what is looked up by such an index lacks rows, and no
        error says so. `thorough`: key by key, else which rows there are. A server is trusted with that."""

    def close(self) -> None:
        """Ends all connections; the database can be opened again."""
        self._engine.dispose()

    def _turn(self) -> AbstractContextManager[None]:
        """Held while something is written; entering it waits for those who go first."""
        return nullcontext()

    def _connected(self) -> Connection:
        return self._engine.connect()

    def _for_writing(self, connection: Connection) -> Connection:
        return connection.execution_options(writing=True)

    def _explanation(self, error: Exception) -> StoreError | None:
        raise NotImplementedError

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error, UnicodeDecodeError, JSONDecodeError) as error:
            explained = self._explanation(error)
            if explained is None:
                raise
            raise explained from error


class FileDatabase(Database):
    """A SQLite file."""

    def __init__(self, path: Path, engine: Engine) -> None:
        super().__init__(engine, str(path), path)
        self._watching: sqlite3.Connection | None = None
        self._lock = threading.Lock()
        self._priority = WritePriority(path)
        self._sound_until: dict[tuple[str, bool], float] = {}

    def state(self) -> int:
        """See `Database`."""
        with self._explained(), self._lock:
            if self._watching is None:
                self._watching = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
            return int(self._watching.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """See `Database`."""
        with self._lock:
            if self._watching is not None:
                self._watching.close()
                self._watching = None
        super().close()

    def refuse_damaged(self, tables: Iterable[str], *, thorough: bool = False) -> None:
        """See `Database`."""
        with self.reading() as conn:
            for table in tables:
                if time.monotonic() < self._sound_until.get((table, thorough), 0):
                    continue
                if found := (index_rows.fault if thorough else index_rows.missing)(conn, table):
                    raise sqlite.damaged(self.path, found)
                for level in {thorough, False}:
                    self._sound_until[table, level] = time.monotonic() + LOOKED_OVER_FOR_SECONDS

    def empty_log(self) -> None:
        """See `Database`."""
        with self._explained(), closing(sqlite3.connect(self.path, isolation_level=None)) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _turn(self) -> AbstractContextManager[None]:
        if self.is_waited_for:
            return self._priority.taken()
        self._priority.give_way()
        return nullcontext()

    def _explanation(self, error: Exception) -> StoreError | None:
        return sqlite.explain(error, self.path) or self._other_shape(error)

    def _other_shape(self, error: Exception) -> StoreError | None:
        """Where a table or column is missing and the file indeed lacks what we make: damage. Else it is a fault of the program."""
        if not is_of_shape(error) or _comparing.get():
            return None
        from tracker.store.schema_check import differences

        begun = _comparing.set(True)  # what is compared with is made by the same migrations: where they fail, they fail there too
        try:
            differing = differences(self.path)
        except sqlite3.Error as unreadable:
            return sqlite.explain(unreadable, self.path)
        except DBAPIError:
            return None
        finally:
            _comparing.reset(begun)
        return sqlite.damaged(self.path, differing[0]) if differing else None


class ServerDatabase(Database):
    """A database on a PostgreSQL server."""

    patience_seconds = 180.0

    def state(self) -> int:
        """See `Database`."""
        from tracker.store import postgres

        with self.reading() as connection:
            return postgres.state(connection)

    def _connected(self) -> Connection:
        from tracker.store import postgres

        until, pause = time.monotonic() + self.patience_seconds, 0.1
        while True:
            try:
                return self._engine.connect()
            except DBAPIError as error:
                if not postgres.is_lost(error) or time.monotonic() + pause > until:
                    raise
            time.sleep(pause)
            pause = min(2 * pause, 5.0)

    def _for_writing(self, connection: Connection) -> Connection:
        return connection.execution_options(writing=True, isolation_level="READ COMMITTED")

    def _explanation(self, error: Exception) -> StoreError | None:
        from tracker.store import postgres

        return postgres.explain(error, self.place)


def database_path(workspace: Path, url: str = "") -> Path:
    """Where the file of the database lies. `url`: empty for coverage.db in the workspace, or sqlite:///PATH (relative to the workspace).
    Raises StoreError for a database on a server."""
    if not url:
        return workspace / FILE_NAME
    if server_url.is_server(url):
        raise StoreError(f"{server_url.place(url)} is on a server, not in a file")
    if not url.startswith(_SQLITE_URL) or len(url) == len(_SQLITE_URL) or ":memory:" in url:
        raise StoreError(f"database.url must be empty, sqlite:///PATH or postgresql+psycopg://..., not {url.split('@')[-1]!r}")
    return workspace / url.removeprefix(_SQLITE_URL)


def database_exists(workspace: Path, url: str = "") -> bool:
    """Whether there is one; nothing is made. Raises StoreError where the server cannot be asked."""
    if not server_url.is_server(url):
        return database_path(workspace, url).exists()
    database = _on_server(url, busy_timeout_seconds=30)
    try:
        from tracker.store import postgres

        with database._explained():
            return postgres.revision(database._engine) is not None
    finally:
        database.close()


def open_database(
    workspace: Path,
    url: str = "",
    *,
    busy_timeout_seconds: float = 30,
    must_exist: bool = False,
    on_made: Callable[[str], None] | None = None,
    keep_copy: bool = True,
) -> Database:
    """The workspace's database, made if it is not there (`on_made` gets its place then) and migrated if it is older than this program. Of
    a file a copy is kept before that (`before_upgrade`), unless it is one itself.
    Raises StoreError, with what to do, when it is newer, damaged, locked, not writable, out of reach, or missing although it `must_exist`."""
    made = on_made or (lambda place: None)
    if server_url.is_server(url):
        return _open_on_server(url, busy_timeout_seconds, must_exist, made)
    path = database_path(workspace, url)
    if path.is_dir():
        raise StoreError(f"{path} is a folder; the database must be a file: move the folder away")
    if path.exists() and path.stat().st_size < LEAST_BYTES and any((workspace / WRITTEN_BY_NIGHTS).glob("*")):
        raise StoreError(
            f"{path} holds nothing, although {WRITTEN_BY_NIGHTS}/ holds what nights have written: it was cut short; move it away and run `tracker"
            " restore FILE` with a backup"
        )
    if must_exist and not path.exists():
        raise StoreError(f"{path} does not exist yet; run `tracker nightly` first or name the workspace with --workspace")
    engine = sqlite.make_engine(path, busy_timeout_seconds)
    database = FileDatabase(path, engine)
    try:
        with database._explained():
            if _revision(engine, path) != schema.HEAD:
                _bring_to_head(engine, path, busy_timeout_seconds, made, keep_copy)
    except OSError as error:
        raise StoreError(f"{path} cannot be made: {error.strerror}; check the workspace's folder") from error
    except BaseException:
        engine.dispose()
        raise
    return database


def _on_server(url: str, busy_timeout_seconds: float) -> ServerDatabase:
    read = server_url.read(url)
    try:
        from tracker.store import postgres
    except ImportError as error:
        raise StoreError("database.url names a PostgreSQL server; install what talks to it: pip install '.[postgres]'") from error
    return ServerDatabase(postgres.make_engine(read, busy_timeout_seconds), server_url.place(url))


def _open_on_server(url: str, busy_timeout_seconds: float, must_exist: bool, made: Callable[[str], None]) -> Database:
    database = _on_server(url, busy_timeout_seconds)
    from tracker.store import postgres

    engine = database._engine
    try:
        with database._explained():
            if (revision := postgres.revision(engine)) != schema.HEAD:
                if revision is None and must_exist:
                    raise StoreError(
                        f"{database.place} holds nothing yet; run `tracker nightly` first or name the workspace with --workspace"
                    )
                with postgres.only_one(engine):
                    _bring_server_to_head(engine, database.place, made)
    except BaseException:
        engine.dispose()
        raise
    return database


def _bring_server_to_head(engine: Engine, place: str, made: Callable[[str], None]) -> None:
    from tracker.store import postgres
    from tracker.store.migrations.upgrade import upgrade_server

    revision = postgres.revision(engine)
    if revision == schema.HEAD:
        return
    if revision is None:
        postgres.refuse_unfit(engine, place)
    upgrade_server(engine, place)
    if revision is None:
        with engine.connect().execution_options(writing=True, isolation_level="READ COMMITTED") as connection:
            postgres.note_folding_version(connection, FOLDING_VERSION)
            connection.commit()
        made(place)


def _bring_to_head(engine: Engine, path: Path, busy_timeout_seconds: float, made: Callable[[str], None], keep_copy: bool) -> None:
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

        upgrade(engine, path, keep_copy=keep_copy)
        if revision is None:
            with engine.connect().execution_options(writing=True) as connection:
                sqlite.note_folding_version(connection, FOLDING_VERSION)
                connection.commit()
            made(str(path.resolve()))


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
