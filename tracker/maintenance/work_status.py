"""How the work stands, read from the store: what `tracker status` shows. On SQLite as far as it has a meaning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

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
AT_REST_AFTER = timedelta(hours=1)
"""Something fell due so long ago, and nothing was polled since: nobody is late with one source, nobody polls."""


class HostWait(Struct, frozen=True):
    """A domain that a worker is at: for how long its turn still holds, and the pause between two requests."""

    domain: str
    holder: str
    held_seconds: float
    pause_seconds: float


class Shared(Struct, frozen=True):
    """The work of several machines. `held`: turns that workers hold; `waits` names those of domains with the longest pauses."""

    workers: tuple[WorkerState, ...]
    queues: tuple[QueueState, ...]
    pace: Pace
    held: int
    waits: tuple[HostWait, ...]
    troubles: tuple[Trouble, ...]


class WorkStatus(Struct, frozen=True):
    """`now`: this machine's clock, or the database server's. `outlets_due`: those with a source whose time has come; `oldest_due_at`:
    since when the longest overdue. `polls` and `requests` (about, with pages) are of all time. `locks`: what is at work on this workspace. `shared`: None on SQLite, or where no worker ever was."""

    now: datetime
    store: str
    night: RunReport | None
    outlets_due: int
    oldest_due_at: datetime | None
    last_polled_at: datetime | None
    polls: int
    requests: int
    links_waiting: int
    pages_unread: int
    locks: tuple[str, ...]
    jobs: tuple[JobState, ...]
    shared: Shared | None

    @property
    def is_at_rest(self) -> bool:
        """Whether nobody has polled for long though something is due: since when says nothing of a single source."""
        due_at, last_at = self.oldest_due_at, self.last_polled_at
        return due_at is not None and last_at is not None and last_at <= due_at <= self.now - AT_REST_AFTER

    @property
    def dead_workers(self) -> tuple[str, ...]:
        """Those that ended without a word, and that no other has taken the place of."""
        workers = () if self.shared is None else self.shared.workers
        return tuple(one.name for one in workers if not (one.is_alive or is_replaced(one, workers)))

    @property
    def needs_a_person(self) -> tuple[str, ...]:
        """What nobody does by itself."""
        if self.shared is None:
            return ()
        given_up = [one for one in self.shared.troubles if one.given_up]
        lines = [f"{one.name} was given up after {one.failures} tries: {one.detail}" for one in given_up]
        return (*lines, *[f"worker {name} has not been seen for a minute and did not say goodbye" for name in self.dead_workers])


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
        polls, last_polled_at = due.polled(conn)
        return WorkStatus(
            now=now,
            store="postgresql" if link else "sqlite",
            night=night,
            outlets_due=len(due.outlets_due(conn, now)),
            oldest_due_at=due.oldest_due_at(conn, now),
            last_polled_at=last_polled_at,
            polls=polls,
            requests=due.requests_noted(conn),
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
    return Shared(
        workers=tuple(workers.every(link)),
        queues=tuple(queued.queues(link)),
        pace=rounds.pace(link),
        held=turns.held(link),
        waits=waits,
        troubles=tuple(workers.troubles(link)),
    )


def _locks(parts: Parts) -> tuple[str, ...]:
    held = (
        ("a run", RunLock(parts.workspace).is_held()),
        ("the scheduler", ScheduleLock(parts.workspace).is_held()),
        ("a mailing", SendingLock(parts.workspace / "outbox").is_held()),
    )
    return tuple(name for name, is_held in held if is_held)
