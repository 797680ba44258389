"""News sitemaps and sitemap indexes -> article links."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

from scrapy.http import Response

from spiders.base import PressSpider, in_days, zone
from tracker.model import FetchOutcome, FoundLink, Lookback, PollResult, SourceKind, Watched
from tracker.sources.searches import bears_a_term, search_queries
from tracker.sources.sitemaps.index_choice import MAX_CHILDREN, children_within, days_in_name, newest_children
from tracker.sources.sitemaps.sitemap import SitemapDocument, SitemapPage, read_sitemap
from tracker.urls.canonical import is_front_page, rule_of
from tracker.urls.links import web_address

MAX_DEPTH = 3

_ROBOTS_LINE = re.compile(rb"^\s*sitemap\s*:\s*(\S+)", re.I | re.M)


class SitemapsSpider(PressSpider):
    name = "sitemaps"
    kinds = frozenset({SourceKind.SITEMAP})

    async def read(self, response: Response, watched: Watched) -> AsyncIterator[PollResult]:
        document = await self._document(response, watched)
        pages, remarks = list(document.pages), [document.detail]
        since = self.since_of(watched)
        waiting = [(child, 1) for child in newest_children(document.children, since)]
        opened, seen = 0, {response.url}
        while waiting and opened < MAX_CHILDREN:
            child, depth = waiting.pop(0)
            if child.url in seen:
                continue
            seen.add(child.url)
            opened += 1
            answer = await self.ask(child.url, response)
            if answer is None:
                remarks.append(f"{child.url} could not be had")
                continue
            inner = await self._document(answer, watched)
            pages += inner.pages
            if depth < MAX_DEPTH:
                waiting = [(grandchild, depth + 1) for grandchild in newest_children(inner.children, since)] + waiting
        outcome = FetchOutcome.FETCHED if pages else FetchOutcome.EMPTY if document.outcome is FetchOutcome.FETCHED else document.outcome
        rule = rule_of(watched.outlet)
        links = [found_link(page, watched) for page in pages if page.url and not is_front_page(page.url, rule)]
        yield self.listing(
            response, watched, outcome, links, detail="; ".join(remark for remark in remarks if remark)[:300], whole=not document.children
        )

    async def look_back(self, response: Response, watched: Watched) -> AsyncIterator[PollResult]:
        """One document: its pages of the days wanted, and the documents of an index that can hold such."""
        asked = watched.lookback
        assert asked is not None
        if asked.address.endswith("/robots.txt"):
            named = [web_address(found.decode("utf-8", "replace"), response.url) for found in _ROBOTS_LINE.findall(response.body)[:50]]
            further = [replace(asked, address=address, depth=0, id=0, attempts=0) for address in dict.fromkeys(named) if address]
            outcome, detail = (FetchOutcome.FETCHED, "") if further else (FetchOutcome.EMPTY, "robots.txt names no sitemap")
            yield self.listing(response, watched, outcome, detail=detail, further=further)
            return
        document = await self._document(response, watched)
        children = children_within(document.children, self.since, self.until) if asked.depth < MAX_DEPTH else []
        further = [replace(asked, address=child.url, depth=asked.depth + 1, id=0, attempts=0) for child in children]
        links = await self.beside(lambda: list(self._older_links(document, asked, watched)))
        yield self.listing(response, watched, document.outcome, links, detail=document.detail, further=further)

    def _older_links(self, document: SitemapDocument, asked: Lookback, watched: Watched) -> Iterator[FoundLink]:
        queries = search_queries(self.terms, watched.outlet.languages, watched.outlet.scripts) if asked.by_words else []
        for page in document.pages:
            if is_front_page(page.url, rule_of(watched.outlet)) or not self._can_be_of_these_days(page):
                continue
            if not asked.by_words or bears_a_term(page.url, page.title, queries):
                link = found_link(page, watched)
                yield replace(link, published=page.published or (page.lastmod if self.until is None else None))

    def _can_be_of_these_days(self, page: SitemapPage) -> bool:
        """By the day of publication; else by that of the last change, before which it was published, and the days in its address."""
        if page.published is not None:
            return in_days(page.published.at.date(), self.since, self.until)
        changed_in_time = page.lastmod is None or in_days(page.lastmod.at.date(), self.since, None)
        named = days_in_name(page.url)
        return changed_in_time and (named is None or (in_days(named[1], self.since, None) and in_days(named[0], None, self.until)))

    async def _document(self, response: Response, watched: Watched) -> SitemapDocument:
        body, url, limit = response.body, response.url, self.max_unzipped_bytes
        return await self.beside(lambda: read_sitemap(body, url=url, now=self.now, zone=zone(watched), max_bytes=limit))


def found_link(page: SitemapPage, watched: Watched) -> FoundLink:
    return FoundLink(
        url=page.url,
        source_id=watched.source.id,
        outlet_id=watched.outlet.id,
        found_by=watched.source.kind,
        title=page.title,
        published=page.published or page.lastmod,
    )
