"""A real token endpoint on loopback that misbehaves when told to."""

from __future__ import annotations

import json
import threading
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl


@dataclass
class Reply:
    """What to answer in place of a token. `told` as JSON, or `raw` as it is."""

    status: int = 200
    told: Any = None
    raw: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    hang_seconds: float = 0.0
    drip_seconds: float = 0.0
    drop: bool = False


def a_refusal(error: str, description: str = "", status: int = 400) -> Reply:
    return Reply(status, {"error": error, "error_description": description})


def a_jwt(**claims: Any) -> str:
    """A token that says openly what it is for. Nobody signed it."""
    parts = [json.dumps(one).encode() for one in ({"alg": "none"}, claims)]
    return ".".join([*(urlsafe_b64encode(one).decode().rstrip("=") for one in parts), "c2lnbmF0dXJl"])


@dataclass
class TokenServer:
    """Gives token-1, token-2, ... unless `replies` say otherwise. `asked`: every form, with the path it came to under "path"."""

    replies: list[Reply] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    life_seconds: float = 3600
    refresh_token: str = ""
    now: datetime | None = None  # its clock; None: that of the machine
    given: int = 0

    def __enter__(self) -> TokenServer:
        told = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told.answer(self)

            def log_message(self, *_: object) -> None:
                """Nothing: tests are quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/tenant/oauth2/v2.0/token"

    @property
    def newest(self) -> str:
        """The token that was given last."""
        return f"token-{self.given}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"])).decode()
        self.asked.append(dict(parse_qsl(body)) | {"path": request.path, "agent": request.headers.get("User-Agent", "")})
        reply = self.replies.pop(0) if self.replies else self._token()
        time.sleep(reply.hang_seconds)
        if reply.drop:
            request.close_connection = True
            return
        content = reply.raw if reply.raw is not None else json.dumps(reply.told).encode()
        try:
            request.send_response_only(reply.status)
            date = {"Date": format_datetime(self.now, usegmt=True)} if self.now else {"Date": request.date_time_string()}
            for name, value in ({"Content-Length": str(len(content))} | date | reply.headers).items():
                request.send_header(name, value)
            request.end_headers()
            for begin in range(0, len(content), 1 if reply.drip_seconds else max(len(content), 1)):
                request.wfile.write(content[begin : begin + (1 if reply.drip_seconds else len(content))])
                request.wfile.flush()
                time.sleep(reply.drip_seconds)
        except OSError:
            request.close_connection = True

    def _token(self) -> Reply:
        self.given += 1
        told = {"token_type": "Bearer", "access_token": self.newest, "expires_in": self.life_seconds}
        return Reply(told=told | ({"refresh_token": f"{self.refresh_token}-{self.given}"} if self.refresh_token else {}))
