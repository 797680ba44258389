"""Locks that all machines at one PostgreSQL database share. Each is held by a connection of its own: who is killed, or out of reach, holds
none. The number of a lock follows from its name."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from tracker.errors import RunLocked
from tracker.store import server_url

LOOKS, LOOK_SECONDS = 10, 0.02


@contextmanager
def held(url: str, name: str, taken: str) -> Iterator[None]:
    """Holds the lock inside the `with`. Raises RunLocked at once when anybody has it, StoreError where the server cannot be asked."""
    with _connected(url) as connection:
        number = _number(name)
        for look in range(LOOKS):  # somebody may only be looking whether it is held
            if connection.exec_driver_sql("SELECT pg_try_advisory_lock(%s)", (number,)).scalar_one():
                break
            if look == LOOKS - 1:
                raise RunLocked(f"{taken} ({_holder(connection, number)}); wait for it, or end it and start again")
            time.sleep(LOOK_SECONDS)
        yield


def is_held(url: str, name: str) -> bool:
    """Whether anybody holds it now. Raises StoreError where the server cannot be asked."""
    with _connected(url) as connection:
        return not connection.exec_driver_sql("SELECT pg_try_advisory_lock_shared(%s)", (_number(name),)).scalar_one()


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    from tracker.store import postgres

    engine = postgres.make_engine(server_url.read(url), 30)
    try:
        try:
            connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        except DBAPIError as error:
            raise (postgres.explain(error, server_url.place(url)) or error) from error
        try:
            yield connection
        finally:
            connection.invalidate()  # its end gives the lock back, also where the server has gone meanwhile
            connection.close()
    finally:
        engine.dispose()


def _holder(connection: Connection, number: int) -> str:
    """The machine of whoever holds it."""
    high, low = (number >> 32) & 0xFFFFFFFF, number & 0xFFFFFFFF
    asked = """SELECT coalesce(host(client_addr), 'this machine'), pg_stat_activity.pid FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'advisory' AND granted AND classid::bigint = %s AND objid::bigint = %s AND objsubid = 1 LIMIT 1"""
    row = connection.exec_driver_sql(asked, (high, low)).first()
    return "holder unknown" if row is None else f"on {row[0]}, server process {row[1]}"


def _number(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
