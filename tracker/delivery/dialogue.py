"""SMTP with a total time for each reply and each letter: a server that says or takes a byte a minute is one that does not answer.

`socket.settimeout` counts from the last byte, so it never ends such a server. A dialogue has a dozen replies at most (greeting, hello,
login, one for each command of a letter), so it ends as well.
"""

from __future__ import annotations

import io
import smtplib
import socket
import time
from typing import Any

MAX_REPLY_BYTES = 64 * 1024
"""Of one reply, however many lines it has: RFC 5321 (4.5.3.1.5) allows 512 bytes a line, and a greeting has about 15 lines."""
PATIENCE_WITH_LETTER = 5
"""Times the timeout, for a whole letter: with a minute, 10 MB go through at a quarter of a megabit a second."""
_CHUNK_BYTES = 64 * 1024
"""Handed to the socket at once: about its buffer, so that slow progress is seen as progress."""


class _Reply(io.RawIOBase):
    """The bytes of a reply, as long as there is time for them: the socket's timeout when the reply began to be read."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.begin()

    def begin(self) -> None:
        """The next reply: its time begins now."""
        self._patience = self._connection.gettimeout()
        self._until = time.monotonic() + (self._patience or 0.0)
        self._left = MAX_REPLY_BYTES

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Some bytes. Raises TimeoutError when the reply's time is over, OSError when it is too long."""
        if self._left <= 0:
            raise OSError("the reply is too long")
        if self._patience is not None:
            self._connection.settimeout(_still(self._until))
        try:
            count = self._connection.recv_into(buffer)
        finally:
            self._connection.settimeout(self._patience)
        self._left -= count
        return count


class Dialogue(smtplib.SMTP):
    """`smtplib.SMTP`, where `timeout` is the time for a whole reply."""

    _reply: _Reply

    def getreply(self) -> tuple[int, bytes]:
        """The reply's code and text. Raises SMTPServerDisconnected out of a TimeoutError when it is not whole in time."""
        if self.file is None and self.sock is not None:
            self._reply = _Reply(self.sock)
            self.file = io.BufferedReader(self._reply)
        elif self.file is not None:
            self._reply.begin()
        return super().getreply()

    def send(self, s: Any) -> None:
        """Hands bytes over. Raises SMTPServerDisconnected out of a TimeoutError when they are not taken in time."""
        if self.sock is None or (patience := self.sock.gettimeout()) is None:
            super().send(s)
            return
        waiting = memoryview(s.encode(self.command_encoding) if isinstance(s, str) else s)
        until = time.monotonic() + patience * PATIENCE_WITH_LETTER
        try:
            while waiting:
                self.sock.settimeout(min(patience, _still(until)))
                waiting = waiting[self.sock.send(waiting[:_CHUNK_BYTES]) :]
            self.sock.settimeout(patience)
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected("Server not connected") from error


class TlsDialogue(Dialogue, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


def _still(until: float) -> float:
    """Seconds to a moment. Raises TimeoutError when it has passed."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return left
