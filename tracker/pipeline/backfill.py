"""Looking back: what the press published before we watched.

It is found through outlets' own search, sitemaps, paged feeds and section pages.

The outlets' searches are asked for the campaign's terms first. Where a search answers, sitemaps add what bears a term in its title or
address; where none does, every article of the days is fetched. An outlet with neither is followed back through its paged feeds,
else through its section pages. That ends when they name nothing new, or only what is older. Each page asked and each link found is stored before
the next is asked. So the command can be killed at any point and goes on when it is given again. Old articles wait in the frontier
apart from the night's: news never waits behind them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from msgspec import Struct

from tracker.crawl.plan import CrawlProgress
from tracker.crawl.refusing import refusing_outlets
from tracker.errors import UsageError
from tracker.locale.said import Said
from tracker.matching.searchterms import search_terms
from tracker.model import Campaign, FetchOutcome, Lookback, RunReport, SourceKind, StepReport, Watched
from tracker.pipeline import steps
from tracker.pipeline.finding import Finding, nothing_more
from tracker.pipeline.given_back import give_back, pages_in_place_of_articles
from tracker.pipeline.listed_items import match_listed
from tracker.pipeline.run import Progress, Run, follow, no_progress, seed_register
from tracker.pipeline.second_nets import SecondNets
from tracker.sources.searches import TERM, search_address, search_queries, wordpress_feed, wordpress_list, wordpress_posts
from tracker.store import frontier, lookbacks, registers, runs
from tracker.store.lock import RunLock
from tracker.workspace import Parts, read_campaigns

if TYPE_CHECKING:
    pass

WORDPRESS = ("wordpress", "unknown")
"""Platforms whose search is tried as WordPress's: the register knows the platform of half of its outlets only."""
SITEMAP_PATHS = ("/robots.txt", "/sitemap_index.xml", "/sitemap.xml", "/wp-sitemap.xml")
"""Where a sitemap is named or lies, for outlets of which the register knows none."""
PAGES_A_SECOND = 12.0
"""What fetching and reading reach together on two cores, however many outlets answer."""

COMMAND = "backfill"
"""The first of its runs' arguments."""

Say = Callable[[str], None]


class BackfillOptions(Struct, frozen=True):
    """What `tracker backfill` was asked for. `listing_only`: find the articles, say how long they would take, fetch none."""

    since: date
    until: date | None = None
    campaign_ids: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()
    listing_only: bool = False


def run_backfill(parts: Parts, options: BackfillOptions, *, progress: Progress = no_progress, say: Say = lambda words: None) -> RunReport:
    """Looks back for the campaigns. Raises ConfigError and UsageError before anything is asked, RunLocked when a run is at work."""
    if options.until is not None and options.until < options.since:
        raise UsageError(f"--until {options.until} lies before --since {options.since}")
    campaigns = read_campaigns(parts.workspace, options.campaign_ids)
    with RunLock(parts.workspace, parts.settings.database.url).acquire() as lock, Run(parts, campaigns, lock.fileno(), progress) as run:
        return _Backfill(run, options, campaigns, say).run()


