"""An outlet's own search, a news search service -> article links. Asked when looking back; the addresses come from the plan."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from msgspec.structs import replace
from scrapy import Request
from scrapy.http import Response

from spiders.base import PressSpider, content_type, day_of, in_days, link_of_entry, zone
from tracker.model import FetchFacts, FetchOutcome, Lookback, PollResult, SourceKind, Watched
from tracker.sources.article_links import learn_shapes
from tracker.sources.searches import (
    TERM,
    SearchPage,
    bears_a_term,
    have_nothing_in_common,
    next_page,
    oldest,
    page_number,
    query_of,
    read_search,
    read_search_page,
    search_address,
    search_queries,
    wordpress_feed,
    wordpress_posts,
)
from tracker.urls.canonical import is_front_page

MIN_ALIKE = 5
"""Articles that the answers to two queries must be made of to count as one: a short one may be chance."""


class SearchesSpider(PressSpider):
    """The first page of the first query shows whether the search works; the other queries follow from it."""

    name = "searches"
    kinds = frozenset({SourceKind.SEARCH})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._last_page: dict[str, frozenset[str]] = {}
        self._first_pages: dict[tuple[str, frozenset[str]], str] = {}

    def poll(self, watched: Watched) -> Request:
        """The first query; the others follow in `read`."""
        address = watched.source.address
        if TERM in address:
            queries = self._queries(watched)
            address = search_address(address, queries[0]) if queries else address
        return Request(address, dont_filter=True)

    async def read(self, response: Response, watched: Watched, facts: FetchFacts) -> AsyncIterator[PollResult]:
        """The newest results of every query: one poll."""
        template, queries = watched.source.address, self._queries(watched)
        page = await self._page(response, watched)
        entries = list(page.entries)
        for query in queries[1:] if TERM in template else ():
            answer = await self.further(search_address(template, query), response)
            if answer is not None:
                entries += (await self._page(answer, watched)).entries
        links = [
            link_of_entry(entry, watched) for entry in {entry.url: entry for entry in entries}.values() if not is_front_page(entry.url)
        ]
        outcome = FetchOutcome.FETCHED if links else page.outcome
        yield self.listing(facts, watched, outcome, links, detail=page.detail, whole=False)

    async def look_back(self, response: Response, watched: Watched, facts: FetchFacts) -> AsyncIterator[PollResult]:
        """One page of results. The first page of the first query leads to the other queries, each page to its next."""
        asked = watched.lookback
        assert asked is not None
        page = await self._page(response, watched)
        if page.outcome not in (FetchOutcome.FETCHED, FetchOutcome.EMPTY):
            yield self.listing(facts, watched, page.outcome, detail=f"no search that can be read: {page.detail}")
            return
        if self._answers_alike(asked, page, watched):
            yield self.listing(facts, watched, FetchOutcome.PARSE_FAILED, detail="answers every query alike: it is no search")
            return
        further = [*self._other_queries(asked, watched), *self._next(asked, page, watched)]
        days = (self.assignment.since, self.assignment.until)
        links = [
            link_of_entry(entry, watched)
            for entry in page.entries
            if not is_front_page(entry.url) and in_days(day_of(entry.published), *days)
        ]
        yield self.listing(facts, watched, page.outcome, links, detail=page.detail, further=further)

    def _answers_alike(self, asked: Lookback, page: SearchPage, watched: Watched) -> bool:
        """Whether an unlike query had the same answer, and nothing in it tells of this one: many sites serve their newest items under
        any address."""
        addresses = frozenset(entry.url for entry in page.entries)
        query = query_of(asked.address, watched.source.address if TERM in watched.source.address else "")
        if len(addresses) < MIN_ALIKE or page_number(asked.address) > 1 or not query:
            return False
        before = self._first_pages.setdefault((asked.outlet_id, addresses), query)
        told = any(bears_a_term(entry.url, f"{entry.title} {entry.summary}", [query]) for entry in page.entries)
        return have_nothing_in_common(query, before) and not told

    def _other_queries(self, asked: Lookback, watched: Watched) -> list[Lookback]:
        if asked.depth:
            return []
        queries = self._queries(watched)[1:]
        return [replace(asked, address=self._address(asked, query, watched), depth=1, id=0, attempts=0) for query in queries]

    def _address(self, asked: Lookback, query: str, watched: Watched) -> str:
        """The query's first page, asked in the way that has worked for another."""
        if TERM in watched.source.address:
            return search_address(watched.source.address, query)
        if "/wp-json/" in asked.address:
            assert self.assignment.since is not None
            return wordpress_posts(asked.address, query, self.assignment.since, self.assignment.until)
        return wordpress_feed(asked.address, query)

    def _next(self, asked: Lookback, page: SearchPage, watched: Watched) -> list[Lookback]:
        """The following page, unless this one was the last, beyond the days wanted, or the same as the one before."""
        addresses = frozenset(entry.url for entry in page.entries)
        following = next_page(asked.address, watched.source.address if TERM in watched.source.address else "")
        chain = following or asked.address
        before = self._last_page.pop(asked.address, frozenset())
        first = oldest(entry.published for entry in page.entries)
        over = (
            not addresses
            or addresses <= before
            or (first is not None and self.assignment.since is not None and first < self.assignment.since)
        )
        if over or not following or ("/wp-json/" in asked.address and len(addresses) < 100 and page_number(asked.address) >= 1):
            return []
        self._last_page[chain] = addresses
        return [replace(asked, address=following, depth=asked.depth + 1, id=0, attempts=0)]

    def _queries(self, watched: Watched) -> list[str]:
        stems = TERM not in watched.source.address
        return search_queries(self.assignment.terms, watched.outlet.languages, watched.outlet.scripts, stems=stems)

    async def _page(self, response: Response, watched: Watched) -> SearchPage:
        body, url, media, known = response.body, response.url, content_type(response), watched.known_articles
        reader = read_search_page if TERM in watched.source.address else read_search
        return await self.in_thread(
            lambda: reader(body, url=url, now=self.assignment.now, content_type=media, zone=zone(watched), shapes=learn_shapes(known))
        )
