"""What becomes of a letter: who is to get one, how a server's answer is understood, when to try again. Pure.

A letter is sent once. Only where it is certain that the server did not take it does it go a second time by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from tracker.delivery import status_codes
from tracker.delivery.calendar import fitting
from tracker.delivery.recipients import Recipient, due_at
from tracker.model import Audience, EditionKind, Window
from tracker.text.others_words import MAX_WORDS as MAX_WORDS
from tracker.text.others_words import clean_words as clean_words

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (15, 30, 60, 120, 240, 480, 480))
"""Pauses after the first, second, ... answer of "try later": a day in all. Servers that greylist take a letter after 5 to 60 minutes;
mail programs give up after one to five days, but what is in a digest is old by then."""
TOMORROW = timedelta(days=1)
"""After "too many today": services count over a day that moves along or from midnight, and both are over by then."""
DAY_IS_FULL = "no more letters today"
"""How words to people begin when letters wait for tomorrow: until then no mailing tries another."""
PLANNED_WITHIN = {EditionKind.NIGHTLY: timedelta(days=3)}
PLANNED_WITHIN_ELSE = timedelta(days=7)
"""An edition that was released longer ago goes to nobody new: whoever joins the list does not get the archive."""
AFTER_UNKNOWN = "ask whether it arrived, then `tracker send --arrived {id}` or `tracker send --again {id}`"


class Result(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    TRY_LATER = "try later"  # surely not taken; it may be taken another time
    REFUSED = "refused"  # surely not taken, and never will be
    UNKNOWN = "unknown"  # the connection was lost after everything was said: it may have arrived or not


class Stage(StrEnum):
    """How far an attempt came, in the words a person is told."""

    CONNECT = "on connecting"
    HELLO = "on greeting"
    TLS = "on securing the connection"
    AUTH = "on logging in"
    MAIL = "on naming the sender"
    RCPT = "on naming the recipient"
    DATA = "on offering the letter"
    CONTENT = "while taking the letter"
    END = "after the letter"

    @property
    def of_server(self) -> bool:
        """What fails here fails for every letter."""
        return self in (Stage.CONNECT, Stage.HELLO, Stage.TLS, Stage.AUTH)


class Attempt(Struct, frozen=True):
    """An attempt's end, with the server's words. `whole_server`: no letter can go now, so nothing is held against this one.
    `lost`: the server did not answer at all. `outdated`: the letter was stopped, as what it says has changed since it was composed.
    `day_is_full`: the server takes no more today; with `whole_server` from us, else for this recipient."""

    result: Result
    words: str
    whole_server: bool = False
    lost: bool = False
    outdated: bool = False
    day_is_full: bool = False


OUTDATED = Attempt(Result.TRY_LATER, "what it says changed while it was on its way", outdated=True)


class Settlement(Struct, frozen=True):
    """What the ledger shall say after an attempt. `due_at` stands with TRY_LATER only."""

    result: Result
    words: str
    due_at: datetime | None = None


class ReleasedEdition(Struct, frozen=True):
    """An edition that an audience may read. `items`: how many it shows them."""

    edition_id: int
    campaign_id: str
    kind: EditionKind
    window: Window
    audience: Audience
    released_at: datetime
    time_zone: str
    items: int


class PlannedLetter(Struct, frozen=True):
    """An edition that shall go to a recipient."""

    edition: ReleasedEdition
    recipient: Recipient
    due_at: datetime
    correction_id: int = 0

    @property
    def edition_id(self) -> int:
        """Of its edition."""
        return self.edition.edition_id

    @property
    def identity(self) -> str:
        """What `identity_of` gives for it."""
        return identity_of(self.edition, self.recipient)


def plan_letters(
    editions: Iterable[ReleasedEdition],
    recipients: Sequence[Recipient],
    now: datetime,
    *,
    send_empty: bool = True,
    asked_id: int | None = None,
) -> Iterator[PlannedLetter]:
    """Every letter that should be in the ledger by now. `asked_id`: a person asked for this edition, so it goes out however old it is;
    a report over any period goes out only so, and then to everybody who may read it."""
    for edition in editions:
        asked = edition.edition_id == asked_id
        if asked_id is not None and not asked:
            continue
        if not asked and (not edition.kind.is_serial or now - edition.released_at > PLANNED_WITHIN.get(edition.kind, PLANNED_WITHIN_ELSE)):
            continue
        if not edition.items and not send_empty and edition.audience is Audience.PARTNERS:
            continue
        served: set[str] = set()
        for recipient in recipients:
            if recipient.address.key not in served and _goes_to(edition, recipient) and not recipient.away(now):
                served.add(recipient.address.key)
                yield PlannedLetter(edition, recipient, _due(edition, recipient))


def _goes_to(edition: ReleasedEdition, recipient: Recipient) -> bool:
    wanted = recipient.edition == edition.kind or not edition.kind.is_serial
    of_campaign = not recipient.campaigns or edition.campaign_id in recipient.campaigns
    return wanted and of_campaign and recipient.role.audience is edition.audience


def _due(edition: ReleasedEdition, recipient: Recipient) -> datetime:
    """A report that a person asked for goes on a holiday too; no letter goes at night."""
    zone, country, on_holidays = recipient.time_zone, recipient.country, recipient.on_holidays
    if not edition.kind.is_serial:
        return fitting(edition.released_at, zone)
    at = due_at(recipient.send_on, edition.kind, edition.window, edition.released_at, edition.time_zone)
    return fitting(at, zone, country, on_holidays=on_holidays)


def identity_of(edition: ReleasedEdition, recipient: Recipient) -> str:
    """What makes a letter this letter, on any day and in any copy of the database: an edition's number may be given twice when a
    backup is restored, its campaign, kind and period are not."""
    period = f"{edition.window.start_at.isoformat()} {edition.window.end_at.isoformat()}"
    told = "\0".join([edition.campaign_id, str(edition.kind), period, recipient.address.key])
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:40]


def judge_reply(stage: Stage, code: int, words: str, *, token: bool = False) -> Attempt:
    """A server's answer that was no yes. After the letter's end, an answer that is none leaves it open. `token`: the login was by one."""
    told = f"the mail server said {stage}: {code} {words}".rstrip()
    if stage.of_server:
        advice = status_codes.login_advice(code, words, token=token) if stage is Stage.AUTH else ""
        full = status_codes.is_day_full(code, words) and not advice
        return Attempt(Result.TRY_LATER, _advised(f"{DAY_IS_FULL}: {told}" if full else told, advice), whole_server=True, day_is_full=full)
    if status_codes.is_day_full(code, words):
        ours = not status_codes.is_of_recipient(words)
        told = f"{DAY_IS_FULL}: {told}" if ours else told
        return Attempt(Result.TRY_LATER, told, whole_server=ours, day_is_full=True)
    if 500 <= code <= 599 and status_codes.takes_no_passwords(words):
        return Attempt(Result.TRY_LATER, _advised(told, status_codes.login_advice(code, words, token=token)), whole_server=True)
    if 500 <= code <= 599:
        return Attempt(Result.REFUSED, _advised(told, status_codes.sender_advice(words)))
    if 400 <= code <= 499 or stage is not Stage.END:
        return Attempt(Result.TRY_LATER, told)
    return Attempt(Result.UNKNOWN, told)


def _advised(told: str, advice: str) -> str:
    return f"{told}; {advice}" if advice else told


def judge_loss(stage: Stage, words: str) -> Attempt:
    """A connection that broke, or a server that fell silent. Before the letter's last line a server has taken nothing."""
    told = f"the connection failed {stage}: {words}"
    if stage is Stage.END:
        return Attempt(Result.UNKNOWN, told, lost=True)
    return Attempt(Result.TRY_LATER, told, whole_server=stage.of_server, lost=True)


def settle(attempt: Attempt, attempts: int, now: datetime, was_due_at: datetime) -> Settlement:
    """What the ledger says after the attempt with this number. "Try later" a day long is a refusal, unless the server was out of
    reach for everybody: then the letter stands where it stood."""
    if attempt.result is not Result.TRY_LATER:
        return Settlement(attempt.result, attempt.words)
    if attempt.day_is_full:
        return Settlement(Result.TRY_LATER, attempt.words, now + TOMORROW)
    if attempt.whole_server:
        return Settlement(Result.TRY_LATER, attempt.words, was_due_at)
    if attempts > len(BACK_OFF):
        return Settlement(Result.REFUSED, f"given up after {attempts} attempts; {attempt.words}")
    return Settlement(Result.TRY_LATER, attempt.words, now + BACK_OFF[max(attempts, 1) - 1])
