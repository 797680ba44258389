"""Telling somebody something at once: a note by mail, or through Apprise to whatever channel its address names. Each is told once.

Before anything leaves, a note of whom it goes to stands in the ledger. A program that is killed there leaves `sending`: it may have
arrived, and it does not go again.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from tracker.alerts.words import Told, more_words
from tracker.delivery.planning import Attempt, Result, clean_words
from tracker.delivery.transport import send_note
from tracker.errors import TrackerError
from tracker.settings import Settings
from tracker.store import alerts
from tracker.store.alerts import Alert, Notified
from tracker.store.database import Database

APPRISE = "apprise"
"""Whom a message goes to that goes to an Apprise address: the address itself is a secret, and stands nowhere."""
AGAIN = timedelta(minutes=5)
"""Between two tries, a choice: a server that is restarted is back by then."""
GIVEN_UP = timedelta(hours=24)
"""What is older is no alert any more; it stands in the digest."""
MAX_SUBJECT = 150
"""Characters: a subject of two lines on a telephone."""


class Tell(Protocol):
    """Sends a message by whatever way leads to its recipient."""

    def __call__(self, whom: str, subject: str, text: str, at: datetime, /) -> Attempt:
        """One message to one; never raises for what becomes of it."""


Say = Callable[[Alert, str], Told]
"""An alert's subject and text in a language."""


def _uncounted(attempt: Attempt, at: datetime) -> None:
    """Where there is no ledger to count in."""


class Messenger:
    """Tells by mail, and through the Apprise address where `whom` is `APPRISE`. `on_mailed` is told how each mail ended."""

    def __init__(
        self, settings: Settings, outbox: Path, apprise_url: str = "", on_mailed: Callable[[Attempt, datetime], None] = _uncounted
    ) -> None:
        self._settings, self._outbox, self._apprise_url, self._on_mailed = settings, outbox, apprise_url, on_mailed

    def __call__(self, whom: str, subject: str, text: str, at: datetime, /) -> Attempt:
        """One message to one, without any secret of the settings."""
        subject, text = self._settings.masked(subject), self._settings.masked(text)
        if whom == APPRISE:
            return _through_apprise(self._apprise_url, subject, text)
        try:
            attempt = send_note(self._settings, self._outbox, parseaddr(whom)[1], subject, text, at)
        except TrackerError as error:
            return Attempt(Result.TRY_LATER, str(error), whole_server=True)
        self._on_mailed(attempt, at)
        return attempt


class Target(Struct, frozen=True):
    """Somebody to tell, in a language."""

    whom: str
    language: str = "en"


class Notification(StrEnum):
    """The result of one notification, for all its recipients."""

    DONE = "told"
    IN_PART = "told in part"  # refused or unknown for some, and not tried again
    NOBODY = "nobody to tell"
    RETRY = "try later"  # certain that somebody has not got it; due again in `AGAIN`

    @property
    def got_out(self) -> bool:
        """Whether it reached anybody."""
        return self in (Notification.DONE, Notification.IN_PART)


def tell_due(
    database: Database,
    due: Sequence[Alert],
    targets: Iterable[Target],
    tell: Tell,
    clock: Callable[[], datetime],
    say: Say = lambda alert, language: (alert.subject, alert.text),
) -> dict[int, Notification]:
    """Notifies everybody who has not been notified, of several things in one message, as `say` words them; the result for each alert, by
    its id.

    Call it under the `AlertLock`.
    """
    targets = tuple(targets)
    told = {alert.id: dict(alert.told) for alert in due}
    remarks: dict[tuple[int, str], str] = {}
    failures: dict[int, str] = {}
    for target in targets:
        wanted = [alert for alert in due if target.whom not in told[alert.id]]
        if not wanted:
            continue
        attempt = _tell_one(database, target, wanted, tell, clock(), say)
        for alert in wanted:
            if (how := _noted(attempt)) is None:
                failures[alert.id] = attempt.words
            else:
                told[alert.id][target.whom] = how
                remarks[alert.id, target.whom] = attempt.words
    results = {}
    with database.writing() as conn:
        for alert in due:
            if alert.id in failures:
                alerts.settle(conn, [alert.id], failures[alert.id], due_at=clock() + AGAIN)
                results[alert.id] = Notification.RETRY
                continue
            odd = [
                ": ".join(filter(None, [whom, str(how), remarks.get((alert.id, whom), "")]))
                for whom, how in told[alert.id].items()
                if how is not Notified.SENT
            ]
            result = Notification.IN_PART if odd else Notification.DONE if told[alert.id] else Notification.NOBODY
            alerts.settle(conn, [alert.id], "; ".join(odd) or (str(result) if result is Notification.NOBODY else ""), sent_at=clock())
            results[alert.id] = result
    return results


def _noted(attempt: Attempt) -> Notified | None:
    """The result as it is stored; None where it is certain that nothing arrived and it is tried again."""
    return None if attempt.result is Result.TRY_LATER else Notified(str(attempt.result))


def _tell_one(database: Database, target: Target, wanted: Sequence[Alert], tell: Tell, at: datetime, say: Say) -> Attempt:
    whom = target.whom
    ids = [alert.id for alert in wanted]
    with database.writing() as conn:
        alerts.note(conn, ids, whom, Notified.SENDING)
    told = [say(alert, target.language) for alert in wanted]
    more = f" {more_words(len(told) - 1, target.language)}" if len(told) > 1 else ""
    attempt = tell(whom, told[0][0][:MAX_SUBJECT] + more, "\n\n".join(text.strip() for _, text in told) + "\n", at)
    with database.writing() as conn:
        alerts.note(conn, ids, whom, _noted(attempt))
    return attempt


def _through_apprise(url: str, subject: str, text: str) -> Attempt:
    if not url:
        return Attempt(Result.REFUSED, "no Apprise address is set")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of modules it loads for services that nobody asked for
        import apprise

        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it logs addresses, which are secrets
        service = apprise.Apprise()
        if not service.add(url):
            return Attempt(Result.REFUSED, "Apprise does not know this kind of address; see apprise_url in tracker.toml")
        try:
            went = service.notify(body=text, title=subject, body_format=apprise.NotifyFormat.TEXT)
        except Exception as error:  # noqa: BLE001 - a plugin of a hundred may raise anything; it must not end the others
            return Attempt(Result.TRY_LATER, clean_words(f"Apprise failed: {type(error).__name__}", [url]))
    return Attempt(Result.SENT, "") if went else Attempt(Result.TRY_LATER, "the Apprise service did not take the message")
