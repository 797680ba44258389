"""The sample press on loopback: every outlet at an address of its own, and a canary that nobody may ask.

The outlets stand in 127.77.0.0/16, which the demo allows; the canary in 127.78.0.0/16, which it does not. An outlet that
is down has an address where nothing listens.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from types import TracebackType
from typing import Any

from msgspec import Struct, field

from tracker.demo.press.press import Press
from tracker.demo.press.second_net import CLOSED, FOLDER, NET, SecondNet
from tracker.demo.press.site import Answer, Site
from tracker.errors import TrackerError

ALLOWED_NETWORK = "127.77.0.0/16"
CANARY_ADDRESS = "127.78.0.1"
REASONS = {
    200: "OK",
    301: "Moved Permanently",
    302: "Found",
    304: "Not Modified",
    403: "Forbidden",
    404: "Not Found",
    500: "Internal Server Error",
}
IDLE_SECONDS = 60.0
"""A connection without a request for so long is closed: longer than the crawl's pauses, shorter than a test's limit."""
PORT_ATTEMPTS = 20
"""All outlets share one port on their own addresses; another program may hold the first ones tried."""
CHUNK = (b"<!-- " + b"x" * 65_526 + b" -->\n") * 16
"""One MiB of an endless page: comments, so that a parser would read on."""


class RequestLog(Struct):
    """What was asked: requests by (host, path with query), their statuses, every line the canary heard, and for each host how many
    requests were being answered at the same time, at most. What is never answered does not count there: who asked has left long before."""

    requests: Counter[tuple[str, str]] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    canary: list[str] = field(default_factory=list)
    most_at_once: Counter[str] = field(default_factory=Counter)
    _under_way: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def answering(self, host: str) -> Iterator[None]:
        """Counts a request as under way for as long as the block lasts."""
        self._under_way[host] += 1
        self.most_at_once[host] = max(self.most_at_once[host], self._under_way[host])
        try:
            yield
        finally:
            self._under_way[host] -= 1


class PressServer:
    """Serves a press in a thread of its own, as a context manager. `port` is free at all addresses and the same for all."""

    def __init__(self, press: Press, as_of: datetime) -> None:
        self.press, self.as_of, self.log = press, as_of, RequestLog()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sample press", daemon=True)
        self._servers: list[asyncio.Server] = []
        self._sites: dict[str, Site | SecondNet] = {}

    def __enter__(self) -> PressServer:
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(30)
        except BaseException:
            self._stop_thread()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(30)
        self._stop_thread()

    def base(self, outlet_id: str) -> str:
        """The front of an outlet's addresses."""
        return next(f"http://{outlet.address}:{self.port}" for outlet in self.press.outlets if outlet.id == outlet_id)

    @property
    def net(self) -> str:
        """The folder of the second net's files."""
        return f"http://{NET.address}:{self.port}{FOLDER}"

    def _stop_thread(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _start(self) -> None:
        served = [outlet for outlet in self.press.outlets if outlet.fault != "down"]
        addresses = [CANARY_ADDRESS, NET.address, *(outlet.address for outlet in served)]
        down = [outlet.address for outlet in self.press.outlets if outlet.fault == "down"]
        sockets = _listening(addresses, down)
        self.port = sockets[0].getsockname()[1]
        self.publish(self.press)
        for address, listening in zip(addresses, sockets, strict=True):
            answering = self._canary if address == CANARY_ADDRESS else self._answering(address)
            self._servers.append(await asyncio.start_server(answering, sock=listening))

    def publish(self, press: Press) -> None:
        """Serves the articles of this press from now on, at the same addresses."""
        outside = f"http://{CANARY_ADDRESS}:{self.port}"
        self._sites = {outlet.address: Site(outlet, self.as_of, self.port, outside) for outlet in press.outlets}
        if any(outlet.id == CLOSED for outlet in press.outlets):
            self._sites[NET.address] = SecondNet(self.as_of, self.base(CLOSED), press, self.port)

    async def _stop(self) -> None:
        await asyncio.sleep(0.05)  # a connection that comes while a server closes would be left open
        for server in self._servers:
            server.close()
        waiting = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    async def _canary(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.log.canary.append("connected")
        with suppress(ConnectionError, asyncio.TimeoutError, asyncio.CancelledError):
            self.log.canary.append((await asyncio.wait_for(reader.readline(), 5)).decode("latin-1").strip())
        await _close(writer)

    def _answering(self, address: str) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError, asyncio.TimeoutError, asyncio.CancelledError, ValueError):
                site = self._sites.get(address)  # none: its outlet is no longer published
                while site is not None and await self._one_request(site, reader, writer):
                    site = self._sites.get(address)
            await _close(writer)

        return answer

    async def _one_request(self, site: Site | SecondNet, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answers one request; false when the connection is done with."""
        line = await asyncio.wait_for(reader.readline(), IDLE_SECONDS)
        if not line:
            return False
        headers: dict[str, str] = {}
        while header := (await asyncio.wait_for(reader.readline(), IDLE_SECONDS)).decode("latin-1").strip():
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        method, target, _ = line.decode("latin-1").split()
        answer = site.answer(target, headers)
        self.log.requests[site.outlet.address, target] += 1
        self.log.statuses[answer.status] += 1
        if answer.never:
            await asyncio.sleep(IDLE_SECONDS)
            return False
        with self.log.answering(site.outlet.address):
            await asyncio.sleep(0)  # else an answer that the socket takes whole would be sent before another request is looked at
            return await _send(answer, method, headers.get("connection", "").lower() == "close", writer)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    try:
        await asyncio.wait_for(writer.wait_closed(), 1)
    except (TimeoutError, OSError):
        writer.transport.abort()


async def _send(answer: Answer, method: str, closing: bool, writer: asyncio.StreamWriter) -> bool:
    endless = answer.body_bytes > len(answer.body)
    lines = [f"HTTP/1.1 {answer.status} {REASONS[answer.status]}", f"Content-Type: {answer.content_type}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if not endless:
        lines.append(f"Content-Length: {len(answer.body)}")
    lines.append(f"Connection: {'close' if closing or endless else 'keep-alive'}")
    writer.write("\r\n".join([*lines, "", ""]).encode() + (b"" if method == "HEAD" else answer.body))
    await writer.drain()
    if endless and method != "HEAD":
        for _ in range((answer.body_bytes - len(answer.body)) // len(CHUNK) + 1):
            writer.write(CHUNK)
            await writer.drain()
    return not (closing or endless)


def _listening(addresses: list[str], down: list[str]) -> list[socket.socket]:
    """Sockets at one port that is free at every address, those of outlets that are down included."""
    for _ in range(PORT_ATTEMPTS):
        opened: list[socket.socket] = []
        try:
            port = 0
            for address in [*addresses, *down]:
                opened.append(_bound(address, port))
                port = opened[0].getsockname()[1]
            for unused in opened[len(addresses) :]:
                unused.close()
            return opened[: len(addresses)]
        except OSError as error:
            failure = error
            for held in opened:
                held.close()
    raise TrackerError(f"the sample press finds no free port on loopback: {failure}")


def _bound(address: str, port: int) -> socket.socket:
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((address, port))
    except OSError:
        opened.close()
        raise
    return opened
