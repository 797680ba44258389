"""Front and section pages -> article links."""

from __future__ import annotations

from collections.abc import AsyncIterator

from scrapy.http import Response

from spiders.base import PressSpider, content_type
from tracker.model import FetchOutcome, FoundLink, PollResult, SourceKind, Watched
from tracker.sources.linkclasses import PageLink, article_links, learn_shapes


class SectionsSpider(PressSpider):
    """Which links are articles is judged by what the outlet's known articles look like, once some are known."""

    name = "sections"
    kinds = frozenset({SourceKind.SECTION})

    async def read(self, response: Response, watched: Watched) -> AsyncIterator[PollResult]:
        body, url, media, moved = response.body, response.url, content_type(response), watched.outlet.moved_hosts
        known = watched.known_articles
        links = await self.beside(lambda: article_links(body, url=url, content_type=media, shapes=learn_shapes(known), moved_hosts=moved))
        found = [found_link(link, watched) for link in links]
        outcome, detail = (FetchOutcome.FETCHED, "") if found else (FetchOutcome.EMPTY, "no link on the page looks like an article")
        yield self.listing(response, watched, outcome, found, detail=detail)


def found_link(link: PageLink, watched: Watched) -> FoundLink:
    return FoundLink(url=link.url, source_id=watched.source.id, outlet_id=watched.outlet.id, found_by=watched.source.kind, title=link.text)