class _Backfill:
    """One start of the command."""

    def __init__(self, run: Run, options: BackfillOptions, campaigns: Sequence[Campaign], say: Say) -> None:
        self._run, self._options, self._campaigns, self._say = run, options, campaigns, say
        self._parts, self._database, self._needs = run.parts, run.database, run.needs
        self._terms = search_terms(campaigns)
        names = " ".join(f"{campaign.id}@{campaign.version}" for campaign in campaigns)
        self._job = f"{options.since}..{options.until or ''} {names}"

    def run(self) -> RunReport:
        watched = self._watched()
        self._run.open(self._parts.clock(), (COMMAND, self._job, *self._options.source_ids))
        self._look_back(watched)
        outlet_ids = {one.outlet.id for one in watched}
        self._ask_nets(self._asked_outlets)
        self._say(self._estimate(outlet_ids))
        if not self._options.listing_only:
            self._fetch()
        return self._close(outlet_ids)

    # --- finding ---

    def _watched(self) -> list[Watched]:
        seed_register(self._parts)
        with self._database.reading() as conn:
            watched = registers.watched(conn)
        wanted = {*self._options.source_ids}
        found = [one for one in watched if not wanted or {one.source.id, one.outlet.id} & wanted]
        self._asked_outlets = {one.outlet.id for one in found}
        with self._database.reading() as conn:
            refusing = refusing_outlets(registers.states(conn), self._parts.clock())
        found = [one for one in found if one.outlet.id not in refusing]
        if unknown := wanted - {identity for one in watched for identity in (one.source.id, one.outlet.id)}:
            raise UsageError(f"no watched source or outlet {sorted(unknown)[0]!r}; see `tracker sources list`")
        return found

    def _look_back(self, watched: Sequence[Watched]) -> None:
        """One way after the other, as each decides what the next must do."""
        started = time.monotonic()
        seeds: tuple[Callable[[Sequence[Watched]], list[Lookback]], ...] = (
            self._searches,
            self._search_feeds,
            self._sitemaps,
            self._archives,
            self._section_pages,
        )
        for find_pages in seeds if self._terms else seeds[2:]:
            pages = find_pages(watched)
            with self._database.writing() as conn:
                lookbacks.add(conn, self._job, pages, self._parts.clock())
            if self._waiting(watched, started_at=self._run.as_of):
                self._crawl(articles=False)
        with self._database.reading() as conn:
            outcomes = lookbacks.outcomes(conn, self._job)
            listed = sum(lookbacks.listed(conn, self._job).values())
        self._run.keep(
            StepReport(
                "look back", sum(outcomes.values()), tuple(outcomes.items()), time.monotonic() - started, (f"{listed} links listed",)
            )
        )
        if left := self._waiting(watched):
            self._needs.append(f"{left} pages of older articles were not answered; run the same command again to ask them once more")

    def _waiting(self, watched: Sequence[Watched], *, started_at: datetime | None = None) -> int:
        """Pages of these outlets that are still to be asked; with `started_at`, by this start: a host that does not answer is asked
        again by the next one."""
        outlet_ids = {one.outlet.id for one in watched}
        with self._database.reading() as conn:
            pending = lookbacks.pending_by_outlet(conn, self._job, started_at=started_at)
        return sum(count for outlet_id, count in pending.items() if outlet_id in outlet_ids)

    def _searches(self, watched: Sequence[Watched]) -> list[Lookback]:
        """The searches that the register names, and the posts interface of WordPress, each with the first query."""
        named = {one.outlet.id for one in watched if one.source.kind is SourceKind.SEARCH}
        pages = []
        for one in watched:
            if one.source.kind is SourceKind.SEARCH and TERM in one.source.address and (query := self._first_query(one, stems=False)):
                address = search_address(one.source.address, query)
                pages.append(Lookback(address, one.outlet.id, SourceKind.SEARCH, one.source.id))
        for one in _each_outlet(watched):
            if one.outlet.id not in named and one.outlet.platform in WORDPRESS and (query := self._first_query(one)):
                address = wordpress_posts(one.outlet.homepage, query, self._options.since, self._options.until)
                pages.append(Lookback(address, one.outlet.id, SourceKind.SEARCH))
        return pages

    def _search_feeds(self, watched: Sequence[Watched]) -> list[Lookback]:
        """Where the posts interface is closed, the search as a feed."""
        with self._database.reading() as conn:
            answered = lookbacks.answered(conn, self._job, SourceKind.SEARCH)
        return [
            Lookback(wordpress_feed(one.outlet.homepage, query), one.outlet.id, SourceKind.SEARCH)
            for one in _each_outlet(watched)
            if one.outlet.platform in WORDPRESS
            and not answered.get(one.outlet.id, set()) & {FetchOutcome.FETCHED, FetchOutcome.EMPTY}
            and (query := self._first_query(one))
        ]

    def _sitemaps(self, watched: Sequence[Watched]) -> list[Lookback]:
        """The sitemaps that the register names, else those that the site itself does."""
        searched = self._answering(SourceKind.SEARCH, FetchOutcome.FETCHED)
        named = {one.outlet.id for one in watched if one.source.kind is SourceKind.SITEMAP}
        pages = [
            Lookback(one.source.address, one.outlet.id, SourceKind.SITEMAP, one.source.id, by_words=one.outlet.id in searched)
            for one in watched
            if one.source.kind is SourceKind.SITEMAP
        ]
        for one in _each_outlet(watched):
            if one.outlet.id not in named:
                addresses = [urljoin(one.outlet.homepage, path) for path in SITEMAP_PATHS]
                pages += [Lookback(address, one.outlet.id, SourceKind.SITEMAP, by_words=one.outlet.id in searched) for address in addresses]
        return pages

    def _archives(self, watched: Sequence[Watched]) -> list[Lookback]:
        """Where neither a search nor a sitemap named anything, the posts interface of WordPress, and the older pages of feeds."""
        with self._database.reading() as conn:
            listed = lookbacks.listed(conn, self._job)
        days = (self._options.since, self._options.until)
        posts = [
            Lookback(wordpress_list(one.source.address, *days), one.outlet.id, SourceKind.WORDPRESS, one.source.id)
            for one in watched
            if one.source.kind is SourceKind.WORDPRESS and not listed.get(one.outlet.id)
        ]
        return posts + [
            Lookback(
                f"{one.source.address}{'&' if '?' in one.source.address else '?'}paged=1", one.outlet.id, SourceKind.FEED, one.source.id
            )
            for one in watched
            if one.source.kind is SourceKind.FEED and not listed.get(one.outlet.id)
        ]

    def _section_pages(self, watched: Sequence[Watched]) -> list[Lookback]:
        """Where no search works, no sitemap named anything and no feed has older pages: its section pages, else its front page."""
        searched = self._answering(SourceKind.SEARCH, FetchOutcome.FETCHED, FetchOutcome.EMPTY)
        with self._database.reading() as conn:
            listed = {name for name, count in lookbacks.listed(conn, self._job, [SourceKind.SITEMAP]).items() if count}
            paged = lookbacks.went_back(conn, self._job, SourceKind.FEED)
        wanting = [one for one in watched if one.outlet.id not in searched | listed | paged]
        pages = [
            Lookback(one.source.address, one.outlet.id, SourceKind.SECTION, one.source.id)
            for one in wanting
            if one.source.kind is SourceKind.SECTION
        ]
        named = {page.outlet_id for page in pages}
        homes = [one.outlet for one in _each_outlet(wanting) if one.outlet.id not in named]
        return pages + [Lookback(outlet.homepage, outlet.id, SourceKind.SECTION) for outlet in homes]

    def _answering(self, kind: SourceKind, *ways: FetchOutcome) -> set[str]:
        with self._database.reading() as conn:
            answered = lookbacks.answered(conn, self._job, kind)
        works = {outlet_id for outlet_id, outcomes in answered.items() if outcomes & set(ways)}
        return {outlet_id for outlet_id in works if FetchOutcome.PARSE_FAILED not in answered[outlet_id]}  # it ignores what is asked

    def _first_query(self, one: Watched, *, stems: bool = True) -> str:
        return next(iter(search_queries(self._terms, one.outlet.languages, one.outlet.scripts, stems=stems)), "")

    # --- fetching and reading ---

    def _estimate(self, outlet_ids: set[str]) -> str:
        with self._database.reading() as conn:
            waiting = frontier.pending_of_backfill(conn, outlet_ids)
            outlets = registers.outlets(conn)
        floor = self._parts.settings.fetch.delay_seconds
        longest = max((count * max(floor, outlets[name].delay_seconds or 0.0) for name, count in waiting.items()), default=0.0)
        seconds = max(longest, sum(waiting.values()) / PAGES_A_SECOND)
        return f"{sum(waiting.values())} older articles to fetch from {len(waiting)} outlets; about {_in_words(seconds)}"

    def _fetch(self) -> None:
        extraction = steps.ExtractStep(self._database, self._run.pool, self._run.as_of)
        finding = Finding(self._run, self._campaigns, ("match", "group"))
        self._crawl(articles=True, extraction=extraction, finding=finding)
        self._run.keep(extraction.finish(follow("extract", self._run.progress)))
        now = self._parts.clock()
        give_back(self._run, pages_in_place_of_articles(self._database, self._run.as_of), now)
        if listed := match_listed(self._run, self._campaigns):
            self._run.keep(listed)
        finding.finish()

    def _ask_nets(self, outlet_ids: set[str]) -> None:
        """What second nets know of the days: of outlets that refuse us, and of those of which nothing was listed."""
        nets = self._parts.settings.nets
        if not (nets.gdelt_doc.enabled or nets.mediacloud.enabled or nets.wayback.enabled):
            return
        since = datetime.combine(self._options.since, datetime.min.time(), UTC)
        until = datetime.combine(self._options.until or self._run.as_of.date(), datetime.max.time(), UTC)
        with self._database.reading() as conn:
            listed = {name for name, count in lookbacks.listed(conn, self._job).items() if count}
        SecondNets(self._run, since, looks_back=True).look_back(outlet_ids, outlet_ids - listed, min(until, self._run.as_of))

    def _crawl(self, *, articles: bool, extraction: steps.ExtractStep | None = None, finding: Finding | None = None) -> None:
        if self._options.source_ids and not self._source_ids():
            return  # all that was asked for refuses us
        plan = self._run.plan(
            as_of=self._parts.clock(),
            since=self._options.since,
            until=self._options.until,
            poll=False,
            articles=articles,
            look_back="" if articles else self._job,
            terms=self._terms,
            backfill=True,
            sources=self._source_ids(),
            started_at=self._run.as_of,
        )
        meanwhile = finding.during_crawl if finding else nothing_more
        end = steps.fetch_pages(plan, self._show_fetched if articles else self._show_listed, extraction, meanwhile)
        if articles:
            self._run.keep(end.fetched)
        self._needs += end.troubles(Said("need_command_again"))

    def _source_ids(self) -> tuple[str, ...]:
        return tuple(one.source.id for one in self._watched()) if self._options.source_ids else ()

    def _show_fetched(self, seen: CrawlProgress) -> None:
        done = sum(seen.pages.values())
        self._run.progress("fetch", done, done + seen.pages_open)

    def _show_listed(self, seen: CrawlProgress) -> None:
        done = sum(seen.looked_back.values())
        self._run.progress("look back", done, done + seen.looking_back)

    # --- the report ---

    def _close(self, outlet_ids: set[str]) -> RunReport:
        with self._database.reading() as conn:
            left = sum(frontier.pending_of_backfill(conn, outlet_ids).values())
        if left and not self._options.listing_only:
            self._needs.append(f"{left} older articles are still to be fetched; run the same command again to go on")
        report = self._run.close()
        with self._database.writing() as conn:
            runs.close_killed(conn, COMMAND, report.run_id, self._parts.clock())
        return report


def _each_outlet(watched: Iterable[Watched]) -> Iterable[Watched]:
    return {one.outlet.id: one for one in watched}.values()


def _in_words(seconds: float) -> str:
    if seconds < 90:
        whole = max(1, round(seconds))
        return f"{whole} second{'s' if whole > 1 else ''}"
    if seconds < 5400:
        return f"{round(seconds / 60)} minutes"
    return f"{seconds / 3600:.1f} hours" if seconds < 172_800 else f"{seconds / 86_400:.0f} days"
