"""A page's request and answer as they went over the wire, for evidence: headers before anything changes them, the server's number."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from tracker.crawl.request_state import state_of
from tracker.model import Exchange

if TYPE_CHECKING:
    from scrapy.http import Response

MOST_LINES = 100
MOST_LINE_CHARS = 2000
MOST_CHARS = 16_384
"""Of all headers of one message: servers in use refuse requests beyond 8 to 16 KB, and answers are as long."""
LEFT_OUT = "(left out)"
_PRIVATE = frozenset({"cookie", "set-cookie", "authorization", "proxy-authorization"})


def header_lines(headers: Mapping[bytes, list[bytes]]) -> tuple[tuple[str, str], ...]:
    """The headers in their order, one line a value, with the values of cookies and logins left out. Bounded: what is longer is cut."""
    lines: list[tuple[str, str]] = []
    left = MOST_CHARS
    for name, values in headers.items():
        shown, is_private = _named(name)
        for value in values:
            text = LEFT_OUT if is_private else _one_line(value)
            left -= len(shown) + len(text)
            if left < 0 or len(lines) == MOST_LINES:
                return tuple(lines)
            lines.append((shown, text))
    return tuple(lines)


def exchange_of(response: Response) -> Exchange:
    """What was sent and received for this answer; the addresses that led to it before."""
    assert response.request is not None
    state, meta = state_of(response.request), response.meta
    reasons = [reason if isinstance(reason, int) else 0 for reason in meta.get("redirect_reasons", [])]
    return Exchange(
        complete=True,
        url=response.url[:MOST_CHARS],
        ip=str(response.ip_address or ""),
        redirects=tuple(zip(reasons, meta.get("redirect_urls", []), strict=False)),
        request_headers=state.sent,
        protocol=response.protocol or "HTTP/1.1",
        status=response.status,
        response_headers=state.received,
    )


@lru_cache(maxsize=256)
def _named(name: bytes) -> tuple[str, bool]:
    """A header's name, and whether its value is nobody's business. Servers send the same few."""
    shown = _one_line(name)
    return shown, shown.lower() in _PRIVATE


def _one_line(content: bytes) -> str:
    return " ".join(content[:MOST_LINE_CHARS].decode("latin-1").split("\n")).replace("\r", " ").replace("\0", "")
