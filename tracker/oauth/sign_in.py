"""A person lets the program into a mailbox, once: by a code entered on another device, or in a browser on this machine.

Microsoft knows the first (RFC 8628). Google gives no mail by it, so there it is the second (RFC 8252 with PKCE, RFC 7636).
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

from tracker.errors import ConfigError, UsageError
from tracker.oauth.answers import Granted, read_token, refused
from tracker.oauth.endpoint import Answer, Ask
from tracker.oauth.faults import Fault, TokenTrouble
from tracker.oauth.plan import OAuthPlan

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SLOWER_SECONDS = 5.0
"""What RFC 8628 (3.5) adds to the pause at each `slow_down`."""
LONGEST_WAIT_SECONDS = 1800.0
MAX_SHOWN_CHARS = 200


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a person is shown, and what we ask with meanwhile."""

    address: str
    user_code: str
    device_code: str = field(repr=False)
    pause_seconds: float = 5.0
    lives_seconds: float = 900.0


def ask_device_code(plan: OAuthPlan, ask: Ask, now: datetime) -> DeviceCode:
    """A code to enter. Raises TokenTrouble, ConfigError where the provider has no such way."""
    if not plan.device_url:
        raise ConfigError("this provider knows no sign-in by code; set mail.oauth.device_url, or mail.oauth.refresh_token")
    form = {"client_id": plan.client_id, "scope": plan.scope}
    answer = ask(plan.device_url, form)
    told = answer.told
    texts = [told.get("verification_uri") or told.get("verification_url"), told.get("user_code"), told.get("device_code")]
    if answer.status != 200 or not all(isinstance(text, str) and text.isprintable() for text in texts):
        raise refused(answer, now, [plan.client_secret])
    address, user_code, device_code = map(str, texts)
    if not address.startswith(("https://", "http://127.0.0.1", "http://localhost")) or len(address + user_code) > MAX_SHOWN_CHARS:
        raise TokenTrouble(Fault.NOT_JSON)
    return DeviceCode(
        address,
        user_code,
        device_code,
        _seconds(told.get("interval"), 5.0, 60.0),
        _seconds(told.get("expires_in"), 900.0, LONGEST_WAIT_SECONDS),
    )


def wait_for_device(plan: OAuthPlan, code: DeviceCode, ask: Ask, clock: Callable[[], datetime], pause: Callable[[float], None]) -> Granted:
    """What the person's consent brings. Raises TokenTrouble: declined, too late, refused."""
    form = {"grant_type": DEVICE_GRANT, "client_id": plan.client_id, "device_code": code.device_code}
    if plan.client_secret:
        form["client_secret"] = plan.client_secret
    waited, wait = 0.0, code.pause_seconds
    while waited < code.lives_seconds:
        pause(wait)
        waited += wait
        try:
            answer = ask(plan.token_url, form)
        except TokenTrouble as trouble:
            if not trouble.fault.passes:
                raise
            continue
        error = answer.told.get("error")
        if error == "slow_down":
            wait += SLOWER_SECONDS
        elif error != "authorization_pending":
            return _with_refresh(answer, plan, clock(), [code.device_code, plan.client_secret])
    raise TokenTrouble(Fault.CODE_EXPIRED)


class BrowserSignIn:
    """A browser is sent to the provider and comes back to a port of this machine. Use it in a `with`; show `address` to the person."""

    def __init__(self, plan: OAuthPlan, port: int = 0) -> None:
        if not plan.authorize_url:
            raise ConfigError("this provider knows no sign-in in a browser; set mail.oauth.authorize_url, or mail.oauth.refresh_token")
        self._plan, self._came = plan, threading.Event()
        self._state, self._verifier, self._back = secrets.token_urlsafe(24), secrets.token_urlsafe(48), ""
        self._server = make_server("127.0.0.1", port, self._answer, handler_class=_Silent)
        self._redirect = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> BrowserSignIn:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        """Where the person agrees."""
        challenge = urlsafe_b64encode(hashlib.sha256(self._verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "client_id": self._plan.client_id,
            "redirect_uri": self._redirect,
            "response_type": "code",
            "scope": self._plan.scope,
            "state": self._state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "access_type": "offline",
            "prompt": "consent",
            "login_hint": self._plan.username,
        }
        return f"{self._plan.authorize_url}?{urlencode(asked)}"

    def wait(self, seconds: float = LONGEST_WAIT_SECONDS) -> str:
        """The address to which the browser came back. Raises TokenTrouble when it does not."""
        if not self._came.wait(seconds):
            raise TokenTrouble(Fault.CODE_EXPIRED)
        return self._back

    def finish(self, back: str, ask: Ask, now: datetime) -> Granted:
        """What the person's consent brings. `back`: the address of the page on which the browser ended, which a person may copy from a
        browser on another machine. Raises TokenTrouble, UsageError for an address of another sign-in."""
        try:
            told = {name: values[0] for name, values in parse_qs(urlsplit(back.strip()).query).items()}
        except ValueError:
            told = {}
        if not secrets.compare_digest(told.get("state", "").encode(), self._state.encode()):
            raise UsageError("this is not the address to which this sign-in came back; copy it whole, or begin again")
        if "code" not in told:
            raise refused(Answer(400, {"error": told.get("error", "invalid_request")}), now)
        form = {
            "grant_type": "authorization_code",
            "code": told["code"],
            "redirect_uri": self._redirect,
            "client_id": self._plan.client_id,
            "code_verifier": self._verifier,
        }
        if self._plan.client_secret:
            form["client_secret"] = self._plan.client_secret
        return _with_refresh(ask(self._plan.token_url, form), self._plan, now, [told["code"], self._plan.client_secret])

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        query = environ.get("QUERY_STRING", "")
        is_ours = f"state={self._state}" in query.split("&")
        if is_ours:
            self._back = f"/?{query}"
            self._came.set()
        start_response("200 OK" if is_ours else "404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"Signed in. You may close this page.\n" if is_ours else b"Nothing is here.\n"]


class _Silent(WSGIRequestHandler):
    timeout = 10

    def log_message(self, *_: object) -> None:
        """Nothing: the address holds a code."""


def _with_refresh(answer: Answer, plan: OAuthPlan, now: datetime, hidden: list[str]) -> Granted:
    granted = read_token(answer, plan, now, hidden)
    if not granted.refresh_token:
        raise TokenTrouble(Fault.NO_REFRESH_TOKEN)
    return granted


def _seconds(told: object, usual: float, most: float) -> float:
    is_number = isinstance(told, int | float) and not isinstance(told, bool)
    return min(max(float(told), 0.0), most) if is_number and told == told else usual  # type: ignore[arg-type]
