"""What the database holds of a recipient, by the key of the mail address; and how it is taken out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Table, bindparam, delete, func, select, update

from tracker.store import backend
from tracker.store.deliveries import DeliveryState
from tracker.store.schema.editions import deliveries, editions, proofs
from tracker.store.schema.mailbox import letter_bounces, mail_answers, mail_tasks
from tracker.store.schema.operations import alerts, jobs, runs

AT_ONCE = 2_000
"""Letters in one transaction: others write between."""

_SETTLED = (DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.CANCELLED)

_TEXTS: tuple[tuple[Table, tuple[Column[Any], ...]], ...] = (
    (deliveries, (deliveries.c.detail,)),
    (alerts, (alerts.c.detail, alerts.c.subject, alerts.c.text)),
    (jobs, (jobs.c.detail,)),
    (proofs, (proofs.c.detail,)),
    (mail_tasks, (mail_tasks.c.words,)),
    (runs, (runs.c.needs_a_person,)),
)
"""Where a recipient's address may stand in words that a mail server or the program said."""


def letters(conn: Connection, address_key: str) -> list[dict[str, Any]]:
    """Every letter that was or is to be sent to the address, with its edition."""
    wanted = select(deliveries, editions.c.campaign_id, editions.c.kind).join(editions, editions.c.id == deliveries.c.edition_id)
    rows = conn.execute(wanted.where(deliveries.c.recipient == address_key).order_by(deliveries.c.id))
    return [{name: _plain(value) for name, value in row._mapping.items()} for row in rows]


def notifications(conn: Connection, address_key: str) -> list[dict[str, Any]]:
    """Every notification of which the address was told."""
    found = conn.execute(select(alerts).order_by(alerts.c.id))
    told = ((row, how) for row in found for whom, how in row.told if _is(whom, address_key))
    return [
        {"id": row.id, "campaign": row.campaign_id, "subject": row.subject, "at": row.raised_at.isoformat(), "result": str(how)}
        for row, how in told
    ]


_IN_THE_MAILBOX = (letter_bounces.c.recipient, mail_tasks.c.sender, mail_answers.c.recipient)


def mailbox(conn: Connection, address_key: str) -> list[dict[str, Any]]:
    """What came in by mail from the address or about it, and what was answered."""
    found = (conn.execute(select(column.table).where(column == address_key)) for column in _IN_THE_MAILBOX)
    return [{name: _plain(value) for name, value in row._mapping.items()} for rows in found for row in rows]


def texts_naming(conn: Connection, address_key: str) -> list[str]:
    """Words of the program or of a mail server that name the address, each once."""
    found: dict[str, None] = {}
    for _, columns in _TEXTS:
        for column in columns:
            for value in conn.execute(select(column).where(_holds(column, address_key))).scalars():
                for text in [value] if isinstance(value, str) else value:
                    if _named(address_key).search(str(text)):
                        found[str(text)] = None
    return [*found]


def erase(conn: Connection, address_key: str, proof: str, hidden: Callable[[str], str]) -> dict[str, int]:
    """Puts the proof where the address stood, and what `hidden` makes of it where a letter's Message-ID stood; how many of each. What
    is not sent yet is cancelled. SQLite overwrites what it gives up."""
    backend.of(conn).forget_thoroughly(conn)
    rows = conn.execute(select(deliveries).where(deliveries.c.recipient == address_key)).all()
    for row in rows:
        unsent = {"state": "cancelled"} if row.state == "due" else {}
        values = {"recipient": proof, "message_id": hidden(row.message_id), "detail": "", "language": "", **unsent}
        conn.execute(update(deliveries).where(deliveries.c.id == row.id).values(**values))
    conn.execute(delete(proofs).where(proofs.c.recipient == address_key, proofs.c.settled_at.is_(None)))  # what waits goes to nobody
    conn.execute(update(proofs).where(proofs.c.recipient == address_key).values(recipient=proof, detail=""))
    for column in _IN_THE_MAILBOX:
        conn.execute(update(column.table).where(column == address_key).values({column.name: proof}))
    told = [row for row in conn.execute(select(alerts.c.id, alerts.c.told)) if any(_is(whom, address_key) for whom, _ in row.told)]
    for row in told:
        results = [[proof if _is(whom, address_key) else whom, str(how)] for whom, how in row.told]
        conn.execute(update(alerts).where(alerts.c.id == row.id).values(told=results))
    return {"letters": len(rows), "notifications": len(told), "texts": _erase_from_texts(conn, address_key, proof)}


