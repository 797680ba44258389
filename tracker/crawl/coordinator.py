"""Scrapy's extension that runs a crawl: hands out the sources, refills from the frontier, reports the counts, and ends it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import msgspec
from scrapy import Spider, signals
from scrapy.exceptions import DontCloseSpider, NotConfigured

from tracker.crawl.files import fetch_files
from tracker.crawl.job import TIME_OVER
from tracker.crawl.pacing import Outrun
from tracker.crawl.plan import FINISHED
from tracker.crawl.scrapy_internals import wake
from tracker.crawl.site_files import SiteFiles
from tracker.crawl.spider import Round
from tracker.crawl.writer import PollJob
from tracker.errors import lack_of
from tracker.model import FrontierLink, Watched
from tracker.store import frontier, lookbacks

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

REFILL = 1000
"""Links taken from the frontier at a time: a minute's work without delays."""

REFILL_SECONDS = 2.0
"""Between two looks for new links while others wait: each reads the whole frontier (`make bench`, bench_store)."""

REPORT_SECONDS = 0.5
"""A progress bar that moves twice a second looks alive."""

logger = logging.getLogger(__name__)


class Coordinator:
    """Scrapy's extension of a crawl that has a job."""

    def __init__(self, crawler: Crawler, spider: Round) -> None:
        self.crawler = crawler
        self.job = spider.job
        self.writer = self.job.writer
        self.progress = self.job.progress
        self._site_files = SiteFiles(crawler, self.job)
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="frontier")
        self._taken: set[int] = set()
        self._asked_back: set[int] = set()
        self._done = False
        self._work = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._links_seen = 0
        self._refilled = 0.0
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._idle, signal=signals.spider_idle)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)
        crawler.signals.connect(self._stored_soon, signal=signals.item_scraped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Coordinator:
        """Raises NotConfigured where there is no job, as in `scrapy shell`."""
        if not isinstance(crawler.spider, Round):
            raise NotConfigured
        return cls(crawler, crawler.spider)

    async def _opened(self, spider: Round) -> None:
        loop = asyncio.get_running_loop()
        self.writer.on_stored = lambda: _in_loop(loop, self._work.set)
        self.writer.on_outrun = lambda outrun: self._repair(outrun, spider, loop)
        try:
            self.writer.start()
        except RuntimeError as error:
            return self.job.on_lack(lack_of(error) or str(error))
        self._tasks = [loop.create_task(self._keep_going(spider)), loop.create_task(self._keep_reporting())]
        if self.job.turns is not None:
            self._tasks.append(loop.create_task(self.job.turns.keep()))

    def _repair(self, outrun: Outrun, spider: Round, loop: asyncio.AbstractEventLoop) -> None:
        """Called by the writer: has the outlet's sitemap asked in this very round. They count as sources before the writer is idle,
        so that the crawl does not end without them."""
        sources = self.job.repair_of(outrun.outlet_id)
        self.progress.sources += len(sources)
        loop.call_soon_threadsafe(spider.repair, sources, outrun.since_at)

    def _stored_soon(self, item: object) -> None:
        if isinstance(item, PollJob) and item.page is None and item.poll.facts.outcome.succeeded:
            self._site_files.ask(item.outlet_id)

    def _idle(self, spider: Spider) -> None:
        if not self._done:
            raise DontCloseSpider

    async def _closed(self, spider: Round, reason: str) -> None:
        if reason != FINISHED:
            spider.give_up_open(f"the crawl ended before it answered: {reason}", blames=False)
        self._done = True
        self._site_files.close()
        self.progress.ended = reason
        for task in self._tasks:
            task.cancel()
        if self.job.turns is not None:
            await self.job.turns.close()

    async def _keep_going(self, spider: Round) -> None:
        """Refills while there is work; the crawl is done when every source is answered, all is stored and the frontier is empty."""
        deadline = monotonic() + self.job.stage_seconds
        try:
            if self.job.plan.files:
                await fetch_files(self.job.plan, spider.ask_file, self.job.stage_seconds, lambda: asyncio.sleep(0.05))
            elif self.job.plan.into:
                found = await asyncio.wait_for(spider.discover(self.job.plan.discover), self.job.stage_seconds)
                Path(self.job.plan.into).write_bytes(msgspec.json.encode(found))
            while True:
                self._work.clear()
                if self.writer.error is not None:
                    return self.job.end(str(self.writer.error))
                if monotonic() > deadline:
                    return self.job.end(TIME_OVER)
                if await self._nothing_left(spider):
                    break
                await self._for_a_while(0.2)
        except Exception as error:
            logger.exception("the crawl cannot go on")
            if lack := lack_of(error):
                return self.job.on_lack(lack)
            return self.job.end(self.job.mask(f"{type(error).__name__}: {error}"))
        self._done = True
        wake(self.crawler)

    async def _nothing_left(self, spider: Round) -> bool:
        pictured = sum(self.progress.pictures.values()) >= len(self.job.plan.pictures)
        revisited = sum(self.progress.revisits.values()) >= len(self.job.revisits)
        polled = pictured and revisited and self.progress.polled + self.progress.returned >= self.progress.sources
        stored = self.writer.is_idle and not self._site_files.open
        if self.job.returning:
            return polled and stored and not spider.open and self.writer.is_idle
        taken = await self._refill(spider) if self.job.plan.articles and self._wants_more() else 0
        taken += await self._look_back(spider) if self.job.plan.look_back and self.progress.looking_back < REFILL // 2 else 0
        return polled and stored and not taken and not spider.open and self.writer.is_idle

    def _wants_more(self) -> bool:
        """Whether little is left to fetch, or new links came that must not wait behind one outlet's thousands."""
        grown = self.progress.links_new > self._links_seen and monotonic() - self._refilled > REFILL_SECONDS
        return self.progress.pages_open < REFILL // 2 or (grown and self.progress.pages_open < 4 * REFILL)

    async def _refill(self, spider: Round) -> int:
        self._links_seen, self._refilled = self.progress.links_new, monotonic()
        links = await asyncio.get_running_loop().run_in_executor(self._reader, self._take)
        for link in links:
            self._taken.add(link.id)
            spider.fetch(link)
        return len(links)

    def _take(self) -> list[FrontierLink]:
        job = self.job
        with job.database.reading() as conn:
            only = {"link_ids": job.plan.links} if job.plan.links else job.of_frontier
            return frontier.take(conn, limit=REFILL, now=job.clock(), in_flight=self._taken, **only)

    async def _look_back(self, spider: Round) -> int:
        pages = await asyncio.get_running_loop().run_in_executor(self._reader, self._take_back)
        for page in pages:
            assert page.lookback is not None
            self._asked_back.add(page.lookback.id)
            spider.look_back(page)
        return len(pages)

    def _take_back(self) -> list[Watched]:
        job = self.job
        with job.database.reading() as conn:
            flying = self._asked_back
            waiting = lookbacks.take(
                conn, job.plan.look_back, limit=REFILL, in_flight=flying, outlet_ids=job.outlet_ids, started_at=job.plan.started_at
            )
        return [job.as_watched(page) for page in waiting]

    async def _for_a_while(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._work.wait(), seconds)
        except TimeoutError:
            return
        await asyncio.sleep(0.05)  # a batch is stored many times a second

    async def _keep_reporting(self) -> None:
        while True:
            await asyncio.sleep(REPORT_SECONDS)
            self.job.report(self.progress)


def _in_loop(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    loop.call_soon_threadsafe(callback)
