"""A site looked over for what it can be followed by: feeds, sitemaps, search, front page. Started by `tracker sources discover`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from urllib.parse import urljoin

from scrapy.http import Response

from spiders.base import Navigator, content_type
from tracker.model import FetchFacts, FetchOutcome
from tracker.sources import discovery
from tracker.sources.discovery import Discovery, Front, Tried
from tracker.sources.searches import wordpress_list

Ask = Callable[[str], Awaitable[tuple[FetchFacts, Response | None]]]
"""Asks one address; gives the facts, and the answer if it is one to read."""


HOPELESS = frozenset(
    {
        FetchOutcome.TIMEOUT,
        FetchOutcome.DNS_FAILED,
        FetchOutcome.CONNECTION_FAILED,
        FetchOutcome.CERTIFICATE,
        FetchOutcome.REFUSED_ADDRESS,
        FetchOutcome.RATE_LIMITED,
    }
)
"""What the front page answers for the whole host: nothing else is asked then."""


class DiscoverySpider(Navigator):
    """Has no sources: the crawl hands it one site. What a page names is asked first; common addresses only where that gave nothing."""

    name = "discovery"

    async def discover(self, homepage: str, ask: Ask) -> Discovery:
        """What the site offers, and every address tried with what came of it."""
        self._ask = ask
        self._tried: list[Tried] = []
        self._texts: list[str] = []
        front = await self._front(homepage)
        site = self._site
        if self._outcome in HOPELESS:
            return Discovery(site, front, tuple(self._tried))
        await self._feeds(site, front)
        await self._posts(site, front)
        await self._sitemaps(site)
        await self._sections(front)
        await self._searches(site, front)
        return Discovery(site, front, tuple(self._tried), (*front.headlines, *self._texts))

    async def _front(self, homepage: str) -> Front:
        facts, response = await self._ask(homepage)
        self._site, self._outcome = facts.final_url or homepage, facts.outcome
        if response is None:
            self._note(homepage, "the front page", facts)
            return Front()
        body, url, media = response.body, response.url, content_type(response)
        headers = [value.decode("latin-1") for value in response.headers.getlist("Link")]
        front = await self.in_thread(lambda: discovery.read_front(body, url=url, content_type=media, link_headers=headers))
        kind, words = ("section", f"{front.articles} links look like articles") if front.articles else ("", "no link looks like an article")
        self._tried.append(Tried(url, "the front page", kind, words, front.articles))
        return front

    async def _feeds(self, site: str, front: Front) -> None:
        found = [await self._feed(address, "named by the front page") for address in front.feeds]
        if any(found):
            return
        for path in discovery.FEED_PATHS:
            if await self._feed(urljoin(site, path), "a common address"):
                return

    async def _posts(self, site: str, front: Front) -> None:
        """The posts interface of a WordPress: a second path beside its feed, with dates of changes."""
        address = urljoin(site, "/wp-json/wp/v2/posts")
        if front.platform != "wordpress" or (response := await self._answer(wordpress_list(address), "WordPress")) is None:
            return
        body, media = response.body, content_type(response)
        tried, texts = await self.in_thread(lambda: discovery.judge_posts(body, url=address, content_type=media, now=self.assignment.now))
        self._tried.append(tried)
        self._texts += texts

    async def _feed(self, address: str, why: str) -> bool:
        response = await self._answer(address, why)
        if response is None:
            return False
        body, media = response.body, content_type(response)
        tried, texts = await self.in_thread(
            lambda: discovery.judge_feed(body, url=address, why=why, content_type=media, now=self.assignment.now)
        )
        self._tried.append(tried)
        self._texts += texts
        return bool(tried.kind)

    async def _sitemaps(self, site: str) -> None:
        address = urljoin(site, "/robots.txt")
        response = await self._answer(address, "robots.txt")
        body = response.body if response is not None else b""
        named = await self.in_thread(lambda: discovery.sitemaps_of_robots(body, address))
        if response is not None:
            self._tried.append(Tried(address, "robots.txt", words=f"names {len(named)} sitemaps"))
        found = [await self._sitemap(one, "named by robots.txt") for one in named]
        if any(found):
            return
        for path in discovery.SITEMAP_PATHS:
            if await self._sitemap(urljoin(site, path), "a common address"):
                return

    async def _sitemap(self, address: str, why: str) -> bool:
        response = await self._answer(address, why)
        if response is None:
            return False
        body = response.body
        tried = await self.in_thread(lambda: discovery.judge_sitemap(body, url=address, why=why, now=self.assignment.now))
        self._tried.append(tried)
        return bool(tried.kind)

    async def _sections(self, front: Front) -> None:
        """Where there is neither feed nor sitemap: the sections that the front page names, until enough of them list articles."""
        if any(one.kind in ("feed", "wordpress", "sitemap") for one in self._tried):
            return
        found = 0
        for address in front.sections[: discovery.MOST_SECTIONS_ASKED]:
            response = await self._answer(address, "a section of the front page")
            if response is None:
                continue
            judged = partial(discovery.judge_section, response.body, url=response.url, content_type=content_type(response))
            tried = await self.in_thread(judged)
            self._tried.append(tried)
            found += bool(tried.kind)
            if found == discovery.SECTIONS_WANTED:
                return

    async def _searches(self, site: str, front: Front) -> None:
        """Tried with a word of its own headlines."""
        word = discovery.word_of([*front.headlines, *self._texts])
        if not word:
            return
        for template, why in [(one, "WordPress") for one in discovery.wordpress_searches(site) if front.platform == "wordpress"]:
            if await self._search(template, why, word):
                return
        described: list[str] = []
        for address in front.descriptions:
            response = await self._answer(address, "named by the front page")
            described += discovery.templates_of_description(response.body, address) if response is not None else []
        await self._first(
            [*((one, "its OpenSearch description") for one in described), *((one, "its search form") for one in front.searches)], word
        )

    async def _first(self, templates: Iterable[tuple[str, str]], word: str) -> None:
        for template, why in templates:
            if await self._search(template, why, word):
                return

    async def _search(self, template: str, why: str, word: str) -> bool:
        response = await self._answer(discovery.filled(template, word), why)
        if response is None:
            return False
        body, url, media = response.body, response.url, content_type(response)
        tried = await self.in_thread(
            lambda: discovery.judge_search(body, template, url=url, why=why, content_type=media, now=self.assignment.now)
        )
        self._tried.append(tried)
        return bool(tried.kind)

    async def _answer(self, address: str, why: str) -> Response | None:
        if any(one.address == address for one in self._tried):
            return None
        facts, response = await self._ask(address)
        if response is None:
            self._note(address, why, facts)
        return response

    def _note(self, address: str, why: str, facts: FetchFacts) -> None:
        words = facts.detail or str(facts.outcome)
        self._tried.append(Tried(address, why, words=words if facts.outcome is not FetchOutcome.FETCHED else "could not be read"))
