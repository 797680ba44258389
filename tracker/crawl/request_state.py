"""A source or a link between its being asked for and its outcome, and the facts of how it was answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scrapy.utils.httpobj import urlparse_cached

from tracker.crawl.address_guard import refused_address
from tracker.crawl.outcomes import Answer, decide
from tracker.model import FetchFacts, FrontierLink, Watched
from tracker.urls.canonical import is_front_page

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

HEADERS_KEPT = 40
HEADER_LETTERS = 500


@dataclass(slots=True, eq=False)
class Ticket:
    """`read` is the spider's method for an answer that came."""

    subject: Watched | FrontierLink
    read: Callable[..., Any]

    @property
    def is_page(self) -> bool:
        return isinstance(self.subject, FrontierLink)

    @property
    def looks_back(self) -> bool:
        return isinstance(self.subject, Watched) and self.subject.lookback is not None

    @property
    def address(self) -> str:
        if isinstance(self.subject, FrontierLink):
            return self.subject.url
        return self.subject.lookback.address if self.subject.lookback else self.subject.source.address


def facts_of_answer(ticket: Ticket, response: Response, now: datetime) -> FetchFacts:
    answer = Answer(
        wants_page=ticket.is_page,
        status=response.status,
        content_type=_header(response, b"Content-Type"),
        head=response.body[:4096],
        location=_header(response, b"Location"),
        challenged="challenge" in _header(response, b"cf-mitigated"),
        led_to_front="redirect_times" in response.meta and is_front_page(response.url) and not is_front_page(ticket.address),
    )
    outcome, detail = decide(answer)
    return FetchFacts(
        requested_url=ticket.address,
        final_url=response.url,
        outcome=outcome,
        fetched_at=now,
        status=response.status,
        headers=_headers(response),
        elapsed_seconds=round(response.meta.get("elapsed", 0.0), 3),
        size_bytes=len(response.body),
        detail=detail or response.meta.get("robots_note", ""),
    )


def facts_of_failure(ticket: Ticket, request: Request, failure: BaseException, now: datetime, timeout_seconds: float) -> FetchFacts:
    refused = refused_address(urlparse_cached(request).hostname or "")
    answer = Answer(wants_page=ticket.is_page, failure=failure, refused_network=refused, timeout_seconds=timeout_seconds)
    outcome, detail = decide(answer)
    elapsed = round(request.meta.get("elapsed", 0.0), 3)
    return FetchFacts(ticket.address, request.url, outcome, now, elapsed_seconds=elapsed, detail=detail)


def _header(response: Response, name: bytes) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")


def _headers(response: Response) -> tuple[tuple[str, str], ...]:
    items = [(name.decode("latin-1"), values[-1].decode("latin-1")) for name, values in response.headers.items() if values]
    return tuple((name, value[:HEADER_LETTERS]) for name, value in items[:HEADERS_KEPT] if name != "Set-Cookie")
