"""What is true of a letter when the ledger alone cannot say: after a kill, after a backup was restored, after a person's word."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tracker.delivery.person_key import ERASED, known_key
from tracker.delivery.sent_log import Event, SendingRecord
from tracker.errors import UsageError
from tracker.store import deliveries
from tracker.store.database import Database
from tracker.store.deliveries import Delivery, DeliveryState
from tracker.store.lock import SendingLock

DIED = "the program ended while the letter went out: it may have arrived"


def settle_interrupted(database: Database, record: SendingRecord, now: datetime) -> None:
    """Attempts that nobody closed, since the program died: the record knows whether the server had been given the last line; where the
    record is gone nobody knows. Makes the record. Call it under the lock."""
    if not record.exists:
        with database.writing() as conn:
            deliveries.mark_unknown(conn, now)
    record.begin()
    with database.reading() as conn:
        open_ones = deliveries.in_state(conn, DeliveryState.SENDING)
    recorded = record.read() if open_ones else {}
    for delivery in open_ones:
        known = recorded.get(_identity(delivery))
        state, words = DeliveryState.DUE, "the program ended before the letter went out"
        if known is not None and known.event is Event.BEGUN:
            state, words = DeliveryState.UNKNOWN, DIED
        elif known is not None and known.event is Event.SENT:
            state, words = DeliveryState.SENT, known.words
        with database.writing() as conn:
            deliveries.settle(conn, delivery.id, state, now, words)


def settle_recorded(database: Database, record: SendingRecord, now: datetime) -> None:
    """Letters that the ledger takes for due and the record for sent: the database is a restored one, and they do not go again."""
    recorded = record.read()
    with database.reading() as conn:
        due = deliveries.in_state(conn, DeliveryState.DUE) if recorded else []
    key = known_key(record.path.parent.parent) if due and any(one.startswith(ERASED) for one in recorded) else None
    for delivery in due:
        identity = _identity(delivery)
        known = recorded.get(identity) or (recorded.get(key.hidden(identity)) if key else None)
        if known is None or known.event is Event.NOT_SENT:
            continue
        state = DeliveryState.SENT if known.event is Event.SENT else DeliveryState.UNKNOWN
        words = f"known from the outbox's record, {known.at:%Y-%m-%d %H:%M} UTC: {known.words or 'it may have arrived'}"
        with database.writing() as conn:
            deliveries.settle(conn, delivery.id, state, now, words)


def decide(database: Database, outbox: Path, delivery_id: int, *, again: bool, now: datetime) -> Delivery:
    """A person's word on a letter: send it `again`, or it has arrived. Raises UsageError when there is nothing to decide about it."""
    record = SendingRecord(outbox)
    with SendingLock(outbox).acquire():
        settle_interrupted(database, record, now)
        with database.reading() as conn:
            delivery = deliveries.get(conn, delivery_id)
        if delivery is None:
            raise UsageError(f"no letter {delivery_id}; `tracker send --dry-run` shows those that are not sent")
        undecided = (DeliveryState.UNKNOWN, DeliveryState.REFUSED, DeliveryState.CANCELLED)
        if delivery.state not in (undecided if again else undecided[:1]):
            raise UsageError(f"letter {delivery_id} to {delivery.recipient} is {delivery.state}: there is nothing to decide")
        words = "a person said: send it again" if again else "a person said: it arrived"
        note(record, delivery, Event.NOT_SENT if again else Event.SENT, now, words)
        with database.writing() as conn:
            state = DeliveryState.DUE if again else DeliveryState.SENT
            deliveries.settle(conn, delivery_id, state, now, words, due_at=now if again else None)
    return delivery


def note(record: SendingRecord, delivery: Delivery, event: Event, at: datetime, words: str = "") -> None:
    """A line of the record about a letter."""
    record.add(_identity(delivery), event, at, to=delivery.recipient, edition=str(delivery.edition_id), words=words)


def _identity(delivery: Delivery) -> str:
    return delivery.message_id.strip("<>").partition("@")[0]
