"""A server's tables put aside as a whole, and put back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from tracker.store import server_url


def put_aside(url: str, name: str) -> None:
    """Gives the schema of all tables another name and makes an empty one of its name. Raises StoreError."""
    _run(url, f'ALTER SCHEMA public RENAME TO "{name}"', "CREATE SCHEMA public")


@contextmanager
def dropping_unfinished(url: str, before: str | None) -> Iterator[None]:
    """Where the block fails, what it made is dropped and the schema of before has its name again."""
    try:
        yield
    except BaseException:
        back = (f'ALTER SCHEMA "{before}" RENAME TO public',) if before else ("CREATE SCHEMA public",)
        _run(url, "DROP SCHEMA public CASCADE", *back)
        raise


def _run(url: str, *statements: str) -> None:
    from tracker.store import postgres

    engine = postgres.make_engine(server_url.read(url), 30)
    try:
        with engine.connect().execution_options(isolation_level="READ COMMITTED") as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
            connection.commit()
    except DBAPIError as error:
        raise (postgres.explain(error, server_url.place(url)) or error) from error
    finally:
        engine.dispose()
