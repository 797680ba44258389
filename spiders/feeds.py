"""RSS, Atom, RDF and JSON feeds, and the posts interface of WordPress -> article links."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from msgspec.structs import replace
from scrapy import Request
from scrapy.http import Response

from spiders.base import PressSpider, content_type, day_of, in_days, link_of_entry, zone
from tracker.model import FetchFacts, FetchOutcome, PollResult, SourceKind, Watched
from tracker.sources.feeds.feed import read_feed
from tracker.sources.searches import POSTS_A_PAGE, next_page, oldest, wordpress_list
from tracker.urls.canonical import is_front_page, rule_of


class FeedsSpider(PressSpider):
    name = "feeds"
    kinds = frozenset({SourceKind.FEED, SourceKind.CHANNEL, SourceKind.WORDPRESS})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._last_page: dict[str, frozenset[str]] = {}

    def poll(self, watched: Watched) -> Request:
        """The feed; of WordPress's posts interface the newest hundred."""
        address = watched.source.address
        return Request(wordpress_list(address) if watched.source.kind is SourceKind.WORDPRESS else address, dont_filter=True)

    async def read(self, response: Response, watched: Watched, facts: FetchFacts) -> AsyncIterator[PollResult]:
        """The feed's entries."""
        body, url, media = response.body, response.url, content_type(response)
        document = await self.in_thread(lambda: read_feed(body, url=url, now=self.assignment.now, content_type=media, zone=zone(watched)))
        rule = rule_of(watched.outlet)
        links = [link_of_entry(entry, watched) for entry in document.entries if entry.url and not is_front_page(entry.url, rule)]
        poll = self.listing(facts, watched, document.outcome, links, detail=document.detail)
        yield replace(poll, ttl_minutes=document.ttl_minutes, skip_hours=document.skip_hours)

    async def look_back(self, response: Response, watched: Watched, facts: FetchFacts) -> AsyncIterator[PollResult]:
        """A feed that has pages (`?paged=2`): one of them. It ends with the days wanted, or where a page says nothing new."""
        asked = watched.lookback
        assert asked is not None
        body, url, media = response.body, response.url, content_type(response)
        document = await self.in_thread(lambda: read_feed(body, url=url, now=self.assignment.now, content_type=media, zone=zone(watched)))
        addresses = frozenset(entry.url for entry in document.entries)
        again = addresses <= self._last_page.get(asked.outlet_id, frozenset())
        self._last_page[asked.outlet_id] = addresses
        first = oldest(entry.published for entry in document.entries)
        last = watched.source.kind is SourceKind.WORDPRESS and len(addresses) < POSTS_A_PAGE  # it answers 400 to who asks for more
        over = again or last or not addresses or (first is not None and self.assignment.since is not None and first < self.assignment.since)
        following = "" if over else next_page(asked.address)
        further = [replace(asked, address=following, depth=asked.depth + 1, id=0, attempts=0)] if following else []
        days = (self.assignment.since, self.assignment.until)
        links = [
            link_of_entry(entry, watched)
            for entry in document.entries
            if entry.url and not again and not is_front_page(entry.url, rule_of(watched.outlet)) and in_days(day_of(entry.published), *days)
        ]
        outcome, detail = (
            (FetchOutcome.EMPTY, "the same as the page before") if again and addresses else (document.outcome, document.detail)
        )
        yield self.listing(facts, watched, outcome, links, detail=detail, further=further)
