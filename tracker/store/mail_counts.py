"""How much mail of ours a server has taken of late, of every kind: letters stand in their ledger, all else here, without its readers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, func, insert, select

from tracker.store.deliveries import DeliveryState
from tracker.store.schema.editions import deliveries, other_mails

_MAY_BE_TAKEN = (DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.SENDING)


class OtherMail(StrEnum):
    """Mail that is no letter of an edition or of a correction."""

    PROOF = "proof"
    ANSWER = "answer"  # to a person who wrote to us
    NOTIFICATION = "notification"  # an alert to staff, or the operator's morning line


def note(conn: Connection, kind: OtherMail, at: datetime) -> None:
    """Counts one that the server took, or may have taken."""
    conn.execute(insert(other_mails).values(kind=str(kind), taken_at=at))


def taken_since(conn: Connection, since: datetime) -> int:
    """How many mails of every kind went to a mail server after then, or may have."""
    gone = deliveries.c.state.in_([str(state) for state in _MAY_BE_TAKEN]) & (deliveries.c.attempted_at > since)
    letters = select(func.count()).select_from(deliveries).where(gone).scalar_subquery()
    others = select(func.count()).select_from(other_mails).where(other_mails.c.taken_at > since).scalar_subquery()
    return int(conn.execute(select(letters + others)).scalar_one())


def forget(conn: Connection, before: datetime) -> int:
    """Takes out what was counted before then; returns how many. Letters stay in their ledger."""
    return conn.execute(delete(other_mails).where(other_mails.c.taken_at < before)).rowcount
