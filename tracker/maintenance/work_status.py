"""How the work stands, read from the store: what `tracker status` shows. On SQLite as far as it has a meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tracker.model import RunReport
from tracker.model.jobs import JobState
from tracker.store import due, frontier, jobs, runs
from tracker.store.lock import RunLock, ScheduleLock, SendingLock
from tracker.store.server_url import is_server

if TYPE_CHECKING:
    from tracker.store.work.jobs import QueueState
    from tracker.store.work.link import Link
    from tracker.store.work.rounds import Pace
    from tracker.store.work.workers import Trouble, WorkerState
    from tracker.workspace import Parts

MOST_WAITS = 20
"""Domains named with what they are owed."""


@dataclass(frozen=True, slots=True)
class HostWait:
    """A domain that a worker is at: for how long its turn still holds, and the pause between two requests."""

    domain: str
    holder: str
    held_seconds: float
    pause_seconds: float


@dataclass(frozen=True, slots=True)
class Shared:
    """The work of several machines."""

    workers: tuple[WorkerState, ...]
    queues: tuple[QueueState, ...]
    pace: Pace
    waits: tuple[HostWait, ...]
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True)
class WorkStatus:
    """`now`: this machine's clock, or the database server's. `outlets_due`: those with a source whose time has come; `oldest_due_at`:
    since when the longest overdue. `locks`: what is at work on this workspace. `shared`: None on SQLite, or where no worker ever was."""

    now: datetime
    store: str
    night: RunReport | None
    outlets_due: int
    oldest_due_at: datetime | None
    links_waiting: int
    pages_unread: int
    locks: tuple[str, ...]
    jobs: tuple[JobState, ...]
    shared: Shared | None

    @property
    def needs_a_person(self) -> tuple[str, ...]:
        """What nobody does by itself."""
        if self.shared is None:
            return ()
        given_up = [one for one in self.shared.troubles if one.given_up]
        lines = [f"{one.name} was given up after {one.failures} tries: {one.detail}" for one in given_up]
        dead = [one.name for one in self.shared.workers if not (one.is_alive or is_replaced(one, self.shared.workers))]
        return (*lines, *[f"worker {name} has not been seen for a minute and did not say goodbye" for name in dead])


def is_replaced(worker: WorkerState, workers: Sequence[WorkerState]) -> bool:
    """Whether a worker that died has a successor: one on its machine, for all its queues, that was begun after it was last seen."""
    seen_from = worker.seen_seconds_ago
    return any(
        one.is_alive
        and one.name.rsplit(":", 1)[0] == worker.name.rsplit(":", 1)[0]
        and set(worker.queues) <= set(one.queues)
        and one.seconds_at_work <= seen_from
        for one in workers
    )


def work_status(parts: Parts) -> WorkStatus:
    """The state of this moment. Raises StoreError."""
    url = parts.settings.database.url
    link = _link(url) if is_server(url) else None
    now = parts.clock()
    shared = None
    if link is not None:
        from tracker.store.work import workers

        try:
            now = workers.now(link)
            shared = _shared(link)
        finally:
            link.close()
    with parts.database.reading() as conn:
        night = runs.latest_night(conn)
        return WorkStatus(
            now=now,
            store="postgresql" if link else "sqlite",
            night=night,
            outlets_due=len(due.outlets_due(conn, now)),
            oldest_due_at=due.oldest_due_at(conn, now),
            links_waiting=frontier.pending(conn, now),
            pages_unread=due.unread_pages(conn),
            locks=_locks(parts),
            jobs=tuple(jobs.every(conn).values()),
            shared=shared,
        )


def _link(url: str) -> Link:
    from tracker.store.work.link import Link

    return Link(url)


def _shared(link: Link) -> Shared | None:
    from tracker.store.work import jobs as queued
    from tracker.store.work import rounds, schema, turns, workers

    if not schema.is_prepared(link):
        return None
    waits = tuple(HostWait(*one) for one in turns.waits(link, limit=MOST_WAITS) if not one[0].startswith("("))
    return Shared(tuple(workers.every(link)), tuple(queued.queues(link)), rounds.pace(link), waits, tuple(workers.troubles(link)))


def _locks(parts: Parts) -> tuple[str, ...]:
    held = (
        ("a run", RunLock(parts.workspace).is_held()),
        ("the scheduler", ScheduleLock(parts.workspace).is_held()),
        ("a mailing", SendingLock(parts.workspace / "outbox").is_held()),
    )
    return tuple(name for name, is_held in held if is_held)
