"""READ THIS FIRST. A reading of the mailbox: fetch some mails -> decide each -> save what follows -> fetch the next.

What a batch brings is saved in one transaction with how far the folder is read: killed anywhere, the next reading goes on there. Each mail
has exactly one outcome, and is never worked on twice, whatever number the server gives it. Nothing is changed on the server.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from tracker.delivery.audience import OUTBOX
from tracker.delivery.choices import Choice, ChoiceRecord, What, wishes_of
from tracker.errors import TrackerError
from tracker.locale.said import Said
from tracker.mailbox.acquaintances import Acquaintances
from tracker.mailbox.faults import MailboxTrouble, said_of
from tracker.mailbox.folder import folder_of
from tracker.mailbox.imap import AT_ONCE, Folder, open_folder
from tracker.mailbox.login import server_of
from tracker.mailbox.mail import Mail, Unreadable, read_mail
from tracker.mailbox.resolving import resolve
from tracker.mailbox.triage import Found, decide
from tracker.model import StepReport
from tracker.model.mailbox import MailAnswerKind, MailboxFault, MailboxState, MailOutcome, MailTask, MailTaskKind
from tracker.store import mailbox as stored
from tracker.store.lock import MailboxLock
from tracker.urls.redirectors import needs_resolving
from tracker.workspace import Parts

STEP = "mailbox"
MOST_MAILS = 5_000
"""In one reading; what is left is read in the next."""
A_DAY = timedelta(days=1)
_log = logging.getLogger(__name__)


class MailboxReport(Struct, frozen=True):
    """A reading: outcomes of mails, why it ended early, and what needs a person."""

    step: StepReport
    fault: MailboxFault | None = None
    needs_a_person: tuple[str, ...] = ()


def read_mailbox(parts: Parts) -> MailboxReport:
    """Reads what is new. A fault of the server is part of the report. Raises RunLocked while another process reads, ConfigError and
    StoreError where what we know ourselves cannot be read."""
    with MailboxLock(parts.workspace, parts.settings.database.url).acquire():
        return _Reading(parts).run()


class _Reading:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._known = Acquaintances(parts)
        self._choices = ChoiceRecord(parts.workspace / OUTBOX)
        self._outcomes = Counter[MailOutcome]()
        self._paused: dict[str, str] = {}

    def run(self) -> MailboxReport:
        started = time.monotonic()
        key, fault, remarks = folder_of(self._parts.settings), None, list[str]()
        with self._parts.database.reading() as conn:
            state = stored.state_of(conn, key) or MailboxState(key, 0, 0)
        try:
            with open_folder(server_of(self._parts)) as folder:
                state = self._read(folder, state)
        except MailboxTrouble as trouble:
            fault = trouble.fault
            remarks.append(self._parts.settings.masked(str(trouble)))
        now = self._parts.clock()
        with self._parts.database.writing() as conn:
            before = stored.state_of(conn, key) or state
            since = (before.fault_at if before.fault is fault else None) or now
            stored.save_state(
                conn, replace(before, fault=fault, fault_at=since if fault else None, read_at=before.read_at if fault else now)
            )
            waiting = stored.waiting(conn)
        outcomes = tuple(sorted((str(outcome), count) for outcome, count in self._outcomes.items()))
        step = StepReport(STEP, self._outcomes.total(), outcomes, time.monotonic() - started, tuple(remarks))
        return MailboxReport(step, fault, tuple(self._needs(fault, waiting)))

    def _needs(self, fault: MailboxFault | None, waiting: int) -> list[str]:
        needs: list[str] = [said_of(fault)] if fault else []
        needs += [said_paused(recipient, code) for recipient, code in self._paused.items()]
        return needs + ([Said("need_mail_tasks", waiting)] if waiting else [])

    def _read(self, folder: Folder, state: MailboxState) -> MailboxState:
        now = self._parts.clock()
        first = state.uid_validity != folder.uid_validity
        since = (now - timedelta(days=self._parts.settings.mailbox.first_days)).date() if first else None
        state = replace(state, uid_validity=folder.uid_validity, last_uid=0 if first else state.last_uid)
        uids = folder.uids(state.last_uid, since)[:MOST_MAILS]
        if first and not uids:
            state = replace(state, last_uid=max(folder.next_uid - 1, 0))
        for start in range(0, len(uids), AT_ONCE):
            batch = uids[start : start + AT_ONCE]
            raws = [raw for _, raw in folder.mails(batch)]
            if len(raws) < len(batch):  # deleted meanwhile, or never handed over
                self._outcomes[MailOutcome.UNREADABLE] += len(batch) - len(raws)
            state = self._save(raws, replace(state, last_uid=batch[-1]))
        with self._parts.database.writing() as conn:
            stored.save_state(conn, state)
        return state

    def _save(self, raws: Sequence[bytes], state: MailboxState) -> MailboxState:
        """A batch to its end: first what the outbox's record keeps, which may be said twice, then the rest at once."""
        now = self._parts.clock()
        decided = self._resolved(self._decided(raws, now))
        self._note_choices([found for _, found in decided], now)
        with self._parts.database.writing() as conn:
            ended = [(mail.digest, self._stored(conn, mail, found, now)) for mail, found in decided]
            stored.save_mails(conn, ended, now)
            stored.save_bounces(conn, [found.bounce for _, found in decided if found.bounce])
            stored.save_state(conn, state)
        self._outcomes.update(outcome for _, outcome in ended)
        self._paused |= {found.pause: found.bounce.code for _, found in decided if found.pause and found.bounce}
        return state

    def _decided(self, raws: Sequence[bytes], now: datetime) -> list[tuple[Mail, Found]]:
        mails = []
        for raw in raws:
            try:
                mails.append(read_mail(raw))
            except Unreadable as error:
                _log.info("a mail cannot be read: %s", error)
                self._outcomes[MailOutcome.UNREADABLE] += 1
        with self._parts.database.reading() as conn:
            seen = stored.known(conn, [one.digest for one in mails])
        decided: dict[str, tuple[Mail, Found]] = {}
        for mail in mails:
            if mail.digest in seen or mail.digest in decided:
                self._outcomes[MailOutcome.SEEN_BEFORE] += 1
                continue
            known = self._known.known
            try:
                decided[mail.digest] = mail, decide(mail, known, now)
            except TrackerError:
                raise
            except Exception:  # noqa: BLE001 - one mail that the program stumbles over must not keep the others back
                _log.exception("a mail cannot be judged")
                decided[mail.digest] = mail, Found(MailOutcome.UNREADABLE)
        return [*decided.values()]

    def _resolved(self, decided: list[tuple[Mail, Found]]) -> list[tuple[Mail, Found]]:
        """With addresses that only their servers can resolve resolved. A stranger's mail makes us ask nobody."""
        asked = [link.url for _, found in decided for link in found.links]
        asked += [task.url for _, found in decided for task in found.tasks if task.is_known]
        if not any(map(needs_resolving, asked)):
            return decided
        leads = resolve(self._parts, asked)

        def put(found: Found) -> Found:
            links = tuple(replace(link, url=leads.get(link.url, link.url)) for link in found.links)
            tasks = tuple(replace(task, url=leads.get(task.url, task.url)) for task in found.tasks)
            return replace(found, links=links, tasks=tasks)

        return [(mail, put(found)) for mail, found in decided]

    def _note_choices(self, found: Sequence[Found], now: datetime) -> None:
        wishes = wishes_of(self._choices.every()) if any(one.stop or one.pause for one in found) else {}
        for one in found:
            who = one.stop or one.pause
            standing = wishes.get(who) if who else None
            if one.stop and (standing is None or standing.stopped_at is None):
                self._choices.add(Choice(who, What.STOP, "", now, "mail"))
            elif one.pause and one.bounce and (standing is None or standing.unreachable_at is None):
                self._choices.add(Choice(who, What.UNREACHABLE, one.bounce.code, now, "mail"))

    def _stored(self, conn: Connection, mail: Mail, found: Found, now: datetime) -> MailOutcome:
        """Stores tasks and the answer of a mail, within what a day takes; its outcome."""
        links = [one for one in found.tasks if one.kind is MailTaskKind.MISSED_LINK]
        limited = links or [one for one in found.tasks if not one.is_known]
        if limited and self._over(conn, limited, now):
            return MailOutcome.OVER_LIMIT
        signing_off = [one for one in found.tasks if one.kind is MailTaskKind.SIGN_OFF and one.is_known]
        if signing_off and stored.waits_already(conn, MailTaskKind.SIGN_OFF, signing_off[0].sender):
            return found.outcome  # one waits: whoever writes in a recipient's name a thousand times fills no desk
        stored.add_tasks(conn, found.tasks)
        self._known.note_partners(conn, [one.url for one in links if one.is_known], now)
        if found.links and not self._known.take_newsletter(conn, found.outlet, found.links, now):
            return MailOutcome.NEWSLETTER_EMPTY
        if found.answer:
            kind, whom = found.answer
            since = now - A_DAY
            if kind is MailAnswerKind.SIGNED_OFF:
                standing = wishes_of(self._choices.every()).get(whom)
                since = (standing.stopped_at if standing and standing.stopped_at else now) - timedelta(seconds=1)
            if not stored.answered_since(conn, kind, whom, since):
                stored.add_answer(conn, kind, mail.digest, whom, mail.message_id, now)
        return found.outcome

    def _over(self, conn: Connection, tasks: Sequence[MailTask], now: datetime) -> bool:
        """Whether a day takes no more of the kind; strangers cannot use up what partners have."""
        first, most = tasks[0], self._parts.settings.mailbox.links_per_day
        return stored.tasks_since(conn, first.kind, now - A_DAY, by_known=first.is_known) + len(tasks) > most


def said_paused(recipient: str, code: str) -> Said:
    """That a recipient's letters come back, and how to send them again."""
    return Said("morning_recipient_paused", to=recipient, code=code or "–", command=f"`tracker recipients pause {recipient} --end`")
