"""What mails ask of people: looking, settling, taking back; signing somebody off who may have meant it; sending letters again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from tracker.delivery.audience import OUTBOX
from tracker.delivery.choices import Choice, ChoiceRecord, What, Wishes, wishes_of
from tracker.delivery.recipients import FILE_NAME, read_recipients
from tracker.errors import TrackerError
from tracker.model.mailbox import LetterBounce, MailAnswerKind, MailTask, MailTaskKind
from tracker.store import mailbox
from tracker.workspace import Parts

LISTED_FOR = timedelta(days=90)


class Returned(Struct, frozen=True):
    """The newest report about a recipient's letters, and how many there were. `is_paused`: no letter goes until a person says so."""

    newest: LetterBounce
    reports: int
    is_paused: bool


def returned(parts: Parts, now: datetime) -> list[Returned]:
    """Recipients whose letters came back lately, the newest first. Raises StoreError."""
    with parts.database.reading() as conn:
        found = [one for one in mailbox.bounces_of(conn, now - LISTED_FOR) if "@" in one.recipient]
    wishes = _wishes(parts)
    by_recipient: dict[str, list[LetterBounce]] = {}
    for one in found:
        by_recipient.setdefault(one.recipient, []).append(one)
    return [
        Returned(reports[0], len(reports), wishes.get(recipient, Wishes()).unreachable_at is not None)
        for recipient, reports in by_recipient.items()
    ]


def recipients_among(parts: Parts, addresses: Sequence[str]) -> frozenset[str]:
    """Which of these are recipients now; none where the file cannot be read."""
    path = parts.workspace / FILE_NAME
    try:
        listed = {one.address.key for one in read_recipients(path)} if path.exists() else set()
    except TrackerError:
        return frozenset()
    return frozenset(addresses) & listed


def settle(parts: Parts, task_id: int, by: str, now: datetime) -> bool:
    """A person has looked at it. False where somebody was faster."""
    with parts.database.writing() as conn:
        return mailbox.settle_task(conn, task_id, now, by)


def reopen(parts: Parts, task_id: int) -> bool:
    """It waits again. False where it waits already."""
    with parts.database.writing() as conn:
        return mailbox.settle_task(conn, task_id, None)


def sign_off(parts: Parts, task: MailTask, by: str, now: datetime) -> bool:
    """The sender of a doubtful sign-off gets no more letters, and is told so once; settles the task. False where somebody was faster, or
    the sender is no recipient. Raises StoreError."""
    if task.kind is not MailTaskKind.SIGN_OFF or task.sender not in recipients_among(parts, [task.sender]):
        return False
    with parts.database.writing() as conn:
        if not mailbox.settle_task(conn, task.id, now, by):
            return False
        mailbox.add_answer(conn, MailAnswerKind.SIGNED_OFF, task.digest, task.sender, "", now)
        if _wishes(parts).get(task.sender, Wishes()).stopped_at is None:
            ChoiceRecord(parts.workspace / OUTBOX).add(Choice(task.sender, What.STOP, "", now, "desk"))
    return True


def resume(parts: Parts, address_key: str, now: datetime) -> bool:
    """Letters go again to somebody whose letters came back. False where they were not paused for that, or the person signed off."""
    standing = _wishes(parts).get(address_key, Wishes())
    if standing.unreachable_at is None or standing.stopped_at is not None:
        return False
    ChoiceRecord(parts.workspace / OUTBOX).add(Choice(address_key, What.RESUME, "", now, "desk"))
    return True


def _wishes(parts: Parts) -> dict[str, Wishes]:
    return wishes_of(ChoiceRecord(parts.workspace / OUTBOX).every())
