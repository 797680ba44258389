"""The desk of a crawl: hands out the sources, refills from the frontier, tells how far it is, and ends it."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import msgspec
from scrapy import Spider, signals
from scrapy.exceptions import DontCloseSpider, NotConfigured

from tracker.crawl.pacing import Outrun
from tracker.crawl.plan import CrawlPlan, CrawlProgress
from tracker.crawl.scheduler import wake
from tracker.crawl.writer import Writer
from tracker.model import FrontierLink, Lookback, Source, SourceKind, Watched
from tracker.sources.polling.due import due_sources
from tracker.store import articles, frontier, lookbacks, paces, registers
from tracker.store.database import Database
from tracker.text.dates import zone_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from sqlalchemy import Connection

    from tracker.crawl.spider import Round

REFILL = 1000
"""Links taken from the frontier at a time: a minute's work without delays."""

REFILL_SECONDS = 2.0

KNOWN_ARTICLES = 300
"""Of an outlet, for telling its article links from others: enough for a shape that one article in thirty has."""

TOLD_EVERY_SECONDS = 0.5
LONGEST_LINE = 4000
"""Bytes of one progress line: what a pipe takes in one piece."""

MOST_REMARKS = 5

logger = logging.getLogger(__name__)


class Clock:
    """The moment the crawl is told it is, going on from there."""

    def __init__(self, as_of: datetime) -> None:
        self._as_of = as_of
        self._started = monotonic()

    def __call__(self) -> datetime:
        return self._as_of + timedelta(seconds=monotonic() - self._started)


