"""Notifications: a row before anything is sent, and in it each recipient with the result. One row a campaign, kind and key, never removed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, select, update

from tracker.store import backend
from tracker.store.schema.articles import mentions
from tracker.store.schema.operations import alerts


class Notified(StrEnum):
    """The result of a notification for one recipient."""

    SENDING = "sending"  # on its way; stays when the program dies there: it may have arrived
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # it may have arrived or not


class Alert(Struct, frozen=True):
    """A notification due at `due_at`. `told`: its recipients so far, each with the result. `sent_at` is None until all are done."""

    id: int
    campaign_id: str
    kind: str
    key: str
    raised_at: datetime
    due_at: datetime
    subject: str
    text: str
    sent_at: datetime | None = None
    attempts: int = 0
    detail: str = ""
    told: tuple[tuple[str, Notified], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def uncertain(self) -> tuple[str, ...]:
        """Recipients whom it may have reached or not, since the program died meanwhile."""
        return tuple(whom for whom, how in self.told if how is Notified.SENDING)


def raise_once(
    conn: Connection,
    campaign_id: str,
    kind: str,
    key: str,
    *,
    subject: str,
    text: str,
    raised_at: datetime,
    due_at: datetime,
    facts: Sequence[tuple[str, str]] = (),
) -> bool:
    """Stores a notification to be sent; False when the same is stored already. `facts`: (name, value) of what its text names."""
    statement = backend.insert_new(alerts).values(
        campaign_id=campaign_id,
        kind=kind,
        key=key,
        raised_at=raised_at,
        due_at=due_at,
        attempts=0,
        subject=subject,
        text=text,
        detail="",
        told=[],
        facts=facts,
    )
    return bool(conn.execute(statement).rowcount == 1)


def of_campaign(conn: Connection, campaign_id: str, kind: str) -> list[Alert]:
    """All alerts of this kind, the newest last."""
    wanted = (alerts.c.campaign_id == campaign_id) & (alerts.c.kind == kind)
    return [_alert(row) for row in conn.execute(select(alerts).where(wanted).order_by(alerts.c.raised_at, alerts.c.id))]


def unsent(conn: Connection, campaign_id: str, kinds: Collection[str]) -> list[Alert]:
    """Notifications that some recipient still waits for, oldest first."""
    wanted = (alerts.c.campaign_id == campaign_id) & alerts.c.kind.in_([*kinds]) & alerts.c.sent_at.is_(None)
    return [_alert(row) for row in conn.execute(select(alerts).where(wanted).order_by(alerts.c.raised_at, alerts.c.id))]


def since(conn: Connection, moment: datetime) -> list[Alert]:
    """Every alert raised from this moment on, oldest first."""
    rows = conn.execute(select(alerts).where(alerts.c.raised_at >= moment).order_by(alerts.c.raised_at, alerts.c.id))
    return [_alert(row) for row in rows]


def watched_since(conn: Connection, campaign_id: str) -> datetime | None:
    """When the campaign's first mention was stored; None before that."""
    return conn.execute(
        select(mentions.c.found_at).where(mentions.c.campaign_id == campaign_id).order_by(mentions.c.found_at).limit(1)
    ).scalar()


def note(conn: Connection, alert_ids: Sequence[int], whom: str, how: Notified | None) -> None:
    """Notes the result for one recipient. None takes the note back: it is certain that nothing reached them."""
    for row in conn.execute(select(alerts.c.id, alerts.c.told).where(alerts.c.id.in_([*alert_ids]))).all():
        results = [[known, went] for known, went in row.told if known != whom] + ([[whom, str(how)]] if how else [])
        conn.execute(update(alerts).where(alerts.c.id == row.id).values(told=results))


def settle(
    conn: Connection, alert_ids: Sequence[int], detail: str, *, sent_at: datetime | None = None, due_at: datetime | None = None
) -> None:
    """Closes an attempt: all recipients are done (`sent_at`), or it is tried again at `due_at`."""
    values: dict[str, Any] = {"attempts": alerts.c.attempts + 1, "detail": detail}
    values |= {name: moment for name, moment in (("sent_at", sent_at), ("due_at", due_at)) if moment is not None}
    conn.execute(update(alerts).where(alerts.c.id.in_([*alert_ids])).values(values))


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        id=row.id,
        campaign_id=row.campaign_id,
        kind=row.kind,
        key=row.key,
        raised_at=row.raised_at,
        due_at=row.due_at,
        subject=row.subject,
        text=row.text,
        sent_at=row.sent_at,
        attempts=row.attempts,
        detail=row.detail,
        told=tuple((whom, Notified(how)) for whom, how in row.told),
        facts=row.facts,
    )
