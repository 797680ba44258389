"""The one client that shows secrets to a token address: https, no redirects, an answer of limited size, a time for all of it."""

from __future__ import annotations

import json
import ssl
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from tracker.oauth.faults import Fault, TokenTrouble

PATIENCE_SECONDS = 20.0
"""For a whole answer: providers answer within a second or two; letters wait meanwhile."""
MAX_ANSWER_BYTES = 256 * 1024
"""A token has some kilobytes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address said. `told` is its JSON object, empty where it was none; nothing of it is in a traceback."""

    status: int
    told: dict[str, Any] = field(repr=False)
    is_json: bool = True
    said_at: datetime | None = None


class Ask(Protocol):
    """Posts a form and reads the answer. Raises TokenTrouble where there is none."""

    def __call__(self, url: str, form: dict[str, str], /) -> Answer: ...


class Endpoint:
    """`Ask` over the network. The environment's proxies are never used; `proxy` is `fetch.proxy`."""

    def __init__(self, *, proxy: str = "", agent: str = "", patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._proxy, self._agent, self._patience = proxy, agent.encode("ascii", "replace").decode(), patience_seconds

    def __call__(self, url: str, form: dict[str, str], /) -> Answer:
        """The answer, whatever its status. Raises TokenTrouble: SLOW or UNREACHABLE."""
        found: list[Answer | Exception] = []
        asking = threading.Thread(target=self._ask, args=(url, form, found), daemon=True)
        asking.start()
        asking.join(self._patience)
        if not found:
            raise TokenTrouble(Fault.SLOW)
        if isinstance(answer := found[0], Exception):
            raise _trouble(answer) from None  # the cause's own words may hold what was sent
        return answer

    def _ask(self, url: str, form: dict[str, str], found: list[Answer | Exception]) -> None:
        opener = urllib.request.OpenerDirector()  # without redirects and without errors for statuses
        opener.add_handler(urllib.request.ProxyHandler({"http": self._proxy, "https": self._proxy} if self._proxy else {}))
        opener.add_handler(
            urllib.request.HTTPSHandler(context=ssl.create_default_context()) if url.startswith("https:") else urllib.request.HTTPHandler()
        )
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        headers |= {"User-Agent": self._agent} if self._agent else {}
        request = urllib.request.Request(url, urlencode(form).encode(), headers)  # noqa: S310 - https by the settings' rule
        try:
            with opener.open(request, timeout=self._patience) as response:
                content = response.read(MAX_ANSWER_BYTES + 1)
                found.append(_answer(response.status, content, response.headers.get("Date", "")))
        except Exception as error:  # noqa: BLE001 - whatever a server does, it ends in one sentence
            found.append(error)


def _answer(status: int, content: bytes, date: str) -> Answer:
    told = None
    if len(content) <= MAX_ANSWER_BYTES:
        try:
            told = json.loads(content)
        except (ValueError, RecursionError):
            told = None
    return Answer(status, told if isinstance(told, dict) else {}, isinstance(told, dict), _moment(date))


def _moment(date: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _trouble(error: Exception) -> TokenTrouble:
    reason = error.reason if isinstance(error, urllib.error.URLError) and isinstance(error.reason, Exception) else error
    if isinstance(reason, TimeoutError):
        return TokenTrouble(Fault.SLOW)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return TokenTrouble(Fault.UNREACHABLE, f"its certificate is not to be trusted: {reason.verify_message}")
    told = (reason.strerror if isinstance(reason, OSError) else None) or type(reason).__name__
    return TokenTrouble(Fault.UNREACHABLE, told)
