"""The files of outlets' sites that say what machines may do: tdmrep.json is asked for once a week, when the outlet has answered in this
crawl anyway; robots.txt is read before any page, and noted at most once a day. Both go through what every request goes through.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from tracker.crawl.facts import facts_of_answer, facts_of_failure
from tracker.crawl.request_state import RequestState, Ticket, set_state
from tracker.crawl.site_file_jobs import robots_of, robots_read, tdmrep_of
from tracker.crawl.turns import NotOurTurn
from tracker.model import Outlet, SiteFile, Source, SourceKind, TermsVia, Watched
from tracker.sources.site_files import LONGEST_FILE_BYTES

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from tracker.crawl.job import CrawlJob

ASKED_EVERY = timedelta(days=7)
ROBOTS_NOTED_EVERY = timedelta(hours=20)
PATH = "/.well-known/tdmrep.json"


class SiteFiles:
    """Those of one crawl. `open`: files that are asked for this moment."""

    def __init__(self, crawler: Crawler, job: CrawlJob) -> None:
        self._crawler, self._job = crawler, job
        self._tasks: set[asyncio.Task[None]] = set()
        self._known = job.site_files
        self._by_site: dict[str, list[Outlet]] = {}
        for outlet in job.outlets.values():
            self._by_site.setdefault(_site(outlet.homepage), []).append(outlet)
        crawler.signals.connect(self._robots, signal=robots_read)

    @property
    def open(self) -> int:
        """How many are asked for, or read, this moment."""
        return len(self._tasks)

    def close(self) -> None:
        """The crawl ends: what is not answered is as due as it was."""
        for task in self._tasks:
            task.cancel()

    def ask(self, outlet_id: str) -> None:
        """The outlet has answered: asks for its tdmrep.json, where a week has passed."""
        outlet = self._job.outlets.get(outlet_id)
        now, before = self._job.clock(), self._known.get((outlet_id, TermsVia.TDMREP))
        if outlet is None or not self._job.asks_site_files or (before is not None and now - before.asked_at < ASKED_EVERY):
            return
        self._known[outlet_id, TermsVia.TDMREP] = SiteFile(TermsVia.TDMREP, "", now)  # once in a crawl
        self._keep(self._ask(outlet, before))

    async def _ask(self, outlet: Outlet, before: SiteFile | None) -> None:
        address = f"{_site(outlet.homepage)}{PATH}"
        source = Source(f"{outlet.id}:tdmrep", outlet.id, SourceKind.SECTION, address)
        ticket = Ticket(Watched(source, outlet), _nothing)
        response: Response | None = None
        try:
            request = Request(address, callback=NO_CALLBACK, dont_filter=True, meta={"download_maxsize": LONGEST_FILE_BYTES})
        except ValueError:
            return
        set_state(request, RequestState(outlet=outlet))
        for header, value in (("If-None-Match", before and before.etag), ("If-Modified-Since", before and before.last_modified)):
            if value:
                request.headers[header] = value.encode("latin-1", "ignore")
        try:
            response = await self._crawler.engine.download_async(request)
        except NotOurTurn:
            return  # as due as it was
        except Exception as error:  # noqa: BLE001  # every failure is an outcome
            facts = facts_of_failure(ticket, request, error, self._job.clock(), 0)
        else:
            facts = facts_of_answer(ticket, response, self._job.clock())
        job = tdmrep_of(outlet.id, facts, response)
        counts = self._job.progress.site_files
        counts[job.file.outcome] = counts.get(job.file.outcome, 0) + 1
        await self._job.writer.put(job)

    def _robots(self, site: str, response: Response, agent: str) -> None:
        now = self._job.clock()
        for outlet in self._by_site.get(site, ()):
            before = self._known.get((outlet.id, TermsVia.ROBOTS))
            if before is None or now - before.asked_at >= ROBOTS_NOTED_EVERY:
                self._known[outlet.id, TermsVia.ROBOTS] = SiteFile(TermsVia.ROBOTS, "", now)
                self._keep(self._note_robots(outlet, response, agent, now))

    async def _note_robots(self, outlet: Outlet, response: Response, agent: str, now: datetime) -> None:
        """Long ones are read outside the reactor's thread."""
        reading = asyncio.get_running_loop().run_in_executor(None, robots_of, outlet, response.status, response.body, agent, now)
        await self._job.writer.put(await reading)

    def _keep(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _site(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme or 'https'}://{parts.netloc}"


def _nothing(*_: object, **__: object) -> tuple[()]:
    return ()
