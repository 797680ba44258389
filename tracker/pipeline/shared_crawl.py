"""A night's crawl on several machines: its domains are put into the queue, workers visit them, and this process reads meanwhile.

Domains whose workers died are visited again; where no worker is left this machine crawls the rest itself.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from tracker.crawl.plan import CrawlPlan, CrawlProgress
from tracker.pipeline import steps
from tracker.pipeline.crawl_end import CrawlEnd
from tracker.queue.jobs import POLLS, READING, Reading, Visit, size_of_round
from tracker.sources.polling.due import due_sources
from tracker.store import due, registers
from tracker.store.server_url import is_server
from tracker.urls.domains import domains_of

if TYPE_CHECKING:
    from tracker.store.work.link import Link
    from tracker.workspace import Parts

LOOK_SECONDS = 1.0
"""Between two looks at the queue; pages are read all the time."""
NO_WORKER_SECONDS = 90.0
"""Without any worker alive, before this machine crawls itself: longer than a restart of all of them."""
MOST_PASSES = 5
"""A pass visits what the one before left: links that another domain's pages named, domains whose worker died."""
PAGES_A_READER = 200
INTERRUPTED = 75
Show = Callable[[CrawlProgress], None]


def workers_serve(parts: Parts) -> bool:
    """Whether a worker that is alive visits domains for this store. Raises StoreError."""
    url = parts.settings.database.url
    if not is_server(url):
        return False
    from tracker.store.work import schema, workers
    from tracker.store.work.link import Link

    link = Link(url)
    try:
        return schema.is_prepared(link) and workers.serving(link, POLLS) > 0
    finally:
        link.close()


def merged(rounds: Iterable[CrawlProgress]) -> CrawlProgress:
    """The counts of several crawls as one: numbers are added, the first end that was none is kept."""
    total: dict[str, Any] = msgspec.structs.asdict(CrawlProgress())
    for one in rounds:
        for name, value in msgspec.structs.asdict(one).items():
            if isinstance(value, dict):
                total[name] = {key: total[name].get(key, 0) + value.get(key, 0) for key in total[name] | value}
            elif isinstance(value, str):
                total[name] = total[name] or ("" if value == "finished" else value)
            else:
                total[name] = total[name] + value
    return CrawlProgress(**total)


