"""Second tries within a crawl: broken connections and servers in trouble, after a pause for the whole host. Never time-outs."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace
from scrapy import exceptions as scrapy_errors
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet import error as twisted_errors

from tracker.crawl.address_guard import refused_address
from tracker.crawl.outcomes import Answer, decide
from tracker.crawl.request_state import set_state, state_of
from tracker.crawl.scheduler import HostQueue, HostStop, host_of
from tracker.model import FetchOutcome

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
RETRIED_FAILURES = (
    scrapy_errors.ResponseDataLossError,
    scrapy_errors.DownloadConnectionRefusedError,
    scrapy_errors.DownloadFailedError,
    scrapy_errors.CannotResolveHostError,
    twisted_errors.ConnectError,
    twisted_errors.ConnectionClosed,
)
LONGEST_PAUSE_SECONDS = 30.0
"""A Retry-After up to this is obeyed within the crawl; a longer one becomes the link's `not_before_at`."""

LONGEST_ASKED_SECONDS = 366 * 86_400.0
"""A year: whoever asks for more is not asked for more patience by any of our own bounds either."""
LONGEST_HEADER = 100
"""Characters; a date has 29."""
_SECONDS = re.compile(r"\d+(?:\.\d+)?", re.ASCII)


def retry_after_seconds(header: bytes | None, now: datetime) -> float | None:
    """What a Retry-After header asks for, in seconds from now; None when it says nothing understandable."""
    text = (header or b"").decode("latin-1").strip()[:LONGEST_HEADER]
    if _SECONDS.fullmatch(text):
        return min(float(text), LONGEST_ASKED_SECONDS)
    moment = _moment(text)
    return None if moment is None else min(max(0.0, (moment - now).total_seconds()), LONGEST_ASKED_SECONDS)


def answered_at(header: bytes | None, now: datetime) -> datetime:
    """When a server says by its Date header that it answered; `now` where it says nothing understandable. A moment that it names is
    compared with this one: its clock or ours may be wrong, its own two words fit each other."""
    return _moment((header or b"").decode("latin-1").strip()[:LONGEST_HEADER]) or now


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Retries:
    """Scrapy's downloader middleware for second tries; 429 ends the crawl of a host."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._times = crawler.settings.getint("RETRY_TIMES")
        self._pause = min(1.0, crawler.settings.getfloat("DOWNLOAD_DELAY") or 0.1)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Retries:
        """Scrapy's way to make it."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """The answer, or the request once more where a server is in trouble."""
        if response.status not in RETRIED_STATUSES:
            return response
        now = answered_at(response.headers.get(b"Date"), datetime.now(UTC))
        asked = retry_after_seconds(response.headers.get(b"Retry-After"), now)
        if asked is not None:
            set_state(request, replace(state_of(request), retry_after_seconds=asked))
        if response.status == 429 and (asked is None or asked > LONGEST_PAUSE_SECONDS):
            return self._stop_host(request, response)
        again = await self._again(request, asked)
        return again or (self._stop_host(request, response) if response.status == 429 else response)

    def _stop_host(self, request: Request, response: Response) -> Response:
        """Too many requests is said to the client, not of one page (RFC 6585, 4): nothing more is asked of this host in this crawl."""
        queue = self._crawler.engine.scheduler
        if isinstance(queue, HostQueue):
            queue.stop(host_of(request), HostStop.RATE_LIMITED)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """The request once more where a connection broke."""
        if not isinstance(exception, RETRIED_FAILURES):
            return None
        outcome, _ = decide(
            Answer(wants_page=False, failure=exception, refused_network=refused_address(urlparse_cached(request).hostname or ""))
        )
        if outcome in (FetchOutcome.CERTIFICATE, FetchOutcome.REFUSED_ADDRESS, FetchOutcome.TIMEOUT):
            return None
        return await self._again(request, None)

    async def _again(self, request: Request, asked: float | None) -> Request | None:
        """The same request once more after a pause, or None when it has had its tries or is asked to wait long."""
        state = state_of(request)
        tries = state.tries
        pause = self._pause * 2.0**tries if asked is None else asked
        if tries >= self._times or pause > LONGEST_PAUSE_SECONDS or state.robots_of:
            return None
        queue = self._crawler.engine.scheduler
        if isinstance(queue, HostQueue) and state.ticket is not None:
            queue.hold(host_of(request), pause)
        else:
            await asyncio.sleep(pause)
        again = request.copy()
        set_state(again, replace(state, tries=tries + 1))
        again.dont_filter = True
        return again
