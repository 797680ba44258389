"""Editions -> letters, each once: plan in the ledger, claim, send, settle, with commits between. One mailing at a time.

Three things say what was sent: the ledger (a row an edition and recipient, for ever), the outbox's record (which a restored database
does not take back) and the lock. A process killed anywhere leaves letters that are due, sent, or `unknown`; never two of one.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from msgspec import Struct

from tracker.delivery import calendar, day_limit
from tracker.delivery import planning as deciding
from tracker.delivery.correcting import CorrectingLetter, wanted_letters
from tracker.delivery.erased import ErasedPeople
from tracker.delivery.letters import LetterWriter, Standing
from tracker.delivery.outcomes import LetterEnd, LetterOutcome, Preview, SendReport, previewed, standing_of
from tracker.delivery.planning import AFTER_UNKNOWN, PLANNED_WITHIN_ELSE, Attempt, PlannedLetter, ReleasedEdition, Result, plan_letters
from tracker.delivery.recipients import Recipient
from tracker.delivery.reconcile import note, settle_interrupted, settle_recorded
from tracker.delivery.sent_log import Event, SendingRecord
from tracker.delivery.transport import Mailer, mailer_for, slug
from tracker.errors import StoreError, TrackerError, UsageError
from tracker.model import Campaign, EditionKind, StepReport
from tracker.settings import Settings
from tracker.store import deliveries, digests
from tracker.store.database import Database
from tracker.store.deliveries import Delivery, DeliveryState
from tracker.store.lock import SendingLock

LOST_IN_A_ROW = 3
"""So many letters after another without an answer, and the server is left alone until the next time."""
MOST_COMPOSED = 3
"""Times a letter is composed in one mailing when verdicts fall meanwhile; then it goes with a later one (`BACK_OFF`)."""
REMOVED = "not in recipients.toml any more when it was due"
_log = logging.getLogger(__name__)


class _Composed(Struct, frozen=True):
    """A letter, and what its words rested on when it was composed."""

    content: bytes
    standing: Standing


class Mailing:
    """What `tracker send` does. `clock` is asked after every letter, since a mailing may take long."""

    def __init__(
        self,
        database: Database,
        outbox: Path,
        settings: Settings,
        campaigns: Sequence[Campaign],
        recipients: Sequence[Recipient],
        writer: LetterWriter,
        clock: Callable[[], datetime],
    ) -> None:
        self._database, self._outbox, self._settings, self._writer, self._clock = database, outbox, settings, writer, clock
        self._zones = {campaign.id: campaign.time_zone for campaign in campaigns}
        self._recipients = recipients
        self._record = SendingRecord(outbox)
        self._ends: list[LetterEnd] = []
        self._needs: list[str] = []

    def run(self, asked_id: int | None = None) -> SendReport:
        """Plans what is to be planned and sends what is due; with `asked_id` only that edition.

        Raises RunLocked while another mailing is at work, UsageError when nobody can read the edition that was asked for.
        """
        started = time.monotonic()
        with SendingLock(self._outbox, self._settings.database.url).acquire():
            now = self._clock()
            settle_interrupted(self._database, self._record, now)
            self._plan(now, asked_id)
            with self._database.reading() as conn:
                due = [one for one in deliveries.due(conn, now) if asked_id in (None, one.edition_id)]
            if due:
                self._database.refuse_damaged(digests.READ_FOR_EDITIONS)
                self._send_all(due)
            self._remind()
        counted = Counter(end.outcome for end in self._ends)
        step = StepReport("send", len(due), tuple(sorted(counted.items())), time.monotonic() - started)
        return SendReport(step, tuple(self._ends), tuple(self._needs))

    def preview(self, asked_id: int | None = None) -> list[Preview]:
        """Every letter that is not sent yet, and those that a run now would plan; changes nothing."""
        now = self._clock()
        with self._database.reading() as conn:
            rows = [row for state in DeliveryState if state is not DeliveryState.SENT for row in deliveries.in_state(conn, state)]
            released = self._released(now, {row.edition_id for row in rows} | {asked_id or 0})
            planned = deliveries.of_editions(conn, {one.edition_id for one in released})
        editions = {(one.edition_id, one.audience): one for one in released}
        known = {(row.edition_id, row.recipient) for row in planned if not row.correction_id}
        erased = ErasedPeople(self._database, self._outbox.parent)
        recorded = self._record.read()
        found = []
        for letter in self._wanted(now, asked_id):
            key = (letter.edition.edition_id, letter.recipient.address.key)
            if key not in known and letter.identity not in recorded and not erased.had(key[0], 0, key[1]):
                found.append(previewed(letter.edition, letter.recipient, letter.due_at, "due" if letter.due_at <= now else "planned"))
        for row in rows:
            recipient = self._recipient_of(row)
            edition = editions.get((row.edition_id, recipient.role.audience)) if recipient else None
            if edition and recipient and asked_id in (None, row.edition_id):
                found.append(previewed(edition, recipient, row.due_at, standing_of(row, now), row.detail))
        return sorted(found, key=lambda one: (one.due_at, one.edition_id, one.recipient))

    # --- planning

    def _released(self, now: datetime, edition_ids: Collection[int]) -> list[ReleasedEdition]:
        """Editions that may still go to somebody new, and these."""
        with self._database.reading() as conn:
            rows = deliveries.released_editions(conn, since=now - PLANNED_WITHIN_ELSE, edition_ids=edition_ids)
        return [
            ReleasedEdition(
                row.edition_id,
                row.campaign_id,
                EditionKind(row.kind),
                row.window,
                row.audience,
                row.released_at,
                self._zones[row.campaign_id],
                row.entries,
            )
            for row in rows
            if row.campaign_id in self._zones
        ]

    def _wanted(self, now: datetime, asked_id: int | None) -> Iterator[PlannedLetter]:
        released = self._released(now, {asked_id or 0})
        if asked_id is not None and not any(one.edition_id == asked_id for one in released):
            raise UsageError(f"no edition {asked_id} that may be read; `tracker digest list` shows them")
        return plan_letters(released, self._recipients, now, send_empty=self._settings.digest.send_empty, asked_id=asked_id)

    def _plan(self, now: datetime, asked_id: int | None) -> None:
        letters: list[PlannedLetter | CorrectingLetter] = [*self._wanted(now, asked_id)]
        if asked_id is None:
            letters += wanted_letters(self._database, self._recipients, self._zones, now)
        erased = ErasedPeople(self._database, self._outbox.parent)
        new = [one for one in letters if not erased.had(one.edition_id, one.correction_id, one.recipient.address.key)]
        with self._database.writing() as conn:
            for letter in new:
                deliveries.plan(
                    conn,
                    letter.edition_id,
                    letter.recipient.address.key,
                    letter.recipient.language,
                    message_id=self._writer.message_id(letter.identity),
                    due_at=letter.due_at,
                    correction_id=letter.correction_id,
                )
        settle_recorded(self._database, self._record, now)

    def _recipient_of(self, delivery: Delivery) -> Recipient | None:
        """Whom the letter is for, as the file has them now; None when they are not in it any more, or get another edition."""
        edition = self._writer.edition(delivery.edition_id)
        for one in self._recipients:
            of_campaign = not one.campaigns or edition.campaign_id in one.campaigns
            of_kind = bool(delivery.correction_id) or one.edition == edition.kind or not EditionKind(edition.kind).is_serial
            if one.address.key == delivery.recipient and of_campaign and of_kind:
                return one
        return None

    # --- sending

    def _send_all(self, due: Sequence[Delivery]) -> None:
        with self._database.reading() as conn:
            now = self._clock()
            waits_until = deliveries.waiting_until(conn, now, now - deciding.TOMORROW)
        if waits_until:
            self._put_off(due, f"{deciding.DAY_IS_FULL}: the mail server said so; they go from {waits_until:%Y-%m-%d %H:%M} UTC on")
            return
        lost, gone, may_go = 0, 0, self._may_go(len(due))
        with mailer_for(self._settings, self._outbox, self._clock) as mailer:
            for number, delivery in enumerate(due):
                if gone >= may_go:
                    self._put_off(due[number:], f"{deciding.DAY_IS_FULL}: {day_limit.limit_words(self._settings)}")
                    return
                attempt = self._send(mailer, delivery)
                lost = lost + 1 if attempt is not None and attempt.lost else 0
                gone += attempt is not None and attempt.result in (Result.SENT, Result.UNKNOWN)
                if attempt is not None and attempt.day_is_full and attempt.whole_server:
                    self._put_off(due[number + 1 :], attempt.words)
                    return
                if attempt is not None and (attempt.whole_server or lost >= LOST_IN_A_ROW):
                    self._wait(due[number + 1 :], attempt.words)
                    return

    def _may_go(self, due: int) -> int:
        """How many of the letters that are due may go within the day."""
        left = day_limit.left_today(self._database, self._settings, self._clock())
        return due if left is None else left

    def _put_off(self, rest: Sequence[Delivery], words: str) -> None:
        """They go tomorrow by themselves; nobody need do anything."""
        words = f"{LetterOutcome.WAITS_FOR_TOMORROW}: {words}"
        for delivery in rest:
            self._end(delivery, LetterOutcome.WAITS_FOR_TOMORROW, words)
        with self._database.writing() as conn:
            deliveries.note_waiting(conn, self._clock(), words)

    def _send(self, mailer: Mailer, delivery: Delivery) -> Attempt | None:
        """One letter; None when it did not come to an attempt."""
        recipient = self._recipient_of(delivery)
        if recipient is None:
            with self._database.writing() as conn:
                deliveries.settle(conn, delivery.id, DeliveryState.CANCELLED, self._clock(), REMOVED)
            self._end(delivery, LetterOutcome.TAKEN_OFF_THE_LIST)
            return None
        if away := recipient.away(self._clock()):
            with self._database.writing() as conn:
                deliveries.settle(conn, delivery.id, DeliveryState.CANCELLED, self._clock(), away)
            self._end(delivery, LetterOutcome.WANTS_NO_LETTERS, away)
            return None
        if (morning := calendar.after_night(self._clock(), recipient.time_zone)) > self._clock():
            with self._database.writing() as conn:
                deliveries.wait_until(conn, delivery.id, morning)
            self._end(delivery, LetterOutcome.WAITS_FOR_THE_MORNING)
            return None
        if not self._writer.may_read(delivery.edition_id, recipient.role.audience):
            self._end(delivery, LetterOutcome.WAITS_FOR_APPROVAL)
            return None
        if (trouble := mailer.ready()) is not None:
            outcome = LetterOutcome.WAITS_FOR_TOMORROW if trouble.day_is_full else LetterOutcome.WAITS_FOR_THE_SERVER
            self._end(delivery, outcome, trouble.words)
            return trouble
        if (letter := self._compose(delivery, recipient)) is None:
            return None
        return self._attempt(mailer, delivery, recipient, letter)

    def _compose(self, delivery: Delivery, recipient: Recipient) -> _Composed | None:
        """The letter as of now; None, with its outcome noted, when it cannot be written."""
        try:
            return self._written(delivery, recipient)
        except StoreError:
            raise  # what cannot be read for one letter can be read for none
        except Exception as error:  # noqa: BLE001 - one letter that cannot be written must not keep the others back
            _log.exception("letter %s to %s", delivery.id, delivery.recipient)
            told = str(error) if isinstance(error, TrackerError) else f"an error of the program ({type(error).__name__})"
            self._needs.append(f"the letter to {delivery.recipient} could not be written: {told}")
            self._end(delivery, LetterOutcome.FAILED, told)
            return None

    def _written(self, delivery: Delivery, recipient: Recipient) -> _Composed:
        standing = self._writer.standing(delivery.edition_id, recipient.role.audience)
        return _Composed(self._content(delivery, recipient), standing)

    def _content(self, delivery: Delivery, recipient: Recipient) -> bytes:
        if delivery.correction_id:
            return self._writer.write_correction(delivery.correction_id, delivery.edition_id, recipient, delivery.message_id)
        return self._writer.write(delivery.edition_id, recipient, delivery.message_id)

    def _is_current(self, delivery: Delivery, recipient: Recipient, letter: _Composed) -> bool:
        """Whether the letter would be composed in the same words now."""
        try:
            if self._writer.standing(delivery.edition_id, recipient.role.audience) == letter.standing:
                return True
            return self._content(delivery, recipient) == letter.content
        except Exception:  # noqa: BLE001 - a letter that cannot be compared does not go
            _log.exception("letter %s to %s cannot be compared", delivery.id, delivery.recipient)
            return False

    def _attempt(self, mailer: Mailer, delivery: Delivery, recipient: Recipient, letter: _Composed) -> Attempt | None:
        with self._database.writing() as conn:
            if not deliveries.begin(conn, delivery.id, self._clock()):
                self._end(delivery, LetterOutcome.TAKEN_BY_ANOTHER)
                return None
        begun = False

        def before_end() -> None:
            nonlocal begun
            self._note(delivery, Event.BEGUN)
            begun = True

        correction = f".correction-{delivery.correction_id}" if delivery.correction_id else ""
        name = f"{self._writer.stem(delivery.edition_id, recipient.role.audience)}{correction}.{slug(recipient.address)}"
        for _ in range(MOST_COMPOSED):
            current = partial(self._is_current, delivery, recipient, letter)
            attempt = mailer.send(letter.content, self._writer.sender_of(delivery.message_id), recipient.address, before_end, name, current)
            if not attempt.outdated:
                break
            with contextlib.suppress(Exception):  # then it is tried later, and its fault is named there
                letter = self._written(delivery, recipient)
        if attempt.result is Result.SENT:
            self._note(delivery, Event.SENT, attempt.words)
        elif begun and attempt.result is not Result.UNKNOWN:
            self._note(delivery, Event.NOT_SENT, attempt.words)
        self._settle(delivery, attempt, to_file=not begun and attempt.result is Result.SENT)
        return attempt

    def _settle(self, delivery: Delivery, attempt: Attempt, *, to_file: bool) -> None:
        now = self._clock()
        settled = deciding.settle(attempt, delivery.attempts + 1, now, delivery.due_at)
        state = DeliveryState.DUE if settled.result is Result.TRY_LATER else DeliveryState(str(settled.result))
        with self._database.writing() as conn:
            full = attempt.day_is_full and attempt.whole_server
            deliveries.settle(conn, delivery.id, state, now, settled.words, due_at=settled.due_at, day_is_full=full)
        if attempt.day_is_full:
            self._end(delivery, LetterOutcome.WAITS_FOR_TOMORROW, settled.words)
        elif attempt.whole_server:
            self._end(delivery, LetterOutcome.WAITS_FOR_THE_SERVER, settled.words)
        else:
            outcome = LetterOutcome.WRITTEN_TO_A_FILE if to_file else LetterOutcome(str(settled.result))
            self._end(delivery, outcome, settled.words)
        if settled.result is Result.REFUSED:
            self._needs.append(
                f"letter {delivery.id} to {delivery.recipient} was refused: {settled.words}; mend the address, or `tracker send --again {delivery.id}`"
            )

    def _wait(self, rest: Sequence[Delivery], words: str) -> None:
        for delivery in rest:
            self._end(delivery, LetterOutcome.WAITS_FOR_THE_SERVER, words)
        with self._database.writing() as conn:
            deliveries.note_waiting(conn, self._clock(), words)
        waiting = sum(end.outcome is LetterOutcome.WAITS_FOR_THE_SERVER for end in self._ends)
        self._needs.append(f"{waiting} letters wait: {words}; they go when the server takes them and `tracker send` runs again")

    def _remind(self) -> None:
        with self._database.reading() as conn:
            unknown = deliveries.in_state(conn, DeliveryState.UNKNOWN)
        for one in unknown:
            self._needs.append(f"letter {one.id} to {one.recipient} is unknown: {one.detail}; {AFTER_UNKNOWN.format(id=one.id)}")

    def _note(self, delivery: Delivery, event: Event, words: str = "") -> None:
        note(self._record, delivery, event, self._clock(), words)

    def _end(self, delivery: Delivery, outcome: LetterOutcome, words: str = "") -> None:
        self._ends.append(LetterEnd(delivery.id, delivery.edition_id, delivery.recipient, outcome, words))
