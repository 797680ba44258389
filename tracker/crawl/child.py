"""The crawl's own process: `python -m tracker.crawl.child`, the plan as one JSON line on standard input.

It lives no longer than its parent: when the pipe to it closes, what is fetched is stored and the process ends.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import logging
import os
import resource
import signal
import sys
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tracker.crawl.plan import LACKING, CrawlPlan, CrawlProgress
from tracker.crawl.quick_imports import quick_imports
from tracker.end_signals import signals_heeded
from tracker.errors import NO_FILES, NO_ROOM, MachineLacks, TrackerError, lack_of
from tracker.priority import give_way
from tracker.settings import Settings, read_settings
from tracker.text.log_lines import JsonFormatter, is_json

if TYPE_CHECKING:
    from tracker.crawl.job import EndOnce
    from tracker.crawl.turns import Turns

LOG_FILE = "crawl.log"
LOG_BYTES = 1024 * 1024
"""With the file before it, at most 2 MiB of a workspace."""
STUCK_SECONDS, LEFT = 15.0, 75
"""After the parent has gone and GRACE_SECONDS are over; its exit code, as of every crawl that ended early."""
NEEDED = (
    "tracker.crawl.child_end", "tracker.crawl.coordinator", "tracker.crawl.download_handler", "tracker.crawl.item_pipeline", "tracker.crawl.job",
    "tracker.crawl.masking", "tracker.crawl.middlewares.requests", "tracker.crawl.middlewares.retries", "tracker.crawl.middlewares.robots",
    "tracker.crawl.settings", "tracker.crawl.spider", "tracker.store.database", "scrapy.core.engine", "scrapy.core.scraper",
    "scrapy.crawler",
)  # fmt: skip
FILES_BESIDE = 40
"""Files that are open beside connections: 32 were enough for a whole crawl of three outlets, 24 were not."""
MAX_PLAN_BYTES = 4 * 1024 * 1024
"""40,000 source ids of 25 bytes make 1 MB."""
MAX_LINE_BYTES = 4000
"""Of one progress line: what a pipe takes in one piece (PIPE_BUF is 4,096)."""
MAX_HOSTS = 8
"""Named of those whose time was over, so that the line stays below MAX_LINE_BYTES: a host's name has at most 253 bytes."""
MAX_REMARKS = 5
"""Of up to 200 characters each, so that the line stays below MAX_LINE_BYTES."""

COLLECTED_AFTER = (20_000, 10, 10)
"""As in `tracker.cli.main`, which a forked crawl has it from."""


def prepare() -> None:
    """Does the imports of a crawl, before there is a plan. Nothing here starts a thread, opens a file or makes a reactor."""
    with quick_imports():
        for module in NEEDED:
            importlib.import_module(module)


def run() -> int:
    """The imports, then the crawl. 0: all done. 3: could not run. 71: this machine lacks what the last line of standard error names. 75:
    ended early, with the reason in the last progress line."""
    try:
        prepare()
        return main()
    except (OSError, RuntimeError, MemoryError, ImportError, MachineLacks) as error:
        if not (lack := lack_of(error)):
            raise
        print(lack, file=sys.stderr)  # noqa: T201  # the parent tells it
        return LACKING


def main() -> int:
    """What `run` does after the imports. Raises MachineLacks."""
    with os.fdopen(0, "rb", buffering=0, closefd=False) as pipe:  # unbuffered: what follows the plan is for _watch_parent
        line = pipe.readline(MAX_PLAN_BYTES)
    if not line:
        return 0  # whoever began it wants no crawl after all
    plan = msgspec.json.decode(line, type=CrawlPlan)
    workspace = Path(plan.workspace)
    os.umask(0o077)  # as in `tracker.cli.main`
    give_way()
    _keep_log(workspace)
    os.set_blocking(1, False)
    try:
        return _crawl(plan, read_settings(workspace, os.environ))
    except MachineLacks:
        raise
    except TrackerError as error:
        print(error, file=sys.stderr)  # noqa: T201  # the parent shows the last words of a child that failed
        return error.exit_code


