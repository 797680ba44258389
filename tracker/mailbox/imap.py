"""The one speaker of IMAP (RFC 3501): logs in, opens a folder for reading only, and hands out mails cut to size.

It sends EXAMINE, SEARCH and BODY.PEEK, and nothing else: a mailbox is the same after it as before. What a server announces is bounded,
and so is the time of a whole reading: one that sends a byte a minute ends as one that sends none.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.config.secrets import masked
from tracker.delivery import login
from tracker.mailbox.faults import MailboxTrouble
from tracker.mailbox.mail import MOST_BYTES
from tracker.model.mailbox import MailboxFault

AT_ONCE = 25
"""Mails in one answer: 6 MB at most, and after a kill no more are read twice."""
MOST_LITERAL = 2 * MOST_BYTES
"""A mail is asked for up to MOST_BYTES; a server that sends more than twice of it does not do what it is asked."""
WHOLE_READING_SECONDS = 900.0
"""A choice: 5,000 mails take half a minute, and a night waits no quarter of an hour for a mailbox."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UID = re.compile(rb"\bUID (\d{1,10})\b")


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how to log in. Secrets are in no `repr`. `token` gives one for XOAUTH2, another than the one given; None: by password."""

    host: str
    port: int
    security: str
    username: str
    password: str = field(repr=False)
    folder: str
    timeout_seconds: float
    ca_file: str = ""
    token: Callable[[str], str] | None = field(default=None, repr=False)

    @property
    def wanted_port(self) -> int:
        """The port, the usual one where none is named."""
        return self.port or (993 if self.security == "tls" else 143)


class _Bounded(imaplib.IMAP4):
    """Ends where more is sent than was asked for, or later than was said."""

    until: float = 0.0

    def read(self, size: int) -> bytes:
        """A literal of this size. Raises imaplib's abort."""
        if size > MOST_LITERAL:
            raise self.abort("more is sent than was asked for")
        pieces, left = [], size
        while left:
            self._in_time()
            piece = super().read(min(left, 65_536))
            if not piece:
                raise self.abort("the line was cut")
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    def readline(self) -> bytes:
        """A line, of imaplib's own bound. Raises imaplib's errors."""
        self._in_time()
        return super().readline()

    def _in_time(self) -> None:
        if self.until and time.monotonic() > self.until:
            raise TimeoutError


class _BoundedTls(_Bounded, imaplib.IMAP4_SSL):
    """The same under TLS from the first byte."""


class Folder:
    """An open folder. `uid_validity` and `next_uid` are the server's."""

    def __init__(self, connection: _Bounded, uid_validity: int, next_uid: int) -> None:
        self._connection, self.uid_validity, self.next_uid = connection, uid_validity, next_uid

    def uids(self, after: int, since: date | None) -> list[int]:
        """Numbers of mails after this one, ascending; with a day, only of those that came on it or later. Raises MailboxTrouble."""
        asked = f"UID {after + 1}:*"
        if since is not None:
            asked += f" SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        data = self._asked("SEARCH", None, f"({asked})")
        found = {int(one) for line in data if isinstance(line, bytes) for one in line.split() if one.isdigit() and len(one) <= 10}
        return sorted(one for one in found if one > after)  # `n:*` names the last mail even where it comes before n

    def mails(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """(number, bytes) of these mails, each cut to MOST_BYTES; some at a time. A mail that was deleted meanwhile is left out.
        Raises MailboxTrouble."""
        for start in range(0, len(uids), AT_ONCE):
            batch = uids[start : start + AT_ONCE]
            data = self._asked("FETCH", ",".join(map(str, batch)), f"(UID BODY.PEEK[]<0.{MOST_BYTES}>)")
            yield from self._of_answer(data, frozenset(batch))

    def _of_answer(self, data: Sequence[Any], asked: frozenset[int]) -> Iterator[tuple[int, bytes]]:
        """The server may name the number before the mail or after it."""
        found: dict[int, bytes] = {}
        for at, item in enumerate(data):
            if not isinstance(item, tuple) or len(item) != 2:
                continue
            after = data[at + 1] if at + 1 < len(data) and isinstance(data[at + 1], bytes) else b""
            uid = _UID.search(item[0]) or _UID.search(after)
            if uid and int(uid[1]) in asked:
                found[int(uid[1])] = item[1][:MOST_BYTES]
        yield from sorted(found.items())

    def _asked(self, command: str, *arguments: str | None) -> Sequence[Any]:
        with _told():
            kind, data = self._connection.uid(command, *arguments)  # type: ignore[arg-type]
            if kind != "OK":
                raise MailboxTrouble(MailboxFault.WRONG_WORDS, f"{command}: {_words(data)}")
            return data or ()


@contextlib.contextmanager
def open_folder(server: Server) -> Iterator[Folder]:
    """The folder, for reading only; logged out at the end. Raises MailboxTrouble with the reason, without what we logged in with."""
    connection, shown = _connected(server), [server.password]
    try:
        connection.until = time.monotonic() + WHOLE_READING_SECONDS
        _secured(connection, server)
        _logged_in(connection, server, shown)
        yield _examined(connection, server.folder)
    except MailboxTrouble as trouble:
        words = masked(trouble.whole, (form for secret in shown for form in _forms(server.username, secret)))
        raise MailboxTrouble(trouble.fault, words) from None  # the cause's own words may hold what was sent
    finally:
        with contextlib.suppress(Exception):
            connection.until = time.monotonic() + 5.0
            connection.logout()
        with contextlib.suppress(Exception):
            connection.shutdown()


def _connected(server: Server) -> _Bounded:
    with _told():
        if server.security != "tls":
            return _Bounded(server.host, server.wanted_port, timeout=server.timeout_seconds)
        return _BoundedTls(server.host, server.wanted_port, ssl_context=_context(server), timeout=server.timeout_seconds)


def _context(server: Server) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=server.ca_file or None)
    except OSError as error:
        raise MailboxTrouble(MailboxFault.TLS, f"mailbox.ca_file cannot be used: {error}") from error


