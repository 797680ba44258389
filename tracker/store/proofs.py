"""Proofs of editions: who asked for each, to whom it goes and how it stands. They are in no ledger: nothing is sent once for their sake."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from tracker.store import backend
from tracker.store.schema.editions import editions, proofs

KEPT = timedelta(days=90)
MOST_LISTED = 50
"""Of one edition, the newest."""


class ProofState(StrEnum):
    """How a proof stands."""

    WAITS = "waits"
    SENDING = "sending"
    SENT = "sent"
    FILED = "filed"  # no mail server is set
    REFUSED = "refused"
    UNKNOWN = "unknown"  # whoever sent it was interrupted: it may have arrived


class Proof(Struct, frozen=True):
    """A proof. `recipient`: an address. `settled_at` None: it is under way."""

    id: int
    edition_id: int
    campaign_id: str
    recipient: str
    language: str
    asked_by: str
    asked_at: datetime
    state: ProofState
    settled_at: datetime | None = None
    detail: str = ""

    @property
    def is_under_way(self) -> bool:
        """Whether it waits or goes out this moment."""
        return self.state in (ProofState.WAITS, ProofState.SENDING)


def ask(conn: Connection, edition_id: int, recipient: str, language: str, by: str, now: datetime) -> int:
    """Notes that a proof is wanted; returns its id."""
    forget(conn, now)
    values = {
        "edition_id": edition_id,
        "recipient": recipient,
        "language": language,
        "asked_by": by,
        "asked_at": now,
        "state": str(ProofState.WAITS),
        "detail": "",
    }
    return backend.inserted_id(conn, insert(proofs).values(values))


def forget(conn: Connection, now: datetime) -> int:
    """Gives up those that ended KEPT before, with the addresses in them; how many."""
    return conn.execute(delete(proofs).where(proofs.c.settled_at < now - KEPT)).rowcount


def asked_since(conn: Connection, edition_id: int, moment: datetime) -> int:
    """How many proofs of the edition were asked for since then."""
    wanted = select(func.count()).select_from(proofs).where(proofs.c.edition_id == edition_id, proofs.c.asked_at >= moment)
    return conn.execute(wanted).scalar_one()


def of_edition(conn: Connection, edition_id: int) -> list[Proof]:
    """The edition's newest proofs, the last first."""
    return _read(conn, proofs.c.edition_id == edition_id, newest=True)


def under_way(conn: Connection) -> list[Proof]:
    """All that wait or go out this moment, in the order in which they were asked for."""
    return _read(conn, proofs.c.state.in_([str(ProofState.WAITS), str(ProofState.SENDING)]))


def begin(conn: Connection, proof_id: int) -> bool:
    """Notes that it goes out now, before anything is sent; False where it does not wait any more."""
    waits = (proofs.c.id == proof_id) & (proofs.c.state == str(ProofState.WAITS))
    return conn.execute(update(proofs).where(waits).values(state=str(ProofState.SENDING))).rowcount == 1


def settle(conn: Connection, proof_id: int, state: ProofState, detail: str, now: datetime) -> None:
    """How it ended."""
    conn.execute(update(proofs).where(proofs.c.id == proof_id).values(state=str(state), detail=detail, settled_at=now))


def _read(conn: Connection, wanted: Any, *, newest: bool = False) -> list[Proof]:
    order = proofs.c.id.desc() if newest else proofs.c.id
    found = select(proofs, editions.c.campaign_id).join(editions, editions.c.id == proofs.c.edition_id)
    return [_proof(row) for row in conn.execute(found.where(wanted).order_by(order).limit(MOST_LISTED))]


def _proof(row: Row[Any]) -> Proof:
    return Proof(
        row.id,
        row.edition_id,
        row.campaign_id,
        row.recipient,
        row.language,
        row.asked_by,
        row.asked_at,
        ProofState(row.state),
        row.settled_at,
        row.detail,
    )
