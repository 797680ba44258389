"""Front and section pages -> article links; when looking back, page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from msgspec.structs import replace
from scrapy.http import Response

from spiders.base import PressSpider, content_type, found_link, in_days, zone
from tracker.model import FetchFacts, FetchOutcome, Lookback, PollResult, SourceKind, Watched
from tracker.sources.archive_pages import MAX_PAGES, ListedLink, ListPage, page_of, read_list_page
from tracker.sources.article_links import article_links, learn_shapes, may_be_listed
from tracker.sources.discovery import read_front
from tracker.urls.canonical import is_front_page, normalise, rule_of

MAX_SECTIONS = 12
"""Of a front page's menu: what a portal has."""
MIN_NEW = 2
"""Articles that no page before had, for a page to count as going on: one may be a box that changes."""
MIN_DATED = 2
"""Days that a page must name to count as too old: one may be of a box with an old article."""


class SectionsSpider(PressSpider):
    """Which links are articles is judged by what the outlet's known articles look like, once some are known."""

    name = "sections"
    kinds = frozenset({SourceKind.SECTION})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seen: dict[tuple[str, str], set[str]] = {}

    async def read(self, response: Response, watched: Watched, facts: FetchFacts) -> AsyncIterator[PollResult]:
        """The page's links that look like articles."""
        body, url, media, moved = response.body, response.url, content_type(response), watched.outlet.moved_hosts
        known, rules = watched.known_articles, rule_of(watched.outlet)
        links = await self.in_thread(
            lambda: article_links(body, url=url, content_type=media, shapes=learn_shapes(known), moved_hosts=moved, rules=rules)
        )
        found = [found_link(watched, link.url, title=link.text) for link in links]
        outcome, detail = (FetchOutcome.FETCHED, "") if found else (FetchOutcome.EMPTY, "no link on the page looks like an article")
        yield self.listing(facts, watched, outcome, found, detail=detail)

    async def look_back(self, response: Response, watched: Watched, facts: FetchFacts) -> AsyncIterator[PollResult]:
        """One page of a section. It ends with the days wanted, where a page names nothing new, or after a bounded number of pages.
        A front page leads to the sections of its menu too."""
        asked = watched.lookback
        assert asked is not None
        page = await self._page(response, watched)
        fresh = self._fresh(asked, page, watched)
        further: list[Lookback] = []
        if page.following and not self._is_over(asked, fresh):
            further.append(replace(asked, address=page.following, depth=asked.depth + 1, id=0, attempts=0))
        if asked.depth == 0 and is_front_page(asked.address, rule_of(watched.outlet)):
            further += [replace(asked, address=address, id=0, attempts=0) for address in await self._sections(response, watched)]
        links = [found_link(watched, link.url, title=link.text, published=link.published) for link in fresh if self._is_of_these_days(link)]
        outcome, detail = (FetchOutcome.FETCHED, "") if fresh else (FetchOutcome.EMPTY, "names nothing that the pages before it did not")
        yield self.listing(facts, watched, outcome, links, detail=detail, further=further)

    def _fresh(self, asked: Lookback, page: ListPage, watched: Watched) -> list[ListedLink]:
        """What no earlier page of the section had named."""
        seen = self._seen.setdefault((asked.outlet_id, page_of(asked.address)[0]), set())
        rule = rule_of(watched.outlet)
        keyed = {key: link for link in page.links if (key := normalise(link.url, rule)) not in seen and not is_front_page(link.url, rule)}
        seen.update(keyed)
        return list(keyed.values())

    def _is_over(self, asked: Lookback, fresh: Sequence[ListedLink]) -> bool:
        newest = [link.days[1] for link in fresh if link.days is not None]
        too_old = self.assignment.since is not None and len(newest) >= MIN_DATED and max(newest) < self.assignment.since
        return len(fresh) < MIN_NEW or too_old or asked.depth + 1 >= MAX_PAGES

    def _is_of_these_days(self, link: ListedLink) -> bool:
        days = link.days
        return days is None or (in_days(days[1], self.assignment.since, None) and in_days(days[0], None, self.assignment.until))

    async def _page(self, response: Response, watched: Watched) -> ListPage:
        body, url, media, outlet = response.body, response.url, content_type(response), watched.outlet
        known, wordpress = watched.known_articles, outlet.platform == "wordpress"
        return await self.in_thread(
            lambda: read_list_page(
                body,
                url=url,
                now=self.assignment.now,
                content_type=media,
                zone=zone(watched),
                shapes=learn_shapes(known),
                moved_hosts=outlet.moved_hosts,
                rules=rule_of(outlet),
                wordpress=wordpress,
            )
        )

    async def _sections(self, response: Response, watched: Watched) -> list[str]:
        body, url, media, moved = response.body, response.url, content_type(response), watched.outlet.moved_hosts
        front = await self.in_thread(lambda: read_front(body, url=url, content_type=media))
        return [address for address in front.sections if may_be_listed(address, url, moved)][:MAX_SECTIONS]
