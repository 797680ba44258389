"""RSS, Atom, RDF and JSON feeds -> article links."""

from __future__ import annotations

from collections.abc import AsyncIterator

from scrapy.http import Response

from spiders.base import PressSpider, content_type, zone
from tracker.model import FoundLink, PollResult, SourceKind, Watched
from tracker.sources.feeds import FeedEntry, read_feed
from tracker.urls import is_front_page


class FeedsSpider(PressSpider):
    name = "feeds"
    kinds = frozenset({SourceKind.FEED, SourceKind.CHANNEL})

    async def read(self, response: Response, watched: Watched) -> AsyncIterator[PollResult]:
        body, url, media = response.body, response.url, content_type(response)
        document = await self.beside(lambda: read_feed(body, url=url, now=self.now, content_type=media, zone=zone(watched)))
        links = [found_link(entry, watched) for entry in document.entries if entry.url and not is_front_page(entry.url)]
        yield self.listing(response, watched, document.outcome, links, detail=document.detail)


def found_link(entry: FeedEntry, watched: Watched) -> FoundLink:
    return FoundLink(
        url=entry.url,
        source_id=watched.source.id,
        outlet_id=watched.outlet.id,
        found_by=watched.source.kind,
        title=entry.title,
        summary=entry.summary,
        published=entry.published,
        authors=entry.authors,
    )
