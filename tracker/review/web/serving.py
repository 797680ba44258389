"""Serves the desk until it is asked to stop."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

from tracker.errors import TrackerError

if TYPE_CHECKING:
    from flask import Flask

THREADS = 8
"""Requests answered at once; SQLite has one writer, and a page takes milliseconds."""


def serve(app: Flask, host: str, port: int, on_listening: Callable[[str], None]) -> None:
    """Answers at host and port (0: a free one) until SIGTERM or SIGINT. `on_listening` gets the address once connections are accepted.

    Raises TrackerError where the address cannot be used.
    """
    from waitress.server import create_server

    listening = _listen(host, port)
    server = create_server(app, sockets=[listening], threads=THREADS, ident="", clear_untrusted_proxy_headers=False, channel_timeout=60)
    bound_host, bound_port = listening.getsockname()[:2]
    shown = f"[{bound_host}]" if ":" in bound_host else bound_host
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    on_listening(f"http://{shown}:{bound_port}/")
    server.run()  # ends on SystemExit, requests under way are answered first


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


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
