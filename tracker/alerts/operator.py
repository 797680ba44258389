"""The morning line: what needs a person, to the operator, once a day and only when there is something."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.alerts.notify import APPRISE, GIVEN_UP, Notification, Target, Tell, tell_due
from tracker.alerts.words import Line, check_line, morning_words, plain_line, subject_said
from tracker.delivery.planning import Result
from tracker.delivery.recipients import FILE_NAME, Role, read_recipients
from tracker.errors import ConfigError, StoreError, TrackerError
from tracker.locale.said import wrong
from tracker.maintenance.doctor import ARTICLES, LAST_NIGHT, Check
from tracker.model import Audience, EditionKind
from tracker.model.jobs import JobState, in_one_line
from tracker.store import alerts, deliveries, digests, mailbox, runs
from tracker.store.deliveries import DeliveryState
from tracker.store.lock import AlertLock
from tracker.workspace import Parts

KIND = "morning"
NOTE_NAME = ".morning.told"
RECENT = timedelta(hours=30)
"""Since the last morning, and some: what a day's line could not tell stands in the next."""
STILL_TOLD = timedelta(days=14)
"""An edition or a letter that waits longer than this waits on purpose."""


class NotTold(TrackerError):
    """The morning line did not get out; it is tried again."""


class Morning(Struct, frozen=True):
    """What the line says, and what became of it: `nothing to tell`, `told`, `told already today`."""

    lines: tuple[str, ...]
    outcome: str


def tell_operator(parts: Parts, checks: Sequence[Check], zone: str, tell: Tell) -> Morning:
    """Tells the operator what needs a person. Raises ConfigError when nobody is named, NotTold when it did not get out."""
    targets = _targets(parts)
    now = parts.clock()
    today = now.astimezone(ZoneInfo(zone)).date().isoformat()
    with AlertLock(parts.workspace, parts.settings.database.url).acquire():
        try:
            return _with_ledger(parts, _each_once(_lines(parts, checks, now)), targets, today, tell)
        except StoreError as error:
            lines = (*_of_checks(checks), plain_line(wrong(error)))
            return _without_ledger(parts, _each_once(lines), targets, today, tell)


def tell_of_failures(parts: Parts, state: JobState, zone: str, tell: Tell) -> Morning:
    """Tells the operator that the morning job itself fails, without the database that may be the reason; once a day, as the morning line.
    Raises as `tell_operator`."""
    targets = _targets(parts)
    today = parts.clock().astimezone(ZoneInfo(zone)).date().isoformat()
    line = Line("morning_failed", {"words": in_one_line(state.detail), "log": "jobs.log"}, state.failures)
    with AlertLock(parts.workspace, parts.settings.database.url).acquire():
        return _without_ledger(parts, (line,), targets, today, tell)


def _targets(parts: Parts) -> list[Target]:
    given = parts.settings.schedule
    language = _language_of(parts, given.operator)
    targets = [Target(whom, language) for whom in (given.operator, APPRISE if given.apprise_url else "") if whom]
    if not targets:
        raise ConfigError("nobody to tell: set schedule.operator or schedule.apprise_url", place=parts.workspace / "tracker.toml")
    return targets


def _language_of(parts: Parts, operator: str) -> str:
    """The operator's own where `recipients.toml` names the address, else the first of `digest.languages`."""
    mailbox, house = parseaddr(operator)[1].casefold(), parts.settings.digest.languages[0]
    try:
        known = read_recipients(parts.workspace / FILE_NAME) if mailbox and (parts.workspace / FILE_NAME).exists() else ()
    except TrackerError:
        return house  # the doctor says what is wrong with the file
    return next((one.language for one in known if one.address.key == mailbox), house)


