"""A region of outlets under a simulated clock: the real register, due times, planning and queue; only the visits themselves are made up.

A poll takes half a second, a page its pause and a bit; a round ends with its slowest domain, as a worker's does. One outlet in a hundred
does not answer and keeps its round for three time limits.
"""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import procrastinate
from procrastinate import jobs
from sqlalchemy import bindparam, update

from tests.builders import NOW
from tracker.model import Outlet, Source, SourceKind
from tracker.queue import enqueue
from tracker.queue.jobs import PAGES, POLLS, SIZES
from tracker.sources.polling.pace import Pace, Visit, after_poll
from tracker.store import due, registers
from tracker.store.database import Database
from tracker.store.schema.watching import sources as sources_table
from tracker.store.work import jobs as queued
from tracker.store.work.link import Link
from tracker.workers.crawling import HOST_MINUTES
from tracker.workers.due import visits_due

PLAN_SECONDS, GATHER_SECONDS = 20.0, 1.0
POLL_SECONDS, PAGE_SECONDS = 0.5, 1.2
SILENT_SECONDS = 135.0
WINDOW = 10


@dataclass
class Region:
    """`late`: for each poll how late it was, in seconds."""

    database: Database
    link: Link
    url: str
    outlets: int
    crawls: int
    late: list[float] = field(default_factory=list)
    visits: int = 0
    at_once: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(16)
        self._rates = [min(self._chance.lognormvariate(1.0, 1.0), 40.0) for _ in range(self.outlets)]
        self._silent = [self._chance.random() < 0.01 for _ in range(self.outlets)]
        self._paces: dict[str, Pace] = {}
        self._last = [NOW] * self.outlets
        made = [Outlet(f"o{n}", f"o{n}", f"https://o{n}.example/", "BA", ("bs",)) for n in range(self.outlets)]
        sources = [Source(f"o{n}:feed:1", f"o{n}", SourceKind.FEED, f"https://o{n}.example/feed") for n in range(self.outlets)]
        with self.database.writing() as conn:
            registers.replace(conn, made, sources, NOW)
        first = {}
        for number, rate in enumerate(self._rates):
            self._paces[f"o{number}"] = Pace(NOW, NOW, NOW, WINDOW, rate)
            turn = after_poll(f"o{number}:feed:1", self._paces[f"o{number}"], Visit(NOW, True, WINDOW, 1, 1))
            first[f"o{number}"] = NOW + turn.interval * self._chance.random()
        self._store(first)

    async def live(self, hours: float) -> None:
        """Lets so much time pass."""
        now, end = NOW, NOW + timedelta(hours=hours)
        free, running = self.crawls, list[tuple[datetime, int, list[jobs.Job]]]()
        app = enqueue.make_app(self.url)
        async with app.open_async():
            worker = await app.job_manager.register_worker()
            while now < end:
                while running and running[0][0] <= now:
                    free += 1
                    for job in heapq.heappop(running)[2]:
                        await app.job_manager.finish_job(job, jobs.Status.SUCCEEDED, delete_job=True)
                await self._plan(app, now)
                while free and (taken := await self._take(app, worker)):
                    free -= 1
                    heapq.heappush(running, (now + self._round(taken, now), len(self.late), taken))
                domains = [job.lock for _, _, some in running for job in some]
                self.at_once = max(self.at_once, len(domains) - len(set(domains)))
                now += timedelta(seconds=PLAN_SECONDS)

    async def _plan(self, app: procrastinate.App, now: datetime) -> None:
        """As `Worker._enqueue_due` does."""
        busy = queued.open_locks(self.link)
        with self.database.reading() as conn:
            homes, polled = due.homepages(conn), due.outlets_due(conn, now)
        wanted = visits_due(homes, polled, (), busy=busy, failures={})
        made = [enqueue.visit_job(one) for one in wanted]
        if made:
            await app.job_manager.batch_defer_jobs_async(made)

    async def _take(self, app: procrastinate.App, worker: int) -> list[jobs.Job]:
        taken: list[jobs.Job] = []
        while len(taken) < SIZES[0] and (job := await app.job_manager.fetch_job([POLLS, PAGES], worker)) is not None:
            taken.append(job)
        return taken

    def _round(self, taken: list[jobs.Job], now: datetime) -> timedelta:
        """Visits the domains; how long that takes."""
        at, longest, following = now + timedelta(seconds=GATHER_SECONDS), 0.0, {}
        with self.database.reading() as conn:
            since = due.outlets_due(conn, now)
        for job in taken:
            (outlet,) = job.task_kwargs["outlets"]
            number = int(outlet[1:])
            was_due = since[outlet]
            assert was_due is not None
            self.late.append((at - was_due).total_seconds())
            hours = (at - self._last[number]).total_seconds() / 3600
            new = 0 if self._silent[number] else self._poisson(self._rates[number] * hours)
            self._last[number] = at
            took = SILENT_SECONDS if self._silent[number] else POLL_SECONDS + min(new * PAGE_SECONDS, HOST_MINUTES * 60)
            longest = max(longest, took)
            turn = after_poll(f"{outlet}:feed:1", self._paces[outlet], Visit(at, not self._silent[number], WINDOW, min(new, WINDOW), 1))
            self._paces[outlet], following[outlet] = turn.pace, turn.next_due_at
        self.visits += len(taken)
        self._store(following)
        return timedelta(seconds=GATHER_SECONDS + longest)

    def _poisson(self, mean: float) -> int:
        return round(max(0.0, self._chance.gauss(mean, mean**0.5)))

    def _store(self, following: dict[str, datetime]) -> None:
        statement = update(sources_table).where(sources_table.c.outlet_id == bindparam("whose")).values(next_due_at=bindparam("moment"))
        with self.database.writing() as conn:
            conn.execute(statement, [{"whose": outlet, "moment": moment} for outlet, moment in following.items()])
