"""READ THIS FIRST. One function or class per arrow of the flow, in its order: load -> decide -> save.

    Source -> FetchedPage -> Article -> Mention -> Story -> Edition -> Delivery
           fetch          extract    match      group    compose    deliver

A step asks the store for work, calls the deciding function and saves in one transaction per small batch. It counts the
outcome of every item, goes on after a failed item and returns a `StepReport`. Interrupted and started again, it does
only what is left.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from msgspec.structs import replace

from tracker.crawl.plan import CrawlPlan, CrawlProgress
from tracker.model import (
    Audience,
    Campaign,
    EditionFacts,
    EditionKind,
    Scope,
    StepReport,
    Window,
)
from tracker.pipeline import earlier_texts
from tracker.pipeline.crawl_end import CrawlEnd
from tracker.pipeline.readings import SAVED_AT_ONCE, lost, save_measured, saved_next
from tracker.pipeline.regrouping import regroup_changed
from tracker.pipeline.story_parts import decide_parts
from tracker.store import digests, page_files, pages, search_index, stories
from tracker.store.batches import chunks
from tracker.store.database import Database

if TYPE_CHECKING:
    from tracker.crawl.early import BeginCrawl
    from tracker.delivery.letters import LetterWriter
    from tracker.delivery.outcomes import SendReport
    from tracker.delivery.publish import Published
    from tracker.delivery.recipients import Recipient
    from tracker.pipeline.page_pool import PagePool, PageReading
    from tracker.store.digests import Edition
    from tracker.store.packing import StoredPage
    from tracker.workspace import Parts

WAIT_SECONDS = 0.1
"""Between two looks at a crawl that brought nothing: a progress bar moves ten times a second."""
IDLE_LOOKS = 5
"""Of those looks one asks the database for pages while no page waits: asking costs a millisecond, and a first page half a second late
delays nothing."""
PAGES_IN_POOL = 192
"""Pages handed to the workers at a time: enough to keep two busy for 0.2 s, few enough to hold 20 MB at most."""
FEW_IN_POOL = 64
"""With fewer at the workers new ones are looked for at once, else every TAKE_SECONDS: a look costs a millisecond, whatever it finds."""
TAKE_SECONDS = 0.1
SAVE_SECONDS = 0.5


# --- fetch: Source -> FetchedPage


def fetch_pages(
    plan: CrawlPlan,
    show: Callable[[CrawlProgress], None],
    extraction: ExtractStep | None = None,
    meanwhile: Callable[[ExtractStep], None] = lambda extraction: None,
    begin: BeginCrawl | None = None,
    expect: Callable[[ExtractStep], None] = lambda extraction: extraction.expect(),
) -> CrawlEnd:
    """Crawls to the end, in a process of its own; pages are extracted while more are fetched, where `extraction` is given, and
    `meanwhile` is called between. `begin`: where the process was begun before; `expect` is called once, when there are new links."""
    from tracker.crawl.parent import run_crawl

    started = time.monotonic()
    looks, expects = 0, plan.articles and extraction is not None
    with (begin or run_crawl)(plan) as crawl:
        while crawl.poll() is None:
            looks += 1
            if expects and extraction and crawl.progress().links_new:
                expect(extraction)
                expects, looks = False, 1
            moved = (
                extraction.advance(WAIT_SECONDS, more_come=True) if extraction and (extraction.is_waiting or looks % IDLE_LOOKS == 1) else 0
            )
            show(crawl.progress())
            if extraction:
                meanwhile(extraction)
            if moved:
                looks = 0
            else:
                time.sleep(WAIT_SECONDS)
    return CrawlEnd(crawl.progress(), crawl.poll() or 0, time.monotonic() - started, crawl.last_line())


# --- extract: FetchedPage -> Article


class Claims(Protocol):
    """Whose pages are whose, where several machines read."""

    def take(self, page_ids: Collection[int]) -> Collection[int]:
        """Those of the pages that nobody else reads."""

    def end(self, page_ids: Collection[int]) -> None:
        """These are read."""


class ExtractStep:
    """Pages -> articles, while the crawl runs: call `advance` again and again, `finish` when no page will come any more."""

    def __init__(self, database: Database, pool: Callable[[], PagePool], now: datetime, claims: Claims | None = None) -> None:
        self._database, self._open_pool, self._now, self._claims = database, pool, now, claims
        self._after_id = 0
        self._outcomes: Counter[str] = Counter()
        self._inputs = 0
        self._started = self._looked = self._saved = time.monotonic()
        self._ready: list[PageReading] = []
        self._at_once = SAVED_AT_ONCE

    @cached_property
    def _pool(self) -> PagePool:
        return self._open_pool()

    def expect(self) -> None:
        """Pages will come: the workers start."""
        self._pool.expect()

    @property
    def _waiting(self) -> int:
        return self._inputs - self.done

    @property
    def is_waiting(self) -> bool:
        """Whether a page is at the workers."""
        return self._waiting > 0

    @property
    def done(self) -> int:
        """Pages that have ended so far."""
        return self._outcomes.total()

    def advance(self, wait_seconds: float, *, more_come: bool = False) -> int:
        """Takes new pages in, saves what is ready; returns how many pages moved. `more_come`: a few readings wait for company."""
        taken = self._take_in()
        if not self._waiting:
            return 0
        return taken + self._receive(wait_seconds, more_come=more_come)

    def settle(self) -> None:
        """Waits for the pages at the workers and saves them; takes in no new ones."""
        while self._waiting:
            self._receive(0.5)

    def finish(self, on_progress: Callable[[int, int], None] = lambda done, known: None) -> StepReport:
        """Goes on until no page is left; the step's report."""
        while self.advance(0.5) or self._waiting or self._others_read():
            on_progress(self.done, self._inputs)
        return self.report(time.monotonic() - self._started)

    def report(self, seconds: float) -> StepReport:
        """The step's report, once no page is at the workers."""
        if self._inputs:
            search_index.tidy(self._database)
        return StepReport("extract", self._inputs, tuple(sorted(self._outcomes.items())), seconds)

    def _take_in(self) -> int:
        room = PAGES_IN_POOL - self._waiting
        at_work = self._waiting - len(self._ready)
        if room <= PAGES_IN_POOL // 4 or (at_work >= FEW_IN_POOL and time.monotonic() - self._looked < TAKE_SECONDS):
            return 0
        self._looked = time.monotonic()
        if not (waiting := self._unread(room)):
            return 0
        self._inputs += len(waiting)
        there, gone = page_files.filled(waiting)
        if gone:
            self._save(lost(gone))
        self._pool.submit(there)
        return len(waiting)

    def _unread(self, room: int) -> list[StoredPage]:
        """The next pages that nobody reads. Of others' pages no bytes are fetched; beyond them are some that are free."""
        if self._claims is None:
            with self._database.reading() as conn:
                waiting = pages.unscreened(conn, limit=room, after_id=self._after_id)
            self._after_id = waiting[-1].id if waiting else self._after_id
            return waiting
        while True:
            with self._database.reading() as conn:
                following = pages.unscreened_ids(conn, limit=room, after_id=self._after_id)
            if not following:
                return []
            self._after_id = following[-1]
            ours = self._claims.take(following)
            with self._database.reading() as conn:
                waiting = pages.unscreened_among(conn, ours)
            self._claims.end({*ours} - {page.id for page in waiting})  # read before they were ours
            if waiting:
                return waiting

    def _receive(self, wait_seconds: float, *, more_come: bool = False) -> int:
        """Takes what the workers have read, and saves it once there is enough; returns how many pages moved."""
        readings = self._pool.ready(wait_seconds)
        if not self._ready:
            self._saved = time.monotonic()
        self._ready += readings
        late = time.monotonic() - self._saved >= SAVE_SECONDS
        if self._ready and (late or len(self._ready) >= self._at_once or not (more_come or self._pool.waiting)):
            for some in chunks(self._ready, self._at_once):
                self._save(some)
            self._ready = []
        return len(readings)

    def _save(self, readings: Sequence[PageReading]) -> None:
        saved = save_measured(self._database, readings, self._now, shared=self._claims is not None)
        self._outcomes.update(saved.outcomes)
        self._at_once = saved_next(len(readings), saved.held_seconds)
        if self._claims is not None:
            self._claims.end([reading.page.id for reading in readings])

    def _others_read(self) -> bool:
        """Whether pages that other workers have claimed are not read yet: they are looked at again, as a worker may be gone."""
        if self._claims is None:
            return False
        with self._database.reading() as conn:
            left = bool(pages.unscreened(conn, limit=1))
        if left:
            self._after_id = 0
            time.sleep(WAIT_SECONDS)
        return left


