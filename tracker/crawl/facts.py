"""The facts of how a request was answered, for the store: from Scrapy's response or failure to `FetchFacts`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from scrapy.utils.httpobj import urlparse_cached

from tracker.crawl.address_guard import refused_address
from tracker.crawl.exchanges import exchange_of
from tracker.crawl.outcomes import Answer, decide, is_cut
from tracker.crawl.request_state import Ticket, state_of
from tracker.model import FetchFacts
from tracker.urls.rulebook import NO_RULES, rule_of
from tracker.urls.sent_on import leads_elsewhere

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

MAX_HEADERS = 40
"""Of what is stored: with MAX_HEADER_CHARS 20 KB, as the next constant says."""
MAX_HEADER_CHARS = 500
"""What one answer can put into the database is bounded by these: 20 KB. Validators and Retry-After are far shorter."""


def facts_of_answer(ticket: Ticket, response: Response, now: datetime) -> FetchFacts:
    """The outcome of an answer that came, whatever its status."""
    assert response.request is not None
    state = state_of(response.request)
    rules = rule_of(state.outlet) if state.outlet else NO_RULES
    answer = Answer(
        wants_page=ticket.wants_page,
        asked_for_changes=not ticket.is_page,
        status=response.status,
        content_type=_header(response, b"Content-Type"),
        head=response.body[:4096],
        location=_header(response, b"Location"),
        challenged="challenge" in _header(response, b"cf-mitigated") or _header(response, b"x-amzn-waf-action") in ("challenge", "captcha"),
        led_elsewhere=leads_elsewhere(ticket.address, response.url, rules) if "redirect_times" in response.meta else "",
        is_cut=is_cut(response),
    )
    outcome, detail = decide(answer)
    return FetchFacts(
        requested_url=ticket.address,
        final_url=response.url,
        outcome=outcome,
        fetched_at=now,
        status=response.status,
        headers=_headers(response),
        elapsed_seconds=round(state.elapsed_seconds, 3),
        size_bytes=len(response.body),
        detail=detail or state.robots_note,
        exchange=exchange_of(response) if ticket.is_page else None,
    )


def facts_of_failure(ticket: Ticket, request: Request, failure: BaseException, now: datetime, timeout_seconds: float) -> FetchFacts:
    """The outcome of a request without an answer."""
    refused = refused_address(urlparse_cached(request).hostname or "")
    answer = Answer(
        wants_page=ticket.wants_page,
        asked_for_changes=not ticket.is_page,
        failure=failure,
        refused_network=refused,
        timeout_seconds=timeout_seconds,
    )
    outcome, detail = decide(answer)
    elapsed = round(state_of(request).elapsed_seconds, 3)
    return FetchFacts(ticket.address, request.url, outcome, now, elapsed_seconds=elapsed, detail=detail)


def _header(response: Response, name: bytes) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")


def _headers(response: Response) -> tuple[tuple[str, str], ...]:
    items = [(name.decode("latin-1"), values[-1].decode("latin-1")) for name, values in response.headers.items() if values]
    return tuple((name, value[:MAX_HEADER_CHARS]) for name, value in items[:MAX_HEADERS] if name != "Set-Cookie")
