"""A workspace with an edition and recipients, and a mailing over it. All names are invented."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import structs
from msgspec.structs import replace

from tests.builders import NOW, a_campaign
from tests.delivery.letters import RENDERED, a_recipient
from tests.stored import deliveries_of
from tracker.delivery.letters import Composed, LetterWriter
from tracker.delivery.mailing import Mailing
from tracker.delivery.outcomes import SendReport
from tracker.delivery.recipients import Recipient
from tracker.mail_settings import OAuth
from tracker.model import Audience, EditionKind, ReleaseFacts, Selection, Window
from tracker.settings import Digest, Mail, Settings
from tracker.store import deliveries, digests
from tracker.store.database import Database, open_database
from tracker.store.deliveries import Delivery

ZONES = {"rivers": "Europe/Tirane"}
AFTER = NOW + timedelta(days=3)
"""The Tuesday after the edition's Saturday: Monday's hour of sending has passed."""


@dataclass
class Desk:
    """`composed` tells what was composed. `now` is the clock. Close it."""

    folder: Path
    recipients: Sequence[Recipient] = ()
    mail: Mail = field(default_factory=Mail)
    now: datetime = AFTER
    composed: list[tuple[object, ...]] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)  # languages that cannot be composed
    send_empty: bool = True
    says: Callable[[], str] | None = None  # the letter's text, in place of a fixed one

    def __post_init__(self) -> None:
        self.database: Database = open_database(self.folder)
        self.outbox = self.folder / "outbox"

    @property
    def settings(self) -> Settings:
        digest = Digest(sender="Štampa <press@ngo.example>", reply_to="links@ngo.example", send_empty=self.send_empty)
        return Settings(digest=digest, mail=self.mail)

    def compose(self, edition_id: int, audience: Audience, language: str, countries: Sequence[str], formats: Sequence[str], /) -> Composed:
        self.composed.append((edition_id, audience, language, tuple(countries), tuple(formats)))
        if language in self.broken:
            raise ZeroDivisionError("a fault of the program")
        return RENDERED if self.says is None else replace(RENDERED, text=self.says(), html=""), ()

    def writer(self) -> LetterWriter:
        return LetterWriter(self.database, self.settings, ZONES, self.compose)

    def mailing(self) -> Mailing:
        return Mailing(self.database, self.outbox, self.settings, [a_campaign()], self.recipients, self.writer(), lambda: self.now)

    def send(self, edition_id: int | None = None, *, after: timedelta = timedelta(0)) -> SendReport:
        self.now += after
        report = self.mailing().run(edition_id)
        assert report.step.adds_up, report
        return report

    def edition(self, kind: EditionKind = EditionKind.WEEKLY, *audiences: Audience, end_at: datetime = NOW) -> int:
        """An edition, released to the audiences (both, if none is named) when its period ended."""
        window = Window(end_at - timedelta(days=7), end_at)
        with self.database.writing() as conn:
            made = digests.freeze(conn, "rivers", kind, window, made_at=end_at)
            for audience in audiences or tuple(Audience):
                digests.release(conn, made.id, audience, Selection(), ReleaseFacts(), end_at)
        return made.id

    def ledger(self) -> list[Delivery]:
        with self.database.reading() as conn:
            return [row for edition in digests.every(conn) for row in deliveries_of(conn, edition.id)]

    def states(self) -> dict[str, str]:
        return {row.recipient.split("@")[0]: str(row.state) for row in self.ledger()}

    def set_back(self, backup: Path) -> None:
        """The database as it was when it was copied."""
        self.database.close()
        for name in ("coverage.db-wal", "coverage.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        (self.folder / "coverage.db").write_bytes(backup.read_bytes())
        self.database = open_database(self.folder)

    def copy(self) -> Path:
        """A backup of the database."""
        target = self.folder / "backup.db"
        with closing(sqlite3.connect(self.folder / "coverage.db")) as source, closing(sqlite3.connect(target)) as copied:
            source.backup(copied)
        return target

    def files(self) -> list[str]:
        return sorted(path.name for path in self.outbox.glob("*.eml"))


def a_desk(folder: Path, port: int) -> Desk:
    """Three recipients and a mail server on this machine."""
    mail = Mail(host="127.0.0.1", port=port, security="none", timeout_seconds=0.5, per_minute=100_000)
    return Desk(folder, some("ana", "bora", "ceni"), mail)


def claimed(desk: Desk) -> None:
    """All letters as a killed process leaves them."""
    desk.mailing()._plan(desk.now, None)
    with desk.database.writing() as conn:
        for row in deliveries.due(conn, desk.now):
            deliveries.begin(conn, row.id, desk.now)


def some(*names: str, **fields: object) -> list[Recipient]:
    return [a_recipient(f"{name}@example.org", name=name.title(), **fields) for name in names]


MANY = some(*(f"r{number:02}" for number in range(50)))


def main(folder: str, port: str, token_url: str = "") -> None:
    """One mailing to many, in a process that may be killed; with a token address the server is entered by token."""
    mail = Mail(host="127.0.0.1", port=int(port), security="none", timeout_seconds=5, per_minute=100_000)
    if token_url:
        oauth = OAuth(token_url=token_url, client_id="app-1", client_secret="s3cret")
        mail = structs.replace(mail, auth="xoauth2", username="press@ngo.example", oauth=oauth)
    Desk(Path(folder), MANY, mail).send()


if __name__ == "__main__":
    main(*sys.argv[1:])
