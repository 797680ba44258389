"""What all spiders share: sources come in, found links and fetched pages go out, nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar, TypeVar

from scrapy import Request, Spider
from scrapy.http import Response

from tracker.model import FetchFacts, FetchOutcome, FoundLink, Lookback, PollResult, Published, SourceKind, Watched

T = TypeVar("T")

_READERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="reader")
"""Documents are read here, beside the reactor: a feed of 8 MiB takes seconds."""

READING_SECONDS = 60.0
"""A document that is not read by then is given up. The largest of the corpus take under a second."""


class PressSpider(Spider):
    """Asks each of its sources once and yields one PollResult for each answer.

    The crawl sets `watched` (sources of `kinds`) and `now` before `start`, puts each answer's FetchFacts into
    `response.meta["facts"]`, and turns failures into outcomes without asking the spider.
    """

    kinds: ClassVar[frozenset[SourceKind]] = frozenset()
    watched: Sequence[Watched] = ()
    now: datetime
    since: date | None = None
    until: date | None = None
    by_outlet: bool = False
    """Whether an outlet's own `lookback_days` stands in place of `since`."""
    repairs_since: Mapping[str, date] = {}
    """Sources that are asked because a feed of their outlet was outrun, and since when."""
    terms: Sequence[tuple[str, str]] = ()
    """What looking back looks for: language and text."""
    max_unzipped_bytes: int = 64 * 1024 * 1024

    def since_of(self, watched: Watched) -> date | None:
        """The first day of which this source's links are wanted."""
        days, since = watched.outlet.lookback_days, self.since
        if self.by_outlet and days is not None:
            since = (self.now - timedelta(days=days)).date()
        return since and min(since, self.repairs_since.get(watched.source.id, since))

    async def start(self) -> AsyncIterator[Request]:
        for watched in self.watched:
            yield self.poll(watched)

    def poll(self, watched: Watched) -> Request:
        """The first request of a source."""
        return Request(watched.source.address, callback=self.read, cb_kwargs={"watched": watched}, dont_filter=True)

    def read(self, response: Response, watched: Watched) -> AsyncIterator[PollResult]:
        """What a source's answer lists: exactly one PollResult."""
        raise NotImplementedError

    def look_back(self, response: Response, watched: Watched) -> AsyncIterator[PollResult]:
        """What a page of older articles lists (`watched.lookback`), and which pages to ask next: exactly one PollResult."""
        raise NotImplementedError

    async def ask(self, address: str, response: Response) -> Response | None:
        """A further document of the same source; None when it cannot be had. Same limits, same politeness."""
        meta = {"follows": response.meta.get("source_id", "")}
        try:
            answer: Response = await self.crawler.engine.download_async(Request(address, meta=meta, dont_filter=True))
        except Exception as error:  # noqa: BLE001  # whatever keeps it from us: the rest of the source still counts
            self.logger.info("%s could not be had: %s", address, error)
            return None
        return answer if answer.status == 200 else None

    async def beside(self, read: Callable[[], T]) -> T:
        """Runs a slow reader outside the reactor's thread. Raises TimeoutError when it takes too long."""
        return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(_READERS, read), READING_SECONDS)

    def listing(
        self,
        response: Response,
        watched: Watched,
        outcome: FetchOutcome,
        links: Iterable[FoundLink] = (),
        *,
        detail: str = "",
        whole: bool = True,
        further: Iterable[Lookback] = (),
    ) -> PollResult:
        """What a source named, with the facts of the request that said so. `whole` is False when the links came from further
        documents: these may change while the first one does not, so it must never be answered with 'not modified'."""
        found = tuple(links)
        moments = sorted(link.published.at for link in found if link.published)
        facts: FetchFacts = response.meta["facts"]
        return PollResult(
            source_id=watched.source.id,
            facts=replace(facts, outcome=outcome, detail=detail or facts.detail),
            links=found,
            listed=len(found),
            newest_at=moments[-1] if moments else None,
            oldest_at=moments[0] if moments else None,
            etag=None if whole else "",
            further=tuple(further),
        )


def day_of(published: Published | None) -> date | None:
    return published.at.date() if published else None


def in_days(day: date | None, since: date | None, until: date | None) -> bool:
    """Whether a day lies within the days looked back at; one that is not known may."""
    return day is None or ((since is None or day >= since) and (until is None or day <= until))


def zone(watched: Watched) -> str:
    return watched.outlet.time_zone or "UTC"


def content_type(response: Response) -> str:
    return (response.headers.get("Content-Type") or b"").decode("latin-1")
