"""The morning line: what needs a person, to the operator, once a day and only when there is something."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tracker.alerts.notify import APPRISE, GIVEN_UP, Notification, Target, Tell, tell_due
from tracker.delivery.planning import AFTER_UNKNOWN, Result
from tracker.delivery.recipients import FILE_NAME, Role, read_recipients
from tracker.errors import ConfigError, StoreError, TrackerError
from tracker.maintenance.doctor import ARTICLES, LAST_NIGHT, Check
from tracker.model import Audience, EditionKind
from tracker.model.jobs import JobState, in_one_line
from tracker.store import alerts, deliveries, digests, runs
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


@dataclass(frozen=True, slots=True)
class Morning:
    """What the line says, and what became of it: `nothing to tell`, `told`, `told already today`."""

    lines: tuple[str, ...]
    outcome: str


def tell_operator(parts: Parts, checks: Sequence[Check], zone: str, tell: Tell) -> Morning:
    """Tells the operator what needs a person. Raises ConfigError when nobody is named, NotTold when it did not get out."""
    targets = _targets(parts)
    now = parts.clock()
    today = now.astimezone(ZoneInfo(zone)).date().isoformat()
    with AlertLock(parts.workspace).acquire():
        try:
            return _with_ledger(parts, tuple(dict.fromkeys(_lines(parts, checks, now))), targets, today, tell)
        except StoreError as error:
            lines = (*_of_checks(checks), str(error))
            return _without_ledger(parts, tuple(dict.fromkeys(lines)), targets, today, tell)


def tell_of_failures(parts: Parts, state: JobState, zone: str, tell: Tell) -> Morning:
    """Tells the operator that the morning job itself fails, without the database that may be the reason; once a day, as the morning line.
    Raises as `tell_operator`."""
    targets = _targets(parts)
    today = parts.clock().astimezone(ZoneInfo(zone)).date().isoformat()
    line = f"the morning's look at the tracker has failed {state.failures} times in a row: {in_one_line(state.detail)} -> see jobs.log"
    with AlertLock(parts.workspace).acquire():
        return _without_ledger(parts, (line,), targets, today, tell)


def _targets(parts: Parts) -> list[Target]:
    given = parts.settings.schedule
    targets = [Target(whom) for whom in (given.operator, APPRISE if given.apprise_url else "") if whom]
    if not targets:
        raise ConfigError("nobody to tell: set schedule.operator or schedule.apprise_url", place=parts.workspace / "tracker.toml")
    return targets


def _with_ledger(parts: Parts, lines: tuple[str, ...], targets: Sequence[Target], today: str, tell: Tell) -> Morning:
    if not lines:
        return Morning((), "nothing to tell")
    now = parts.clock()
    with parts.database.writing() as conn:
        alerts.raise_once(conn, "", KIND, today, subject=_subject(today, lines), text=_text(lines), raised_at=now, due_at=now)
    with parts.database.reading() as conn:
        due = [alert for alert in alerts.unsent(conn, "", [KIND]) if alert.key == today]
    if not due:
        return Morning(lines, "told already today")
    outcome = tell_due(parts.database, due, targets, tell, parts.clock)[due[0].id]
    if outcome is Notification.RETRY:
        with parts.database.reading() as conn:
            words = next(alert.detail for alert in alerts.unsent(conn, "", [KIND]) if alert.key == today)
        raise NotTold(f"the operator could not be told: {words}")
    return Morning(lines, outcome)


def _without_ledger(parts: Parts, lines: tuple[str, ...], targets: Sequence[Target], today: str, tell: Tell) -> Morning:
    """A database that cannot be used is what the operator must hear of most; a file notes that they did."""
    note = parts.workspace / NOTE_NAME
    if note.exists() and note.read_text("utf-8").strip() == today:
        return Morning(lines, "told already today")
    with suppress(OSError):  # a full disk must be told of, if need be more than once
        note.write_text(today, "utf-8")
    attempts = [tell(target.whom, _subject(today, lines), _text(lines), parts.clock()) for target in targets]
    if all(attempt.result is Result.TRY_LATER for attempt in attempts):
        note.unlink(missing_ok=True)
        raise NotTold(f"the operator could not be told: {attempts[0].words}")
    return Morning(lines, "told")


def _subject(today: str, lines: Sequence[str]) -> str:
    return f"Press coverage, {today}: {len(lines)} thing{'s' if len(lines) > 1 else ''} need{'' if len(lines) > 1 else 's'} a person"


def _text(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _of_checks(checks: Sequence[Check], but: Collection[str] = ()) -> Iterator[str]:
    for check in checks:
        if not check.well and check.name not in but:
            yield f"{check.name}: {check.finding}{f' -> {check.advice}' if check.advice else ''}"


def _lines(parts: Parts, checks: Sequence[Check], now: datetime) -> Iterator[str]:
    night = None
    if parts.database_exists:
        with parts.database.reading() as conn:
            night = runs.latest_night(conn)
    needs = night.needs_a_person if night is not None and now - night.started_at < RECENT else ()
    yield from _of_checks(checks, but=(LAST_NIGHT, ARTICLES) if needs else ())  # the doctor tells the first of its needs only
    yield from needs
    if parts.database_exists:
        yield from _of_store(parts, now)


def _of_store(parts: Parts, now: datetime) -> Iterator[str]:
    with parts.database.reading() as conn:
        letters = [row for state in (DeliveryState.UNKNOWN, DeliveryState.REFUSED) for row in deliveries.in_state(conn, state)]
        raised = alerts.since(conn, now - RECENT)
    for letter in letters:
        settled_at = letter.settled_at or letter.attempted_at or now
        if letter.state is DeliveryState.UNKNOWN and now - settled_at < STILL_TOLD:
            yield f"letter {letter.id} to {letter.recipient} may have arrived or not: {AFTER_UNKNOWN.format(id=letter.id)}"
        elif letter.state is DeliveryState.REFUSED and now - settled_at < RECENT:
            yield f"letter {letter.id} to {letter.recipient} was refused: {letter.detail}"
    for alert in raised:
        if alert.kind != KIND and alert.uncertain:
            yield f"alert {alert.subject!r} may have reached {', '.join(alert.uncertain)} or not: the program was ended while it went out"
        elif alert.kind != KIND and alert.sent_at is None and now - alert.raised_at >= GIVEN_UP:
            yield f"alert {alert.subject!r} could not be told: {alert.detail}"
    yield from _waiting_editions(parts, now)


def _waiting_editions(parts: Parts, now: datetime) -> Iterator[str]:
    """The newest edition of each kind that a partner or donor reads and no person has approved."""
    awaited = _kinds_for_partners(parts.workspace / FILE_NAME)
    seen: set[tuple[str, str]] = set()
    with parts.database.reading() as conn:
        for edition in sorted(digests.every(conn), key=lambda one: one.window.end_at, reverse=True):
            if edition.kind not in awaited or (edition.campaign_id, edition.kind) in seen or now - edition.made_at > STILL_TOLD:
                continue
            seen.add((edition.campaign_id, edition.kind))
            if Audience.PARTNERS not in digests.released_at(conn, edition.id):
                yield f"edition {edition.id} ({edition.kind}) waits for approval: review it, then `tracker digest approve {edition.id}`"


def _kinds_for_partners(path: Path) -> set[str]:
    """Kinds that somebody outside the house reads; the three of a period where nobody is named yet."""
    try:
        recipients = read_recipients(path) if path.exists() else ()
    except TrackerError:
        recipients = ()  # `tracker send` says what is wrong with the file
    found = {str(one.edition) for one in recipients if one.role is not Role.STAFF}
    return found if recipients else {str(kind) for kind in (EditionKind.WEEKLY, EditionKind.MONTHLY, EditionKind.QUARTERLY)}