# --- match: Article -> Mention


# `matching.MatchStep`: one pass over the new articles for all campaigns.


# --- group: Mention -> Story


def group_stories(database: Database, campaign: Campaign, now: datetime) -> StepReport:
    """Articles that mention the campaign -> stories. What is new is compared with the texts of its days; the result does not depend on
    the order in which articles came. What a person merged or split stays so."""
    return group_by_id(database, campaign.id, now)


def group_by_id(database: Database, campaign_id: str, now: datetime) -> StepReport:
    """The same for who has the campaign's id alone."""
    started = time.monotonic()
    earlier_texts.read_texts(database)
    with database.reading() as conn:
        settled = stories.settled(conn, campaign_id)
    if settled:
        decide_parts(database, campaign_id)
        return StepReport(f"group {campaign_id}", settled, (("in its story already", settled),), time.monotonic() - started)
    grouped = regroup_changed(database, campaign_id, now)
    decide_parts(database, campaign_id, grouped.templates)
    outcomes = (("in a story of several", grouped.articles - grouped.alone), ("on its own", grouped.alone)) if grouped.articles else ()
    remarks = (f"{grouped.stories} stories",) if grouped.articles else ()
    return StepReport(f"group {campaign_id}", grouped.articles, outcomes, time.monotonic() - started, remarks)


