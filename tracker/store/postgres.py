"""What only PostgreSQL understands: connection settings, locks, triggers, error codes. `postgres_search` has its search index,
`postgres_dialect` its words for the store's statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Column, Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import DBAPIError

from tracker.errors import SearchIndexDamaged, StoreError
from tracker.store import postgres_triggers
from tracker.store.postgres_dialect import DIALECT, driver_errors
from tracker.store.postgres_search import SEARCH
from tracker.store.postgres_search import add_indexed as add_indexed
from tracker.store.postgres_search import add_to_new_search as add_to_new_search
from tracker.store.postgres_search import add_to_search as add_to_search
from tracker.store.postgres_search import all_expression as all_expression
from tracker.store.postgres_search import any_expression as any_expression
from tracker.store.postgres_search import any_found as any_found
from tracker.store.postgres_search import as_indexed as as_indexed
from tracker.store.postgres_search import begin_new_search as begin_new_search
from tracker.store.postgres_search import create_search as create_search
from tracker.store.postgres_search import folding_version as folding_version
from tracker.store.postgres_search import holds as holds
from tracker.store.postgres_search import index_expression as index_expression
from tracker.store.postgres_search import indexed_words as indexed_words
from tracker.store.postgres_search import is_found as is_found
from tracker.store.postgres_search import is_found_alone as is_found_alone
from tracker.store.postgres_search import match_expression as match_expression
from tracker.store.postgres_search import not_found_by as not_found_by
from tracker.store.postgres_search import note_folding_version as note_folding_version
from tracker.store.postgres_search import prefix_expression as prefix_expression
from tracker.store.postgres_search import put_new_search as put_new_search
from tracker.store.postgres_search import remove_from_search as remove_from_search
from tracker.store.postgres_search import search as search
from tracker.store.postgres_search import sooner_alone as sooner_alone
from tracker.store.postgres_search import sort_new_search as sort_new_search
from tracker.store.postgres_search import tidy_search as tidy_search
from tracker.store.schema.columns import to_json

registry.register("postgresql.tracker", "tracker.store.postgres_dialect", "Dialect")

OLDEST = 150000
"""PostgreSQL 15, as `server_version_num` counts."""
MARK = "%s"
CONNECT_SECONDS = 10
WRITERS, MAKERS = 0x7472_6163, 0x7472_6164
"""Numbers of the advisory locks of whoever writes, and of whoever makes or migrates the schema."""
IDLE_WRITER_SECONDS = 600
"""A transaction that holds the write lock and does nothing for so long belongs to a process that is stopped or out of reach."""
WRITING = {"writing": True, "isolation_level": "READ COMMITTED"}
READING: dict[str, Any] = {}
_FLOAT = 701
"""The server's number of the type `double precision`, which SQLAlchemy asks for where a column holds numbers with a fraction."""


def make_engine(url: URL, busy_timeout_seconds: float) -> Engine:
    """An engine whose readers see one state of the database throughout, and whose writers come one at a time."""
    waits = round(busy_timeout_seconds * 1000)
    engine = create_engine(
        url.set(drivername="postgresql+tracker"),
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "press coverage tracker",
            "options": f"-c lock_timeout={waits} -c timezone=UTC -c client_min_messages=warning -c jit=off",
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "client_encoding": "utf8",
        },
        isolation_level="REPEATABLE READ",
        json_serializer=to_json,
        pool_pre_ping=True,
        hide_parameters=True,  # an error of ours that is shown names no text and no address
    )

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writing"):
            # A writer reads what it then changes: as with SQLite nobody else changes it meanwhile.
            connection.exec_driver_sql(
                "SELECT pg_advisory_xact_lock(%s), set_config('idle_in_transaction_session_timeout', %s, true)",
                (WRITERS, str(IDLE_WRITER_SECONDS * 1000)),
            )

    return engine


@contextmanager
def only_one(engine: Engine) -> Iterator[None]:
    """Two programs that open a fresh database at once must not both make the tables."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SELECT pg_advisory_lock(%s)", (MAKERS,))
        try:
            yield
        finally:
            connection.exec_driver_sql("SELECT pg_advisory_unlock(%s)", (MAKERS,))


def revision(engine: Engine) -> str | None:
    """The schema's revision; None where there is no schema of ours."""
    with engine.connect() as connection:
        if connection.exec_driver_sql("SELECT to_regclass('alembic_version')").scalar() is None:
            return None
        row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
        return None if row is None else str(row[0])


