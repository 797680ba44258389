"""News sitemaps and sitemap indexes -> article links."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime

from scrapy.http import Response

from spiders.base import PressSpider, zone
from tracker.model import FetchOutcome, FoundLink, PollResult, SourceKind, Watched
from tracker.sources.sitemaps import ChildSitemap, SitemapDocument, SitemapPage, read_sitemap
from tracker.urls import is_front_page

MAX_CHILDREN = 6
"""Documents of an index that one poll opens. News sitemaps have one to three that changed lately."""

MAX_DEPTH = 3


class SitemapsSpider(PressSpider):
    name = "sitemaps"
    kinds = frozenset({SourceKind.SITEMAP})
    since: date | None = None

    async def read(self, response: Response, watched: Watched) -> AsyncIterator[PollResult]:
        document = await self._document(response, watched)
        pages, remarks = list(document.pages), [document.detail]
        waiting = [(child, 1) for child in newest_children(document.children, self.since)]
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
                waiting = [(grandchild, depth + 1) for grandchild in newest_children(inner.children, self.since)] + waiting
        outcome = FetchOutcome.FETCHED if pages else FetchOutcome.EMPTY if document.outcome is FetchOutcome.FETCHED else document.outcome
        links = [found_link(page, watched) for page in pages if page.url and not is_front_page(page.url)]
        yield self.listing(
            response, watched, outcome, links, detail="; ".join(remark for remark in remarks if remark)[:300], whole=not document.children
        )

    async def _document(self, response: Response, watched: Watched) -> SitemapDocument:
        body, url, limit = response.body, response.url, self.max_unzipped_bytes
        return await self.beside(lambda: read_sitemap(body, url=url, now=self.now, zone=zone(watched), max_bytes=limit))


def newest_children(children: tuple[ChildSitemap, ...], since: date | None) -> list[ChildSitemap]:
    """The documents of an index worth opening, newest first: those changed since then, else the last ones listed."""
    dated = [child for child in children if child.lastmod is not None]
    if not dated:
        news = [child for child in children if "news" in child.url]
        return (news or list(reversed(children)))[:MAX_CHILDREN]
    recent = [child for child in dated if since is None or _changed_on(child) >= since]
    return sorted(recent, key=_changed_at, reverse=True)[:MAX_CHILDREN]


def _changed_at(child: ChildSitemap) -> datetime:
    assert child.lastmod is not None
    return child.lastmod.at


def _changed_on(child: ChildSitemap) -> date:
    return _changed_at(child).date()


def found_link(page: SitemapPage, watched: Watched) -> FoundLink:
    return FoundLink(
        url=page.url,
        source_id=watched.source.id,
        outlet_id=watched.outlet.id,
        found_by=watched.source.kind,
        title=page.title,
        published=page.published or page.lastmod,
    )
