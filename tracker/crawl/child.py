"""The crawl's own process: `python -m tracker.crawl.child`, the plan as one JSON line on standard input.

It lives no longer than its parent: when the pipe to it closes, what is fetched is stored and the process ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path

import msgspec

from tracker.crawl.plan import CrawlPlan
from tracker.errors import TrackerError
from tracker.settings import Settings, read_settings

LOG_FILE = "crawl.log"
LOG_BYTES = 1024 * 1024
GRACE_SECONDS = 10.0
"""For storing what is fetched when the crawl must end now."""

INTERRUPTED = 75
LONGEST_PLAN = 4 * 1024 * 1024


def main() -> int:
    """0: all done. 3: could not run. 75: ended early, with the reason in the last progress line."""
    with os.fdopen(0, "rb", buffering=0, closefd=False) as pipe:  # unbuffered: what follows the plan is for _watch_parent
        plan = msgspec.json.decode(pipe.readline(LONGEST_PLAN), type=CrawlPlan)
    workspace = Path(plan.workspace)
    _keep_log(workspace)
    os.set_blocking(1, False)
    try:
        return _crawl(plan, read_settings(workspace, os.environ))
    except TrackerError as error:
        print(error, file=sys.stderr)  # noqa: T201  # the parent shows the last words of a child that failed
        return error.exit_code


def _crawl(plan: CrawlPlan, settings: Settings) -> int:
    from scrapy.crawler import AsyncCrawlerProcess

    from tracker.crawl.coordinator import CrawlJob, tell
    from tracker.crawl.settings import for_crawl
    from tracker.crawl.spider import Round
    from tracker.store.database import open_database

    database = open_database(Path(plan.workspace), settings.database.url, busy_timeout_seconds=settings.database.busy_timeout_seconds)
    allow_many_connections(settings.fetch.concurrency)
    ending = Ending()
    job = CrawlJob(plan, database, settings.fetch.stage_minutes * 60, ending)
    process = AsyncCrawlerProcess({**for_crawl(settings), "TRACKER_JOB": job})
    for loud in ("scrapy", "twisted", "asyncio"):
        logging.getLogger(loud).setLevel(logging.WARNING)
    crawler = process.create_crawler(Round)
    loop = asyncio.get_event_loop()

    def end_now(why: str) -> None:
        spider = crawler.spider
        if isinstance(spider, Round):
            spider.give_up_open(f"the crawl ended before it answered: {why}")
        job.progress.ended = why
        stored = not job.writer.is_alive() or job.writer.finish(GRACE_SECONDS)
        _tell_last(job.progress, tell)
        os._exit(INTERRUPTED if stored and job.writer.error is None else 3)

    ending.attach(loop, end_now)
    threading.Thread(target=_watch_parent, args=(ending,), name="parent", daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending("interrupted"))
    process.crawl(crawler, clock=job.clock, plan=plan, progress=job.progress)
    process.start(install_signal_handlers=False)
    if job.writer.is_alive():
        job.writer.finish(GRACE_SECONDS)
    complete = job.progress.ended == "finished" and job.progress.polled == job.progress.sources and not job.progress.lost
    if not complete:
        job.progress.remarks.append("the crawl stopped before its end; see crawl.log")
    _tell_last(job.progress, tell)
    logging.shutdown()
    os._exit(0 if complete else 3)  # a reader's thread may still be at a document that was given up


class Ending:
    """Ends the crawl from any thread or signal, once."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: Callable[[str], None] | None = None
        self._called = False

    def attach(self, loop: asyncio.AbstractEventLoop, end: Callable[[str], None]) -> None:
        self._loop, self._end = loop, end

    def __call__(self, why: str) -> None:
        if self._called or self._loop is None or self._end is None:
            return
        self._called = True
        self._loop.call_soon_threadsafe(self._end, why)


def _watch_parent(ending: Ending) -> None:
    """A line on standard input asks the crawl to end; its closing means that nobody waits for it any more."""
    word = os.read(0, 100)
    ending("stopped" if word else "the run that started it is gone")
    threading.Event().wait(GRACE_SECONDS + 5)
    os._exit(INTERRUPTED)  # the reactor is stuck: what is not stored is fetched again


def _tell_last(progress: object, tell: Callable[..., bytes]) -> None:
    """The last line must arrive: now waiting for a parent that is slow to read is right."""
    with contextlib.suppress(OSError):
        os.set_blocking(1, True)
    tell(progress)


def allow_many_connections(concurrency: int) -> None:
    """Room for every connection in use and every idle one; many systems start at 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4096 + 2 * concurrency
    if soft != resource.RLIM_INFINITY and soft < wanted:
        ceiling = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, ceiling), hard))


def _keep_log(workspace: Path) -> None:
    keeper = RotatingFileHandler(workspace / LOG_FILE, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", errors="replace")
    keeper.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[keeper])
    logging.captureWarnings(True)


if __name__ == "__main__":
    sys.exit(main())
