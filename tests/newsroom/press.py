"""A press on loopback that can be made to misbehave: every outlet an address of its own, all on one port.

with Newsroom() as newsroom:
    newsroom.serve("127.0.0.5", "/feed", feed(["/a"]))
    newsroom.address("127.0.0.5", "/feed")  # -> http://127.0.0.5:PORT/feed
    newsroom.asked("127.0.0.5")             # -> paths in order
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

Way = Callable[["Asked", asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Asked:
    """One request as it arrived."""

    host: str
    path: str
    headers: dict[str, str]
    at: float = field(default_factory=time.monotonic)


def answer(status: str = "200 OK", body: bytes = b"", **headers: str) -> Way:
    """A plain answer; header names with `_` for `-`."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}

    async def way(asked: Asked, out: asyncio.StreamWriter) -> None:
        lines = {"Content-Length": str(len(body)), "Connection": "keep-alive"} | given
        out.write(
            f"HTTP/1.1 {status}\r\n".encode() + b"".join(f"{n}: {v}\r\n".encode("latin-1") for n, v in lines.items()) + b"\r\n" + body
        )
        await out.drain()

    return way


def raw(*pieces: bytes, pause: float = 0.0, close: bool = True) -> Way:
    """Bytes as they are, with pauses between them."""

    async def way(asked: Asked, out: asyncio.StreamWriter) -> None:
        for piece in pieces:
            out.write(piece)
            await out.drain()
            if pause:
                await asyncio.sleep(pause)
        if close:
            out.close()

    return way


def page(title: str = "Vijest", body: str = "Tekst vijesti koji se čita.") -> Way:
    html = f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title></head><body><article><h1>{title}</h1><p>{body}</p></article></body></html>"
    return answer(body=html.encode(), Content_Type="text/html; charset=utf-8")


def rss(addresses: Iterable[str], *, dated: str = "", title: str = "Naslov") -> bytes:
    date = f"<pubDate>{dated}</pubDate>" if dated else ""
    items = "".join(f"<item><title>{title} {n}</title><link>{a}</link><guid>{a}</guid>{date}</item>" for n, a in enumerate(addresses))
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Portal</title>{items}</channel></rss>'.encode()


def feed(addresses: Iterable[str], *, dated: str = "", etag: str = "") -> Way:
    """An RSS feed; with `etag` it answers 304 to who has it."""
    body = rss(addresses, dated=dated)
    given = {"ETag": etag} if etag else {}
    full = answer(body=body, Content_Type="application/rss+xml", **given)

    async def way(asked: Asked, out: asyncio.StreamWriter) -> None:
        if etag and asked.headers.get("if-none-match") == etag:
            await answer("304 Not Modified", **given)(asked, out)
        else:
            await full(asked, out)

    return way


def in_turn(*ways: Way) -> Way:
    """A different answer each time; the last one stays."""
    left = list(ways)

    async def way(asked: Asked, out: asyncio.StreamWriter) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(asked, out)

    return way


async def silence(asked: Asked, out: asyncio.StreamWriter) -> None:
    """Takes the request and says nothing."""
    await asyncio.sleep(60)


def after(seconds: float, way: Way) -> Way:
    """Answers that way after a pause."""

    async def pause(asked: Asked, out: asyncio.StreamWriter) -> None:
        await asyncio.sleep(seconds)
        await way(asked, out)

    return pause


async def trickle(asked: Asked, out: asyncio.StreamWriter) -> None:
    """A byte now and then, for ever."""
    out.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>")
    with contextlib.suppress(ConnectionError):
        while not out.is_closing():
            out.write(b"a")
            await out.drain()
            await asyncio.sleep(0.2)


async def endless(asked: Asked, out: asyncio.StreamWriter) -> None:
    """As many bytes as anyone takes."""
    out.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>")
    with contextlib.suppress(ConnectionError):
        while not out.is_closing():
            out.write(b"a" * 65536)
            await out.drain()


class Newsroom:
    """Serves until the `with` block ends. Unknown paths are 404; robots.txt too, unless given."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.ways: dict[tuple[str, str], Way] = {}
        self.requests: list[Asked] = []
        self.port = 0
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._servers: dict[str, asyncio.Server] = {}
        self._talks: set[asyncio.Task[None]] = set()
        self._under_way: Counter[str] = Counter()
        self._most_under_way: Counter[str] = Counter()

    def __enter__(self) -> Newsroom:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def serve(self, host: str, path: str, way: Way) -> str:
        """Answers `path` of `host` that way; returns its address."""
        if host not in self._servers:
            self._servers[host] = asyncio.run_coroutine_threadsafe(self._listen(host), self._loop).result(10)
        self.ways[host, path] = way
        return self.address(host, path)

    def any_path(self, host: str, way: Way) -> None:
        """Answers every path of `host` that has no answer of its own that way."""
        self.ways[host, "*"] = way

    def address(self, host: str, path: str = "/") -> str:
        named = f"[{host}]" if ":" in host else host
        return f"http{'s' if self._tls else ''}://{named}:{self.port}{path}"

    def asked(self, host: str) -> list[str]:
        return [request.path for request in self.requests if request.host == host]

    def most_at_once(self, host: str) -> int:
        """Requests to the host that were being answered at the same time, at most."""
        return self._most_under_way[host]

    def times(self, host: str) -> list[float]:
        return [request.at for request in self.requests if request.host == host]

    async def _listen(self, host: str) -> asyncio.Server:
        server = await asyncio.start_server(lambda r, w: self._talk(host, r, w), host, self.port, ssl=self._tls)
        self.port = self.port or server.sockets[0].getsockname()[1]
        return server

    async def _talk(self, host: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        try:
            while not writer.is_closing() and (line := await reader.readline()):
                headers = {}
                while header := (await reader.readline()).decode("latin-1").strip():
                    name, _, value = header.partition(":")
                    headers[name.lower()] = value.strip()
                path = line.decode("latin-1").split()[1]
                asked = Asked(host, path, headers)
                self.requests.append(asked)
                self._under_way[host] += 1
                self._most_under_way[host] = max(self._most_under_way[host], self._under_way[host])
                try:
                    otherwise = self.ways.get((host, "*"), answer("404 Not Found", b"nema", Content_Type="text/html"))
                    await self.ways.get((host, path), otherwise)(asked, writer)
                finally:
                    self._under_way[host] -= 1
        except (ConnectionError, IndexError, ValueError, asyncio.CancelledError, ssl.SSLError):
            pass
        finally:
            self._talks.discard(task)
            writer.close()

    async def _close(self) -> None:
        for server in self._servers.values():
            server.close()
        for talk in list(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await asyncio.sleep(0.05)
