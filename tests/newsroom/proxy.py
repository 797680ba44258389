"""An HTTP proxy on loopback: absolute addresses and CONNECT, with a login if one is wanted.

with Proxy(login="user:word") as proxy:
    proxy.address                # -> http://127.0.0.1:PORT
    proxy.asked                  # -> ["GET http://...", "CONNECT host:port"]
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from base64 import b64encode
from urllib.parse import urlsplit


class Proxy:
    """Serves until the `with` block ends. A request without the login gets 407."""

    def __init__(self, login: str = "") -> None:
        self.asked: list[str] = []
        self.port = 0
        self._wanted = f"Basic {b64encode(login.encode()).decode()}" if login else ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._talks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Proxy:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._talk, "127.0.0.1", 0), self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        try:
            while line := await reader.readline():
                lines = [line]
                while (header := await reader.readline()).strip():
                    lines.append(header)
                if not await self._answer(lines, reader, writer):
                    break
        except (ConnectionError, ValueError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._talks.discard(task)
            writer.close()

    async def _answer(self, lines: list[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection stays for another request."""
        method, target, _ = lines[0].decode("latin-1").split()
        self.asked.append(f"{method} {target}")
        given = [line.decode("latin-1").partition(":")[2].strip() for line in lines if line.lower().startswith(b"proxy-authorization:")]
        if self._wanted and given != [self._wanted]:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 5\r\nContent-Type: text/html\r\n\r\nlogin")
            await writer.drain()
            return True
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        there, back = await asyncio.open_connection(parts.hostname, parts.port or 80)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(_pipe(reader, back), _pipe(there, writer))
            return False
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        kept = [line for line in lines[1:] if not line.lower().startswith((b"proxy-", b"connection:"))]
        back.write(f"{method} {path} HTTP/1.1\r\n".encode() + b"".join(kept) + b"Connection: close\r\n\r\n")
        await back.drain()
        headers = await there.readuntil(b"\r\n\r\n")
        length = next(int(line.partition(b":")[2]) for line in headers.split(b"\r\n") if line.lower().startswith(b"content-length"))
        writer.write(headers + await there.readexactly(length))
        await writer.drain()
        back.close()
        return True

    async def _close(self) -> None:
        self._server.close()
        for talk in list(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)


async def _pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while piece := await source.read(65536):
            sink.write(piece)
            await sink.drain()
    sink.close()
