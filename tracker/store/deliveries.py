"""The ledger of sending: a row before anything leaves, closed afterwards. One row an edition and recipient, for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select, update

from tracker.store import sqlite
from tracker.store.schema import deliveries


class DeliveryState(StrEnum):
    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"  # the program died between sending and noting it: a person decides
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One edition to one recipient."""

    id: int
    edition_id: int
    recipient: str
    language: str
    message_id: str
    state: DeliveryState
    attempts: int
    due_at: datetime
    attempted_at: datetime | None = None
    settled_at: datetime | None = None
    detail: str = ""


def plan(conn: Connection, edition_id: int, recipient: str, language: str, *, message_id: str, due_at: datetime) -> bool:
    """Notes that the edition shall go to the recipient; False when that was noted before."""
    statement = sqlite.insert_new(deliveries).values(
        edition_id=edition_id,
        recipient=recipient,
        language=language,
        message_id=message_id,
        state=str(DeliveryState.DUE),
        attempts=0,
        due_at=due_at,
        detail="",
    )
    return conn.execute(statement).rowcount == 1


def due(conn: Connection, now: datetime) -> list[Delivery]:
    """What should be sent by now, oldest first."""
    wanted = (deliveries.c.state == str(DeliveryState.DUE)) & (deliveries.c.due_at <= now)
    return [_delivery(row) for row in conn.execute(select(deliveries).where(wanted).order_by(deliveries.c.due_at, deliveries.c.id))]


def begin(conn: Connection, delivery_id: int, at: datetime) -> bool:
    """Claims a due delivery for sending; False when another has claimed it. Commit before sending."""
    claimed = (deliveries.c.id == delivery_id) & (deliveries.c.state == str(DeliveryState.DUE))
    values = {"state": str(DeliveryState.SENDING), "attempts": deliveries.c.attempts + 1, "attempted_at": at}
    return conn.execute(update(deliveries).where(claimed).values(values)).rowcount == 1


def settle(
    conn: Connection, delivery_id: int, state: DeliveryState, at: datetime, detail: str = "", *, due_at: datetime | None = None
) -> None:
    """Closes an attempt. With state DUE it is to be tried again at `due_at`: only when it is certain that nothing was sent."""
    values: dict[str, Any] = {"state": str(state), "settled_at": at, "detail": detail}
    if due_at is not None:
        values["due_at"] = due_at
    conn.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(values))


def mark_unknown(conn: Connection, at: datetime) -> int:
    """Turns attempts that were never closed into `unknown`; call it under the run lock. Returns how many."""
    stuck = deliveries.c.state == str(DeliveryState.SENDING)
    detail = "the program ended while sending; look whether it arrived before sending again"
    return conn.execute(update(deliveries).where(stuck).values(state=str(DeliveryState.UNKNOWN), settled_at=at, detail=detail)).rowcount


def for_edition(conn: Connection, edition_id: int) -> list[Delivery]:
    """The edition's deliveries, ordered by recipient."""
    wanted = select(deliveries).where(deliveries.c.edition_id == edition_id).order_by(deliveries.c.recipient)
    return [_delivery(row) for row in conn.execute(wanted)]


def in_state(conn: Connection, state: DeliveryState) -> list[Delivery]:
    """All deliveries in this state, oldest first."""
    return [_delivery(row) for row in conn.execute(select(deliveries).where(deliveries.c.state == str(state)).order_by(deliveries.c.id))]


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        edition_id=row.edition_id,
        recipient=row.recipient,
        language=row.language,
        message_id=row.message_id,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        due_at=row.due_at,
        attempted_at=row.attempted_at,
        settled_at=row.settled_at,
        detail=row.detail,
    )