def _crawl(plan: CrawlPlan, settings: Settings) -> int:
    from scrapy.crawler import AsyncCrawlerProcess

    from tracker.crawl.child_end import GRACE_SECONDS, ChildEnd
    from tracker.crawl.job import CrawlJob, EndOnce
    from tracker.crawl.masking import mask_logs
    from tracker.crawl.scrapy_internals import grow_as_room_allows
    from tracker.crawl.settings import for_crawl
    from tracker.crawl.spider import Round
    from tracker.store.database import open_database
    from tracker.store.page_files import page_files

    database = open_database(Path(plan.workspace), settings.database.url, busy_timeout_seconds=settings.database.busy_timeout_seconds)
    most_requests = allow_many_connections(settings.fetch.concurrency)
    ending, reporter = EndOnce(), Reporter()
    minutes = min(settings.fetch.stage_minutes, plan.stage_minutes or settings.fetch.stage_minutes)
    job = CrawlJob(plan, database, minutes * 60, ending, reporter, settings.masked, _turns(settings))
    job.writer.page_files = page_files(settings.pages.url)
    mask_logs(settings.masked)
    process = AsyncCrawlerProcess(
        {**for_crawl(settings, 0.0 if plan.backfill else plan.host_minutes, Path(plan.workspace)), "LOG_INSTALL_ROOT_HANDLER": False}
    )
    process.settings.set("CONCURRENT_REQUESTS", min(process.settings.getint("CONCURRENT_REQUESTS"), most_requests), "cmdline")
    for loud in ("scrapy", "twisted", "asyncio"):
        logging.getLogger(loud).setLevel(logging.WARNING)
    crawler = process.create_crawler(Round)
    end = ChildEnd(job, crawler, ending, reporter.report_last)
    job.on_lack = end.lacking
    grow_as_room_allows(lambda: end.lacking(NO_ROOM))
    threading.Thread(target=_watch_parent, args=(ending,), name="parent", daemon=True).start()
    for number in signals_heeded():
        signal.signal(number, lambda *_: ending("interrupted"))
    process.crawl(crawler, job=job)
    process.start(install_signal_handlers=False)
    if job.writer.is_alive():
        job.writer.finish(GRACE_SECONDS)
    if not job.is_complete:
        job.progress.remarks.append("the crawl stopped before its end; see crawl.log")
    reporter.report_last(job.progress)
    logging.shutdown()
    os._exit(0 if job.is_complete else 3)  # a reader's thread may still be at a document that was given up


def _turns(settings: Settings) -> Turns | None:
    """Whose turn a domain is, where several machines share a store."""
    from tracker.store.server_url import is_server

    if not is_server(settings.database.url):
        return None
    from tracker.crawl.turn_store import StoredTurns
    from tracker.crawl.turns import Turns

    return Turns(StoredTurns(settings.database.url, settings.fetch.delay_seconds), delay_seconds=settings.fetch.delay_seconds)


class Reporter:
    """Progress for the parent: one JSON line on standard output whenever the counts have changed."""

    def __init__(self, descriptor: int = 1) -> None:
        self._descriptor = descriptor
        self._reported = b""

    def __call__(self, progress: CrawlProgress) -> None:
        """A parent that does not read is not waited for."""
        del progress.remarks[MAX_REMARKS:]
        named = sorted(progress.over_budget.items(), key=lambda item: -item[1])[:MAX_HOSTS]
        line = msgspec.json.encode(msgspec.structs.replace(progress, over_budget=dict(named))) + b"\n"
        if line == self._reported or len(line) > MAX_LINE_BYTES:
            return
        try:
            os.write(self._descriptor, line)
        except BlockingIOError:
            return
        except OSError:
            pass
        self._reported = line

    def report_last(self, progress: CrawlProgress) -> None:
        """The last line must arrive: now waiting for a parent that is slow to read is right."""
        with contextlib.suppress(OSError):
            os.set_blocking(self._descriptor, True)
        self._reported = b""
        self(progress)


def _watch_parent(ending: EndOnce) -> None:
    """A line on standard input asks the crawl to end; its closing means that nobody waits for it any more."""
    word = os.read(0, 100)
    ending("stopped" if word else "the run that started it is gone")
    threading.Event().wait(STUCK_SECONDS)
    os._exit(LEFT)  # the reactor is stuck: what is not stored is fetched again


def allow_many_connections(concurrency: int) -> int:
    """Room for every connection in use and every idle one; many systems start at 1,024. Returns how many requests go side by side with what
    the system allows. Raises MachineLacks where that is none."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4096 + 2 * concurrency
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = max(soft, wanted if hard == resource.RLIM_INFINITY else min(wanted, hard))
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return concurrency
    if soft < FILES_BESIDE:
        raise MachineLacks(NO_FILES)
    return min(concurrency, max(1, (soft - FILES_BESIDE) // 2))


def _keep_log(workspace: Path) -> None:
    keeper = RotatingFileHandler(workspace / LOG_FILE, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", errors="replace")
    text = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    keeper.setFormatter(JsonFormatter() if is_json() else text)
    logging.basicConfig(level=logging.INFO, handlers=[keeper])
    logging.captureWarnings(True)


if __name__ == "__main__":
    gc.set_threshold(*COLLECTED_AFTER)
    sys.exit(run())
