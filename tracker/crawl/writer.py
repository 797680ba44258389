"""What the spiders bring, into the store: in small batches, in a thread of its own, so that the reactor never waits for the database."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.crawl import pacing
from tracker.crawl.pacing import Outrun
from tracker.crawl.plan import CrawlProgress
from tracker.crawl.site_file_jobs import SiteFileJob, as_noted
from tracker.crawl.video_channels import keep_items
from tracker.errors import StoreError
from tracker.model import FetchOutcome, FoundLink, Lookback, Outlet, PictureResult, PollResult, RevisitResult
from tracker.model.terms import Terms
from tracker.sources.terms import terms_of
from tracker.store import frontier, lookbacks, pictures, registers, revisits, second_looks, terms
from tracker.store.database import Database
from tracker.store.fetch_results import FetchResult, prepare, store
from tracker.store.page_files import PageFiles

if TYPE_CHECKING:
    from sqlalchemy import Connection

BATCH = 25
"""Jobs a transaction; measure with tests/benchmarks/bench_polls.py."""
BATCH_LINKS = 500
"""Links of polls after which a batch is full, and of a long list in a transaction: who reviews at the desk waits for no long one."""
BATCH_SECONDS = 0.5
"""How long a batch waits for company: others wait for the write lock as rarely as that."""
BACKLOG_BYTES = 48 * 1024 * 1024
"""Waiting to be stored; beyond it spiders wait. Screening reads 80 KB pages, so this is some 600 of them."""

TRIES = 3
"""Attempts to store one item while the database is locked; each waits `database.busy_timeout_seconds` by itself."""

logger = logging.getLogger(__name__)


class PollJob(Struct, frozen=True):
    """A poll to note, with the links to queue: (key, link), those published too early already left out. `page`: it was no source's
    poll but a page of older articles; `again`: its host may answer another time. `old_keys`: what was left out."""

    poll: PollResult
    outlet_id: str
    links: tuple[tuple[str, FoundLink], ...] = ()
    page: Lookback | None = None
    again: bool = False
    channel: Outlet | None = None
    old_keys: tuple[str, ...] = ()


class _Begun(Struct, frozen=True):
    """A poll whose links are being stored: its source as it was before, how many links are stored, how many of these were new."""

    looked: pacing.Looked | None
    stored: int = 0
    new: int = 0


Job = PollJob | FetchResult | PictureResult | RevisitResult
Stored = Job | SiteFileJob


def size_of(job: Stored) -> int:
    """Bytes a job holds while it waits, about."""
    if isinstance(job, PictureResult):
        return 1024 + (len(job.picture.content) if job.picture else 0)
    if isinstance(job, SiteFileJob):
        return 1024 + 512 * len(job.file.rules)
    return 1024 + (512 * len(job.links) if isinstance(job, PollJob) else len(job.body or b""))


class Writer(threading.Thread):
    """Stores jobs in order. One transaction holds a batch, so what was counted as stored is stored, and a page never without its outcome."""

    def __init__(self, database: Database, run_id: int, now: Callable[[], datetime], progress: CrawlProgress, look_back: str = "") -> None:
        super().__init__(name="writer", daemon=True)
        self.page_files: PageFiles | None = None
        self.look_back = look_back
        self.database = database
        self.run_id = run_id
        self.now = now
        self.progress = progress
        self.on_stored: Callable[[], None] = lambda: None
        self.on_outrun: Callable[[Outrun], None] = lambda outrun: None
        self.error: StoreError | None = None
        self._terms: terms.Known | None = None
        self._lacking: dict[str, list[int]] | None = None
        self._begun: dict[int, _Begun] = {}
        self._jobs: queue.SimpleQueue[Stored | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting = 0
        self._bytes = 0

    @property
    def is_idle(self) -> bool:
        """Whether all that was queued is stored."""
        return self._waiting == 0

    async def put(self, job: Stored) -> None:
        """Queues a job; waits while too much is queued already."""
        self.put_at_once(job)
        while self._bytes > BACKLOG_BYTES and self.is_alive():
            await asyncio.sleep(0.02)

    def put_at_once(self, job: Stored) -> None:
        """Queues a job, however much is queued already."""
        with self._lock:
            self._waiting += 1
            self._bytes += size_of(job)
        self._jobs.put(job)

    def finish(self, seconds: float) -> bool:
        """Stores what is queued and ends the thread. False when that took too long."""
        self._jobs.put(None)
        self.join(seconds)
        return not self.is_alive()

    def run(self) -> None:
        """The thread: stores batches until `finish`."""
        going = True
        while going:
            batch, going = self._next_batch()
            if batch:
                self._store(batch)
                self._begun.clear()
                with self._lock:
                    self._waiting -= len(batch)
                    self._bytes -= sum(map(size_of, batch))
                self.on_stored()

    def _next_batch(self) -> tuple[list[Stored], bool]:
        first = self._jobs.get()
        if first is None:
            return [], False
        batch, until = [first], time.monotonic() + BATCH_SECONDS
        while len(batch) < BATCH and sum(map(_links_of, batch)) < BATCH_LINKS:
            try:
                job = self._jobs.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                break
            if job is None:
                return batch, False
            batch.append(job)
        return batch, True

    def _store(self, batch: Sequence[Stored]) -> None:
        *before, last = batch
        if before and _links_of(last) > BATCH_LINKS:  # a list that takes several transactions comes after what was listed before it
            self._store(before)
            return self._store([last])
        try:
            self._in_one_transaction(batch)
        except Exception as error:  # noqa: BLE001  # one bad item must not take the others with it
            logger.warning("a batch of %d could not be stored at once: %s", len(batch), error)
            for job in batch:
                self._store_alone(job)

    def _store_alone(self, job: Stored) -> None:
        for attempt in range(TRIES):
            if self.error is not None:
                break
            try:
                self._in_one_transaction([job])
                return
            except StoreError as error:
                logger.warning("try %d of %d: %s", attempt + 1, TRIES, error)
                if attempt + 1 == TRIES:
                    self.error = error
            except Exception as error:
                logger.exception("an item could not be stored")
                self.progress.remarks.append(f"not stored: {type(error).__name__}; see crawl.log")
                break
        self.progress.lost += 1

    def _in_one_transaction(self, jobs: Sequence[Stored]) -> None:
        new, outrun = 0, []
        visited = revisits.prepare([job for job in jobs if isinstance(job, RevisitResult)], run_id=self.run_id)
        pages = [job for job in jobs if isinstance(job, FetchResult)]
        fetched = prepare(pages, run_id=self.run_id, files=self.page_files)
        said = [(job.link.outlet_id, terms_of(job.facts.headers, job.body)) for job in pages if job.body]
        for job in jobs:
            if isinstance(job, PollJob):
                self._store_most_links(job)
        with self.database.writing() as conn:
            for job in jobs:
                if isinstance(job, PollJob):
                    first_seen, lost = self._note_poll(conn, job) if job.page is None else (self._note_look_back(conn, job, job.page), None)
                    if job.channel is not None:
                        keep_items(conn, job.channel, job.links, job.poll.facts, run_id=self.run_id, now=self.now())
                    new += first_seen
                    outrun += [lost] if lost else []
            store(conn, fetched)
            self._note_terms(conn, said)
            self._note_site_files(conn, [job for job in jobs if isinstance(job, SiteFileJob)])
            revisits.note(conn, visited)
            pictures.save(conn, [job for job in jobs if isinstance(job, PictureResult)])
        self.progress.links_new += new
        for each in outrun:
            self.on_outrun(each)

    def _store_most_links(self, job: PollJob) -> None:
        """Links of a long list but for the last BATCH_LINKS, some at a time. Killed between two, its source is polled again."""
        begun = self._begun.get(id(job))
        while len(job.links) - (begun.stored if begun else 0) > BATCH_LINKS:
            with self.database.writing() as conn:
                begun = self._store_links(conn, job, begun, BATCH_LINKS)
            self._begun[id(job)] = begun

    def _store_links(self, conn: Connection, job: PollJob, begun: _Begun | None, most: int | None = None) -> _Begun:
        """The next links of a poll, all that are left where there is no `most`."""
        if begun is None:
            keys = [*(key for key, _ in job.links), *job.old_keys]
            begun = _Begun(pacing.look(conn, job.poll, keys) if job.page is None else None)
        some = job.links[begun.stored :][:most]
        new = frontier.add(conn, some, run_id=self.run_id, now=self.now())
        return _Begun(begun.looked, begun.stored + len(some), begun.new + new)

    def _note_terms(self, conn: Connection, said: Sequence[tuple[str, tuple[Terms, ...]]]) -> None:
        """What the pages of this batch say of their use by machines."""
        if self._terms is None:
            self._terms = terms.of_outlets(conn)
        terms.note(conn, self._terms, said, self.now())

    def _note_site_files(self, conn: Connection, jobs: Sequence[SiteFileJob]) -> None:
        known = terms.files(conn) if jobs else {}
        for job in jobs:
            before = known.get((job.outlet_id, job.file.via))
            known[job.outlet_id, job.file.via] = terms.note_file(conn, job.outlet_id, as_noted(job, before), before)

    def _note_poll(self, conn: Connection, job: PollJob) -> tuple[int, Outrun | None]:
        now, poll, links = self.now(), job.poll, self._store_links(conn, job, self._begun.get(id(job)))
        registers.record_poll(conn, self.run_id, poll, new_links=links.new)
        revisits.hurry(conn, {key: link.modified_at for key, link in job.links if link.modified_at and link.named_by_owner}, now)
        own = [key for key, link in job.links if link.named_by_owner]
        if poll.facts.outcome is FetchOutcome.UNCHANGED:
            if self._lacking is None:
                self._lacking = second_looks.lacking_lately(conn, now)
            mine = self._lacking.get(job.outlet_id, ())
            second_looks.ask_unchanged_again(conn, job.outlet_id, poll.source_id, now, lacking=mine, run_id=self.run_id)
        elif own:
            second_looks.ask_listed_again(conn, job.outlet_id, own, now, run_id=self.run_id)
        return links.new, pacing.note(conn, links.looked, poll, job.links, self.run_id, now) if links.looked else None

    def _note_look_back(self, conn: Connection, job: PollJob, page: Lookback) -> int:
        first_seen = self._store_links(conn, job, self._begun.get(id(job))).new
        lookbacks.finish(conn, self.look_back, page, job.poll, new_links=first_seen, again=job.again, now=self.now())
        return first_seen


def _links_of(job: Stored) -> int:
    return len(job.links) if isinstance(job, PollJob) else 0
