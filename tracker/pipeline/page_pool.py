"""Worker processes that read pages: cheap text for all, the full ladder for candidates.

Spawned, never forked; every item has a time limit; a hung or crashed worker costs one page, which ends as `Skipped` with
a reason, and is replaced. Workers get bytes and give back small records; only the caller writes.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import itertools
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct, field

from tracker.errors import NO_ROOM, MachineLacks, TrackerError, lacks_room
from tracker.matching.cache import NO_CACHE, Cache
from tracker.model import INDEXED_CHARS, Article, Campaign, Outlet, Skipped, SkipReason
from tracker.priority import give_way
from tracker.store.packing import StoredPage
from tracker.stories.prints import prints_of
from tracker.text.folding import fold

if TYPE_CHECKING:
    from pebble import ProcessPool

    from tracker.matching.together import Together

SCREEN_BATCH = 16
"""Pages a screening task: a task costs about 0.4 ms of pipes and locks, a page 1-2 ms of screening."""
EXTRACT_BATCH = 4
"""Pages a task: about 0.1 s of work, at 16-35 ms each (design.md 7)."""
GARBAGE_AFTER = 20_000
"""Objects made beyond those given up, before cycles are looked for: an element of a page is one."""
TASKS_BEFORE_RENEWAL = 400
"""A worker is replaced after so many tasks, so that what parsers leak stays bounded."""
STUCK_SECONDS = 10.0
"""Without any page done, after a worker was killed, before all are begun anew: they start in 2-3 s on a busy machine."""
MOST_RENEWALS = 5
"""Times that workers are begun anew without a page done between; an installation that is broken breaks them every time."""


class PageReading(Struct, frozen=True):
    """What became of a page, with the folded text for the search index, the prints of its text and the campaigns that may match it."""

    page: StoredPage
    result: Article | Skipped
    folded_title: str = ""
    folded_body: str = ""
    prints: tuple[int, ...] = ()
    campaign_ids: tuple[str, ...] = ()


class _Read(NamedTuple):
    """A reading on its way from a worker: of the page the number alone, and in a form that is made small at once."""

    page_id: int
    result: Article | Skipped
    folded_title: str = ""
    folded_body: str = ""
    prints: tuple[int, ...] = ()
    campaign_ids: tuple[str, ...] = ()


class _Job(Struct):
    """Pages on their way through one pool; `alone` when the batch they were in has failed.

    `screened` holds what the cheap reading gave, so that a candidate whose full extraction fails is still kept.
    """

    pages: list[StoredPage]
    extract: bool
    alone: bool = False
    screened: dict[int, PageReading] = field(default_factory=dict)


class _Workers:
    """Worker processes of one sort, begun when first needed. Pebble gives all of them up when one dies between two tasks: then
    they are begun anew."""

    def __init__(self, count: int, prepare: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        self._count, self._prepare, self._arguments = count, prepare, arguments
        self._pool: ProcessPool | None = None
        self.renewals = 0

    def schedule(self, work: Callable[..., Any], payload: Any, limit_seconds: float) -> Any:
        """Raises TrackerError when the workers do not stay alive."""
        while True:
            try:
                return self.begun().schedule(work, args=(payload,), timeout=limit_seconds)
            except RuntimeError:
                continue  # it broke since it was looked at

    def begun(self) -> ProcessPool:
        """Their pool. To ask whether it is active starts its processes, which do their imports while there is no task yet."""
        fault: BaseException | None = None
        while True:
            try:
                with _without_interrupts():
                    if self._pool is not None and self._pool.active:
                        return self._pool
            except RuntimeError as error:  # a broken pool is one too
                fault = error.__cause__ or error
                if not (isinstance(error, BrokenProcessPool) or lacks_room(error)):
                    raise
            self._begin(fault)

    def renew(self) -> None:
        """Ends them; what they were at is to be scheduled again."""
        self.end(at_once=True)
        self._pool = None

    def end(self, *, at_once: bool) -> None:
        if self._pool is not None:
            if at_once:
                self._pool.stop()
            else:
                self._pool.close()
            self._pool.join()

    def _begin(self, fault: BaseException | None) -> None:
        self.end(at_once=True)
        if self.renewals > MOST_RENEWALS:
            if lacks_room(fault):
                raise MachineLacks(NO_ROOM)
            raise TrackerError(
                "the worker processes cannot start; run `make setup`, or install the tracker again, and look above for the reason"
            )
        self.renewals += 1
        _track_resources()
        from pebble import ProcessPool  # most polls bring no page, and this import takes a twentieth of one

        self._pool = ProcessPool(
            max_workers=self._count,
            max_tasks=TASKS_BEFORE_RENEWAL,
            initializer=self._prepare,
            initargs=self._arguments,
            context=multiprocessing.get_context("spawn"),
        )


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Processes and threads that are begun meanwhile pass over the Ctrl-C that a terminal sends to all of a command's: who began them
    ends them, and none stops amid its imports with a traceback. Here it, and other signals that are answered, are taken notice of
    afterwards: a process that is half begun would write a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with _put_off((signal.SIGTERM, signal.SIGHUP)):
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _track_resources() -> None:
    """Begins the process that removes the workers' locks where nobody else does. It passes over a terminal that is closed, else it would
    end before them; when it is begun it lets interrupts through, which is why it is begun before the workers."""
    if not hasattr(signal, "pthread_sigmask"):
        return
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    try:
        resource_tracker.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


@contextlib.contextmanager
def _put_off(numbers: Sequence[signal.Signals]) -> Iterator[None]:
    """Answers signals afterwards that would raise an error here. They are not masked: the processes begun meanwhile are ended by them."""
    came: list[int] = []
    usual = {number: signal.getsignal(number) for number in numbers if threading.current_thread() is threading.main_thread()}
    usual = {number: handler for number, handler in usual.items() if callable(handler)}
    for number in usual:
        signal.signal(number, lambda one, _: came.append(one))
    try:
        yield
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)
        for one in came:
            signal.raise_signal(one)


class _Family:
    """Worker processes seen alive."""

    def __init__(self) -> None:
        self._seen: set[BaseProcess] = set()

    def lost_one(self) -> bool:
        """Whether one of them was ended by a signal."""
        self._seen |= set(multiprocessing.active_children())
        return any((one.exitcode or 0) < 0 for one in self._seen)


class PagePool:
    """Reads pages in worker processes. Use as a context manager; `submit`, then `ready` until `waiting` is 0."""

    def __init__(
        self,
        campaigns: Sequence[Campaign],
        outlets: Mapping[str, Outlet],
        *,
        workers: int,
        page_timeout_seconds: float,
        extract_all: bool = False,
        cache: Cache = NO_CACHE,
    ) -> None:
        count = workers or os.cpu_count() or 1
        self._outlets = dict(outlets)
        self._timeout = page_timeout_seconds
        self._extract_all = extract_all
        self._done: SimpleQueue[tuple[int, Any]] = SimpleQueue()
        self._open: dict[int, _Job] = {}
        self._tickets = itertools.count()
        self._family = _Family()
        self._moved = time.monotonic()
        self.waiting = 0
        self._extractors = _Workers(count if extract_all else 1, _prepare_extractor, ())
        self._screeners = _Workers(count, _prepare_screener, (tuple(campaigns), cache))

    def __enter__(self) -> PagePool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for workers in (self._screeners, self._extractors):
            workers.end(at_once=kind is not None)

    def expect(self) -> None:
        """Pages will come: the workers start now. Raises TrackerError when they do not stay alive."""
        (self._extractors if self._extract_all else self._screeners).begun()

    def submit(self, pages: Sequence[StoredPage], *, extract: bool = False) -> None:
        """Takes pages. `extract` asks for the full ladder at once."""
        full = extract or self._extract_all
        size = EXTRACT_BATCH if full else SCREEN_BATCH
        for start in range(0, len(pages), size):
            batch = list(pages[start : start + size])
            self.waiting += len(batch)
            self._schedule(_Job(batch, extract=full))

    def ready(self, timeout_seconds: float) -> list[PageReading]:
        """Readings finished by now, waiting at most `timeout_seconds` for the first one."""
        found: list[PageReading] = []
        wait = timeout_seconds
        while True:
            try:
                ticket, future = self._done.get(timeout=wait) if wait > 0 else self._done.get_nowait()
            except Empty:
                self._mend_when_stuck()
                return found
            wait, self._moved = 0.0, time.monotonic()
            if (job := self._open.pop(ticket, None)) is not None:
                found.extend(self._collect(job, future))
            if found:
                self._screeners.renewals = self._extractors.renewals = 0

    def _mend_when_stuck(self) -> None:
        """A worker that is killed from outside while it waits for a task takes the lock of the tasks' pipe with it: the others wait
        for ever. Then all are begun anew and do again what is open."""
        longest = max((self._limit(job) for job in self._open.values()), default=0.0)
        patience = max(self._timeout, STUCK_SECONDS) + (0.0 if self._family.lost_one() else longest)
        if not self._open or time.monotonic() - self._moved < patience:
            return
        jobs, self._open = [*self._open.values()], {}
        for workers in (self._screeners, self._extractors):
            workers.renew()
        self._family, self._moved = _Family(), time.monotonic()
        for job in jobs:  # page by page, so that some page is done within every time limit
            for page in job.pages:
                self._schedule(_Job([page], extract=job.extract, alone=True, screened=job.screened))

    def _schedule(self, job: _Job) -> None:
        workers = self._extractors if job.extract else self._screeners
        work = _extract_pages if job.extract else _screen_pages
        payload = [(page, self._outlets[page.outlet_id]) for page in job.pages] if job.extract else job.pages
        ticket = next(self._tickets)
        if not self._open:
            self._moved = time.monotonic()
        self._open[ticket] = job
        future = workers.schedule(work, payload, self._limit(job))
        future.add_done_callback(lambda done: self._done.put((ticket, done)))

    def _limit(self, job: _Job) -> float:
        return self._timeout if job.alone else self._timeout * len(job.pages)

    def _collect(self, job: _Job, future: Any) -> list[PageReading]:
        from pebble import ProcessExpired

        try:
            read: list[_Read] = future.result()
        except FutureTimeout:
            return self._retry_alone(job, SkipReason.EXTRACTION_TIMEOUT, f"reading took longer than {self._timeout:g} s")
        except ProcessExpired as error:
            return self._retry_alone(job, SkipReason.EXTRACTION_CRASHED, f"the worker ended with code {error.exitcode}")
        except BrokenProcessPool:
            self._schedule(job)
            return []
        except Exception as error:  # noqa: BLE001 - the one broad catch around an item: a bug in a parser costs one page, counted
            return self._retry_alone(job, SkipReason.FAILED, f"{type(error).__name__}: {error}"[:300])
        pages = {page.id: page for page in job.pages}
        finished = [_whole(job, pages[one.page_id], one) for one in read if job.extract or not one.campaign_ids]
        candidates = [PageReading(pages[one.page_id], *one[1:]) for one in read if not job.extract and one.campaign_ids]
        for start in range(0, len(candidates), EXTRACT_BATCH):
            batch = candidates[start : start + EXTRACT_BATCH]
            self._schedule(_Job([one.page for one in batch], extract=True, screened={one.page.id: one for one in batch}))
        self.waiting -= len(finished)
        return finished

    def _retry_alone(self, job: _Job, reason: SkipReason, detail: str) -> list[PageReading]:
        if len(job.pages) > 1:
            for page in job.pages:
                self._schedule(_Job([page], extract=job.extract, alone=True, screened=job.screened))
            return []
        self.waiting -= 1
        page = job.pages[0]
        cheap = job.screened.get(page.id)
        if cheap is not None and isinstance(cheap.result, Article):
            return [cheap]
        return [PageReading(page, Skipped(reason, detail))]


def _whole(job: _Job, page: StoredPage, read: _Read) -> PageReading:
    cheap = job.screened.get(page.id)
    return PageReading(page, *(read if cheap is None else read._replace(campaign_ids=cheap.campaign_ids))[1:])


_together: list[Together] = []


def _prepare_screener(campaigns: tuple[Campaign, ...], cache: Cache) -> None:
    from tracker.matching.together import Together

    give_way()
    _together[:] = [Together(campaigns, cache)] if campaigns else []
    _settle_memory()


def _prepare_extractor() -> None:
    give_way()
    # the slow imports happen before the clock of the first page runs
    for module in ("bodies", "byline", "dates", "document", "language", "titles"):
        importlib.import_module(f"tracker.extraction.{module}")
    _settle_memory()


def _settle_memory() -> None:
    """What a worker has from its beginning is never garbage, and parsers make few cycles: looking for them as often as Python does by
    itself took a tenth of a worker's time (`make bench`, night and memory)."""
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER)


def _screen_pages(batch: list[StoredPage]) -> list[_Read]:
    from tracker.extraction.article import screened_article
    from tracker.extraction.screen import visible_text
    from tracker.matching.scanning import Scan

    readings = []
    for page in batch:
        opened = page.opened()
        screened = visible_text(opened.body, page.content_type, page.hint_title, page.hint_summary)
        scan = Scan(screened.text)
        campaign_ids = _together[0].screen(scan) if _together else ()
        result = screened_article(opened, screened)
        readings.append(_reading(page, result, campaign_ids))
    return readings


def _extract_pages(batch: list[tuple[StoredPage, Outlet]]) -> list[_Read]:
    from tracker.extraction.article import extract_article

    return [_reading(page, extract_article(page.opened(), outlet), ()) for page, outlet in batch]


def _reading(page: StoredPage, result: Article | Skipped, campaign_ids: tuple[str, ...]) -> _Read:
    if isinstance(result, Skipped):
        return _Read(page.id, result, campaign_ids=campaign_ids)
    (prints,) = prints_of([result.body])
    return _Read(page.id, result, fold(result.title), fold(result.body[:INDEXED_CHARS]), prints, campaign_ids)
