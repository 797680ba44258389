"""Brings a database to the newest revision, each step and its version note in one transaction."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from tracker.errors import StoreError
from tracker.store.backend import of

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


def upgrade(engine: Engine, path: Path, revision: str = "head") -> None:
    """Runs the missing migrations. Raises StoreError when the database comes from a newer program."""
    with engine.connect() as connection:
        _refuse_newer(connection, path)
        # Alembic rebuilds tables to change them; with foreign keys on, dropping the old one would delete its child rows.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.commit()
        _without_foreign_keys(connection)
        try:
            command.upgrade(configuration(connection.execution_options(writing=True)), revision)
        finally:
            connection.invalidate()  # the pool must never hand out a connection whose foreign keys are off


def upgrade_server(engine: Engine, place: str, revision: str = "head") -> None:
    """The same on a PostgreSQL server. No schema older than `BASELINE` was ever released for one: a fresh database begins with that."""
    with engine.connect() as connection:
        _refuse_newer(connection, place)
    with engine.connect().execution_options(writing=True, isolation_level="READ COMMITTED") as connection:
        if connection.exec_driver_sql("SELECT to_regclass('alembic_version')").scalar() is None:
            for statement in (FOLDER / f"postgres_{BASELINE}.sql").read_text("utf-8").split(";\n\n"):
                connection.exec_driver_sql(statement)
            of(connection).create_search(connection)
            of(connection).create_triggers(connection)
            command.stamp(configuration(connection), BASELINE)
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


def _refuse_newer(connection: Connection, place: Path | str) -> None:
    from alembic.runtime.migration import MigrationContext

    current = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    try:
        ScriptDirectory.from_config(configuration()).get_revision(current) if current else None
    except CommandError as error:
        raise StoreError(f"{place} was written by a newer version of this program (schema {current}); install that version") from error
