"""A real mail server on loopback that misbehaves when told to.

server.orders.append(Order("RCPT", reply="450 4.2.0 greylisted", only="ana@"))
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
import warnings
from base64 import b64decode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Order:
    """What to do instead of behaving, at a stage (CONNECT EHLO STARTTLS AUTH MAIL RCPT DATA CONTENT END), `times` times after `skip`."""

    stage: str
    reply: str = ""
    drop: bool = False  # close without a word
    drop_after: bool = False  # answer, then close
    hang_seconds: float = 0.0
    drip_seconds: float = 0.0  # answer, a byte each so many seconds
    twice: bool = False  # give the answer two times
    call: Callable[[], None] | None = None
    only: str = ""  # commands with this in them
    skip: int = 0
    times: int = 1


@dataclass
class Letter:
    """One that the server took over, whether or not it managed to say so."""

    sender: str
    to: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)  # type: ignore[return-value]


@dataclass
class MailServerOnLoopback:
    """Use it in a `with`; `port` is known then."""

    tls: ssl.SSLContext | None = None
    starttls: ssl.SSLContext | None = None
    password: bytes = b""
    takes_token: Callable[[str], bool] | None = None  # then it wants XOAUTH2
    utf8: bool = True
    orders: list[Order] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    tokens: list[tuple[str, str]] = field(default_factory=list)  # mailbox and token of each login by token
    port: int = 0

    def __enter__(self) -> MailServerOnLoopback:
        self._controller = _Loopback(self)
        self._controller.start()
        self.port = self._controller.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    def received(self) -> Counter[str]:
        """How many letters each address has."""
        return Counter(to for letter in self.letters for to in letter.to)

    def order(self, stage: str, command: str = "") -> Order | None:
        self.seen.append(stage)
        for one in self.orders:
            if one.stage != stage or one.only not in command or one.times <= 0:
                continue
            if one.skip:
                one.skip -= 1
                continue
            one.times -= 1
            if one.call:
                one.call()
            return one
        return None


class _Commanded(SMTP):
    def __init__(self, commanded: MailServerOnLoopback, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.commanded = commanded
        self.twice = False
        self.command_size_limits["AUTH"] = 12288  # RFC 4954, 4

    async def _handle_client(self) -> None:
        if await self.obey("CONNECT"):
            self.transport.close()  # type: ignore[union-attr]
            return
        await super()._handle_client()

    async def push(self, status: Any) -> None:
        await super().push(status)
        if self.twice:
            self.twice = False
            await super().push(status)

    async def obey(self, stage: str, command: str = "") -> bool:
        """True when the order leaves nothing to be done."""
        order = self.commanded.order(stage, command)
        if order is None:
            return False
        if order.hang_seconds:
            await asyncio.sleep(order.hang_seconds)
        if order.drip_seconds:
            await self.drip(order.drip_seconds)
            return True
        if order.drop:
            self.transport.abort()  # type: ignore[union-attr]
            return True
        if order.reply:
            await self.push(order.reply)
            if order.drop_after or order.reply.startswith("421"):
                self.transport.close()  # type: ignore[union-attr]
            return True
        self.twice = order.twice
        return False

    async def drip(self, seconds: float) -> None:
        for byte in b"250 of course, with pleasure\r\n":
            if self.transport is None or self.transport.is_closing():
                return
            self.transport.write(bytes([byte]))  # type: ignore[attr-defined]
            await asyncio.sleep(seconds)

    async def smtp_EHLO(self, arg: str) -> None:
        if not await self.obey("EHLO"):
            await super().smtp_EHLO(arg)

    async def smtp_HELO(self, arg: str) -> None:
        if not await self.obey("HELO"):
            await super().smtp_HELO(arg)

    async def smtp_STARTTLS(self, arg: str) -> None:
        if not await self.obey("STARTTLS"):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:
        if not await self.obey("AUTH"):
            await super().smtp_AUTH(arg)

    async def auth_XOAUTH2(self, _: SMTP, args: list[str]) -> AuthResult:
        user, bearer = b64decode(args[1]).decode().rstrip("\1").split("\1")
        mailbox, token = user.removeprefix("user="), bearer.removeprefix("auth=Bearer ")
        self.commanded.tokens.append((mailbox, token))
        if self.commanded.takes_token is not None and self.commanded.takes_token(token):
            return AuthResult(success=True, auth_data=mailbox)
        await self.challenge_auth('{"status":"401","schemes":"bearer","scope":"https://mail.example/"}')  # and the client says nothing
        return AuthResult(success=False, handled=False, message="535 5.7.3 Authentication unsuccessful")

    async def smtp_MAIL(self, arg: str) -> None:
        if not await self.obey("MAIL", arg):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str) -> None:
        if not await self.obey("RCPT", arg):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if await self.obey("DATA"):
            return
        if order := self.commanded.order("CONTENT"):
            await self.push("354 go on")
            await asyncio.sleep(order.hang_seconds)
            self.transport.abort()  # type: ignore[union-attr]
            return
        await super().smtp_DATA(arg)


class _Loopback:
    """The server's thread. aiosmtpd's own controller tries a new server out with a connection that no test made."""

    def __init__(self, commanded: MailServerOnLoopback) -> None:
        self.commanded = commanded
        self._loop = asyncio.new_event_loop()
        self._served: list[_Commanded] = []
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> None:
        self._thread.start()
        made = self._loop.create_server(self.factory, "127.0.0.1", self.commanded.port, ssl=self.commanded.tls)
        self.server = asyncio.run_coroutine_threadsafe(made, self._loop).result(5)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        self.server.close()
        for served in self._served:
            if served.transport is not None:
                with contextlib.suppress(AttributeError):  # Python 3.11: of a TLS connection that is closed already
                    served.transport.abort()  # type: ignore[attr-defined]
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.01)  # for transports to close

    def factory(self) -> SMTP:
        commanded = self.commanded
        named: dict[str, Any] = {
            "enable_SMTPUTF8": commanded.utf8,
            "tls_context": commanded.starttls,
            "hostname": "mail.example",
            "loop": self._loop,
        }
        if commanded.takes_token is None:
            named["auth_exclude_mechanism"] = ["XOAUTH2"]
        if commanded.password or commanded.takes_token:
            named |= {"authenticator": self.judge, "auth_require_tls": False, "auth_required": True}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a login without encryption, on loopback
            self._served.append(_Commanded(commanded, self, **named))
        return self._served[-1]

    def judge(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth_data: Any) -> AuthResult:
        right = isinstance(auth_data, LoginPassword) and auth_data.password == self.commanded.password
        return AuthResult(success=right, handled=False)

    async def handle_DATA(self, server: _Commanded, session: Session, envelope: Envelope) -> str:
        order = self.commanded.order("END", " ".join(envelope.rcpt_tos))
        if order is None or not order.reply or order.reply.startswith("2"):
            self.commanded.letters.append(Letter(str(envelope.mail_from), list(envelope.rcpt_tos), bytes(envelope.original_content or b"")))
        if order is not None:
            await asyncio.sleep(order.hang_seconds)
            if order.drip_seconds:
                await server.drip(order.drip_seconds)
                raise ConnectionResetError
            if order.drop:
                server.transport.abort()  # type: ignore[union-attr]
                raise ConnectionResetError
            if order.drop_after:
                await server.push(order.reply or "250 taken")
                server.transport.close()  # type: ignore[union-attr]
                raise ConnectionResetError
            server.twice = order.twice
            if order.reply:
                return order.reply
        return "250 taken"
