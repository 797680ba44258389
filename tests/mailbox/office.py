"""A workspace with recipients, a letter that was sent to one of them, and a mailbox on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.builders import NOW, an_outlet
from tests.mailbox.shapes import MESSAGE_ID, TOKEN
from tracker.delivery.person_key import person_key
from tracker.demo.mailbox_server import Mailbox, MailboxServer
from tracker.mailbox.reading import MailboxReport, read_mailbox
from tracker.model import Source, SourceKind
from tracker.store import digests, registers
from tracker.workspace import Parts, open_parts

ARTA, MARKO = "arta.lumi@redaksia.example", "marko@partner.example"
RECIPIENTS = f"""
[[recipients]]
name = "Arta Lumi"
email = "{ARTA}"
role = "partner"
language = "sq"
edition = "weekly"

[[recipients]]
name = "Marko"
email = "{MARKO}"
role = "partner"
language = "sr-Latn"
edition = "weekly"
"""


@dataclass
class Office:
    """`at` is the clock's moment."""

    parts: Parts
    box: Mailbox
    port: int
    at: list[datetime] = field(default_factory=lambda: [NOW])

    def read(self) -> MailboxReport:
        return read_mailbox(self.parts)

    def outcomes(self, *raw: bytes) -> dict[str, int]:
        """What became of mails that come in now."""
        self.box.add(*raw)
        return dict(self.read().step.outcomes)

    def later(self, **hours: float) -> None:
        self.at[0] += timedelta(**hours)

    @property
    def token(self) -> str:
        return person_key(self.parts.workspace).letter_token(MESSAGE_ID)

    def with_token(self, raw: bytes) -> bytes:
        return raw.replace(TOKEN.encode(), self.token.encode())


SETTINGS = """
[digest]
sender = "Press coverage <coverage@ngo.example>"
[mailbox]
host = "127.0.0.1"
port = {port}
security = "none"
username = "coverage@ngo.example"
password = "secret"
timeout_seconds = 5
authserv_id = "mx.ngo.example"
{more}
[[mailbox.newsletters]]
outlet = "ura"
senders = ["ura.example"]
[[mailbox.newsletters]]
outlet = "mur"
senders = ["news@mur.example"]
"""


@contextmanager
def an_office(folder: Path, more: str = "") -> Iterator[Office]:
    box = Mailbox()
    with MailboxServer(box) as server:
        (folder / "tracker.toml").write_text(SETTINGS.format(port=server.port, more=more), "utf-8")
        (folder / "recipients.toml").write_text(RECIPIENTS, "utf-8")
        at = [NOW]
        clock: Callable[[], datetime] = lambda: at[0]  # noqa: E731
        with open_parts(folder, clock=clock) as parts:
            with parts.database.writing() as conn:
                outlets = [
                    an_outlet(id="ura", name="Ura", homepage="https://ura.example/"),
                    an_outlet(id="mur", name="Mur", homepage="https://mur.example/", refuses=True),
                ]
                registers.replace(conn, outlets, [Source("mur:feed:1", "mur", SourceKind.FEED, "https://mur.example/feed")], NOW)
                _sent_letter(conn)
            yield Office(parts, box, server.port, at)


def _sent_letter(conn: object) -> None:
    conn.exec_driver_sql(  # type: ignore[attr-defined]
        "INSERT INTO editions (id, campaign_id, kind, start_at, end_at, made_at, campaign_version) VALUES "
        "(7, 'rivers', 'weekly', '2026-11-16 00:00:00', '2026-11-23 00:00:00', '2026-11-23 00:00:00', 'v')"
    )
    conn.exec_driver_sql(  # type: ignore[attr-defined]
        "INSERT INTO deliveries (edition_id, recipient, correction_id, language, message_id, state, attempts, due_at, detail) VALUES "
        f"(7, '{ARTA}', 0, 'sq', '{MESSAGE_ID}', 'sent', 1, '2026-11-23 08:00:00', '')"
    )


VOUCHED = "Authentication-Results: mx.ngo.example; dmarc=pass header.from=partner.example\n"
"""What our own server writes of a mail of MARKO's."""


def a_mail(sender: str, subject: str, body: str, *, headers: str = "", number: int = 0) -> bytes:
    told = f"From: {sender}\nTo: coverage@ngo.example\nSubject: {subject}\nMessage-ID: <{abs(hash((sender, subject, body, number)))}@x.example>\n"
    return (
        (told + f"Date: Mon, 23 Nov 2026 10:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n{headers}\n{body}\n")
        .replace("\n", "\r\n")
        .encode()
    )


__all__ = ["ARTA", "MARKO", "UTC", "VOUCHED", "Office", "a_mail", "an_office", "digests"]
