"""Processes of the product begun by a fork of one that has done the imports: 1.5 s of processor time less for each crawl.

The program that runs is the real one, in a process of its own, over the real pipes. `tests/crawl/test_parent.py`, the kill tests and all
that start the command line begin it as the product does.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.popen_forkserver
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from multiprocessing import reduction
from typing import Any

from tracker.crawl.early import Forked

CRAWL = ("-P", "-m", "tracker.crawl.child")
PRELOADED = (
    "tracker.crawl.child",
    "tracker.crawl.coordinator",
    "tracker.crawl.download_handler",
    "tracker.crawl.item_pipeline",
    "tracker.crawl.job",
    "tracker.crawl.masking",
    "tracker.crawl.middlewares.conditional",
    "tracker.crawl.middlewares.requests",
    "tracker.crawl.middlewares.retries",
    "tracker.crawl.middlewares.robots",
    "tracker.crawl.middlewares.throttle",
    "tracker.crawl.scheduler",
    "tracker.crawl.settings",
    "tracker.crawl.spider",
    "tracker.store.database",
    "spiders.articles",
    "spiders.discovery",
    "spiders.feeds",
    "spiders.searches",
    "spiders.sections",
    "spiders.sitemaps",
    "scrapy.core.downloader.handlers.datauri",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.core.engine",
    "scrapy.core.scraper",
    "scrapy.crawler",
    "twisted.internet.endpoints",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "tracker.extraction.article",
    "tracker.extraction.bodies",
    "tracker.extraction.byline",
    "tracker.extraction.dates",
    "tracker.extraction.document",
    "tracker.extraction.language",
    "tracker.extraction.screen",
    "tracker.extraction.titles",
    "tracker.matching.compiled",
    "tracker.matching.scanning",
    "tracker.pipeline.page_pool",
)
"""No reactor, no worker's campaigns, nothing that starts a thread: what is here is shared by all that are forked."""


class _Passed:
    """A descriptor that goes with the process; in it, the number it has there."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __reduce__(self) -> tuple[Any, ...]:
        return _received, (reduction.DupFd(self._descriptor),)


def _received(passed: Any) -> int:
    number: int = passed.detach()
    return number


def _crawl(streams: Sequence[int], kept: Sequence[tuple[int, int]], environment: Mapping[str, str]) -> None:
    """In the new process: as a program begun with these streams, descriptors and variables."""
    for wanted, descriptor in [*enumerate(streams), *kept]:
        os.dup2(descriptor, wanted)
        if descriptor != wanted:
            os.close(descriptor)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    from tracker.crawl import child

    sys.exit(child.run())


def prepare() -> None:
    """Says what is imported before the first fork."""
    multiprocessing.set_forkserver_preload([*PRELOADED])


def popen(command: Sequence[str], **options: Any) -> Any:
    """`subprocess.Popen`: the crawl's process is forked, any other begun as usual."""
    if tuple(command) == (sys.executable, *CRAWL):
        return _Forked(**options)
    return subprocess.Popen(command, **options)


class _Forked(Forked):
    """A crawl's process by way of the server of forks, with the descriptors and variables that a Popen would give it."""

    def __init__(self, *, env: Mapping[str, str], pass_fds: Sequence[int] = (), **_: Any) -> None:
        def begin(streams: tuple[int, int, int], _others: tuple[int, int, int]) -> Any:
            passed = [_Passed(one) for one in streams]
            kept = [(number, _Passed(number)) for number in pass_fds]
            process = multiprocessing.get_context("forkserver").Process(target=_crawl, args=(passed, kept, dict(env)), daemon=True)
            return multiprocessing.popen_forkserver.Popen(process)

        super().__init__(begin)
