"""A worker: takes jobs from the queue, does them, and enqueues what is due when it is its turn to look.

procrastinate hands out jobs and notices workers that died. When to look is told by the database's clock, not by its periodic tasks, which
go by the worker's own.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import msgspec
import procrastinate
from msgspec import Struct
from procrastinate import JobContext, exceptions, jobs

from tracker import __version__
from tracker.end_signals import signals_heeded
from tracker.errors import StoreError, TrackerError
from tracker.pipeline.edition_files import is_asked_for
from tracker.queue import enqueue
from tracker.queue.jobs import (
    EDITIONS,
    FIND,
    FINDING,
    MAKE_FILES,
    MAKING,
    PAGES,
    POLLS,
    READ,
    READING,
    SCHEDULE,
    TIMED,
    VISIT,
    Reading,
    Visit,
    lock_of,
)
from tracker.store import due
from tracker.store.work import claims, rounds, schema, turns, workers
from tracker.store.work import jobs as queued
from tracker.store.work.link import Link
from tracker.store.work.rounds import RoundEnd
from tracker.text.log_lines import log_line
from tracker.workers import crawling, reading
from tracker.workers.due import readings_due, visits_due
from tracker.workers.rounds import MOST_TRIES, Rounds, failed
from tracker.workers.timed import TimedJobs, does_timed_jobs
from tracker.workspace import Parts

SEEN_SECONDS = 10.0
STALLED_SECONDS = 40.0
"""A worker that has said nothing for so long is thought dead: longer than four of its heartbeats."""
FETCH_SECONDS = 2.0
"""Between two looks at the queue where no notification came."""
AGAIN_SECONDS = (1.0, 2.0, 5.0, 10.0)
"""Pauses before a worker that lost the database tries again; the last one is repeated."""
ONCE_SECONDS = 0.5
"""Between two looks of `--once` at whether anything is left."""
PLANNING = "(planning)"
"""The turn of whoever looks at what is due."""
TIMING = "(planning editions)"
"""The same for what has a time of its own."""
TAKE_BACK_SECONDS = 10.0
CLEANING_SECONDS = 3600.0
CRAWL_QUEUES = frozenset({POLLS, PAGES})
_log = logging.getLogger(__name__)


def worker_name() -> str:
    """This process, among all machines."""
    return f"{socket.gethostname()}:{os.getpid()}"


class Options(Struct, frozen=True):
    """What `tracker worker` was asked for. `say` is told one line an outcome."""

    queues: tuple[str, ...]
    say: Callable[[str], None]
    once: bool = False


class Worker:
    """One worker process, from `run` to its end; `stop` (from the event loop) ends it: requests under way end, the rest goes back."""

    def __init__(self, parts: Parts, options: Options) -> None:
        self._parts, self._options = parts, options
        self._url = parts.settings.database.url
        self._given = parts.settings.workers
        self.name = worker_name()
        self._link = Link(self._url)
        self._reading_link = Link(self._url)
        self._timed = TimedJobs(parts, self._reading_link)
        self._stopping = asyncio.Event()
        self._cleaned = self._took_back = -CLEANING_SECONDS
        self._rounds = Rounds(
            lambda visits, stop: crawling.crawl(parts, self._link, visits, stop),
            self._link,
            self.name,
            at_once=self._given.crawls,
            masked=parts.settings.masked,
            say=options.say,
        )

    def stop(self) -> None:
        """Asks the worker to end."""
        self._stopping.set()
        self._rounds.stop.set()
        self._timed.stop.ask()

    async def run(self) -> None:
        """Works until stopped; with `once` until nothing is due or under way. A database out of reach is waited for. Raises TrackerError
        when it cannot be reached at the start."""
        await asyncio.to_thread(schema.prepare, self._link)
        await asyncio.to_thread(lambda: self._parts.database)
        await self._seen()
        side = [asyncio.create_task(self._rounds.keep()), asyncio.create_task(self._say_alive())]
        if self._options.once:
            side.append(asyncio.create_task(self._stop_when_nothing_is_left()))
        elif self._given.plan_seconds:
            side.append(asyncio.create_task(self._plan_again_and_again(PLANNING, self._plan)))
            if EDITIONS in self._options.queues:
                side.append(asyncio.create_task(self._plan_again_and_again(TIMING, self._plan_editions)))
        try:
            await self._until_stopped()
        finally:
            for task in side:
                task.cancel()
            await asyncio.gather(*side, return_exceptions=True)
            with suppress(StoreError):
                await asyncio.to_thread(workers.gone, self._link, self.name)
            self._link.close()
            self._reading_link.close()

    # --- taking jobs ---

    async def _until_stopped(self) -> None:
        tries = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                await self._take_jobs()
                raise StoreError("the connection to the queue was lost")
            except (exceptions.ConnectorException, StoreError, OSError) as error:
                if self._stopping.is_set():
                    return
                tries = 0 if time.monotonic() - began > 60 else tries + 1
                pause = AGAIN_SECONDS[min(tries, len(AGAIN_SECONDS) - 1)]
                self._options.say(log_line(f"the database is out of reach, again in {pause:g} s: {_in_short(error)}", "warning"))
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), pause)

    async def _take_jobs(self) -> None:
        """Takes jobs of all queues until stopped, or until the connection is lost. procrastinate's own way to end when the queue is empty
        is not used: it lets the heartbeat end before the last jobs do, and others would take them for a dead worker's."""
        app = enqueue.make_app(self._url)
        self._register(app)
        async with app.open_async():
            running = [asyncio.create_task(self._serve(app, names, count)) for names, count in self._lanes()]
            stopping = asyncio.create_task(self._stopping.wait())
            try:
                await asyncio.wait([*running, stopping], return_when=asyncio.FIRST_COMPLETED)
            finally:
                stopping.cancel()
                for task in running:
                    task.cancel()
                ends = await asyncio.gather(*running, return_exceptions=True)
            for end in ends:
                if isinstance(end, Exception) and not isinstance(end, asyncio.CancelledError):
                    raise end

    def _lanes(self) -> list[tuple[list[str], int]]:
        """Queues served together, and how many of their jobs at a time."""
        asked = self._options.queues
        crawls = [name for name in asked if name in CRAWL_QUEUES]
        lanes = [(crawls, self._given.domains * self._given.crawls)] if crawls else []
        return lanes + [([name], 1) for name in asked if name not in CRAWL_QUEUES]

    async def _serve(self, app: procrastinate.App, names: list[str], count: int) -> None:
        await app.run_worker_async(
            queues=names,
            name=self.name,
            concurrency=count,
            install_signal_handlers=False,
            delete_jobs="successful",
            fetch_job_polling_interval=FETCH_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
        )

    def _register(self, app: procrastinate.App) -> None:
        app.task(name=VISIT, pass_context=True)(self._visit)
        app.task(name=READ, pass_context=True)(self._read)
        app.task(name=FIND)(self._find)
        app.task(name=MAKE_FILES)(self._make_files)
        app.task(name=TIMED)(self._do_timed)

    async def _visit(self, context: JobContext, /, **given: Any) -> str:
        return await self._rounds.visit(msgspec.convert(given, Visit))

    async def _read(self, context: JobContext, /, **given: Any) -> None:
        job = msgspec.convert(given, Reading)
        as_of = await asyncio.to_thread(workers.now, self._reading_link) if job.as_of is None else job.as_of

        def work() -> int:
            report = reading.read(self._parts, self._reading_link, f"{self.name} {job.lock}", as_of)
            self._note(READING, report.inputs, dict(report.outcomes), report.seconds, job.order_id)
            return report.inputs

        if await self._reported(job.lock, work) and not job.order_id:
            await asyncio.to_thread(self._enqueue_finding)

    async def _find(self) -> None:
        def work() -> int:
            now = workers.now(self._reading_link)
            for report in reading.find(self._parts, now):
                ends = ", ".join(f"{count} {outcome}" for outcome, count in report.outcomes) or "nothing to do"
                self._options.say(
                    log_line(
                        f"{report.step}: {report.inputs}, {ends}", step=report.step, inputs=report.inputs, outcomes=dict(report.outcomes)
                    )
                )
            return 1

        await self._reported(FINDING, work)

    async def _make_files(self) -> None:
        def work() -> int:
            reading.make_files(self._parts)
            return 1

        await self._reported(MAKING, work)

    async def _do_timed(self, name: str) -> None:
        def work() -> int:
            began = time.monotonic()
            if (end := self._timed.run(name)) is not None:
                detail = f" ({end.in_short})" if end.detail else ""
                self._options.say(log_line(f"{name}: {end.outcome}{detail}", job=name, outcome=str(end.outcome)))
                told = self._parts.settings.masked(end.in_short)
                rounds.note(self._link, RoundEnd(self.name, EDITIONS, str(end.outcome), 1, time.monotonic() - began, told))
            return 1

        await self._reported(lock_of(name), work)

    async def _reported(self, name: str, work: Callable[[], int]) -> int:
        """Does it in a thread; what is wrong with it is noted as the job's trouble, and the job is done."""
        try:
            done = await asyncio.to_thread(work)
            await asyncio.to_thread(workers.note_success, self._link, [name])
            return done
        except Exception as error:  # noqa: BLE001  # as with rounds: an error of the program, too, is a trouble of what it was at
            detail = self._parts.settings.masked(f"{'' if isinstance(error, TrackerError) else type(error).__name__ + ': '}{error}")
        self._options.say(log_line(f"{name} broke off: {detail}", "error", job=name, outcome="failed"))
        await asyncio.to_thread(failed, self._link, name, detail, self._options.say)
        return 0

    def _note(self, queue: str, items: int, outcomes: dict[str, int], seconds: float, order_id: str) -> None:
        rounds.note(self._link, RoundEnd(self.name, queue, "done", items, seconds, order_id=order_id))
        said = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()) or "nothing to do"
        self._options.say(
            log_line(f"{queue}: {items} pages, {said}", queue=queue, outcome="done", pages=items, outcomes=outcomes, seconds=seconds)
        )

    # --- what is due ---

    async def _plan_again_and_again(self, turn: str, plan: Callable[[], Awaitable[int]]) -> None:
        while True:
            try:
                if await asyncio.to_thread(self._is_our_turn, turn):
                    await plan()
            except (StoreError, exceptions.ConnectorException) as error:
                _log.warning("what is due could not be looked at: %s", _in_short(error))
            await asyncio.sleep(min(self._given.plan_seconds, 5.0))

    def _is_our_turn(self, turn: str) -> bool:
        """One worker looks, once in `workers.plan_seconds`: the turn is not given back and runs out."""
        holder = f"{self.name} {time.monotonic()}"
        return bool(turns.take(self._link, holder, [turn], seconds=self._given.plan_seconds, delay_seconds=0))

    async def _plan(self) -> int:
        """Takes back what dead workers were at, then enqueues what is due; returns how many jobs."""
        if time.monotonic() - self._took_back > TAKE_BACK_SECONDS:
            await self._take_back()
            self._took_back = time.monotonic()
        return await asyncio.to_thread(self._enqueue_due)

    async def _take_back(self) -> None:
        app = enqueue.make_app(self._url)
        async with app.open_async():
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
                await self._take_back_one(app, job)

    async def _take_back_one(self, app: procrastinate.App, job: jobs.Job) -> None:
        """The job of a dead worker. One that was ordered stays in the queue; what was due is due in the store as before."""
        name = str(job.lock)
        self._options.say(log_line(f"{name}: its worker is gone, taken back", "warning", job=name, outcome="taken_back"))
        await asyncio.to_thread(failed, self._link, name, "its worker died", self._options.say)
        if job.task_name == TIMED:
            await asyncio.to_thread(self._timed.interrupted, str(job.task_kwargs.get("name")))
        ordered = bool(job.task_kwargs.get("order_id")) and job.attempts + 1 < MOST_TRIES
        with suppress(exceptions.ConnectorException):
            if ordered:
                with suppress(exceptions.UniqueViolation):
                    await app.job_manager.retry_job(job)
                    return
            await app.job_manager.finish_job(job, jobs.Status.ABORTED, delete_job=True)

    def _enqueue_due(self) -> int:
        # first what is under way: a job that ends meanwhile has stored what it did, so that it is not due any more
        busy = queued.open_locks(self._link) | workers.not_yet(self._link)
        now = workers.now(self._link)
        with self._parts.database.reading() as conn:
            homes, polled, linked, unread = (
                due.homepages(conn),
                due.outlets_due(conn, now),
                due.outlets_with_links(conn, now),
                due.unread_pages(conn),
            )
        failures = {one.name: one.failures for one in workers.troubles(self._link)}
        visits = visits_due(homes, polled, linked, busy=busy, failures=failures)
        readings = readings_due(unread, max(workers.serving(self._link, READING), 1), busy=busy)
        if time.monotonic() - self._cleaned > CLEANING_SECONDS:
            self._cleaned = time.monotonic()
            self._clean()
        if not (visits or readings):
            return 0
        with enqueue.opened(self._url) as app:
            return enqueue.visits(app, visits) + enqueue.readings(app, readings)

    async def _plan_editions(self) -> int:
        return await asyncio.to_thread(self._enqueue_editions)

    def _enqueue_editions(self) -> int:
        """What this workspace's outbox and the times of its jobs ask for; returns how many jobs."""
        busy = queued.open_locks(self._link) | workers.not_yet(self._link)
        making = is_asked_for(self._parts.workspace / "outbox") and MAKING not in busy
        names = self._timed.enqueued(busy)
        if not (making or names):
            return 0
        with enqueue.opened(self._url) as app:
            return enqueue.timed(app, names) + (enqueue.making(app) if making else 0)

    def _enqueue_finding(self) -> None:
        with enqueue.opened(self._url) as app:
            enqueue.finding(app)

    def _clean(self) -> None:
        for forget in (turns.forget_old, claims.forget_old, workers.forget_old, rounds.forget_old):
            forget(self._link)

    async def _stop_when_nothing_is_left(self) -> None:
        """`--once`. What another worker is at is waited for: it may die, and then it is to be done."""
        looks = 0
        while looks < 2:
            try:
                enqueued = await self._plan() + (await self._plan_editions() if EDITIONS in self._options.queues else 0)
                is_open = await asyncio.to_thread(queued.open_jobs, self._link, [*self._options.queues])
            except (StoreError, exceptions.ConnectorException) as error:
                _log.warning("what is due could not be looked at: %s", _in_short(error))
                enqueued = is_open = 1
            looks = 0 if enqueued or is_open else looks + 1  # twice, as a job that ends may make another due
            await asyncio.sleep(ONCE_SECONDS)
        self.stop()

    # --- being seen ---

    async def _say_alive(self) -> None:
        while True:
            with suppress(StoreError):
                await self._seen()
            await asyncio.sleep(SEEN_SECONDS)

    async def _seen(self) -> None:
        doing = f"{count} {'rounds' if count > 1 else 'round'}" if (count := self._rounds.under_way) else ""
        queues = [*self._options.queues, *([SCHEDULE] if EDITIONS in self._options.queues and does_timed_jobs(self._parts) else [])]
        await asyncio.to_thread(workers.seen, self._link, self.name, queues, __version__, doing)


def _in_short(error: BaseException) -> str:
    return " ".join(str(error.__cause__ or error).split("\n", 1)[0].split())


def run_worker(parts: Parts, options: Options) -> None:
    """Runs a worker until it is asked to end (`signals_heeded`). Raises TrackerError."""
    asyncio.run(_run(parts, options))


async def _run(parts: Parts, options: Options) -> None:
    worker = Worker(parts, options)
    loop = asyncio.get_running_loop()
    for number in signals_heeded():
        loop.add_signal_handler(number, worker.stop)
    await worker.run()
