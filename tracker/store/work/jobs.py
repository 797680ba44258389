"""The queue's own tables, looked at: procrastinate's functions change them, these statements only read."""

from __future__ import annotations

from msgspec import Struct

from tracker.store.work.link import Link


class QueueState(Struct, frozen=True):
    """Jobs of one queue. `oldest_seconds`: since the oldest of those that wait was enqueued; None where none waits."""

    name: str
    waiting: int
    under_way: int
    failed: int
    oldest_seconds: float | None


def queues(link: Link) -> list[QueueState]:
    """Every queue that holds a job."""
    asked = """SELECT queue_name, count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing'),
            count(*) FILTER (WHERE status = 'failed'),
            extract(epoch FROM clock_timestamp() - min(at) FILTER (WHERE status = 'todo'))::float8
        FROM procrastinate_jobs AS job
        LEFT JOIN procrastinate_events AS event ON event.job_id = job.id AND event.type = 'deferred'
        GROUP BY queue_name ORDER BY queue_name"""
    return [QueueState(*row) for row in link.rows(asked)]


def open_locks(link: Link) -> frozenset[str]:
    """Domains, and other locks, of jobs that wait or are under way."""
    return frozenset(
        row[0] for row in link.rows("SELECT lock FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND lock IS NOT NULL")
    )


def waiting_ids(link: Link, locks: list[str]) -> list[int]:
    """Ids of the jobs that wait with one of these locks."""
    return [row[0] for row in link.rows("SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND lock = ANY(%s)", [locks])]


def open_of_order(link: Link, order_id: str) -> int:
    """Jobs of an order that wait or are under way."""
    asked = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND args->>'order_id' = %s"
    return int(link.rows(asked, [order_id])[0][0])


def open_jobs(link: Link, queues_served: list[str]) -> int:
    """Jobs of these queues that wait or are under way, anywhere."""
    asked = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queue_name = ANY(%s)"
    return int(link.rows(asked, [queues_served])[0][0])
