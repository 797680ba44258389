"""A small IMAP server on loopback for the demo and for tests, with ways to misbehave: LOGIN, AUTHENTICATE, EXAMINE, UID SEARCH, UID FETCH.

It is a thread a connection and nothing more: what it is not asked for by `tracker.mailbox.imap` it refuses.
"""

from __future__ import annotations

import base64
import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Mischief(StrEnum):
    """What a server may do instead of its work."""

    NONE = ""
    SILENT = "silent"  # takes the connection and says nothing
    HANGS_IN_FETCH = "hangs in fetch"
    CUTS_IN_FETCH = "cuts in fetch"
    NONSENSE = "nonsense"
    NO_FOLDER = "no folder"
    NO_VALIDITY = "no validity"
    BOUNDLESS = "boundless"  # announces a mail of 4 GB
    ANSWERS_BESIDE = "answers beside"  # sends mails that nobody asked for
    UID_LAST = "uid last"  # names the number after the mail
    REFUSES_SEARCH = "refuses search"
    REPEATS = "repeats"  # refuses a login with what it was sent


@dataclass
class Mailbox:
    """What the server holds. `mails` by their numbers."""

    mails: dict[int, bytes] = field(default_factory=dict)
    uid_validity: int = 1
    password: str = "secret"  # noqa: S105 (of the sample)
    token: str = ""
    folder: str = "INBOX"
    mischief: Mischief = Mischief.NONE
    said: list[str] = field(default_factory=list)
    cut_after: int = 0

    def add(self, *raw: bytes) -> None:
        """Mails that come in, after those that are there."""
        for one in raw:
            self.mails[max(self.mails, default=0) + 1] = one


class MailboxServer:
    """Serves a mailbox while it is entered; `port` is free until then."""

    def __init__(self, mailbox: Mailbox, context: ssl.SSLContext | None = None) -> None:
        self.mailbox, self._context = mailbox, context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> MailboxServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._socket, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            _Talk(self.mailbox, connection).run()
        connection.close()


