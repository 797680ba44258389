"""News sitemaps and sitemap indexes -> article links."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from msgspec.structs import replace
from scrapy.http import Response

from spiders.base import PressSpider, found_link, in_days, zone
from tracker.model import FetchFacts, FetchOutcome, FoundLink, Lookback, PollResult, SourceKind, Watched
from tracker.sources.discovery import sitemaps_of_robots
from tracker.sources.searches import bears_a_term, search_queries
from tracker.sources.sitemaps.index_choice import MAX_CHILDREN, children_within, days_in_name, newest_children
from tracker.sources.sitemaps.sitemap import SitemapDocument, SitemapPage, read_sitemap
from tracker.urls.canonical import is_front_page, rule_of

MAX_NAMED = 50
"""Sitemaps that one robots.txt may name before the rest is left: it bounds what one outlet can have asked."""
MAX_DEPTH = 3
"""Levels below the first document. The protocol (sitemaps.org) knows one; the bound ends a loop."""


class SitemapsSpider(PressSpider):
    name = "sitemaps"
    kinds = frozenset({SourceKind.SITEMAP})

    async def read(self, response: Response, watched: Watched, facts: FetchFacts) -> AsyncIterator[PollResult]:
        """The pages of a sitemap, and of the newest documents of an index."""
        document = await self._document(response, watched)
        pages, remarks = list(document.pages), [document.detail]
        since = watched.since
        waiting = [(child, 1) for child in newest_children(document.children, since)]
        opened, seen = 0, {response.url}
        while waiting and opened < MAX_CHILDREN:
            child, depth = waiting.pop(0)
            if child.url in seen:
                continue
            seen.add(child.url)
            opened += 1
            answer = await self.further(child.url, response)
            if answer is None:
                remarks.append(f"{child.url} could not be had")
                continue
            inner = await self._document(answer, watched)
            pages += inner.pages
            if depth < MAX_DEPTH:
                waiting = [(grandchild, depth + 1) for grandchild in newest_children(inner.children, since)] + waiting
        outcome = FetchOutcome.FETCHED if pages else FetchOutcome.EMPTY if document.outcome is FetchOutcome.FETCHED else document.outcome
        rule = rule_of(watched.outlet)
        links = [link_of_page(page, watched) for page in pages if page.url and not is_front_page(page.url, rule)]
        yield self.listing(
            facts, watched, outcome, links, detail="; ".join(remark for remark in remarks if remark)[:300], whole=not document.children
        )

    async def look_back(self, response: Response, watched: Watched, facts: FetchFacts) -> AsyncIterator[PollResult]:
        """One document: its pages of the days wanted, and the documents of an index that can hold such."""
        asked = watched.lookback
        assert asked is not None
        if asked.address.endswith("/robots.txt"):
            body, url = response.body, response.url
            named = await self.in_thread(lambda: sitemaps_of_robots(body, url, MAX_NAMED))
            further = [replace(asked, address=address, depth=0, id=0, attempts=0) for address in named]
            outcome, detail = (FetchOutcome.FETCHED, "") if further else (FetchOutcome.EMPTY, "robots.txt names no sitemap")
            yield self.listing(facts, watched, outcome, detail=detail, further=further)
            return
        document = await self._document(response, watched)
        children = children_within(document.children, self.assignment.since, self.assignment.until) if asked.depth < MAX_DEPTH else []
        further = [replace(asked, address=child.url, depth=asked.depth + 1, id=0, attempts=0) for child in children]
        links = await self.in_thread(lambda: list(self._older_links(document, asked, watched)))
        yield self.listing(facts, watched, document.outcome, links, detail=document.detail, further=further)

    def _older_links(self, document: SitemapDocument, asked: Lookback, watched: Watched) -> Iterator[FoundLink]:
        queries = search_queries(self.assignment.terms, watched.outlet.languages, watched.outlet.scripts) if asked.by_words else []
        for page in document.pages:
            if is_front_page(page.url, rule_of(watched.outlet)) or not self._can_be_of_these_days(page):
                continue
            if not asked.by_words or bears_a_term(page.url, page.title, queries):
                link = link_of_page(page, watched)
                yield replace(link, published=page.published or (page.lastmod if self.assignment.until is None else None))

    def _can_be_of_these_days(self, page: SitemapPage) -> bool:
        """By the day of publication; else by that of the last change, before which it was published, and the days in its address."""
        if page.published is not None:
            return in_days(page.published.at.date(), self.assignment.since, self.assignment.until)
        changed_in_time = page.lastmod is None or in_days(page.lastmod.at.date(), self.assignment.since, None)
        named = days_in_name(page.url)
        return changed_in_time and (
            named is None or (in_days(named[1], self.assignment.since, None) and in_days(named[0], None, self.assignment.until))
        )

    async def _document(self, response: Response, watched: Watched) -> SitemapDocument:
        body, url, limit = response.body, response.url, self.assignment.max_unzipped_bytes
        return await self.in_thread(lambda: read_sitemap(body, url=url, now=self.assignment.now, zone=zone(watched), max_bytes=limit))


def link_of_page(page: SitemapPage, watched: Watched) -> FoundLink:
    """A sitemap's page; without a day of publication, dated by its last change."""
    return found_link(watched, page.url, title=page.title, published=page.published or page.lastmod)
