"""Failed logins by a keyed hash of who failed: how many in a row, and when last. They outlive the desk, and name nobody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select

from tracker.store import backend
from tracker.store.schema.access import login_failures


def known(conn: Connection, digests: Collection[bytes]) -> dict[bytes, tuple[int, datetime]]:
    """Failures of each of them and the moment of the last; one that never failed is left out."""
    rows = conn.execute(select(login_failures).where(login_failures.c.digest.in_([*digests])))
    return {bytes(row.digest): (row.failures, row.last_at) for row in rows}


def note(conn: Connection, digests: Collection[bytes], now: datetime, forgotten_before: datetime) -> None:
    """One failure more of each; those whose last lies before `forgotten_before` are forgotten, of whomever they are."""
    conn.execute(delete(login_failures).where(login_failures.c.last_at < forgotten_before))
    before = known(conn, digests)
    rows = [{"digest": one, "failures": before[one][0] + 1 if one in before else 1, "last_at": now} for one in digests]
    conn.execute(backend.upsert(login_failures, ["digest"]), rows)


def forget(conn: Connection, digest: bytes) -> None:
    """Forgets the failures of one."""
    conn.execute(delete(login_failures).where(login_failures.c.digest == digest))
