"""`scrapy crawl NAME`: one spider over the sources of this workspace, as the night runs it."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from scrapy.commands import crawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from tracker.crawl.job import CrawlJob, EndOnce
from tracker.crawl.named_job import arguments_of, open_job
from tracker.crawl.named_spider import kinds_by_spider
from tracker.errors import TrackerError


class Command(crawl.Command):
    """Exit code 0: everything is polled and stored. 2: a wrong argument. 3: the crawl could not run or did not come to its end."""

    def long_desc(self) -> str:
        """Shown by `scrapy crawl --help`."""
        return (
            "Run one spider over this workspace's sources: same politeness, limits and store as the night. "
            "-a source=ID,... or -a outlet=ID,... choose among them; -a since=YYYY-MM-DD sets the first day; "
            "-a term=WORDS is what `searches` looks for; -a site=URL is what `discovery` looks over."
        )

    def run(self, args: list[str], opts: Namespace) -> None:
        """Prints one line to standard error where it cannot run."""
        if len(args) != 1:
            raise UsageError("name one spider; `scrapy list` shows them", print_help=False)
        try:
            self._run(args[0], dict(opts.spargs))
        except TrackerError as error:
            print(error, file=sys.stderr)  # noqa: T201  # a command
            self.exitcode = error.exit_code

    def _run(self, name: str, given: dict[str, str]) -> None:
        assert self.settings is not None
        assert self.crawler_process is not None
        arguments = arguments_of(name, given, kinds=kinds_by_spider(self.settings))
        workspace = Path(self.settings["TRACKER_WORKSPACE"])
        end = EndOnce()
        with open_job(workspace, name, arguments, end=end, now=datetime.now(UTC)) as job:
            crawler = self.crawler_process.create_crawler(name)
            end.attach(asyncio.get_event_loop(), lambda reason: _close(crawler, job, reason))
            self.crawler_process.crawl(crawler, job=job)
            self.crawler_process.start()
            complete = job.is_complete and not self.crawler_process.bootstrap_failed
        self.exitcode = 0 if complete else 3


def _close(crawler: Crawler, job: CrawlJob, reason: str) -> None:
    job.progress.remarks.append(reason)
    task = asyncio.get_running_loop().create_task(crawler.engine.close_spider_async(reason=reason))
    _CLOSING.add(task)


_CLOSING: set[asyncio.Task[None]] = set()
"""The event loop holds tasks weakly."""
