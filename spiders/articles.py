"""The frontier's article pages -> FetchedPage, bytes as they came."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from scrapy import Request
from scrapy.http import Response

from spiders.base import PressSpider, content_type
from tracker.model import FetchedPage, FetchFacts, FrontierLink


class ArticlesSpider(PressSpider):
    """Has no sources of its own: the crawl hands it links from the frontier as they are found."""

    name = "articles"

    async def start(self) -> AsyncIterator[Request]:
        return
        yield

    def page(self, link: FrontierLink) -> Request:
        return Request(link.url, callback=self.keep, cb_kwargs={"link": link}, dont_filter=True)

    def keep(self, response: Response, link: FrontierLink) -> Iterator[FetchedPage]:
        facts: FetchFacts = response.meta["facts"]
        yield FetchedPage(
            id=0,
            link_id=link.id,
            outlet_id=link.outlet_id,
            requested_url=link.url,
            final_url=facts.final_url,
            content_type=content_type(response),
            body=response.body,
            fetched_at=facts.fetched_at,
        )
