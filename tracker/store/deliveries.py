"""The ledger of sending: a row before anything leaves, closed afterwards. One row an edition and recipient, for ever."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Row, func, select, union, update

from tracker.model import Audience, Window
from tracker.store import backend
from tracker.store.batches import chunks
from tracker.store.schema.editions import deliveries, edition_entries, editions, releases


class DeliveryState(StrEnum):
    """Where a delivery stands. Only DUE ones are sent; each state but DUE and SENDING is final unless a person changes it."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"  # it may have arrived or not: a person decides
    REFUSED = "refused"
    CANCELLED = "cancelled"  # the recipient was taken off the list before it was sent


UNSENT = (DeliveryState.DUE, DeliveryState.SENDING, DeliveryState.UNKNOWN)
"""A letter in one of these may still go: what it is made from is not given up."""


class Delivery(Struct, frozen=True):
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
    correction_id: int = 0


class EditionRelease(Struct, frozen=True):
    """An edition that an audience may read, and how many entries it shows them."""

    edition_id: int
    campaign_id: str
    kind: str
    window: Window
    audience: Audience
    released_at: datetime
    entries: int


def released_editions(conn: Connection, *, since: datetime, edition_ids: Collection[int] = ()) -> list[EditionRelease]:
    """Editions released since then, and these, with each audience they are released to; the oldest release first."""
    shown = (edition_entries.c.edition_id == releases.c.edition_id) & (edition_entries.c.audience == releases.c.audience)
    entries = select(func.count()).where(shown).scalar_subquery()
    asked = (releases.c.released_at >= since, releases.c.edition_id.in_([*edition_ids]))  # not OR, which SQLite answers by a scan
    wanted = union(*(select(releases.c.edition_id, releases.c.audience).where(one) for one in asked))
    named = wanted.subquery()
    found = (
        select(editions, releases.c.audience, releases.c.released_at, entries.label("entries"))
        .select_from(named)
        .join(releases, (releases.c.edition_id == named.c.edition_id) & (releases.c.audience == named.c.audience))
        .join(editions, editions.c.id == named.c.edition_id)
    )
    rows = conn.execute(found.order_by(releases.c.released_at, editions.c.id, releases.c.audience))
    return [
        EditionRelease(
            row.id, row.campaign_id, row.kind, Window(row.start_at, row.end_at), Audience(row.audience), row.released_at, row.entries
        )
        for row in rows
    ]


def plan(
    conn: Connection, edition_id: int, recipient: str, language: str, *, message_id: str, due_at: datetime, correction_id: int = 0
) -> bool:
    """Notes that the edition, or a correction of it, shall go to the recipient; False when that was noted before. Until the first attempt
    the language and the hour are those of the last time it was noted."""
    statement = backend.insert_new(deliveries).values(
        edition_id=edition_id,
        recipient=recipient,
        correction_id=correction_id,
        language=language,
        message_id=message_id,
        state=str(DeliveryState.DUE),
        attempts=0,
        due_at=due_at,
        detail="",
    )
    if conn.execute(statement).rowcount == 1:
        return True
    of_edition = (deliveries.c.edition_id == edition_id) & (deliveries.c.correction_id == correction_id)
    same = of_edition & (deliveries.c.recipient == recipient)
    untouched = same & (deliveries.c.state == str(DeliveryState.DUE)) & (deliveries.c.attempts == 0)
    conn.execute(update(deliveries).where(untouched).values(language=language, due_at=due_at))
    return False


def recipients(conn: Connection) -> list[str]:
    """Everybody to whom a letter ever was to go, each once."""
    return [*conn.execute(select(deliveries.c.recipient).distinct().order_by(deliveries.c.recipient)).scalars()]


def any_beginning(conn: Connection, start: str) -> bool:
    """Whether a letter is to a recipient whose name in the ledger begins so."""
    return bool(conn.execute(select(select(deliveries.c.id).where(_begins(start)).exists())).scalar_one())


def beginning(conn: Connection, edition_id: int, start: str) -> frozenset[tuple[int, str]]:
    """(correction, recipient) of every letter of the edition to a recipient whose name in the ledger begins so."""
    wanted = select(deliveries.c.correction_id, deliveries.c.recipient).where(deliveries.c.edition_id == edition_id, _begins(start))
    return frozenset((row.correction_id, row.recipient) for row in conn.execute(wanted))


def _begins(start: str) -> ColumnElement[bool]:
    return (deliveries.c.recipient >= start) & (deliveries.c.recipient < f"{start}\uffff")


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
    conn: Connection,
    delivery_id: int,
    state: DeliveryState,
    at: datetime,
    detail: str = "",
    *,
    due_at: datetime | None = None,
    day_is_full: bool = False,
) -> None:
    """Closes an attempt. With state DUE it is to be tried again at `due_at`: only when it is certain that nothing was sent.
    `day_is_full`: the mail server takes no more today, from whomever we write to."""
    values: dict[str, Any] = {"state": str(state), "settled_at": at, "detail": detail, "day_is_full": day_is_full}
    if due_at is not None:
        values["due_at"] = due_at
    conn.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(values))


def mark_unknown(conn: Connection, at: datetime) -> int:
    """Turns attempts that were never closed into `unknown`; call it under the run lock. Returns how many."""
    stuck = deliveries.c.state == str(DeliveryState.SENDING)
    detail = "the program ended while sending; look whether it arrived before sending again"
    return conn.execute(update(deliveries).where(stuck).values(state=str(DeliveryState.UNKNOWN), settled_at=at, detail=detail)).rowcount


def wait_until(conn: Connection, delivery_id: int, due_at: datetime) -> None:
    """Puts a letter off that is due, without an attempt."""
    is_due = (deliveries.c.id == delivery_id) & (deliveries.c.state == str(DeliveryState.DUE))
    conn.execute(update(deliveries).where(is_due).values(due_at=due_at))


def note_waiting(conn: Connection, now: datetime, detail: str) -> None:
    """Says of everything that should be sent by now why it waits."""
    waiting = (deliveries.c.state == str(DeliveryState.DUE)) & (deliveries.c.due_at <= now)
    conn.execute(update(deliveries).where(waiting).values(detail=detail))


def waiting_until(conn: Connection, now: datetime, tried_since: datetime) -> datetime | None:
    """Until when a letter waits that was tried since then on a day that was full; None when none does."""
    waiting = (deliveries.c.state == str(DeliveryState.DUE)) & (deliveries.c.due_at > now) & (deliveries.c.attempted_at >= tried_since)
    waiting &= deliveries.c.day_is_full
    return conn.execute(select(deliveries.c.due_at).where(waiting).order_by(deliveries.c.due_at.desc()).limit(1)).scalar()


def get(conn: Connection, delivery_id: int) -> Delivery | None:
    """The delivery with this id, or None."""
    row = conn.execute(select(deliveries).where(deliveries.c.id == delivery_id)).first()
    return None if row is None else _delivery(row)


def in_state(conn: Connection, state: DeliveryState) -> list[Delivery]:
    """All deliveries in this state, oldest first."""
    return [_delivery(row) for row in conn.execute(select(deliveries).where(deliveries.c.state == str(state)).order_by(deliveries.c.id))]


def of_editions(conn: Connection, edition_ids: Collection[int]) -> list[Delivery]:
    """All deliveries of these editions, oldest first."""
    found: list[Row[Any]] = []
    for batch in chunks(sorted({*edition_ids})):
        found += conn.execute(select(deliveries).where(deliveries.c.edition_id.in_(batch)).order_by(deliveries.c.id))
    return [_delivery(row) for row in found]


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
        correction_id=row.correction_id,
    )
