"""The frontier's article pages -> FetchedPage, bytes as they came."""

from __future__ import annotations

from collections.abc import Iterator

from scrapy import Request
from scrapy.http import Response

from spiders.base import Navigator, content_type
from tracker.model import FetchedPage, FetchFacts, FrontierLink


class ArticlesSpider(Navigator):
    """Has no sources of its own: the crawl hands it links from the frontier as they are found."""

    name = "articles"

    def page(self, link: FrontierLink) -> Request:
        """Requests the address as its source wrote it. Raises ValueError for what is no web address."""
        return Request(link.url, dont_filter=True)

    def keep(self, response: Response, link: FrontierLink, facts: FetchFacts) -> Iterator[FetchedPage]:
        """Exactly one page."""
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
