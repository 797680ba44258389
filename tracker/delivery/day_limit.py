"""How much mail may still go within the day: `mail.per_day` counts letters, corrections, proofs, alerts and the morning line.

The day is any 24 hours: then no calendar day has more either, whatever zone a service counts in.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from tracker.delivery.planning import TOMORROW, Attempt, Result
from tracker.errors import StoreError
from tracker.settings import Settings
from tracker.store import mail_counts
from tracker.store.database import Database
from tracker.store.mail_counts import OtherMail
from tracker.workspace import Parts

_log = logging.getLogger(__name__)


def left_today(database: Database, settings: Settings, now: datetime) -> int | None:
    """How many mails may go within the 24 hours that end now; None where there is no limit, as where letters are files."""
    if not settings.mail.per_day or not settings.mail.host:
        return None
    with database.reading() as conn:
        return max(settings.mail.per_day - mail_counts.taken_since(conn, now - TOMORROW), 0)


def limit_words(settings: Settings) -> str:
    """Why nothing goes when nothing is left."""
    return f"mail.per_day is {settings.mail.per_day}, and so many went within 24 hours"


def count_other(database: Database, settings: Settings, kind: OtherMail, attempt: Attempt, at: datetime) -> None:
    """Counts a mail that is no letter, when a server took it or may have."""
    if settings.mail.host and attempt.result in (Result.SENT, Result.UNKNOWN):
        with database.writing() as conn:
            mail_counts.note(conn, kind, at)


def notification_counter(parts: Parts) -> Callable[[Attempt, datetime], None]:
    """Counts notifications that went by mail. They are few and say what is wrong: none waits for tomorrow, and none for a database that
    cannot be used."""

    def count(attempt: Attempt, at: datetime) -> None:
        try:
            if parts.database_exists:
                count_other(parts.database, parts.settings, OtherMail.NOTIFICATION, attempt, at)
        except StoreError as error:
            _log.warning("a notification was sent and is not counted: %s", error)

    return count