# --- compose: Story -> Edition


class Composed(Struct, frozen=True):
    """A frozen edition, the files written of it, and the audiences that may read it."""

    edition: Edition
    report: StepReport
    published: tuple[Published, ...]
    audiences: tuple[Audience, ...]


def compose_edition(
    parts: Parts,
    campaign: Campaign,
    kind: EditionKind,
    window: Window,
    facts: EditionFacts,
    as_of: datetime,
    *,
    only_for: Audience | None = None,
    languages: Sequence[str] = (),
    formats: Sequence[str] = (),
    scope: Scope | None = None,
) -> Composed:
    """Freezes the period's items as an edition, or takes the one that exists; writes its files, narrowed to the scope, for those who may
    read it already.

    `only_for` narrows the files to one audience. Raises what `delivery.publish.publish` raises.
    """
    from tracker.delivery.publish import publish
    from tracker.digests.editions import make_edition
    from tracker.evidence.days import newest_line

    facts = replace(facts, witness=newest_line(parts.database))
    edition, report = make_edition(parts.database, campaign, kind, window, facts, as_of)
    with parts.database.reading() as conn:
        audiences = tuple(sorted(digests.released_at(conn, edition.id), reverse=True))  # staff first
    readers = [audience for audience in audiences if only_for in (None, audience)]
    outbox = parts.workspace / "outbox"
    published = tuple(
        publish(
            parts.database,
            edition,
            campaign.time_zone,
            parts.settings,
            outbox,
            audience=audience,
            languages=languages,
            formats=formats,
            scope=scope or Scope(),
        )
        for audience in readers
    )
    return Composed(edition, report, published, audiences)


# --- deliver: Edition -> Delivery


def deliver_letters(
    parts: Parts, campaigns: Sequence[Campaign], recipients: Sequence[Recipient], writer: LetterWriter, edition_id: int | None = None
) -> SendReport:
    """Plans the letters of released editions and sends those that are due; with `edition_id`, of that edition only.

    Raises RunLocked while another mailing is at work, UsageError when nobody may read the edition.
    """
    from tracker.delivery.mailing import Mailing

    mailing = Mailing(parts.database, parts.workspace / "outbox", parts.settings, campaigns, recipients, writer, parts.clock)
    return mailing.run(edition_id)