class _Talk:
    """One connection."""

    def __init__(self, mailbox: Mailbox, connection: socket.socket) -> None:
        self._box, self._socket, self._file = mailbox, connection, connection.makefile("rb")

    def run(self) -> None:
        """Answers until the other side leaves."""
        if self._box.mischief is Mischief.SILENT:
            self._file.readline()
            self._file.readline()
            return
        self._say("* FLIBBERTIGIBBET" if self._box.mischief is Mischief.NONSENSE else "* OK sample mailbox")
        while line := self._file.readline(100_000):
            tag, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            name = rest.split(" ")[0].upper()
            self._box.said.append("LOGIN" if name == "LOGIN" else rest)
            if name == "LOGOUT":
                self._say("* BYE")
                self._say(f"{tag} OK bye")
                return
            self._answer(tag, name, rest)

    def _answer(self, tag: str, name: str, rest: str) -> None:
        if name == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2")
            self._say(f"{tag} OK done")
        elif name == "LOGIN" and self._box.mischief is Mischief.REPEATS:
            self._say(f"{tag} NO {rest}")
        elif name == "LOGIN":
            well = f'"{self._box.password}"' in rest or rest.endswith(f" {self._box.password}")
            self._say(f"{tag} OK in" if well and not self._box.token else f"{tag} NO [AUTHENTICATIONFAILED] wrong")
        elif name == "AUTHENTICATE":
            self._authenticate(tag, rest)
        elif name == "EXAMINE":
            self._examine(tag, rest)
        elif rest.upper().startswith("UID SEARCH"):
            self._search(tag, rest)
        elif rest.upper().startswith("UID FETCH"):
            self._fetch(tag, rest)
        else:
            self._say(f"{tag} BAD not here")

    def _authenticate(self, tag: str, rest: str) -> None:
        self._say("+ ")
        sent = self._file.readline()
        told = base64.b64decode(sent).decode("utf-8", "replace")
        if self._box.mischief is Mischief.REPEATS:
            self._say(f"{tag} NO {sent.decode().strip()} {told}".replace("\1", " "))
        elif (self._box.token and f"auth=Bearer {self._box.token}\1" in told) or (
            "PLAIN" in rest and told.endswith(f"\0{self._box.password}")
        ):
            self._say(f"{tag} OK in")
        else:
            self._say("+ " + base64.b64encode(b'{"status":"401"}').decode())
            self._file.readline()
            self._say(f"{tag} NO [AUTHENTICATIONFAILED] wrong")

    def _examine(self, tag: str, rest: str) -> None:
        if self._box.mischief is Mischief.NO_FOLDER or f'"{self._box.folder}"' not in rest:
            self._say(f"{tag} NO [NONEXISTENT] no such folder")
            return
        self._say(f"* {len(self._box.mails)} EXISTS")
        if self._box.mischief is not Mischief.NO_VALIDITY:
            self._say(f"* OK [UIDVALIDITY {self._box.uid_validity}] now")
        self._say(f"* OK [UIDNEXT {max(self._box.mails, default=0) + 1}] next")
        self._say(f"{tag} OK [READ-ONLY] open")

    def _search(self, tag: str, rest: str) -> None:
        if self._box.mischief is Mischief.REFUSES_SEARCH:
            self._say(f"{tag} BAD no")
            return
        start = int(re.search(r"UID (\d+):\*", rest)[1])  # type: ignore[index]
        found = [one for one in self._box.mails if one >= start] or [max(self._box.mails, default=0)]
        self._say("* SEARCH " + " ".join(map(str, filter(None, found))))
        self._say(f"{tag} OK done")

    def _fetch(self, tag: str, rest: str) -> None:
        numbers = [int(one) for one in rest.split(" ")[2].split(",")]
        most = int(re.search(r"<0\.(\d+)>", rest)[1])  # type: ignore[index]
        if self._box.mischief is Mischief.HANGS_IN_FETCH:
            self._file.readline()
            return
        if self._box.mischief is Mischief.ANSWERS_BESIDE:
            numbers = [one + 1000 for one in numbers]
        for at, raw in self._wanted(numbers):
            body = raw[:most]
            if self._box.mischief is Mischief.BOUNDLESS:
                self._say(f"* {at} FETCH (UID {at} BODY[]<0> {{4294967295}}")
                return
            last = self._box.mischief is Mischief.UID_LAST
            self._say(f"* {at} FETCH ({'' if last else f'UID {at} '}BODY[]<0> {{{len(body)}}}")
            self._socket.sendall(body + (f" UID {at})\r\n" if last else ")\r\n").encode())
            if self._box.mischief is Mischief.CUTS_IN_FETCH:
                self._box.cut_after -= 1
                if self._box.cut_after < 0:
                    self._socket.shutdown(socket.SHUT_RDWR)
                    return
        self._say(f"{tag} OK done")

    def _wanted(self, numbers: list[int]) -> Iterator[tuple[int, bytes]]:
        for one in numbers:
            if one in self._box.mails:
                yield one, self._box.mails[one]
            elif self._box.mischief is Mischief.ANSWERS_BESIDE:
                yield one, b"From: stranger@example.org\r\nSubject: not asked for\r\n\r\n"

    def _say(self, line: str) -> None:
        self._socket.sendall(f"{line}\r\n".encode())


def partners_mail(url: str) -> Mailbox:
    """A mailbox with one mail: a recipient of the demo misses the article at this address."""
    mailbox = Mailbox()
    mailbox.add(
        (
            "Return-Path: <mirela@partner.example>\r\nFrom: Mirela Kola <mirela@partner.example>\r\nTo: coverage@localhost\r\n"
            "Subject: Nje artikull qe mungon\r\nDate: Thu, 17 Oct 2024 16:20:00 +0200\r\nMessage-ID: <missed-1@partner.example>\r\n"
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            f"Përshëndetje,\r\nkëtë nuk e kishit: {url}?utm_source=facebook&fbclid=IwAR0\r\n\r\nMirela\r\n"
        ).encode()
    )
    return mailbox
