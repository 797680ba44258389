"""One crawl's work, read before Scrapy starts: the sources to poll with what their readers must know, the writer, the counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tracker.crawl.plan import FINISHED, CrawlPlan, CrawlProgress
from tracker.crawl.refusing import refusing_outlets, spared_sources
from tracker.crawl.writer import Writer
from tracker.model import Lookback, Outlet, Source, SourceKind, WantedRevisit, Watched
from tracker.sources.polling.due import due_sources
from tracker.store import articles, paces, registers, revisits, terms
from tracker.store.database import Database
from tracker.text.dates import zone_of
from tracker.urls.owners import HostOwners

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tracker.crawl.turns import Turns

KNOWN_ARTICLES = 300
"""Of an outlet, for telling its article links from others: enough for a shape that one article in thirty has."""


TIME_OVER = "the crawl's time (fetch.stage_minutes) was over"


class Clock:
    """The crawl's moment as its plan says, going on from there."""

    def __init__(self, as_of: datetime) -> None:
        self._as_of = as_of
        self._started = monotonic()

    def __call__(self) -> datetime:
        return self._as_of + timedelta(seconds=monotonic() - self._started)


class EndOnce:
    """Ends a crawl early from any thread or signal, once, with the reason."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: Callable[[str], None] | None = None
        self._called = False

    def attach(self, loop: asyncio.AbstractEventLoop, end: Callable[[str], None]) -> None:
        """`end` is called in the loop's thread."""
        self._loop, self._end = loop, end

    def __call__(self, reason: str) -> None:
        if self._called or self._loop is None or self._end is None:
            return
        self._called = True
        self._loop.call_soon_threadsafe(self._end, reason)


class CrawlJob:
    """`end` ends the crawl early; `report` is called with the counts while it runs; `mask` hides the settings' secrets in details;
    `turns`: the domains that may be asked, where several machines ask. `returning`: nothing more is to be asked. `on_lack` ends the crawl
    because this machine lacks something, in the words of `errors.lack_of`."""

    def __init__(
        self,
        plan: CrawlPlan,
        database: Database,
        stage_seconds: float,
        end: Callable[[str], None],
        report: Callable[[CrawlProgress], None] = lambda progress: None,
        mask: Callable[[str], str] = str,
        turns: Turns | None = None,
    ) -> None:
        self.plan = plan
        self.database = database
        self.stage_seconds = stage_seconds
        self.end = end
        self.report = report
        self.mask = mask
        self.turns = turns
        self.returning = False
        self.on_lack: Callable[[str], None] = end
        self.clock = Clock(plan.as_of)
        self.progress = CrawlProgress()
        self.writer = Writer(database, plan.run_id, self.clock, self.progress, plan.look_back)
        self._known: dict[str, tuple[str, ...]] = {}
        with database.reading() as conn:
            self.outlets: dict[str, Outlet] = registers.outlets(conn)
            self.rules = registers.address_rules(conn)
            states = registers.states(conn)
            self.site_files = terms.files(conn)
            self.owners = HostOwners({state.outlet.id: state.outlet for state in states if state.watched}.values())
            selected = registers.watched(conn, source_ids=plan.sources or None) if plan.sources or not plan.outlets else []
            self._repairs = _repairing(conn, {one.source.id for one in selected}) if plan.poll else {}
            self.revisits: tuple[WantedRevisit, ...] = (
                revisits.wanted(conn, plan.as_of, only_due=plan.revisit == "due") if plan.revisit else ()
            )
            self._sources = {one.source.id: one.source for one in selected} if plan.look_back else {}
        spared = self._spare(states)
        selected = [one for one in selected if one.source.id not in spared]
        polled = [one for one in selected if one.source.kind is not SourceKind.SEARCH or plan.terms]  # a search needs a query
        self.watched: tuple[Watched, ...] = tuple(self._prepared(one) for one in due_sources(polled, plan.as_of)) if plan.poll else ()
        self.progress.sources = len(self.watched)
        self.refusing = refusing_outlets(states, plan.as_of) if plan.spare_refusing else frozenset()
        self.asks_site_files = plan.poll and plan.articles and plan.spare_refusing
        self.outlet_ids = sorted({*plan.outlets, *(one.outlet.id for one in selected if plan.sources)}) or None

    @property
    def of_frontier(self) -> dict[str, Any]:
        """Which links of the frontier are this crawl's. What waits of an outlet that refuses us waits on."""
        return {"outlet_ids": self.outlet_ids, "backfill": self.plan.backfill, "except_outlets": self.refusing}

    def _spare(self, states: Sequence[registers.SourceState]) -> Collection[str]:
        """Sources of refusing outlets that this crawl does not ask; they are due when their outlet may be probed again."""
        if not self.plan.poll or not self.plan.spare_refusing:
            return ()
        spared = spared_sources(states, self.plan.as_of)
        if spared:
            with self.database.writing() as conn:
                paces.put_off(conn, spared)
        return spared

    @property
    def is_complete(self) -> bool:
        """Whether the crawl came to its end with everything polled and stored."""
        progress = self.progress
        return progress.ended == FINISHED and progress.polled + progress.returned == progress.sources and not progress.lost

    def repair_of(self, outlet_id: str) -> tuple[Watched, ...]:
        """What shows more of an outlet's past than its feeds do; once in a crawl."""
        return tuple(map(self._prepared, self._repairs.pop(outlet_id, ())))

    def as_watched(self, page: Lookback) -> Watched:
        """A page of older articles in the place of a source."""
        own = self._sources.get(page.source_id)
        source = own or Source(page.source_id or f"{page.outlet_id}:{page.kind}:0", page.outlet_id, page.kind, page.address)
        return self._prepared(Watched(source, self.outlets[page.outlet_id], lookback=page))

    def _prepared(self, watched: Watched) -> Watched:
        """With what its reader must know: the outlet's zone, its first day and, for pages full of links, its known articles."""
        ready = replace(_localised(watched), since=self._since(watched.outlet))
        if watched.source.kind not in (SourceKind.SECTION, SourceKind.SEARCH):
            return ready
        if watched.outlet.id not in self._known:
            with self.database.reading() as conn:
                self._known[watched.outlet.id] = tuple(articles.addresses(conn, watched.outlet.id, limit=KNOWN_ARTICLES))
        return replace(ready, known_articles=self._known[watched.outlet.id])

    def _since(self, outlet: Outlet) -> date | None:
        """The first day of which an outlet's links are wanted."""
        if self.plan.by_outlet and outlet.lookback_days is not None:
            return (self.plan.as_of - timedelta(days=outlet.lookback_days)).date()
        return self.plan.since


def _repairing(conn: Connection, polled: Collection[str]) -> dict[str, tuple[Watched, ...]]:
    """By outlet, what could repair a gap and is not polled in this round anyway; asked without conditions."""
    known = {state.source.id: Watched(state.source, state.outlet) for state in registers.states(conn)}
    listed = paces.repairing(conn).items()
    return {outlet: tuple(known[one] for one in ids) for outlet, ids in listed if not any(one in polled for one in ids)}


def _localised(watched: Watched) -> Watched:
    """With the zone of the outlet's country where the register names none: readers know no countries."""
    zone = watched.outlet.time_zone or zone_of(watched.outlet.country)
    return replace(watched, outlet=replace(watched.outlet, time_zone=zone))
