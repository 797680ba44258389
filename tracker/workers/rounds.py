"""Jobs at domains, gathered into rounds: one crawl process visits many domains side by side, as a night's does.

A job ends with its round. A round that breaks off is a trouble of all its domains: each is tried again in smaller and smaller rounds,
in the end alone, and then given up for a day.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

import msgspec
from msgspec import Struct

from tracker.errors import MachineLacks, StoreError, TrackerError
from tracker.pipeline.crawl_end import CrawlEnd
from tracker.queue.jobs import POLLS, SIZES, Visit
from tracker.store.work import rounds, workers
from tracker.store.work.link import Link
from tracker.store.work.rounds import RoundEnd
from tracker.text.log_lines import log_line

GATHER_SECONDS = 0.3
"""How long a round waits for further company: a job is taken from the queue in some milliseconds."""
MOST_GATHER_SECONDS = 3.0
MOST_TRIES = len(SIZES)
GIVEN_UP_FOR = timedelta(days=1)
INTERRUPTED = 75
Crawl = Callable[[Sequence[Visit], threading.Event], CrawlEnd]
_log = logging.getLogger(__name__)


class _Waiting(Struct):
    visit: Visit
    done: asyncio.Future[str]


class Rounds:
    """Visits are waited for with `visit`; `keep` begins rounds, at most `at_once` side by side, until cancelled. `crawl` does one."""

    def __init__(
        self, crawl: Crawl, link: Link, worker: str, *, at_once: int, say: Callable[[str], None], masked: Callable[[str], str] = str
    ) -> None:
        self._crawl, self._link, self._worker, self._say = crawl, link, worker, say
        self._at_once, self._masked = at_once, masked
        self._waiting: list[_Waiting] = []
        self._came = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self.stop = threading.Event()

    @property
    def under_way(self) -> int:
        """Rounds that are at work."""
        return len(self._running)

    async def visit(self, visit: Visit) -> str:
        """The outcome of the round in which the domain was visited: done, stopped, failed."""
        waiting = _Waiting(visit, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._came.set()
        return await waiting.done

    async def keep(self) -> None:
        """Begins rounds as visits come."""
        while True:
            await self._came.wait()
            await self._gather()
            while self._waiting and len(self._running) < self._at_once:
                task = asyncio.create_task(self._round(self._next()))
                self._running.add(task)
                task.add_done_callback(self._ended)
            self._came.clear()

    async def _gather(self) -> None:
        """Waits for company, as long as some comes."""
        until, known = time.monotonic() + MOST_GATHER_SECONDS, -1
        while known != len(self._waiting) and time.monotonic() < until:
            known = len(self._waiting)
            await asyncio.sleep(GATHER_SECONDS)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if self._waiting:
            self._came.set()

    def _next(self) -> list[_Waiting]:
        """Visits that go together: of one order, or of none; those that broke rounds apart from the others."""
        first = self._waiting[0].visit
        alike = [one for one in self._waiting if (one.visit.order_id, one.visit.size) == (first.order_id, first.size)]
        chosen = alike[: first.size]
        self._waiting = [one for one in self._waiting if one not in chosen]
        return chosen

    async def _round(self, chosen: Sequence[_Waiting]) -> None:
        visits = [one.visit for one in chosen]
        outcome = "failed"
        try:
            outcome = await asyncio.to_thread(self._visit_all, visits)
        except StoreError as error:
            self._say(log_line(f"how a round ended could not be stored: {error}", "warning"))
        finally:
            for one in chosen:
                if not one.done.done():
                    one.done.set_result(outcome)

    def _visit_all(self, visits: Sequence[Visit]) -> str:
        started = time.monotonic()
        detail, progress, code = "", None, 3
        try:
            end = self._crawl(visits, self.stop)
        except MachineLacks as error:  # no domain is at fault
            detail, code = str(error), INTERRUPTED
        except TrackerError as error:
            detail = str(error)
        except Exception as error:  # noqa: BLE001  # an error of the program is a trouble of what it was at
            _log.exception("a round broke off")
            detail = f"{type(error).__name__}: {error}"
        else:
            code, progress = end.exit_code, end.seen
            detail = "" if code == 0 else end.seen.ended or f"the crawl's process ended with code {code} {end.words}".strip()
        outcome = "done" if code == 0 else "stopped" if code == INTERRUPTED or self.stop.is_set() else "failed"
        seen = 0 if progress is None else progress.polled
        counted = RoundEnd(
            self._worker,
            POLLS,
            outcome,
            len(visits),
            time.monotonic() - started,
            self._masked(detail),
            seen,
            0 if progress is None else progress.fetched,
            visits[0].order_id,
            None if progress is None else msgspec.to_builtins(progress),
        )
        self._note(visits, counted)
        return outcome

    def _note(self, visits: Sequence[Visit], end: RoundEnd) -> None:
        rounds.note(self._link, end)
        names = [visit.domain for visit in visits]
        if end.outcome == "done":
            workers.note_success(self._link, names)
        if end.outcome == "failed":
            for name in names:
                failed(self._link, name, end.detail or "the round broke off", self._say)
        told = (
            f"round of {end.items} domains: {end.outcome}, {end.polls} polls, {end.pages} pages{f' ({end.detail})' if end.detail else ''}"
        )
        level = "warning" if end.outcome == "failed" or (end.detail and end.outcome == "stopped") else "info"
        self._say(
            log_line(
                told, level, queue=end.queue, outcome=end.outcome, domains=names, polls=end.polls, pages=end.pages, seconds=end.seconds
            )
        )


def failed(link: Link, name: str, detail: str, say: Callable[[str], None]) -> None:
    """Notes that a job broke off; says so when it is given up."""
    given_up = workers.note_failure(link, name, detail, wait=timedelta(), most=MOST_TRIES, long_wait=GIVEN_UP_FOR)
    if given_up:
        say(log_line(f"{name} is given up for a day after {MOST_TRIES} tries: {detail}", "error", domain=name, outcome="given_up"))
