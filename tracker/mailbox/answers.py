"""Answers to people: that they are signed off, and thanks for a link. Each once, through the same server, limit and record as letters.

Only recipients and bearers of a letter's token are answered, never a server, a list or an automatic mail (RFC 3834, 2). An answer that was
under way when the program died is never sent again.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter

from tracker.delivery import day_limit
from tracker.delivery.addresses import MailAddress, read_address
from tracker.delivery.audience import OUTBOX
from tracker.delivery.message import sender_address, write_note
from tracker.delivery.planning import Attempt, Result
from tracker.delivery.recipients import FILE_NAME, Recipient, read_recipients
from tracker.delivery.sent_log import Event, SendingRecord
from tracker.delivery.transport import Mailer, mailer_for, slug
from tracker.errors import RunLocked
from tracker.locale.wording import wording
from tracker.model import StepReport
from tracker.store import mailbox as stored
from tracker.store.deliveries import DeliveryState
from tracker.store.lock import SendingLock
from tracker.store.mail_counts import OtherMail
from tracker.store.mailbox import Answer
from tracker.workspace import Parts

STEP = "answers"
_ENDS = {Result.SENT: DeliveryState.SENT, Result.UNKNOWN: DeliveryState.UNKNOWN, Result.REFUSED: DeliveryState.REFUSED}


def send_answers(parts: Parts) -> StepReport:
    """Sends every answer that waits; what the server does not take now waits. While a mailing is at work all wait for the next time."""
    started = time.monotonic()
    with parts.database.reading() as conn:
        waiting = stored.answers(conn, DeliveryState.DUE) + stored.answers(conn, DeliveryState.SENDING)
    if not waiting:
        return StepReport(STEP, 0, ())
    try:
        with SendingLock(parts.workspace / OUTBOX, parts.settings.database.url).acquire():
            outcomes = _Answering(parts).run()
    except RunLocked:
        return StepReport(STEP, 0, (), time.monotonic() - started, ("a mailing is at work: answers go the next time",))
    return StepReport(STEP, outcomes.total(), tuple(sorted(outcomes.items())), time.monotonic() - started)


class _Answering:
    def __init__(self, parts: Parts) -> None:
        self._parts, self._database = parts, parts.database
        self._outbox = parts.workspace / OUTBOX
        self._record = SendingRecord(self._outbox)
        path = parts.workspace / FILE_NAME
        self._recipients = {one.address.key: one for one in (read_recipients(path) if path.exists() else ())}

    def run(self) -> Counter[str]:
        """Outcomes of all that wait."""
        self._record.begin()
        outcomes = Counter[str]()
        with self._database.reading() as conn:
            left_behind = stored.answers(conn, DeliveryState.SENDING)
        for one in left_behind:  # with the lock in hand: whoever sent it has died
            end = self._known_end(one)
            self._moved(one, DeliveryState.SENDING, end)
            if end is not DeliveryState.DUE:
                outcomes[str(end)] += 1
        with self._database.reading() as conn:
            due = stored.answers(conn, DeliveryState.DUE)
        left = day_limit.left_today(self._database, self._parts.settings, self._parts.clock())
        with mailer_for(self._parts.settings, self._outbox, self._parts.clock) as mailer:
            for number, one in enumerate(due):
                if left is not None and number >= left:
                    outcomes["waits for tomorrow"] += len(due) - number
                    return outcomes
                if mailer.ready() is not None:
                    outcomes["waits for the mail server"] += len(due) - number
                    return outcomes
                outcomes[self._send(mailer, one)] += 1
        return outcomes

    def _send(self, mailer: Mailer, one: Answer) -> str:
        try:
            address = read_address(one.recipient)
        except ValueError:  # erased meanwhile
            self._moved(one, DeliveryState.DUE, DeliveryState.CANCELLED)
            return "cancelled"
        letter = self._written(one, address)
        if not self._moved(one, DeliveryState.DUE, DeliveryState.SENDING):
            return "taken by another"
        begun = False

        def before_end() -> None:
            nonlocal begun
            self._note(one, Event.BEGUN)
            begun = True

        name = f"answer-{identity_of(one)[-12:]}.{slug(address)}"
        attempt = mailer.send(letter, sender_address(self._parts.settings.digest.sender), address, before_end, name)
        if attempt.result is Result.SENT:
            self._note(one, Event.SENT, attempt.words)
        elif begun and attempt.result is not Result.UNKNOWN:
            self._note(one, Event.NOT_SENT, attempt.words)
        return self._ended(one, attempt)

    def _ended(self, one: Answer, attempt: Attempt) -> str:
        day_limit.count_other(self._database, self._parts.settings, OtherMail.ANSWER, attempt, self._parts.clock())
        if attempt.result is Result.TRY_LATER:
            self._moved(one, DeliveryState.SENDING, DeliveryState.DUE)
            return "waits for the mail server"
        return self._settled(one, _ENDS[attempt.result])

    def _settled(self, one: Answer, state: DeliveryState) -> str:
        self._moved(one, DeliveryState.SENDING, state)
        return str(state)

    def _moved(self, one: Answer, before: DeliveryState, after: DeliveryState) -> bool:
        now = self._parts.clock() if after not in (DeliveryState.DUE, DeliveryState.SENDING) else None
        with self._database.writing() as conn:
            return stored.move_answer(conn, one.id, before, after, now)

    def _known_end(self, one: Answer) -> DeliveryState:
        recorded = self._record.read().get(identity_of(one))
        if recorded is None or recorded.event is Event.NOT_SENT:
            return DeliveryState.DUE
        return DeliveryState.SENT if recorded.event is Event.SENT else DeliveryState.UNKNOWN

    def _note(self, one: Answer, event: Event, words: str = "") -> None:
        self._record.add(identity_of(one), event, self._parts.clock(), to=one.recipient, edition="", words=words)

    def _written(self, one: Answer, address: MailAddress) -> bytes:
        settings = self._parts.settings
        reader = self._recipients.get(one.recipient)
        words = wording(reader.language if reader else settings.digest.languages[0])
        text = words.say(f"mail_{one.kind}", address=_shown(reader, address))
        identity = identity_of(one)
        subject = words.say(f"mail_{one.kind}_subject")
        return write_note(
            settings.digest.sender,
            address,
            subject,
            f"{text}\n",
            identity,
            one.made_at,
            in_reply_to=one.in_reply_to,
            language=words.language,
        )


def _shown(reader: Recipient | None, address: MailAddress) -> str:
    return str(reader.address if reader else address)


def identity_of(one: Answer) -> str:
    """What the record knows an answer by; the same after a backup was restored."""
    return f"answer-{hashlib.sha256(f'{one.kind} {one.digest}'.encode()).hexdigest()[:32]}"
