"""What came into the mailbox, in the store: how far it is read, each mail's outcome, bounces, tasks of people, answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, delete, func, select, update

from tracker.model.mailbox import LetterBounce, MailAnswerKind, MailboxFault, MailboxState, MailOutcome, MailTask, MailTaskKind
from tracker.store import backend
from tracker.store.batches import chunks
from tracker.store.deliveries import DeliveryState
from tracker.store.schema.columns import storable
from tracker.store.schema.editions import deliveries
from tracker.store.schema.mailbox import letter_bounces, mail_answers, mail_tasks, mailbox_folders, mails

MOST_LISTED = 200
"""Tasks, the newest: a page that somebody can read."""


class Answer(Struct, frozen=True):
    """What is to be answered to a person."""

    id: int
    kind: MailAnswerKind
    digest: str
    recipient: str
    in_reply_to: str
    made_at: datetime


def state_of(conn: Connection, folder: str) -> MailboxState | None:
    """How far the folder is read; None where it never was."""
    row = conn.execute(select(mailbox_folders).where(mailbox_folders.c.folder == folder)).first()
    if row is None:
        return None
    fault = MailboxFault(row.fault) if row.fault else None
    return MailboxState(row.folder, row.uid_validity, row.last_uid, row.read_at, fault, row.fault_at)


def save_state(conn: Connection, state: MailboxState) -> None:
    """Notes how far the folder is read."""
    conn.execute(delete(mailbox_folders).where(mailbox_folders.c.folder == state.folder))
    values = {
        "folder": state.folder,
        "uid_validity": state.uid_validity,
        "last_uid": state.last_uid,
        "read_at": state.read_at,
        "fault": str(state.fault or ""),
        "fault_at": state.fault_at,
    }
    conn.execute(mailbox_folders.insert().values(values))


def known(conn: Connection, digests: Collection[str]) -> set[str]:
    """Which of these mails were worked on before."""
    found: set[str] = set()
    for batch in chunks([*digests]):
        found.update(conn.execute(select(mails.c.digest).where(mails.c.digest.in_(batch))).scalars())
    return found


def save_mails(conn: Connection, ended: Sequence[tuple[str, MailOutcome]], at: datetime) -> None:
    """Notes how mails ended, by their digests; those noted before stay as they are."""
    for digest, outcome in ended:
        conn.execute(backend.insert_new(mails).values(digest=digest, outcome=str(outcome), read_at=at))


def save_bounces(conn: Connection, found: Iterable[LetterBounce]) -> None:
    """Notes reports about letters, each once."""
    for one in found:
        values = {name: getattr(one, name) for name in ("digest", "recipient", "failure", "code", "is_proven", "reported_at")}
        conn.execute(backend.insert_new(letter_bounces).values(message_id=storable(one.message_id), **values))


def bounces_of(conn: Connection, since: datetime) -> list[LetterBounce]:
    """Reports since then, the newest first, `MOST_LISTED` at most."""
    table = letter_bounces
    rows = conn.execute(select(table).where(table.c.reported_at >= since).order_by(table.c.id.desc()).limit(MOST_LISTED))
    return [_bounce(row) for row in rows]


def add_tasks(conn: Connection, tasks: Iterable[MailTask]) -> None:
    """Puts what mails ask before people, each once."""
    for one in tasks:
        values = {name: getattr(one, name) for name in ("digest", "sender", "is_known", "url", "words", "received_at")}
        conn.execute(backend.insert_new(mail_tasks).values(kind=str(one.kind), **values))


def tasks_since(conn: Connection, kind: MailTaskKind, since: datetime, *, by_known: bool) -> int:
    """How many tasks of a kind came since then, from recipients or from others."""
    within = (mail_tasks.c.kind == str(kind)) & (mail_tasks.c.received_at > since) & (mail_tasks.c.is_known == by_known)
    return int(conn.execute(select(func.count()).select_from(mail_tasks).where(within)).scalar_one())


def tasks(conn: Connection, *, settled: bool = False) -> list[MailTask]:
    """What waits for a person, or was settled by one; the newest first, `MOST_LISTED` at most."""
    table = mail_tasks
    chosen = table.c.settled_at.is_not(None) if settled else table.c.settled_at.is_(None)
    rows = conn.execute(select(table).where(chosen).order_by(table.c.id.desc()).limit(MOST_LISTED))
    return [_task(row) for row in rows]


def waits_already(conn: Connection, kind: MailTaskKind, sender: str) -> bool:
    """Whether a task of the kind by this sender waits for a person."""
    same = (mail_tasks.c.kind == str(kind)) & (mail_tasks.c.sender == sender) & mail_tasks.c.settled_at.is_(None)
    return bool(conn.execute(select(select(mail_tasks.c.id).where(same).exists())).scalar_one())


def waiting(conn: Connection) -> int:
    """How many tasks wait for a person."""
    return int(conn.execute(select(func.count()).select_from(mail_tasks).where(mail_tasks.c.settled_at.is_(None))).scalar_one())


def task(conn: Connection, task_id: int) -> MailTask | None:
    """The task; None where there is none."""
    row = conn.execute(select(mail_tasks).where(mail_tasks.c.id == task_id)).first()
    return None if row is None else _task(row)


def settle_task(conn: Connection, task_id: int, at: datetime | None, by: str = "") -> bool:
    """A person has looked at it; None: it waits again. False where there is none, or it stands so already."""
    there = mail_tasks.c.id == task_id
    other = mail_tasks.c.settled_at.is_(None) if at else mail_tasks.c.settled_at.is_not(None)
    return conn.execute(update(mail_tasks).where(there & other).values(settled_at=at, settled_by=by)).rowcount == 1


def add_answer(conn: Connection, kind: MailAnswerKind, digest: str, recipient: str, in_reply_to: str, at: datetime) -> None:
    """Notes that a mail is to be answered, once."""
    values = {"kind": str(kind), "digest": digest, "recipient": recipient, "in_reply_to": storable(in_reply_to), "made_at": at}
    conn.execute(backend.insert_new(mail_answers).values(state=str(DeliveryState.DUE), **values))


def answered_since(conn: Connection, kind: MailAnswerKind, recipient: str, since: datetime) -> bool:
    """Whether the person was answered so since then, or is to be."""
    table = mail_answers
    same = (table.c.kind == str(kind)) & (table.c.recipient == recipient) & (table.c.made_at > since)
    return bool(conn.execute(select(select(table.c.id).where(same).exists())).scalar_one())


def answers(conn: Connection, state: DeliveryState) -> list[Answer]:
    """Answers in this state, the oldest first."""
    rows = conn.execute(select(mail_answers).where(mail_answers.c.state == str(state)).order_by(mail_answers.c.id))
    return [Answer(row.id, MailAnswerKind(row.kind), row.digest, row.recipient, row.in_reply_to, row.made_at) for row in rows]


def move_answer(conn: Connection, answer_id: int, before: DeliveryState, after: DeliveryState, at: datetime | None) -> bool:
    """From one state to another; False where it is in another one."""
    of_it = (mail_answers.c.id == answer_id) & (mail_answers.c.state == str(before))
    return conn.execute(update(mail_answers).where(of_it).values(state=str(after), settled_at=at)).rowcount == 1


def letters(conn: Connection) -> list[tuple[str, str]]:
    """(Message-ID, recipient) of every letter that may have gone and whose recipient is still named."""
    gone = deliveries.c.state.in_([str(state) for state in (DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.SENDING)])
    found = select(deliveries.c.message_id, deliveries.c.recipient).where(gone & deliveries.c.recipient.contains("@"))
    return [(row.message_id, row.recipient) for row in conn.execute(found)]


def forget(conn: Connection, before: datetime) -> int:
    """Gives up what is older and waits for nobody; returns how many rows."""
    count = conn.execute(delete(mails).where(mails.c.read_at < before)).rowcount
    count += conn.execute(delete(letter_bounces).where(letter_bounces.c.reported_at < before)).rowcount
    count += conn.execute(delete(mail_tasks).where(mail_tasks.c.settled_at < before)).rowcount
    count += conn.execute(delete(mail_tasks).where(mail_tasks.c.received_at < before, ~mail_tasks.c.is_known)).rowcount
    return count + conn.execute(delete(mail_answers).where(mail_answers.c.settled_at < before)).rowcount


def _task(row: Row[Any]) -> MailTask:
    return MailTask(
        digest=row.digest,
        kind=MailTaskKind(row.kind),
        sender=row.sender,
        is_known=row.is_known,
        url=row.url,
        words=row.words,
        received_at=row.received_at,
        id=row.id,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
    )


def _bounce(row: Row[Any]) -> LetterBounce:
    return LetterBounce(row.digest, row.recipient, row.message_id, row.failure, row.code, row.is_proven, row.reported_at)
