"""Serves the desk until it is asked to stop."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterable
from types import FrameType
from typing import TYPE_CHECKING, Any

from tracker.end_signals import signals_heeded
from tracker.errors import TrackerError
from tracker.priority import take_short_turns
from tracker.spreadsheets.read import MOST_BYTES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_UNREADY = "503 Service Unavailable"
THREADS = 8
"""Requests answered at once; SQLite has one writer, and a page takes milliseconds."""
IN_MEMORY_BYTES = 64 << 20
"""Requests and answers up to this size are never written to a temporary file: some name children. Uploads are smaller."""
MOST_REQUEST_BYTES = MOST_BYTES + (1 << 20)
"""A sheet with what a form puts around it. A larger request is refused before it is taken in, whoever sends it."""
MOST_TOGETHER, SILENT_SECONDS = 400, 30
"""Connections at once, of which a browser opens six; and how long nothing may move on one."""
LIMITS: dict[str, Any] = {
    "threads": THREADS,
    "inbuf_overflow": IN_MEMORY_BYTES,
    "outbuf_overflow": IN_MEMORY_BYTES,
    "max_request_body_size": MOST_REQUEST_BYTES,
    "connection_limit": MOST_TOGETHER,
    "channel_timeout": SILENT_SECONDS,
    "cleanup_interval": 5,
    "asyncore_use_poll": True,  # `select` counts to 1024 files
}
"""As waitress is told."""


class _Opening:
    """The application while it is being made: alive at once, ready once it is there. Every other request waits."""

    def __init__(self, make: Callable[[], WSGIApplication]) -> None:
        self.fault: BaseException | None = None
        self._make = make
        self._app: WSGIApplication | None = None
        self._made = threading.Event()

    def open(self) -> None:
        """Makes the application; what stands in the way ends the server."""
        try:
            self._app = self._make()
        except BaseException as error:  # noqa: BLE001 (handed to the main thread, which raises it)
            self.fault = error
            os.kill(os.getpid(), signal.SIGTERM)
        self._made.set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = environ.get("PATH_INFO")
        if not self._made.is_set() and asked in ("/healthz", "/readyz"):
            status, told = ("200 OK", b'{"status":"alive"}') if asked == "/healthz" else (_UNREADY, b'{"status":"opening"}')
            start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(told)))])
            return [told]
        self._made.wait()
        if self._app is None:
            start_response(_UNREADY, [("Content-Length", "0")])
            return []
        return self._app(environ, start_response)


def server_of(app: WSGIApplication, listening: socket.socket, *, behind_proxy: bool) -> Any:
    """A server of waitress's on this socket, within LIMITS. `behind_proxy`: all connections come from one address, which may hold all."""
    from waitress.server import create_server

    from tracker.review.web.connections import DeskChannel, LimitedChannel

    server = create_server(app, sockets=[listening], ident="", clear_untrusted_proxy_headers=False, **LIMITS)
    server.channel_class = DeskChannel if behind_proxy else LimitedChannel
    return server


def serve(
    make: Callable[[], WSGIApplication], host: str, port: int, on_listening: Callable[[str], None], *, behind_proxy: bool = False
) -> None:
    """Answers at host and port (0: a free one) until it is asked to end (`signals_heeded`). `on_listening` gets the address once connections are accepted,
    before the application is made. Raises TrackerError where the address cannot be used, and whatever `make` raises."""
    take_short_turns()
    listening = _listen(host, port)
    opening = _Opening(make)
    server = server_of(opening, listening, behind_proxy=behind_proxy)
    bound_host, bound_port = listening.getsockname()[:2]
    shown = f"[{bound_host}]" if ":" in bound_host else bound_host
    stop = _stop_once()
    for number in signals_heeded():
        signal.signal(number, stop)
    with contextlib.suppress(SystemExit):  # asked before it runs
        on_listening(f"http://{shown}:{bound_port}/")
        opener = threading.Thread(target=opening.open, daemon=True)
        opener.start()
        server.run()  # ends on SystemExit, requests under way are answered first
    if opening.fault is not None:
        raise opening.fault


def _stop_once() -> Callable[[int, FrameType | None], None]:
    """A terminal that closes asks twice: the second time must not break off the end."""
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if not asked:
            asked.append(number)
            raise SystemExit(0)

    return stop


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (socket.gaierror, UnicodeError, OverflowError) as error:
        raise TrackerError(f"{host!r} is no address of this machine; see review.host") from error
    listening = socket.socket(family, kind, proto)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise TrackerError(f"{host}:{port} cannot be used: {reason}; give another --port, or end the program that has it") from error
    return listening