def has_old(conn: Connection, before: datetime) -> bool:
    """Whether `give_up_old` would find anything."""
    letters = select(deliveries.c.id).where(_old_letters(before)).exists()
    return bool(conn.execute(select(letters)).scalar_one()) or bool(_old_notifications(conn, before))


def give_up_old(conn: Connection, before: datetime, proof: Callable[[str], str], hidden: Callable[[str], str]) -> dict[str, int]:
    """Puts what `proof` makes of it where the address of a letter stood that was settled before then, and takes addresses out of
    notifications as old; how many of each, letters at most `AT_ONCE`. Letters that wait, or that a person has to decide about, keep it."""
    wanted = select(deliveries.c.id, deliveries.c.recipient, deliveries.c.message_id).where(_old_letters(before))
    letters = conn.execute(wanted.order_by(deliveries.c.id).limit(AT_ONCE)).all()
    if letters:
        change = update(deliveries).where(deliveries.c.id == bindparam("of_letter"))
        change = change.values(recipient=bindparam("proof"), message_id=bindparam("hidden"), detail="")
        conn.execute(change, [{"of_letter": row.id, "proof": proof(row.recipient), "hidden": hidden(row.message_id)} for row in letters])
    notifications_ = _old_notifications(conn, before)
    for row in notifications_:
        told = [[proof(_bare(whom)) if "@" in whom else whom, str(how)] for whom, how in row.told]
        gone = {"detail": ""} if row.campaign_id else {"detail": "", "text": ""}  # the operator's names letters and whom they were for
        conn.execute(update(alerts).where(alerts.c.id == row.id).values(told=told, **gone))
    return {"letters": len(letters), "notifications": len(notifications_)}


def _old_letters(before: datetime) -> ColumnElement[bool]:
    settled = deliveries.c.state.in_([str(state) for state in _SETTLED])
    when = func.coalesce(deliveries.c.settled_at, deliveries.c.attempted_at, deliveries.c.due_at)
    return settled & deliveries.c.recipient.contains("@") & (when < before)


def _old_notifications(conn: Connection, before: datetime) -> Sequence[Row[Any]]:
    rows = conn.execute(select(alerts).where(alerts.c.raised_at < before))
    return [row for row in rows if "@" in f"{row.told} {row.detail}" or (not row.campaign_id and row.text)]


def _erase_from_texts(conn: Connection, address_key: str, proof: str) -> int:
    count = 0
    for table, columns in _TEXTS:
        key = next(iter(table.primary_key))
        for column in columns:
            for row in conn.execute(select(key.label("id"), column.label("value")).where(_holds(column, address_key))).all():
                pattern = _named(address_key)
                if isinstance(row.value, str):
                    value: Any = pattern.sub(proof, row.value)
                else:
                    value = [pattern.sub(proof, text) if isinstance(text, str) else text for text in row.value]
                conn.execute(update(table).where(key == row.id).values({column.name: value}))
                count += 1
    return count


def _holds(column: Column[Any], address_key: str) -> Any:
    """Whether the text may name the address: by its domain, as letters beyond ASCII are written otherwise in JSON and fold otherwise."""
    return func.instr(func.lower(column), address_key.rpartition("@")[2]) > 0


def _named(address_key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.+-]){re.escape(address_key)}(?![\w-])", re.IGNORECASE)


def _is(whom: str, address_key: str) -> bool:
    """Also of somebody who is written as `Name <name@example.org>`."""
    return _bare(whom) == address_key


def _bare(whom: str) -> str:
    return (whom.rpartition("<")[2].rstrip(">") or whom).strip().casefold()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