def refuse_unfit(engine: Engine, place: str) -> None:
    """Raises StoreError for a server or a database in which no schema of ours can be made."""
    with engine.connect() as connection:
        asked = "SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('server_encoding')"
        number, version, encoding = connection.exec_driver_sql(asked).one()
        if number < OLDEST:
            raise StoreError(f"{place} is PostgreSQL {version}; the tracker needs 15 or newer: upgrade the server")
        if encoding != "UTF8":
            raise StoreError(
                f"{place} is encoded as {encoding}; make another one with `createdb --encoding=UTF8 --template=template0 NAME`"
            )
        strange = "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
        theirs = connection.exec_driver_sql(
            f"{strange} AND relname NOT IN ('alembic_version') AND relname NOT LIKE 'procrastinate%%' LIMIT 1"
        )
        if (name := theirs.scalar()) is not None:
            raise StoreError(f"{place} is a database of another program (it holds {name}); make one for the tracker with `createdb NAME`")
        if connection.exec_driver_sql("SELECT current_schema()").scalar() is None:
            raise StoreError(f"{place} has no schema to make tables in; let its owner say `CREATE SCHEMA public`")


def state(connection: Connection) -> int:
    """A number that is another one after anybody has changed anything: of which transactions have ended."""
    return int(connection.exec_driver_sql("SELECT hashtextextended(pg_current_snapshot()::text, 0)").scalar_one())


def next_ids(connection: Connection, table: Table, count: int) -> int:
    """See `Backend`. The sequence moves on though the transaction may be undone."""
    column = next(iter(table.primary_key)).name
    moved = "SELECT setval(seq, nextval(seq) + %s - 1) FROM pg_get_serial_sequence(%s, %s) AS seq"
    return int(connection.exec_driver_sql(moved, (count, table.name, column)).scalar_one()) - count + 1


def next_id(connection: Connection, table: Table) -> int:
    """See `Backend`."""
    column = next(iter(table.primary_key)).name
    sequence = connection.exec_driver_sql("SELECT pg_get_serial_sequence(%s, %s)", (table.name, column)).scalar_one()
    return int(connection.exec_driver_sql(f"SELECT last_value + is_called::int FROM {sequence}").scalar_one())  # noqa: S608 (our own sequences)


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """See `Backend`: by COPY, which is several times as fast as INSERT."""
    if not rows:
        return
    columns = table.columns.values()
    binders = [(column.name, column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)) for column in columns]
    names = ", ".join(f'"{column.name}"' for column in columns)
    raw: Any = connection.connection.dbapi_connection
    with driver_errors(), raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row([row[name] if bind is None else bind(row[name]) for name, bind in binders])


def add_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """See `Backend`."""
    if rows:
        connection.execute(insert(table).on_conflict_do_nothing(), [*rows])


def enter_numbers(connection: Connection, table: Table, rows: Sequence[tuple[int, ...]]) -> None:
    """See `Backend`: in one statement, as one a row takes the server ten times as long."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    lists = ", ".join("%s::bigint[]" for _ in table.columns)
    statement = f'INSERT INTO "{table.name}" ({names}) SELECT * FROM unnest({lists}) ON CONFLICT DO NOTHING'  # noqa: S608 (names of our own schema)
    connection.exec_driver_sql(statement, tuple([*column] for column in zip(*rows, strict=True)))


def insert_plain(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """See `Backend`. The text of a moment and the numbers 0 and 1 are read by the server as what the column holds."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    connection.exec_driver_sql(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
    raw: Any = connection.connection.dbapi_connection
    with driver_errors(), raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)
    connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER')


def numbers_given(connection: Connection, table: Table) -> int:
    """See `Backend`."""
    return next_id(connection, table) - 1


def note_numbers_given(connection: Connection, table: Table, highest: int) -> None:
    """See `Backend`: also than those that are there."""
    key = next(iter(table.primary_key)).name
    most = f'SELECT greatest(%s, coalesce(max("{key}"), 0)) FROM "{table.name}"'  # noqa: S608 (names of our own schema)
    number = int(connection.exec_driver_sql(most, (highest,)).scalar_one())
    if number >= next_id(connection, table):
        connection.exec_driver_sql("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", (table.name, key, number))


def count_anew(connection: Connection) -> None:
    """See `Backend`: plans made without statistics read whole tables."""
    connection.exec_driver_sql("ANALYZE")


def plain_rows(connection: Connection, statement: Any) -> tuple[tuple[Any, ...], ...]:
    """See `Backend`."""
    found = connection.exec_driver_sql(str(statement.compile(connection)))
    return tuple([tuple(row) for row in found])


def read_plain(columns: Sequence[Column[Any]], row: Sequence[Any]) -> dict[str, Any]:
    """See `Backend`."""
    readers = [column.type.dialect_impl(DIALECT).result_processor(DIALECT, _FLOAT) for column in columns]
    return {column.name: value if read is None else read(value) for column, read, value in zip(columns, readers, row, strict=True)}


def create_triggers(connection: Connection) -> None:
    """See `Backend`. Made anew each time: a migration that changes one brings it to every database."""
    postgres_triggers.create(connection)


def free_pages(connection: Connection) -> bool:
    """See `Backend`: the server does so by itself (autovacuum)."""
    return False


