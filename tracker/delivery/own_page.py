"""What a recipient's own page shows and may change. Whoever has the token is the recipient; there is no account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from tracker.delivery.audience import OUTBOX
from tracker.delivery.choices import Choice, ChoiceRecord, What, Wishes, wishes_of, with_wishes
from tracker.delivery.person_key import ERASED, TOKEN_CHARS, known_key
from tracker.delivery.recipients import EDITIONS, FILE_NAME, Recipient, read_recipients
from tracker.errors import TrackerError
from tracker.model import LANGUAGES
from tracker.store import deliveries
from tracker.store.database import Database

LONGEST_PAUSE = timedelta(days=366)
MOST_CHOICES = 500
"""Of one person: more is no person. Signing off is always taken."""


class Fault(StrEnum):
    """Why nothing was changed."""

    BAD_DAY = "bad_day"
    BAD_CHOICE = "bad_choice"
    CHANGED = "changed"  # the page was older than the last choice


class Reader(Struct, frozen=True):
    """Whose page it is. `entries`: what the person gets, as wished; none for somebody who was taken off the list."""

    key: str
    entries: tuple[Recipient, ...]
    wishes: Wishes

    @property
    def shown_address(self) -> str:
        """Enough to know one's own address by: the page's link may have been forwarded with a letter."""
        local, _, domain = self.key.rpartition("@")
        return f"{local[:1]}…@{domain}"

    @property
    def language(self) -> str:
        """Of the letters; empty where none go."""
        return self.entries[0].language if self.entries else self.wishes.language


def reader_of(workspace: Path, database: Database, token: str) -> Reader | None:
    """Whose token it is; None when it is nobody's. Also with a recipients file that cannot be read now: a sign-off is not lost for that.

    Raises StoreError.
    """
    if len(token) != TOKEN_CHARS or (key := known_key(workspace)) is None:
        return None
    listed = _listed(workspace)
    owner = key.owner(token, dict.fromkeys(one.address.key for one in listed))
    if not owner:
        with database.reading() as conn:
            owner = key.owner(token, [one for one in deliveries.recipients(conn) if not one.startswith(ERASED)])
    if not owner:
        return None
    wishes = wishes_of(ChoiceRecord(workspace / OUTBOX).every())
    entries = tuple(one for one in with_wishes(listed, wishes) if one.address.key == owner)
    return Reader(owner, entries, wishes.get(owner, Wishes()))


def _listed(workspace: Path) -> tuple[Recipient, ...]:
    try:
        return read_recipients(workspace / FILE_NAME)
    except TrackerError:
        return ()  # `tracker send` and the doctor say what is wrong with it


def stop(workspace: Path, reader: Reader, now: datetime, via: str) -> None:
    """No more letters; said again it changes nothing. Raises StoreError."""
    if reader.wishes.stopped_at is None:
        ChoiceRecord(workspace / OUTBOX).add(Choice(reader.key, What.STOP, "", now, via))


def choose(workspace: Path, reader: Reader, form: Mapping[str, str], now: datetime) -> Fault | None:
    """Does what the form of the page says, or says why not. A form that was sent before the last choice is refused: sent again it would
    take back what was chosen since. Raises StoreError."""
    if form.get("do") == What.STOP:
        stop(workspace, reader, now, "page")
        return None
    if form.get("seen") != str(reader.wishes.version) or reader.wishes.version >= MOST_CHOICES:
        return Fault.CHANGED
    wanted = _wanted(reader, form, now)
    if isinstance(wanted, Fault):
        return wanted
    if wanted:
        ChoiceRecord(workspace / OUTBOX).add(*(Choice(reader.key, what, value, now, "page") for what, value in wanted))
    return None


def _wanted(reader: Reader, form: Mapping[str, str], now: datetime) -> list[tuple[What, str]] | Fault:
    do = form.get("do", "")
    if do == What.RESUME:
        wishes = reader.wishes
        return [(What.RESUME, "")] if wishes.stopped_at or wishes.paused_until or wishes.unreachable_at else []
    if do == What.PAUSE:
        until = read_day(form.get("until", ""), now)
        return Fault.BAD_DAY if until is None else [] if until == reader.wishes.paused_until else [(What.PAUSE, until.isoformat())]
    if do != "save":
        return Fault.BAD_CHOICE
    language, edition = form.get("language", ""), form.get("edition", "")
    if language not in LANGUAGES or edition not in map(str, EDITIONS) or not reader.entries:
        return Fault.BAD_CHOICE
    had = {str(one.edition) for one in reader.entries}
    changes = [(What.LANGUAGE, language)] if {one.language for one in reader.entries} != {language} else []
    return changes + ([(What.EDITION, edition)] if had != {edition} else [])


def read_day(text: str, now: datetime) -> date | None:
    """A day on which letters may begin again, after today and within a year; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if now.date() < day <= now.date() + LONGEST_PAUSE else None
