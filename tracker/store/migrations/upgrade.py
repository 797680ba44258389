"""Brings a database to the newest revision, each step and its version note in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from tracker.errors import StoreError, UnfitSchema, UpgradeFailed
from tracker.store import before_upgrade
from tracker.store.backend import of
from tracker.store.schema.metadata import HEAD

FOLDER = Path(__file__).parent
BASELINE = "0018"
"""The first revision that PostgreSQL was given."""


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's settings, without an alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, path: Path, revision: str = "head", *, keep_copy: bool = False) -> None:
    """Runs the missing migrations; with `keep_copy` after the file was copied as it is. Raises StoreError when the database comes from a newer
    program, or no room is left for the copy."""
    with engine.connect() as connection:
        current = _refuse_newer(connection, path)
        kept = before_upgrade.keep_copy(path, current, HEAD) if keep_copy and current else None
        # Alembic rebuilds tables to change them; with foreign keys on, dropping the old one would delete its child rows.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.commit()
        _without_foreign_keys(connection)
        try:
            with _explained(path, current, kept):
                command.upgrade(configuration(connection.execution_options(writing=True)), revision)
        finally:
            connection.invalidate()  # the pool must never hand out a connection whose foreign keys are off


def upgrade_server(engine: Engine, place: str, revision: str = "head") -> None:
    """The same on a PostgreSQL server. No schema older than `BASELINE` was ever released for one: a fresh database begins with that."""
    with engine.connect() as connection:
        current = _refuse_newer(connection, place)
    with engine.connect().execution_options(writing=True, isolation_level="READ COMMITTED") as connection:
        if connection.exec_driver_sql("SELECT to_regclass('alembic_version')").scalar() is None:
            for statement in (FOLDER / f"postgres_{BASELINE}.sql").read_text("utf-8").split(";\n\n"):
                connection.exec_driver_sql(statement)
            of(connection).create_search(connection)
            of(connection).create_triggers(connection)
            command.stamp(configuration(connection), BASELINE)
        with _explained(place, current):
            command.upgrade(configuration(connection), revision)
        connection.commit()


def known_revisions() -> frozenset[str]:
    """Every revision that a version of this program made."""
    return frozenset(str(script.revision) for script in ScriptDirectory.from_config(configuration()).walk_revisions())


def _without_foreign_keys(connection: Connection) -> None:
    """The pragma is silently ignored inside a transaction: make sure that it took."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("PRAGMA legacy_alter_table = ON")  # else no table can be put in place of one that another table's trigger reads
    if raw.execute("PRAGMA foreign_keys").fetchone()[0]:
        raise StoreError("foreign keys could not be switched off for the migration; nothing was changed")


@contextmanager
def _explained(place: Path | str, revision: str, kept: Path | None = None) -> Iterator[None]:
    """A migration that does not fit what is there, or cannot read it, says so in words. Raises UnfitSchema where the file is not as a version
    of this program left it, UpgradeFailed where it is, and what the caller explains: a full disk, a lock, a damaged file."""
    try:
        yield
    except (DBAPIError, LookupError, TypeError, ValueError) as error:
        if isinstance(error, DBAPIError) and not _is_unfit(error):
            raise
        words = " ".join(str(error.orig if isinstance(error, DBAPIError) else error).split())[:200]
        told = f"{place} cannot be brought from schema {revision} to {HEAD} ({words}); the step that failed was undone"
        if kept is not None:
            told += f", and {kept.name} beside it is as it was before"
        if isinstance(place, Path) and _is_as_we_left_it(place):
            report = "Its tables are as a version of this program left them: this version has a mistake. Install the one before, and report these words"
            raise UpgradeFailed(words, f"{told}. {report}") from error
        if isinstance(place, Path):
            mended = "It is not as a version of this program left it: put a backup in its place with `tracker restore FILE`"
            raise UnfitSchema(words, f"{told}. {mended}") from error
        either = "Either somebody has changed its tables, or this version has a mistake: install the one before, and report these words"
        raise UpgradeFailed(words, f"{told}. {either}") from error


def _is_as_we_left_it(path: Path) -> bool:
    """Whether it has the tables and columns that our migrations make up to its revision."""
    from tracker.store.schema_check import has_tables_of_its_revision

    try:
        return has_tables_of_its_revision(path)
    except UpgradeFailed:
        return True  # it fails on an empty database too
    except (StoreError, DBAPIError, sqlite3.Error):
        return False


def _is_unfit(error: DBAPIError) -> bool:
    """Whether a statement met tables or rows that it was not written for."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    return getattr(error.orig, "sqlite_errorname", "") == "SQLITE_ERROR" or isinstance(error, IntegrityError) or state[:2] in {"22", "42"}


def _refuse_newer(connection: Connection, place: Path | str) -> str:
    """The schema that is there; empty for none. Raises StoreError."""
    from alembic.runtime.migration import MigrationContext

    heads = MigrationContext.configure(connection).get_current_heads()
    connection.rollback()
    if len(heads) > 1:
        raise StoreError(
            f"{place} is damaged: it names several schemas ({', '.join(sorted(heads))}); move it away and run `tracker restore FILE` with a backup"
        )
    current = next(iter(heads), None)
    try:
        ScriptDirectory.from_config(configuration()).get_revision(current) if current else None
    except CommandError as error:
        raise StoreError(f"{place} was written by a newer version of this program (schema {current}); install that version") from error
    return current or ""
