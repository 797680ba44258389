"""The mail server: one connection for many letters, every stage's failure told apart. The only place that speaks SMTP."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from types import TracebackType
from typing import Protocol

from msgspec import Struct

from tracker.delivery import login
from tracker.delivery.addresses import MailAddress
from tracker.delivery.dialogue import Dialogue, TlsDialogue
from tracker.delivery.planning import MAX_WORDS, OUTDATED, Attempt, Result, Stage, clean_words, judge_loss, judge_reply
from tracker.errors import ConfigError, TrackerError

PATIENCE_AT_END = 5
"""Times the usual timeout: a server may look a letter over for long before it says that it has it (RFC 5321 allows 10 minutes)."""
GOODBYE_SECONDS = 2.0
"""For QUIT: the letter is settled by then, so nobody waits long for the answer."""
DEFAULT_PORTS = {"starttls": 587, "tls": 465, "none": 25}


def always() -> bool:
    """For a letter that nothing makes old."""
    return True


class MailServer(Struct, frozen=True):
    """The `mail.*` settings of a server. `port` 0: the usual one for its security."""

    host: str
    port: int = 0
    security: str = "starttls"  # starttls | tls | none
    username: str = ""
    password: str = ""
    timeout_seconds: float = 60.0
    per_minute: float = 30.0
    ca_file: str = ""

    auth: str = "password"  # password | xoauth2

    def __repr__(self) -> str:
        return f"MailServer({self.host!r}, {self.number})"

    @property
    def number(self) -> int:
        """The port as given, else the usual one of the security."""
        return self.port or DEFAULT_PORTS[self.security]


class Tokens(Protocol):
    """Where the token for a login comes from."""

    def token(self, refused: str = "") -> str:
        """One that serves now, another than the refused. Raises TrackerError in words for a person."""


class _Failed(Exception):
    """A stage that did not succeed. `gone`: the connection cannot be used any more. `again`: a new one may do better at once."""

    def __init__(self, attempt: Attempt, *, gone: bool = False, again: bool = False) -> None:
        super().__init__(attempt.words)
        self.attempt, self.gone, self.again = attempt, gone, again


class SmtpMailer:
    """Sends letters over one connection, opened when first needed and again when the server has closed it. Use it in a `with`.

    Never raises for what a server does: every attempt ends in an `Attempt`. Certificates are verified; without the encryption that
    was asked for nothing is sent, neither a letter nor the password.
    """

    def __init__(
        self,
        server: MailServer,
        hello: str,
        *,
        tokens: Tokens | None = None,
        sign: Callable[[bytes], bytes] = bytes,
        pause: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server, self._hello, self._tokens, self._sign = server, hello, tokens, sign
        self._token = ""
        self._pause, self._monotonic = pause, monotonic
        self._connection: smtplib.SMTP | None = None
        self._next_at = 0.0

    def __enter__(self) -> SmtpMailer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def open(self) -> Attempt | None:
        """Connects and logs in, unless that is done. None when letters can go now, else what stands in the way."""
        if self._connection is not None:
            return None
        try:
            self._connection = self._connect()
        except _Failed as failed:
            return failed.attempt
        except smtplib.SMTPAuthenticationError as error:
            return self._judged(Stage.AUTH, error)
        return None

    def probe(self, sender: MailAddress) -> Attempt:
        """Opens and names the sender, then takes that back: what the server thinks of the sender before it has a letter."""
        if (trouble := self.open()) is not None:
            return trouble
        try:
            self._ask(Stage.MAIL, f"MAIL FROM:<{sender}>")
            self._ask(Stage.MAIL, "RSET")
        except _Failed as failed:
            self._after(failed)
            return failed.attempt
        return Attempt(Result.SENT, "")

    @property
    def offers(self) -> tuple[str, ...]:
        """What the server said on greeting that it can do; nothing while no connection is open."""
        if self._connection is None:
            return ()
        others = [name.upper() for name in self._connection.esmtp_features if not name.startswith("auth")]
        return (*sorted(others), *(f"AUTH {way}" for way in login.ways(self._connection)))

    def ready(self) -> Attempt | None:
        """Waits until the next letter may go, then opens. What is composed after that is not older than the dialogue itself."""
        self._keep_pace()
        return self.open()

    def send(
        self,
        letter: bytes,
        sender: MailAddress,
        to: MailAddress,
        before_end: Callable[[], None],
        name: str = "",
        is_current: Callable[[], bool] = always,
    ) -> Attempt:
        """One letter to one recipient. `before_end` runs when the server has everything but the last line: until then it has
        taken nothing, after that only its answer can tell. `is_current` is asked right before DATA and again before the last line;
        a no stops the letter as `OUTDATED`. A server that closes the connection earlier is asked once more."""
        letter = self._sign(letter)
        for last in (False, True):
            if (trouble := self.open()) is not None:
                return trouble
            try:
                return self._send(letter, sender, to, before_end, is_current)
            except _Failed as failed:
                self._after(failed)
                if last or not failed.again:
                    return failed.attempt
            except BaseException:
                self._drop()
                raise
        raise AssertionError("the loop returns")

    def close(self) -> None:
        """Says goodbye, if anybody is there to hear it."""
        if self._connection is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException, ValueError):
                if self._connection.sock is not None:
                    self._connection.sock.settimeout(GOODBYE_SECONDS)
                self._connection.quit()
        self._drop()

    # --- one letter

    def _send(
        self, letter: bytes, sender: MailAddress, to: MailAddress, before_end: Callable[[], None], is_current: Callable[[], bool]
    ) -> Attempt:
        options = self._options(letter, sender, to)
        self._ask(Stage.MAIL, f"MAIL FROM:<{sender}>{options}")
        self._ask(Stage.RCPT, f"RCPT TO:<{to}>")
        if not is_current():
            raise _Failed(OUTDATED)
        self._ask(Stage.DATA, "DATA", wanted=354)
        assert self._connection is not None
        try:
            self._connection.send(_stuffed(letter))
        except (OSError, smtplib.SMTPException) as error:
            raise self._lost(Stage.CONTENT, error) from error
        if not is_current():
            raise _Failed(OUTDATED, gone=True)  # the server has taken nothing before the last line
        before_end()
        return self._end()

    def _end(self) -> Attempt:
        """The last line and the answer to it."""
        connection = self._connection
        assert connection is not None
        try:
            if connection.sock is not None:
                connection.sock.settimeout(self._server.timeout_seconds * PATIENCE_AT_END)
            connection.send(b".\r\n")
            code, said = connection.getreply()
            if connection.sock is not None:
                connection.sock.settimeout(self._server.timeout_seconds)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self._drop()
            return judge_loss(Stage.END, self._words(error))
        if 200 <= code <= 299:
            return Attempt(Result.SENT, self._clean(f"{code} {_text(said)}"))
        attempt = judge_reply(Stage.END, code, self._clean(_text(said)))
        if code == 421 or attempt.result is Result.UNKNOWN:
            self._drop()
        return attempt

    def _options(self, letter: bytes, sender: MailAddress, to: MailAddress) -> str:
        assert self._connection is not None
        options = f" size={len(letter)}" if self._connection.has_extn("size") else ""
        if not (sender.needs_utf8 or to.needs_utf8):
            return options
        if not self._connection.has_extn("smtputf8"):
            words = "the mail server cannot write to addresses with letters beyond ASCII before the @ (it lacks SMTPUTF8)"
            raise _Failed(Attempt(Result.REFUSED, words))
        self._connection.command_encoding = "utf-8"
        return f"{options} BODY=8BITMIME SMTPUTF8"

    def _ask(self, stage: Stage, command: str, wanted: int = 0) -> None:
        """Raises _Failed unless the answer is a yes (or `wanted`). A yes of another kind means that an earlier answer came twice."""
        connection = self._connection
        assert connection is not None
        try:
            code, said = connection.docmd(command)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise self._lost(stage, error) from error
        if code == wanted or (not wanted and 200 <= code <= 299):
            return
        attempt = judge_reply(stage, code, self._clean(_text(said)))
        gone = code == 421 or not 400 <= code <= 599
        raise _Failed(attempt, gone=gone, again=gone)

    def _lost(self, stage: Stage, error: Exception) -> _Failed:
        return _Failed(judge_loss(stage, self._words(error)), gone=True, again=not _timed_out(error))

    def _after(self, failed: _Failed) -> None:
        """A connection that can go on is cleared for the next letter; any other is given up."""
        if failed.gone or self._connection is None:
            self._drop()
            return
        try:
            code, _ = self._connection.rset()
        except (OSError, smtplib.SMTPException, ValueError):
            code = 0
        if code != 250:
            self._drop()

    def _keep_pace(self) -> None:
        """Waits until the next letter may go."""
        wait = self._next_at - self._monotonic()
        if wait > 0:
            self._pause(wait)
        self._next_at = self._monotonic() + 60.0 / self._server.per_minute

    # --- the connection

    def _connect(self) -> smtplib.SMTP:
        """Raises _Failed. A token that the server refuses is replaced once, as it may have been revoked before its end."""
        if self._server.auth != "xoauth2" or not self._tokens:
            return self._logged_in()
        self._token = self._fetched("")
        try:
            return self._logged_in()
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code != login.REFUSED:
                raise
        self._token = self._fetched(self._token)
        return self._logged_in()

    def _fetched(self, refused: str) -> str:
        assert self._tokens is not None
        try:
            return self._tokens.token(refused)
        except TrackerError as error:
            words = f"no token to log in with: {error}"
            raise _Failed(Attempt(Result.TRY_LATER, clean_words(words, longest=MAX_WORDS * 2), whole_server=True)) from error

    def _logged_in(self) -> smtplib.SMTP:
        server, context = self._server, self._context()
        connection, stage = None, Stage.CONNECT
        try:
            connection = self._reach(context)
            assert connection.sock is not None
            # the last line goes on its own: it must not wait 40 ms for the acknowledgement of those before it
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stage = Stage.HELLO
            connection.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                stage = Stage.TLS
                connection.starttls(context=context)
                stage = Stage.HELLO
                connection.ehlo_or_helo_if_needed()
            if server.username:
                stage = Stage.AUTH
                if self._token:
                    login.with_token(connection, server.username, self._token)
                else:
                    login.with_password(connection, server.username, server.password)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            if connection is not None:
                connection.close()
            if isinstance(error, smtplib.SMTPAuthenticationError):
                raise
            raise _Failed(self._judged(stage, error)) from error
        return connection

    def _reach(self, context: ssl.SSLContext) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            return TlsDialogue(server.host, server.number, self._hello, timeout=server.timeout_seconds, context=context)
        return Dialogue(server.host, server.number, self._hello, timeout=server.timeout_seconds)

    def _judged(self, stage: Stage, error: Exception) -> Attempt:
        if isinstance(error, smtplib.SMTPResponseException):
            said = error.smtp_error
            words = self._clean(said if isinstance(said, str) else _text(said))
            return judge_reply(stage, error.smtp_code, words, token=bool(self._token))
        return judge_loss(Stage.TLS if isinstance(error, ssl.SSLError) else stage, self._words(error))

    def _context(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._server.ca_file or None)
        except (OSError, ValueError) as error:
            raise ConfigError(f"mail.ca_file cannot be read as certificates: {error}", place=self._server.ca_file) from error

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _words(self, error: Exception) -> str:
        if _timed_out(error):
            return "no answer in time"
        if isinstance(error, ssl.SSLCertVerificationError):
            return self._clean(f"its certificate is not to be trusted: {error.verify_message}")
        cause = error.__context__ if isinstance(error, smtplib.SMTPServerDisconnected) else None
        told = (cause.strerror if isinstance(cause, OSError) else None) or (error.strerror if isinstance(error, OSError) else None)
        return self._clean(told or str(error) or type(error).__name__)

    def _clean(self, words: str) -> str:
        return clean_words(words, login.forms_of(self._server.username, self._server.password, self._token))


def _timed_out(error: Exception) -> bool:
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _stuffed(letter: bytes) -> bytes:
    """Lines that begin with a dot get another one, and the last line ends."""
    whole = letter if letter.endswith(b"\r\n") else letter + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", whole)


def _text(said: bytes) -> str:
    return said.decode("utf-8", "replace")
