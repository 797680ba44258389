"""Telling somebody something at once: a note by mail, or through Apprise to whatever channel its address names. Each is told once.

Before anything leaves, a note of whom it goes to stands in the ledger. A program that is killed there leaves `sending`: it may have
arrived, and it does not go again.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol

from tracker.delivery.planning import Attempt, Result, clean_words
from tracker.delivery.transport import send_note
from tracker.errors import TrackerError
from tracker.settings import Settings
from tracker.store import alerts
from tracker.store.alerts import SENDING, Alert
from tracker.store.database import Database

APPRISE = "apprise"
"""Whom a message goes to that goes to an Apprise address: the address itself is a secret, and stands nowhere."""
AGAIN = timedelta(minutes=5)
GIVEN_UP = timedelta(hours=24)
"""What is older is no alert any more; it stands in the digest."""
MAX_SUBJECT = 150


class Tell(Protocol):
    def __call__(self, whom: str, subject: str, text: str, at: datetime, /) -> Attempt:
        """One message to one; never raises for what becomes of it."""


class Messenger:
    """Tells by mail, and through the Apprise address where `whom` is `APPRISE`."""

    def __init__(self, settings: Settings, outbox: Path, apprise_url: str = "") -> None:
        self._settings, self._outbox, self._apprise_url = settings, outbox, apprise_url

    def __call__(self, whom: str, subject: str, text: str, at: datetime, /) -> Attempt:
        """One message to one."""
        if whom == APPRISE:
            return _through_apprise(self._apprise_url, subject, text)
        try:
            return send_note(self._settings, self._outbox, parseaddr(whom)[1], subject, text, at)
        except TrackerError as error:
            return Attempt(Result.TRY_LATER, str(error), whole_server=True)


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody to tell, and which of the alerts."""

    whom: str
    wants: Callable[[Alert], bool] = lambda alert: True


def tell_due(
    database: Database, due: Sequence[Alert], targets: Iterable[Target], tell: Tell, clock: Callable[[], datetime]
) -> dict[int, str]:
    """Tells everybody who has not been told, several things in one message; how it went for each alert, by its id, in words.

    Call it under the `AlertLock`.
    """
    targets = tuple(targets)
    told = {alert.id: dict(alert.told) for alert in due}
    failures: dict[int, str] = {}
    for target in targets:
        wanted = [alert for alert in due if target.whom not in told[alert.id] and target.wants(alert)]
        if not wanted:
            continue
        attempt = _tell_one(database, target.whom, wanted, tell, clock())
        for alert in wanted:
            if attempt.result is Result.TRY_LATER:
                failures[alert.id] = attempt.words
            else:
                told[alert.id][target.whom] = attempt.result if attempt.result is Result.SENT else f"{attempt.result}: {attempt.words}"
    ends = {}
    with database.writing() as conn:
        for alert in due:
            if words := failures.get(alert.id):
                alerts.settle(conn, [alert.id], words, due_at=clock() + AGAIN)
                ends[alert.id] = "try later"
                continue
            odd = [f"{whom}: {how}" for whom, how in told[alert.id].items() if how != Result.SENT]
            alerts.settle(conn, [alert.id], "; ".join(odd) or ("" if told[alert.id] else "nobody to tell"), sent_at=clock())
            ends[alert.id] = "told in part" if odd else "told" if told[alert.id] else "nobody to tell"
    return ends


def _tell_one(database: Database, whom: str, wanted: Sequence[Alert], tell: Tell, at: datetime) -> Attempt:
    ids = [alert.id for alert in wanted]
    with database.writing() as conn:
        alerts.note(conn, ids, whom, SENDING)
    more = f" (and {len(wanted) - 1} more)" if len(wanted) > 1 else ""
    attempt = tell(whom, wanted[0].subject[:MAX_SUBJECT] + more, "\n\n".join(alert.text.strip() for alert in wanted) + "\n", at)
    with database.writing() as conn:
        alerts.note(conn, ids, whom, "" if attempt.result is Result.TRY_LATER else str(attempt.result))
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
