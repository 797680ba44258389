"""robots.txt: fetched once per host and crawl, obeyed, its Crawl-delay too. Of one of any length the beginning is read (RFC 9309, 2.5)."""

from __future__ import annotations

import asyncio
from math import isfinite
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace
from protego import Protego
from scrapy import Request, signals
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, StopDownload
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from tracker.crawl.middlewares.throttle import LONGEST_CRAWL_DELAY_SECONDS, Politeness
from tracker.crawl.outcomes import RobotsRefused, RobotsUnavailable
from tracker.crawl.request_state import RequestState, set_state, state_of
from tracker.crawl.scheduler import host_of
from tracker.crawl.site_file_jobs import robots_read
from tracker.crawl.turns import NotOurTurn
from tracker.sources.site_files import LONGEST_FILE_BYTES, robots_text

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

READ_IN_PART = {b"Accept-Encoding": b"gzip, deflate"}
"""What can be unpacked as far as it was sent."""
LONG_ROBOTS_CHARS = 20_000
"""From here on one look takes over 1 ms: 500 KB of rules with wildcards take 120 ms (`Protego.can_fetch` of the last of 25,000)."""


class Rules(Struct, frozen=True):
    """What a host's robots.txt says; `note` when it could not be read and everything is allowed for that reason."""

    parsed: Protego | None = None
    note: str = ""
    status: int | None = None
    """Of a server in trouble, when that is why: RFC 9309, 2.3.1.4, then has nothing asked."""
    is_long: bool = False

    async def refuse(self, url: str, user_agent: str) -> bool:
        """Whether the rules keep this agent from an address. Long ones are looked through outside the reactor's thread."""
        if self.parsed is None:
            return False
        if not self.is_long:
            return not self.parsed.can_fetch(url, user_agent)
        return not await asyncio.get_running_loop().run_in_executor(None, self.parsed.can_fetch, url, user_agent)


class RobotsElsewhere(IgnoreRequest):
    """robots.txt redirects to a host that does not answer."""


class Robots:
    """Scrapy's downloader middleware for robots.txt."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._obey = crawler.settings.getbool("TRACKER_OBEY_ROBOTS")
        self._known: dict[str, Rules | asyncio.Future[Rules]] = {}
        self._received: dict[str, int] = {}
        self.politeness = Politeness(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Robots:
        """Scrapy's way to make it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises RobotsRefused; or what kept robots.txt from us, when the host itself does not answer."""
        state = state_of(request)
        outlet = state.outlet
        if outlet is not None and outlet.delay_seconds is not None:
            self.politeness.slow_down(host_of(request), outlet.delay_seconds)
        if not self._obey or state.robots_of:
            return
        rules = await self._rules(request)
        if rules.note:
            set_state(request, replace(state, robots_note=rules.note))
        if rules.status is not None:
            raise RobotsUnavailable(f"could not be asked: robots.txt answered with status {rules.status}")
        if await rules.refuse(request.url, _agent(request)):
            raise RobotsRefused

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raises RobotsElsewhere where robots.txt was sought on another host and that one failed. What fails on the host itself is
        its failure: there is no need to wait for the same once more."""
        site = state_of(request).robots_of
        if site and not isinstance(exception, IgnoreRequest | NotOurTurn) and urlsplit(site).hostname != urlparse_cached(request).hostname:
            raise RobotsElsewhere("it is said to be elsewhere") from exception

    async def _rules(self, request: Request) -> Rules:
        parts = urlparse_cached(request)
        site = f"{parts.scheme}://{parts.netloc}"
        known = self._known.get(site)
        if isinstance(known, Rules):
            return known
        if known is not None:
            return await asyncio.shield(known)
        waiting: asyncio.Future[Rules] = asyncio.get_running_loop().create_future()
        self._known[site] = waiting
        try:
            rules = await self._fetch(site, request)
        except Exception as error:
            del self._known[site]
            waiting.set_exception(error)
            waiting.exception()  # nobody else may be waiting: it counts as seen
            raise
        self._known[site] = rules
        waiting.set_result(rules)
        return rules

    async def _fetch(self, site: str, request: Request) -> Rules:
        asked = Request(f"{site}/robots.txt", callback=NO_CALLBACK, headers=READ_IN_PART, meta={"download_maxsize": 0})
        set_state(asked, RequestState(outlet=state_of(request).outlet, robots_of=site))
        try:
            response = await self._beginning(site, asked)
        except (IgnoreRequest, DownloadCancelledError) as error:
            return Rules(note=f"robots.txt could not be read ({str(error) or type(error).__name__})"[:200])
        rules = await self._read(response)
        agent = _agent(request)
        self._crawler.signals.send_catch_log(signal=robots_read, site=site, response=response, agent=agent)
        delay = rules.parsed.crawl_delay(agent) if rules.parsed is not None else None
        if delay and isfinite(delay):
            self.politeness.slow_down(host_of(request), min(float(delay), LONGEST_CRAWL_DELAY_SECONDS))
        return rules

    async def _beginning(self, site: str, asked: Request) -> Response:
        """The answer, cut behind LONGEST_FILE_BYTES. Bytes are counted while a robots.txt is on its way alone: each signal costs the pages."""
        if not self._received:
            self._crawler.signals.connect(self._count, signal=signals.bytes_received)
        self._received[site] = 0
        try:
            return await self._crawler.engine.download_async(asked)
        finally:
            del self._received[site]
            if not self._received:
                self._crawler.signals.disconnect(self._count, signal=signals.bytes_received)

    def _count(self, data: bytes, request: Request) -> None:
        site = state_of(request).robots_of
        if site not in self._received:
            return
        self._received[site] += len(data)
        if self._received[site] > LONGEST_FILE_BYTES:
            raise StopDownload(fail=False)

    async def _read(self, response: Response) -> Rules:
        if response.status == 429 or response.status >= 500:
            return Rules(status=response.status)
        if 400 <= response.status < 500:
            return Rules()
        if response.status != 200:
            return Rules(note=f"robots.txt answered with status {response.status}")
        text = robots_text(response.body)
        try:
            parsed = await asyncio.get_running_loop().run_in_executor(None, Protego.parse, text)
            return Rules(parsed, is_long=len(text) > LONG_ROBOTS_CHARS)
        except Exception as error:  # noqa: BLE001  # a robots.txt of any kind; the parser promises nothing
            return Rules(note=f"robots.txt could not be understood ({type(error).__name__})")


def _agent(request: Request) -> str:
    return (request.headers.get(b"User-Agent") or b"").decode("latin-1")
