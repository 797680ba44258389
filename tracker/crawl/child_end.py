"""How a crawl's process ends before its time: what it has is stored, what it was at stays as due as it was, and the parent is told why."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from tracker.crawl.job import TIME_OVER, CrawlJob, EndOnce
from tracker.crawl.plan import LACKING, CrawlProgress
from tracker.crawl.scheduler import HostQueue
from tracker.crawl.spider import Round

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

GRACE_SECONDS = 10.0
"""For storing what is fetched when the crawl must end now."""
RETURN_SECONDS = 8.0
"""For requests under way when the work of several machines must end here: most hosts answer in less."""
INTERRUPTED = 75
"""EX_TEMPFAIL of sysexits.h: try again later."""


class ChildEnd:
    """Attached to `ending`: whoever calls that ends the process. `tell` is given the last counts."""

    def __init__(self, job: CrawlJob, crawler: Crawler, ending: EndOnce, tell: Callable[[CrawlProgress], None]) -> None:
        self._job, self._crawler, self._ending, self._tell = job, crawler, ending, tell
        self._loop = asyncio.get_event_loop()
        self._lacks = False
        ending.attach(self._loop, self._return_rest if job.plan.shared else self._now)

    def lacking(self, why: str) -> None:
        """Ends it because this machine lacks what `why` names."""
        self._lacks = True
        self._ending(why)

    def _now(self, why: str) -> None:
        job, spider = self._job, self._crawler.spider
        if isinstance(spider, Round):
            spider.give_up_open(f"the crawl ended before it answered: {why}", blames=why == TIME_OVER)
        job.progress.ended = why
        stored = not job.writer.is_alive() or job.writer.finish(GRACE_SECONDS)
        self._tell(job.progress)
        if job.turns is not None:
            job.turns.give_back_at_once()
        if self._lacks:
            print(why, file=sys.stderr, flush=True)  # noqa: T201  # the parent tells it
            os._exit(LACKING)
        os._exit(INTERRUPTED if stored and job.writer.error is None else 3)

    def _return_rest(self, why: str) -> None:
        """Requests under way may end; what waits goes back to the store."""
        self._job.returning = True
        queue = self._crawler.engine.scheduler if self._crawler.engine is not None else None
        if isinstance(queue, HostQueue):
            queue.return_all()
        self._loop.call_later(RETURN_SECONDS, self._now, why)
