"""What all spiders share: sources come in, found links and fetched pages go out, nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any, ClassVar, TypeVar

from msgspec.structs import replace
from scrapy import Request, Spider
from scrapy.http import Response

from tracker.model import Assignment, FetchFacts, FetchOutcome, FoundLink, Lookback, PollResult, Published, SourceKind, Watched
from tracker.sources.feeds.records import FeedEntry

T = TypeVar("T")
Further = Callable[[str, Response], Awaitable[Response | None]]

_READERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="reader")
"""Documents are read here, beside the reactor: a feed of 8 MiB takes seconds."""

READING_SECONDS = 60.0
"""A document that is not read by then is given up. The largest of the corpus take under a second."""


class Navigator(Spider):
    """A spider that a crawl gives its work to. `further` requests another document of the source that a response belongs to."""

    def __init__(
        self, name: str | None = None, *, assignment: Assignment | None = None, further: Further | None = None, **kwargs: Any
    ) -> None:
        super().__init__(name, **kwargs)
        self.assignment = assignment or Assignment(datetime.now(UTC))  # alone in `scrapy shell --spider`
        self._further = further

    async def further(self, address: str, response: Response) -> Response | None:
        """A further document of the same source; None when it cannot be had. Same limits, same politeness."""
        return await self._further(address, response) if self._further else None

    async def in_thread(self, read: Callable[[], T]) -> T:
        """Runs a reader outside the reactor's thread. Raises TimeoutError when it takes longer than READING_SECONDS."""
        return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(_READERS, read), READING_SECONDS)


class PressSpider(Navigator):
    """Reads the sources of its `kinds`: `read` is an async generator of exactly one PollResult, `look_back` likewise for a page of
    older articles. The crawl turns failures into outcomes without it."""

    kinds: ClassVar[frozenset[SourceKind]] = frozenset()

    def poll(self, watched: Watched) -> Request:
        """The first request of a source. Raises ValueError for what is no web address."""
        return Request(watched.source.address, dont_filter=True)

    def listing(
        self,
        facts: FetchFacts,
        watched: Watched,
        outcome: FetchOutcome,
        links: Iterable[FoundLink] = (),
        *,
        detail: str = "",
        whole: bool = True,
        further: Iterable[Lookback] = (),
    ) -> PollResult:
        """What a source listed, with the facts of the request. `whole` is False when links came from further documents: these
        may change while the first one does not, so the next request must not be conditional."""
        listed = tuple(links)
        moments = sorted(link.published.at for link in listed if link.published)
        return PollResult(
            source_id=watched.source.id,
            facts=replace(facts, outcome=outcome, detail=detail or facts.detail),
            links=listed,
            listed=len(listed),
            newest_at=moments[-1] if moments else None,
            oldest_at=moments[0] if moments else None,
            etag=None if whole else "",
            further=tuple(further),
        )


def found_link(
    watched: Watched,
    url: str,
    *,
    title: str = "",
    summary: str = "",
    published: Published | None = None,
    authors: tuple[str, ...] = (),
) -> FoundLink:
    """An address that a source named as an article, with what the source says of it."""
    source, outlet = watched.source, watched.outlet
    return FoundLink(url, source.id, outlet.id, source.kind, title=title, summary=summary, published=published, authors=authors)


def link_of_entry(entry: FeedEntry, watched: Watched) -> FoundLink:
    """The link of a feed's entry or of a search result."""
    link = found_link(watched, entry.url, title=entry.title, summary=entry.summary, published=entry.published, authors=entry.authors)
    return link if entry.modified_at is None else replace(link, modified_at=entry.modified_at)


def day_of(published: Published | None) -> date | None:
    """The day of publication in the outlet's own zone."""
    return published.at.date() if published else None


def in_days(day: date | None, since: date | None, until: date | None) -> bool:
    """Whether a day lies within the days looked back at; an unknown one may."""
    return day is None or ((since is None or day >= since) and (until is None or day <= until))


def zone(watched: Watched) -> str:
    """The outlet's time zone, for moments without an offset."""
    return watched.outlet.time_zone or "UTC"


def content_type(response: Response) -> str:
    """The Content-Type header; empty without one."""
    return (response.headers.get("Content-Type") or b"").decode("latin-1")