@dataclass
class SharedCrawl:
    """One order. `run` does it; `extraction` reads pages meanwhile."""

    parts: Parts
    plan: CrawlPlan
    link: Link
    show: Show
    extraction: steps.ExtractStep | None = None
    meanwhile: Callable[[steps.ExtractStep], None] = lambda extraction: None
    order_id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __post_init__(self) -> None:
        from tracker.store.work import workers

        self._started, self._ordered_at = time.monotonic(), workers.now(self.link)
        self._fetched: dict[str, int] | None = None
        self._alone_since: float | None = None
        self._read_at = 0.0
        minutes = self.plan.stage_minutes or self.parts.settings.fetch.stage_minutes
        self._deadline = self._started + minutes * 60

    def run(self) -> CrawlEnd:
        """Orders pass after pass until all is polled and fetched. Raises TrackerError."""
        sources = self._sources()
        visited: frozenset[str] = frozenset()
        for _ in range(MOST_PASSES):
            visits = self._visits(sources, visited)
            if not visits:
                break
            if not self._wait_for(visits):
                return self._rest(sources)
            if time.monotonic() > self._deadline:
                break
            before, self._fetched = self._fetched, self._progress().pages
            visited = frozenset(one for visit in visits for one in visit.outlets) if self._fetched == before else frozenset()
        return self._end(sources)

    def _sources(self) -> dict[str, tuple[str, ...]]:
        """The sources to poll, by outlet."""
        found: dict[str, tuple[str, ...]] = {}
        if self.plan.poll:
            with self.parts.database.reading() as conn:
                watched = registers.watched(conn, source_ids=self.plan.sources or None)
            for one in due_sources(watched, self.plan.as_of):
                found[one.outlet.id] = (*found.get(one.outlet.id, ()), one.source.id)
        return found

    def _visits(self, sources: dict[str, tuple[str, ...]], visited: frozenset[str]) -> list[Visit]:
        """What is left: sources without a poll in this run, and outlets whose links wait. `visited`: whose visit brought nothing more."""
        from tracker.store.work import workers

        with self.parts.database.reading() as conn:
            homes = due.homepages(conn)
            polled = due.polled_in_run(conn, self.plan.run_id)
            linked = due.outlets_with_links(conn, self._moment()) - visited if self.plan.articles else frozenset()
        if self.plan.sources:
            linked &= frozenset(sources)
        left = {outlet: tuple(one for one in ids if one not in polled) for outlet, ids in sources.items()}
        given_up = {one.name for one in workers.troubles(self.link) if one.given_up}
        found = []
        for domain, outlets in domains_of(homes).items():
            wanted = tuple(source for outlet in outlets for source in left.get(outlet, ()))
            if domain in given_up or not (wanted or any(outlet in linked for outlet in outlets)):
                continue
            plan = msgspec.json.encode(msgspec.structs.replace(self.plan, sources=(), lock_fd=None)).decode()
            found.append(Visit(domain, outlets, size_of_round(0), bool(wanted), self.order_id, plan, wanted, self._ordered_at))
        return found

    def _wait_for(self, visits: list[Visit]) -> bool:
        """Enqueues the visits and reads until they are done. False when no worker is left to do them."""
        from tracker.queue import enqueue
        from tracker.store.work import jobs as queued

        with enqueue.opened(self.parts.settings.database.url) as app:
            enqueue.withdraw(app, queued.waiting_ids(self.link, [visit.domain for visit in visits]))
            enqueue.visits(app, visits)
            looked = 0.0
            while True:
                moved = self.extraction.advance(steps.WAIT_SECONDS) if self.extraction else 0
                if self.extraction:
                    self.meanwhile(self.extraction)
                if time.monotonic() - looked > LOOK_SECONDS:
                    looked = time.monotonic()
                    self.show(self._progress())
                    if not queued.open_of_order(self.link, self.order_id):
                        return True
                    if looked > self._deadline or self._is_alone():
                        enqueue.withdraw(app, queued.waiting_ids(self.link, [visit.domain for visit in visits]))
                        return looked > self._deadline
                    if self.extraction:
                        enqueue.readings(app, self._readings())
                if not moved:
                    time.sleep(steps.WAIT_SECONDS)

    def _readings(self) -> list[Reading]:
        """Other workers read too where more pages wait than this process reads in some seconds."""
        from tracker.store.work import workers

        with self.parts.database.reading() as conn:
            unread = due.unread_pages(conn)
        readers = min(unread // PAGES_A_READER, workers.serving(self.link, READING))
        return [Reading(number, "", self.plan.as_of) for number in range(1, readers + 1)]

    def _is_alone(self) -> bool:
        from tracker.store.work import workers

        if workers.serving(self.link, POLLS):
            self._alone_since = None
            return False
        self._alone_since = self._alone_since or time.monotonic()
        return time.monotonic() - self._alone_since > NO_WORKER_SECONDS

    def _rest(self, sources: dict[str, tuple[str, ...]]) -> CrawlEnd:
        """No worker is left: this machine crawls what they left."""
        with self.parts.database.reading() as conn:
            polled = due.polled_in_run(conn, self.plan.run_id)
        left = tuple(one for ids in sources.values() for one in ids if one not in polled)
        plan = msgspec.structs.replace(self.plan, sources=left or self.plan.sources, poll=bool(left))
        own = steps.fetch_pages(plan, lambda seen: self.show(merged([self._progress(), seen])), self.extraction, self.meanwhile)
        seen = merged([self._progress(), own.seen])
        return CrawlEnd(seen, own.exit_code, time.monotonic() - self._started, own.words)

    def _progress(self) -> CrawlProgress:
        from tracker.store.work import rounds

        ended = rounds.of_order(self.link, self.order_id)
        return merged(msgspec.convert(one.progress, CrawlProgress) for one in ended if one.progress is not None)

    def _end(self, sources: dict[str, tuple[str, ...]]) -> CrawlEnd:
        with self.parts.database.reading() as conn:
            polled = due.polled_in_run(conn, self.plan.run_id)
        wanted = {one for ids in sources.values() for one in ids}
        seen = self._progress()
        seen.sources = max(seen.polled, len(wanted))
        code = 0 if wanted <= polled else INTERRUPTED
        seen.ended = (
            "" if code == 0 else f"{len(wanted - polled)} sources were not polled: their workers ended, or the crawl's time was over"
        )
        return CrawlEnd(seen, code, time.monotonic() - self._started)

    def _moment(self) -> datetime:
        return self.plan.as_of + timedelta(seconds=time.monotonic() - self._started)


def fetch_by_workers(
    parts: Parts, plan: CrawlPlan, show: Show, extraction: steps.ExtractStep | None, meanwhile: Callable[[steps.ExtractStep], None]
) -> CrawlEnd:
    """`steps.fetch_pages` on all machines whose workers are alive. Raises TrackerError."""
    from tracker.store.work.link import Link

    link = Link(parts.settings.database.url)
    try:
        return SharedCrawl(parts, plan, link, show, extraction, meanwhile).run()
    finally:
        link.close()
