"""What a crawl wants of the spiders in `spiders/`: three kinds of navigators, told apart by what they can do.

The import contract keeps `spiders` and `tracker.crawl` apart, so these are protocols; `tests/spiders/test_navigators.py` holds every
spider against them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from msgspec import Struct
from scrapy import Request
from scrapy.http import Response
from scrapy.spiderloader import SpiderLoader

from tracker.model import Assignment, FetchedPage, FetchFacts, FrontierLink, PollResult, SourceKind, Watched

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

Further = Callable[[str, Response], Awaitable[Response | None]]
"""Requests a further document of the source that the response belongs to; None when it cannot be had."""

AskOne = Callable[[str], Awaitable[tuple[FetchFacts, Response | None]]]
"""Requests one address by itself; the facts, and the answer if it is one to read."""


@runtime_checkable
class SourceNavigator(Protocol):
    """Reads sources of its `kinds` and pages that list older articles: one PollResult for each."""

    @property
    def kinds(self) -> frozenset[SourceKind]:
        """The kinds of sources it reads."""

    def poll(self, watched: Watched) -> Request:
        """The first request of a source. Raises ValueError for what is no web address."""

    def read(self, response: Response, watched: Watched, facts: FetchFacts) -> AsyncIterator[PollResult]:
        """What a source lists: exactly one PollResult."""

    def look_back(self, response: Response, watched: Watched, facts: FetchFacts) -> AsyncIterator[PollResult]:
        """What `watched.lookback` lists, and which pages to request next: exactly one PollResult."""


@runtime_checkable
class PageNavigator(Protocol):
    """Fetches article pages."""

    def page(self, link: FrontierLink) -> Request:
        """The request of a link. Raises ValueError for what is no web address."""

    def keep(self, response: Response, link: FrontierLink, facts: FetchFacts) -> Iterator[FetchedPage]:
        """The page as it came: exactly one."""


@runtime_checkable
class SiteNavigator(Protocol):
    """Looks a site over for what it can be followed by."""

    async def discover(self, homepage: str, ask: AskOne) -> Any:
        """A `sources.discovery.Discovery`."""


class Navigators(Struct, frozen=True):
    """The navigators of one crawl."""

    sources: tuple[SourceNavigator, ...]
    pages: PageNavigator
    sites: SiteNavigator

    def of_kind(self, kind: SourceKind) -> SourceNavigator | None:
        """Who reads sources of a kind; None: nobody."""
        return next((one for one in self.sources if kind in one.kinds), None)


def load_navigators(crawler: Crawler, assignment: Assignment, further: Further) -> Navigators:
    """Every spider of SPIDER_MODULES, ready for one crawl. Raises StopIteration when there is none for pages or for sites."""
    loader = SpiderLoader.from_settings(crawler.settings)
    made: list[object] = [loader.load(name).from_crawler(crawler, assignment=assignment, further=further) for name in sorted(loader.list())]
    return Navigators(
        sources=tuple(one for one in made if isinstance(one, SourceNavigator)),
        pages=next(one for one in made if isinstance(one, PageNavigator)),
        sites=next(one for one in made if isinstance(one, SiteNavigator)),
    )