def _secured(connection: _Bounded, server: Server) -> None:
    if server.security != "starttls":
        return
    try:
        with _told():
            connection.starttls(_context(server))
    except MailboxTrouble as trouble:
        raise trouble if trouble.fault is not MailboxFault.WRONG_WORDS else MailboxTrouble(MailboxFault.TLS, trouble.words) from trouble


def _forms(username: str, secret: str) -> list[str]:
    """What a server was sent may come back in its words."""
    return [secret, *login.forms_of(username, secret, ""), *login.forms_of(username, "", secret)]


def _logged_in(connection: _Bounded, server: Server, shown: list[str]) -> None:
    """`shown` gets the tokens that the server was shown."""
    if server.token is None:
        with _told(at_login=True):
            _by_password(connection, server)
        return
    first = server.token("")
    shown.append(first)
    try:
        _by_token(connection, server.username, first)
    except MailboxTrouble as trouble:
        if trouble.fault is not MailboxFault.LOGIN_REFUSED:
            raise
        again = server.token(first)  # it may have been revoked before its time
        shown.append(again)
        _by_token(connection, server.username, again)


def _by_password(connection: _Bounded, server: Server) -> None:
    if server.username.isascii() and server.password.isascii():
        quoted = server.username.replace("\\", "\\\\").replace('"', '\\"')  # imaplib quotes the password alone
        connection.login(f'"{quoted}"', server.password)
    else:
        connection.authenticate("PLAIN", lambda _: f"\0{server.username}\0{server.password}".encode())


def _by_token(connection: _Bounded, username: str, token: str) -> None:
    told = [f"user={username}\1auth=Bearer {token}\1\1".encode()]
    with _told(at_login=True):
        connection.authenticate(
            "XOAUTH2", lambda _: told.pop() if told else b""
        )  # a refusal explains itself first and waits for an empty answer


def _examined(connection: _Bounded, folder: str) -> Folder:
    with _told():
        kind, data = connection.select(f'"{_utf7(folder)}"', readonly=True)
        if kind != "OK":
            raise MailboxTrouble(MailboxFault.FOLDER_GONE, _words(data))
        validity, following = _number(connection, "UIDVALIDITY"), _number(connection, "UIDNEXT")
    if not validity:
        raise MailboxTrouble(MailboxFault.WRONG_WORDS, "it gives no UIDVALIDITY")
    return Folder(connection, validity, following)


def _number(connection: _Bounded, name: str) -> int:
    _, data = connection.response(name)
    told = data[0] if data else None
    return int(told) if isinstance(told, bytes) and told.isdigit() and len(told) <= 10 else 0


def _utf7(name: str) -> str:
    """A folder's name as IMAP spells it (RFC 3501, 5.1.3)."""

    def spelled(run: re.Match[str]) -> str:
        import base64

        return "&" + base64.b64encode(run[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"

    return re.sub(r"[^\x20-\x7e]+", spelled, name.replace("&", "&-"))


@contextlib.contextmanager
def _told(*, at_login: bool = False) -> Iterator[None]:
    """Turns what a connection raises into a named fault."""
    try:
        yield
    except MailboxTrouble:
        raise
    except (ssl.SSLError, ssl.CertificateError) as error:
        raise MailboxTrouble(MailboxFault.TLS, getattr(error, "reason", None) or str(error)) from error
    except TimeoutError as error:
        raise MailboxTrouble(MailboxFault.HANGS) from error
    except imaplib.IMAP4.abort as error:
        raise MailboxTrouble(MailboxFault.BROKEN_OFF, str(error)) from error
    except imaplib.IMAP4.error as error:
        raise MailboxTrouble(MailboxFault.LOGIN_REFUSED if at_login else MailboxFault.WRONG_WORDS, str(error)) from error
    except (ConnectionResetError, BrokenPipeError) as error:
        raise MailboxTrouble(MailboxFault.BROKEN_OFF, error.strerror or "") from error
    except (socket.gaierror, OSError) as error:
        raise MailboxTrouble(MailboxFault.NOT_REACHED, error.strerror or str(error)) from error
    except (ValueError, IndexError, TypeError, AttributeError, UnicodeError) as error:  # of a parser that was given nonsense
        raise MailboxTrouble(MailboxFault.WRONG_WORDS, type(error).__name__) from error


def _words(data: object) -> str:
    first = data[0] if isinstance(data, list | tuple) and data else data
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else ""