class Desk:
    """Made by Scrapy; `open` gives it what the child has read."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        crawler.desk = self  # type: ignore[attr-defined]  # the pipeline and the round find the writer here
        self.job: CrawlJob = crawler.settings["TRACKER_JOB"]
        self.writer = self.job.writer
        self.progress = self.job.progress
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="frontier")
        self._taken: set[int] = set()
        self._asked_back: set[int] = set()
        self._done = False
        self._work = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._told = b""
        self._links_seen = 0
        self._refilled = 0.0
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._idle, signal=signals.spider_idle)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Desk:
        if crawler.settings.get("TRACKER_JOB") is None:
            raise NotConfigured  # a `scrapy` command in a checkout: nothing to hand out and nowhere to store
        return cls(crawler)

    async def _opened(self, spider: Round) -> None:
        loop = asyncio.get_running_loop()
        self.writer.on_stored = lambda: loop.call_soon_threadsafe(self._work.set)
        self.writer.on_outrun = lambda outrun: self._repair(outrun, spider, loop)
        spider.outlets = self.job.outlets
        spider.watched = self.job.watched
        self.writer.start()
        self._tasks = [loop.create_task(self._keep_going(spider)), loop.create_task(self._keep_telling())]

    def _repair(self, outrun: Outrun, spider: Round, loop: asyncio.AbstractEventLoop) -> None:
        """Called by the writer: has the outlet's sitemap asked in this very round. They count as sources before the writer is idle,
        so that the crawl does not end without them."""
        sources = self.job.repair_of(outrun.outlet_id)
        self.progress.sources += len(sources)
        loop.call_soon_threadsafe(spider.repair, sources, outrun.since_at)

    def _idle(self, spider: Spider) -> None:
        if not self._done:
            raise DontCloseSpider

    async def _closed(self, spider: Spider, reason: str) -> None:
        self._done = True
        self.progress.ended = reason
        for task in self._tasks:
            task.cancel()

    async def _keep_going(self, spider: Round) -> None:
        """Refills while there is work; the crawl is done when every source is answered, all is stored and the frontier is empty."""
        deadline = monotonic() + self.job.stage_seconds
        try:
            if self.job.plan.discover:
                found = await asyncio.wait_for(spider.discover(self.job.plan.discover), self.job.stage_seconds)
                Path(self.job.plan.into).write_bytes(msgspec.json.encode(found))
            while True:
                self._work.clear()
                if self.writer.error is not None:
                    return self.job.end(str(self.writer.error))
                if monotonic() > deadline:
                    return self.job.end("the crawl's time (fetch.stage_minutes) was over")
                if await self._nothing_left(spider):
                    break
                await self._for_a_while(0.2)
        except Exception as error:
            logger.exception("the crawl cannot go on")
            return self.job.end(f"{type(error).__name__}: {error}")
        self._done = True
        wake(self.crawler)

    async def _nothing_left(self, spider: Round) -> bool:
        polled = self.progress.polled >= self.progress.sources
        stored = self.writer.is_idle
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
            only = {"link_ids": job.plan.links} if job.plan.links else {"outlet_ids": job.outlet_ids, "backfill": job.plan.backfill}
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

    async def _keep_telling(self) -> None:
        while True:
            await asyncio.sleep(TOLD_EVERY_SECONDS)
            self._told = tell(self.progress, self._told)


class CrawlJob:
    """All a crawl needs, read before Scrapy starts."""

    def __init__(self, plan: CrawlPlan, database: Database, stage_seconds: float, end: Callable[[str], None]) -> None:
        self.plan = plan
        self.database = database
        self.stage_seconds = stage_seconds
        self.end = end
        self.clock = Clock(plan.as_of)
        self.progress = CrawlProgress()
        self.writer = Writer(database, plan.run_id, self.clock, self.progress, plan.look_back)
        self._known: dict[str, tuple[str, ...]] = {}
        with database.reading() as conn:
            self.outlets = registers.outlets(conn)
            asked = registers.watched(conn, source_ids=plan.sources or None)
            self._repairs = _repairing(conn, {one.source.id for one in asked}) if plan.poll else {}
            self._sources = {one.source.id: one.source for one in asked} if plan.look_back else {}
        asked_now = [one for one in asked if one.source.kind is not SourceKind.SEARCH or plan.terms]  # a search needs something to look for
        self.watched: tuple[Watched, ...] = tuple(self._told(one) for one in due_sources(asked_now, plan.as_of)) if plan.poll else ()
        self.progress.sources = len(self.watched)
        self.outlet_ids = sorted({one.outlet.id for one in asked}) if plan.sources else None

    def repair_of(self, outlet_id: str) -> tuple[Watched, ...]:
        """What shows more of an outlet's past than its feeds do; once in a crawl."""
        return tuple(map(self._told, self._repairs.pop(outlet_id, ())))

    def as_watched(self, page: Lookback) -> Watched:
        """A page of older articles in the place of a source."""
        own = self._sources.get(page.source_id)
        source = own or Source(page.source_id or f"{page.outlet_id}:{page.kind}:0", page.outlet_id, page.kind, page.address)
        return self._told(Watched(source, self.outlets[page.outlet_id], lookback=page))

    def _told(self, watched: Watched) -> Watched:
        """With what its reader must know: the outlet's zone and, for pages full of links, its known articles."""
        localised = _localised(watched)
        if watched.source.kind not in (SourceKind.SECTION, SourceKind.SEARCH):
            return localised
        if watched.outlet.id not in self._known:
            with self.database.reading() as conn:
                self._known[watched.outlet.id] = tuple(articles.addresses(conn, watched.outlet.id, limit=KNOWN_ARTICLES))
        return replace(localised, known_articles=self._known[watched.outlet.id])

    def __deepcopy__(self, memo: Any) -> CrawlJob:
        """Scrapy copies its settings, and this travels in them."""
        return self


def _repairing(conn: Connection, polled: Collection[str]) -> dict[str, tuple[Watched, ...]]:
    """By outlet, what could repair a gap and is not polled in this round anyway; asked without conditions."""
    known = {state.source.id: Watched(state.source, state.outlet) for state in registers.states(conn)}
    listed = paces.repairing(conn).items()
    return {outlet: tuple(known[one] for one in ids) for outlet, ids in listed if not any(one in polled for one in ids)}


def tell(progress: CrawlProgress, told: bytes = b"", descriptor: int = 1) -> bytes:
    """One line for the parent if anything changed; a parent that does not listen is not waited for."""
    del progress.remarks[MOST_REMARKS:]
    line = msgspec.json.encode(progress) + b"\n"
    if line == told or len(line) > LONGEST_LINE:
        return told
    try:
        os.write(descriptor, line)
    except BlockingIOError:
        return told
    except OSError:
        return line
    return line


def _localised(watched: Watched) -> Watched:
    """With the zone of the outlet's country where the register names none: readers know no countries."""
    zone = watched.outlet.time_zone or zone_of(watched.outlet.country)
    return replace(watched, outlet=replace(watched.outlet, time_zone=zone))