def _each_once(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple({line.say("en"): line for line in lines}.values())


def _in_english(lines: Sequence[Line]) -> tuple[str, ...]:
    return tuple(line.say("en") for line in lines)


def _with_ledger(parts: Parts, lines: tuple[Line, ...], targets: Sequence[Target], today: str, tell: Tell) -> Morning:
    if not lines:
        return Morning((), "nothing to tell")
    now = parts.clock()
    with parts.database.writing() as conn:
        subject, text = morning_words(today, lines, "en")
        alerts.raise_once(conn, "", KIND, today, subject=subject, text=text, raised_at=now, due_at=now)
    with parts.database.reading() as conn:
        due = [alert for alert in alerts.unsent(conn, "", [KIND]) if alert.key == today]
    if not due:
        return Morning(_in_english(lines), "told already today")
    say = partial(morning_words, today, lines)
    outcome = tell_due(parts.database, due, targets, tell, parts.clock, lambda alert, language: say(language))[due[0].id]
    if outcome is Notification.RETRY:
        with parts.database.reading() as conn:
            words = next(alert.detail for alert in alerts.unsent(conn, "", [KIND]) if alert.key == today)
        raise NotTold(f"the operator could not be told: {words}")
    return Morning(_in_english(lines), outcome)


def _without_ledger(parts: Parts, lines: tuple[Line, ...], targets: Sequence[Target], today: str, tell: Tell) -> Morning:
    """A database that cannot be used is what the operator must hear of most; a file notes that they did."""
    note = parts.workspace / NOTE_NAME
    if note.exists() and note.read_text("utf-8").strip() == today:
        return Morning(_in_english(lines), "told already today")
    with suppress(OSError):  # a full disk must be told of, if need be more than once
        note.write_text(today, "utf-8")
    attempts = [tell(target.whom, *morning_words(today, lines, target.language), parts.clock()) for target in targets]
    if all(attempt.result is Result.TRY_LATER for attempt in attempts):
        note.unlink(missing_ok=True)
        raise NotTold(f"the operator could not be told: {attempts[0].words}")
    return Morning(_in_english(lines), "told")


def _of_checks(checks: Sequence[Check], but: Collection[str] = ()) -> Iterator[Line]:
    for check in checks:
        if not check.well and check.name not in but:
            yield check_line(check.name, check.finding, check.advice)


def _lines(parts: Parts, checks: Sequence[Check], now: datetime) -> Iterator[Line]:
    night = None
    if parts.database_exists:
        with parts.database.reading() as conn:
            night = runs.latest_night(conn)
    needs = night.needs_a_person if night is not None and now - night.started_at < RECENT else ()
    yield from _of_checks(checks, but=(LAST_NIGHT, ARTICLES) if needs else ())  # the doctor tells the first of its needs only
    yield from map(plain_line, needs)
    if parts.database_exists:
        yield from _of_store(parts, now)


def _of_store(parts: Parts, now: datetime) -> Iterator[Line]:
    with parts.database.reading() as conn:
        letters = [row for state in (DeliveryState.UNKNOWN, DeliveryState.REFUSED) for row in deliveries.in_state(conn, state)]
        raised = alerts.since(conn, now - RECENT)
    for letter in letters:
        settled_at = letter.settled_at or letter.attempted_at or now
        if letter.state is DeliveryState.UNKNOWN and now - settled_at < STILL_TOLD:
            ways = {way: f"`tracker send --{way} {letter.id}`" for way in ("arrived", "again")}
            yield Line("morning_letter_unknown", {"letter": str(letter.id), "to": letter.recipient, **ways})
        elif letter.state is DeliveryState.REFUSED and now - settled_at < RECENT:
            yield Line(
                "morning_letter_refused",
                {"letter": str(letter.id), "to": letter.recipient, "words": letter.detail, "code": _code(letter.detail)},
            )
    for alert in raised:
        if alert.kind != KIND and alert.uncertain:
            yield Line(
                "morning_alert_uncertain", {"subject": subject_said(alert.subject, dict(alert.facts)), "whom": ", ".join(alert.uncertain)}
            )
        elif alert.kind != KIND and alert.sent_at is None and now - alert.raised_at >= GIVEN_UP:
            yield Line("morning_alert_not_told", {"subject": subject_said(alert.subject, dict(alert.facts)), "words": alert.detail})
    yield from _came_back(parts, now)
    yield from _waiting_editions(parts, now)


def _came_back(parts: Parts, now: datetime) -> Iterator[Line]:
    """Recipients whose letters came back for good since the last morning."""
    with parts.database.reading() as conn:
        reported = mailbox.bounces_of(conn, now - RECENT)
    for one in reversed(reported):
        if one.failure == "hard" and one.is_proven and "@" in one.recipient:
            command = f"`tracker recipients pause {one.recipient} --end`"
            yield Line("morning_recipient_paused", {"to": one.recipient, "code": one.code or "–", "command": command})


def _code(words: str) -> str:
    """The numbers with which a mail server refused; a dash where it said none."""
    found = re.search(r"\b[45]\d\d(?:[ -][45]\.\d{1,3}\.\d{1,3})?\b", words)
    return found[0] if found else "–"


def _waiting_editions(parts: Parts, now: datetime) -> Iterator[Line]:
    """The newest edition of each kind that a partner or donor reads and no person has approved."""
    awaited = _kinds_for_partners(parts.workspace / FILE_NAME)
    seen: set[tuple[str, str]] = set()
    with parts.database.reading() as conn:
        for edition in sorted(digests.every(conn), key=lambda one: one.window.end_at, reverse=True):
            if edition.kind not in awaited or (edition.campaign_id, edition.kind) in seen or now - edition.made_at > STILL_TOLD:
                continue
            seen.add((edition.campaign_id, edition.kind))
            if Audience.PARTNERS not in digests.released_at(conn, edition.id):
                command = f"`tracker digest approve {edition.id}`"
                yield Line("morning_edition_waits", {"edition": str(edition.id), "kind": str(edition.kind), "command": command})


def _kinds_for_partners(path: Path) -> set[str]:
    """Kinds that somebody outside the house reads; the three of a period where nobody is named yet."""
    try:
        recipients = read_recipients(path) if path.exists() else ()
    except TrackerError:
        recipients = ()  # `tracker send` says what is wrong with the file
    found = {str(one.edition) for one in recipients if one.role is not Role.STAFF}
    return found if recipients else {str(kind) for kind in (EditionKind.WEEKLY, EditionKind.MONTHLY, EditionKind.QUARTERLY)}
