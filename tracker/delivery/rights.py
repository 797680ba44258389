"""A person's rights: everything that is held about a recipient, as one file; and its erasure, with a receipt.

What stays of somebody erased are counts and keyed hashes: they name nobody, and keep an edition from going to the address again.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date, datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from tracker.delivery import recipients_file
from tracker.delivery.addresses import MailAddress
from tracker.delivery.audience import OUTBOX, own_pages
from tracker.delivery.choices import ChoiceRecord
from tracker.delivery.person_key import PersonKey, person_key
from tracker.delivery.reconcile import settle_interrupted
from tracker.delivery.sent_log import SendingRecord, hide_people, read_lines
from tracker.delivery.transport import slug
from tracker.errors import StoreError
from tracker.settings import Settings
from tracker.store import backup, personal, users
from tracker.store.database import Database
from tracker.store.lock import AlertLock, SendingLock

ADDRESS_SETTINGS = (
    ("mailbox", "username"),
    ("schedule", "operator"),
    ("digest", "sender"),
    ("digest", "reply_to"),
    ("mail", "unsubscribe_to"),
)


class Receipt(Struct, frozen=True):
    """What was erased of a person and what stays. `proof` stands in the ledger in place of the address."""

    proof: str
    at: datetime
    entries: int
    choices: int
    letters: int
    records: int
    notifications: int
    texts: int
    files: int
    stays: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many things of the person there were."""
        return self.entries + self.choices + self.letters + self.records + self.notifications + self.texts + self.files


def everything(workspace: Path, settings: Settings, database: Database | None, address: MailAddress, now: datetime) -> dict[str, Any]:
    """All that is held about whoever reads at this address. Raises ConfigError and StoreError where a part cannot be read."""
    outbox, key = workspace / OUTBOX, address.key
    held: dict[str, Any] = {
        "email": str(address),
        "exported_at": now.isoformat(),
        "entries": [_plain(one) for one in recipients_file.entries_of(workspace, address)],
        "choices": [_plain(asdict(one)) for one in ChoiceRecord(outbox).every() if one.who == key],
        "own_page": own_pages(workspace, settings)(key),
        "settings": _settings_naming(settings, address),
        "sent": _records(outbox, key),
        "letters": [{"file": str(path.relative_to(workspace)), **_content(path)} for path in _files(outbox, address)],
    }
    if database is not None:
        with database.reading() as conn:
            held["ledger"] = personal.letters(conn, key)
            held["notifications"] = personal.notifications(conn, key)
            held["mailbox"] = personal.mailbox(conn, key)
            held["words"] = personal.texts_naming(conn, key)
            names = {users.name_key(str(address)), *(users.name_key(str(one["name"])) for one in held["entries"])}
            held["desk_users"] = [
                {"name": one.name, "roles": [f"{grant.role} {grant.campaign_id}".strip() for grant in one.grants]}
                for one in users.every(conn)
                if users.name_key(one.name) in names
            ]
    return held


def is_known(held: dict[str, Any]) -> bool:
    """Whether `everything` found anything."""
    return any(
        held.get(part) for part in ("entries", "choices", "settings", "sent", "letters", "ledger", "notifications", "mailbox", "words")
    )


def erase(workspace: Path, settings: Settings, database: Database | None, address: MailAddress, now: datetime) -> Receipt:
    """Takes the person out of file, ledger, records and outbox. Run again after a kill it does what is left.

    Raises RunLocked while a mailing or an alert is on its way, ConfigError and StoreError where a part cannot be changed.
    """
    outbox, key = workspace / OUTBOX, person_key(workspace)
    counted = {"letters": 0, "notifications": 0, "texts": 0}
    with SendingLock(outbox).acquire(), AlertLock(workspace).acquire():
        entries = len(recipients_file.entries_of(workspace, address))
        if entries:  # first: nobody gets a letter who asked to be erased, even if the rest waits for a second try
            recipients_file.remove(workspace, address)
        proof = key.erased(address.key)
        if database is not None:
            settle_interrupted(database, SendingRecord(outbox), now)
            with database.writing() as conn:
                counted = personal.erase(conn, address.key, proof, key.hidden_message_id)
        records = _erase_records(outbox, address.key, key)
        files = _remove_files(outbox, address)
        choices = ChoiceRecord(outbox).erase(address.key, proof, now)
    if database is not None and not database.on_server:
        backup.fold_log(database.path)
    stays = tuple(_stays(workspace, settings, address, database))
    return Receipt(proof, now, entries, choices, counted["letters"], records, counted["notifications"], counted["texts"], files, stays)


def _records(outbox: Path, address_key: str) -> list[dict[str, Any]]:
    return [told for _, told in read_lines(outbox) if told and told.get("to") == address_key]


def _erase_records(outbox: Path, address_key: str, key: PersonKey) -> int:
    """The record of what was sent, with proofs in place of the address. Raises StoreError."""
    return hide_people(outbox, key, lambda told: told.get("to") == address_key)


def _files(outbox: Path, address: MailAddress) -> list[Path]:
    """Letters, proofs and notes to the address: their names end with it."""
    ending = f".{slug(address)}.eml"
    return sorted(path for path in outbox.rglob("*.eml") if path.name.endswith(ending)) if outbox.is_dir() else []


def _remove_files(outbox: Path, address: MailAddress) -> int:
    found = _files(outbox, address)
    try:
        for path in found:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{path} cannot be removed: {error.strerror}") from error
    return len(found)


def _content(path: Path) -> dict[str, str]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}") from error
    try:
        return {"content": raw.decode()}
    except UnicodeDecodeError:
        return {"content_base64": base64.b64encode(raw).decode()}


def _settings_naming(settings: Settings, address: MailAddress) -> list[str]:
    values = ((f"{section}.{name}", getattr(getattr(settings, section), name)) for section, name in ADDRESS_SETTINGS)
    return [name for name, value in values if parseaddr(value)[1].casefold() == address.key]


def _stays(workspace: Path, settings: Settings, address: MailAddress, database: Database | None) -> Iterator[str]:
    """Where the person is still named, and what to do."""
    for name in _settings_naming(settings, address):
        yield f"{name} in tracker.toml names the address: change it there"
    needle = address.key.encode()
    logs = [path for path in sorted(workspace.glob("*.log*")) if path.is_file() and needle in path.read_bytes().lower()]
    for path in logs:
        yield f"{path.name} names the address: it goes when the log is rotated, or remove it while nothing runs"
    if settings.schedule.backup_to:
        kept = f"for {settings.keep.backup_days} days and {settings.keep.backup_weeks} weeks"
        yield f"backups in {settings.schedule.backup_to} hold what was erased, {kept}; after a restore erase again"
    aside = [path for path in sorted(workspace.glob("*.before-*")) if path.is_file()]
    if aside:
        yield f"{len(aside)} databases set aside ({aside[0].name}) may hold it: remove them, or wait for keep.aside_days"


def _plain(table: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in table.items()}