def forget_thoroughly(connection: Connection) -> None:
    """See `Backend`: PostgreSQL overwrites a row's space when it uses it again; `tracker prune` asks for that sooner."""


def file_bytes(connection: Connection) -> int:
    """See `Backend`: of all tables and indexes."""
    return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def position(within: str, part: str) -> str:
    """See `Backend`."""
    return f"strpos({within}, {part})"


def moment(text: str) -> str:
    """See `Backend`."""
    return f"CAST({text} AS timestamp)"


def listed(source: str, alias: str) -> str:
    """See `Backend`."""
    elements = f"json_array_elements_text(CAST({source} AS json)) WITH ORDINALITY AS element(value, number)"
    return f"LATERAL (SELECT number - 1 AS key, value FROM {elements}) AS {alias}"  # noqa: S608 (our own names)


def values_of(name: str, *, whole: bool) -> str:
    """See `Backend`."""
    return f"SELECT value{'::bigint' if whole else ''} FROM json_array_elements_text(CAST(:{name} AS json))"  # noqa: S608 (our own names)


def is_damaged(error: Exception) -> bool:
    """See `Backend`."""
    return _code(error) in ("XX001", "XX002", "42P01")


def _code(error: Exception) -> str | None:
    original = error.orig if isinstance(error, DBAPIError) else error
    return getattr(original, "sqlstate", None)


def is_lost(error: Exception) -> bool:
    """Whether the server could not be reached, or went away: what was under way is undone and can be done again."""
    original = error.orig if isinstance(error, DBAPIError) else error
    code = _code(error)
    if code is None:
        return isinstance(original, psycopg.OperationalError) and not any(word in str(original) for word in _REFUSED)
    return code.startswith("08") or code in ("57P01", "57P02", "57P03", "25P03", "57P05")


_REFUSED = ("authentication", "pg_hba.conf", "no password", "does not exist", "certificate", "SSL")
"""Words of an answer by which a server refuses whoever asks; the driver gives no code with it."""

_FULL = ("too many", "remaining connection slots")
"""Words of a server that has no connection left for whoever asks."""

_ADVICE = {
    "28P01": "refuses the user or password; see database.url, or the password in secrets.env or ~/.pgpass",
    "28000": "refuses the user; see database.url and the server's pg_hba.conf",
    "3D000": "does not exist; make it with `createdb --encoding=UTF8 --template=template0 NAME` on the server",
    "42501": "does not let this user do that; let its owner say `GRANT ALL ON DATABASE ... ; GRANT ALL ON SCHEMA public TO ...`",
    "25006": "cannot be written: it is a replica or was set read-only; name the primary server in database.url",
    "53100": "cannot grow: the server's disk is full; make room and start again, nothing that was stored is lost",
    "53200": "has no memory left; see the server's settings",
    "53300": "takes no more connections; raise max_connections, or end programs that hold some",
    "55P03": "is in use by another program that does not let go; end that program and try again",
    "40P01": "is in use by another program that holds what this one needs; try again",
    "40001": "was changed by another program meanwhile; try again",
    "57014": "stopped what was asked: see its statement_timeout for this user, or who cancelled it; what was under way is undone, run it again",
    "58030": "cannot be read or written: the server's disk reports an error; check the disk and its free space",
    "XX001": "is damaged; restore the newest backup with `tracker restore FILE`",
    "54000": "cannot hold that: a value is larger than an index takes; please report this",
}


def explain(error: Exception, place: str) -> StoreError | None:
    """What a person can do about a database error; None for a fault of the program. Never repeats what may hold a password."""
    original = error.orig if isinstance(error, DBAPIError) else error
    code, told = _code(error), str(original)
    if code == "XX002" or (code == "42P01" and SEARCH in told):
        return SearchIndexDamaged(f"the search index in {place} is damaged; run `tracker reindex`, which makes it anew from the articles")
    if code is None and isinstance(original, psycopg.OperationalError) and any(words in told for words in _FULL):
        code = "53300"  # waited for like a lost one, as somebody may end
    if code in _ADVICE:
        return StoreError(f"{place} {_ADVICE[code]}")
    if is_lost(error):
        return StoreError(f"{place} cannot be reached; see that the server runs and that database.url names it")
    if code is None and isinstance(original, psycopg.OperationalError):
        return StoreError(f"{place} {_refusal(told)}")
    if isinstance(original, psycopg.OperationalError):
        return StoreError(f"{place} could not do what was asked ({type(original).__name__}, code {code}); see the server's log")
    return None


def _refusal(told: str) -> str:
    if "database" in told and "does not exist" in told:
        return _ADVICE["3D000"]
    if "role" in told and "does not exist" in told:
        return _ADVICE["28000"]
    if "password" in told:
        return _ADVICE["28P01"]
    return "refuses the connection; see database.url, and the server's pg_hba.conf and log"
