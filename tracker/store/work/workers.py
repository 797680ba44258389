"""Workers that are alive, and jobs that break workers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from tracker.store.work.link import Link

GONE_SECONDS = 60.0
"""A worker that has not been seen for so long is not counted on; it says so every 10 seconds."""
FORGOTTEN_DAYS = 7


class WorkerState(Struct, frozen=True):
    """`name` is host and process. `seconds_at_work`: since its start. `doing`: its jobs in words."""

    name: str
    queues: tuple[str, ...]
    version: str
    started_at: datetime
    seen_seconds_ago: float
    seconds_at_work: float
    doing: str

    @property
    def is_alive(self) -> bool:
        """Whether it has been seen lately."""
        return self.seen_seconds_ago <= GONE_SECONDS


class Trouble(Struct, frozen=True):
    """A domain, or another job, whose rounds broke off: so many in a row, not done again before, and why."""

    name: str
    failures: int
    given_up: bool
    not_before_at: datetime
    detail: str


_SEEN = """
INSERT INTO workers (name, queues, version) VALUES (%(name)s, %(queues)s, %(version)s)
ON CONFLICT (name) DO UPDATE SET seen_at = clock_timestamp(), queues = excluded.queues, version = excluded.version
"""
_FAILED = """
INSERT INTO troubles AS t (domain, failures, given_up, not_before_at, detail)
VALUES (%(name)s, 1, false, clock_timestamp() + make_interval(secs => %(wait)s), %(detail)s)
ON CONFLICT (domain) DO UPDATE SET failures = t.failures + 1, given_up = t.failures + 1 >= %(most)s, detail = excluded.detail,
    not_before_at = clock_timestamp() + make_interval(secs => CASE WHEN t.failures + 1 >= %(most)s THEN %(long)s ELSE %(wait)s END)
RETURNING given_up
"""


def now(link: Link) -> datetime:
    """The server's clock."""
    moment: datetime = link.rows("SELECT clock_timestamp()")[0][0]
    return moment


def seen(link: Link, name: str, queues: Sequence[str], version: str, doing: str = "") -> None:
    """The worker is alive."""
    link.rows(_SEEN, {"name": name, "queues": [*queues], "version": version})
    link.rows("UPDATE workers SET doing = %s WHERE name = %s", [doing, name])


def gone(link: Link, name: str) -> None:
    """The worker has ended."""
    link.rows("DELETE FROM workers WHERE name = %s", [name])


def every(link: Link) -> list[WorkerState]:
    """Workers by name, also those that were not seen lately."""
    asked = """SELECT name, queues, version, started_at, extract(epoch FROM clock_timestamp() - seen_at)::float8,
            extract(epoch FROM clock_timestamp() - started_at)::float8, doing
        FROM workers ORDER BY name"""
    return [WorkerState(row[0], tuple(row[1]), *row[2:]) for row in link.rows(asked)]


def serving(link: Link, queue: str) -> int:
    """How many workers that are alive serve the queue."""
    return sum(one.is_alive and queue in one.queues for one in every(link))


def note_failure(link: Link, name: str, detail: str, *, wait: timedelta, most: int, long_wait: timedelta) -> bool:
    """A job broke off: it is not done again before `wait` is over, after `most` failures in a row not before `long_wait` is. Whether it
    is given up for so long."""
    values = {"name": name, "detail": detail[:500], "most": most, "wait": wait.total_seconds(), "long": long_wait.total_seconds()}
    return bool(link.rows(_FAILED, values)[0][0])


def note_success(link: Link, names: Collection[str]) -> None:
    """These jobs came to their end."""
    link.rows("DELETE FROM troubles WHERE domain = ANY(%s)", [[*names]])


def troubles(link: Link) -> list[Trouble]:
    """Jobs that broke off and were not done since, those given up first."""
    asked = "SELECT domain, failures, given_up, not_before_at, detail FROM troubles ORDER BY given_up DESC, domain"
    return [Trouble(*row) for row in link.rows(asked)]


def not_yet(link: Link) -> frozenset[str]:
    """Jobs that are not to be done now, as they broke off."""
    return frozenset(row[0] for row in link.rows("SELECT domain FROM troubles WHERE not_before_at > clock_timestamp()"))


def failures(link: Link, names: Collection[str]) -> dict[str, int]:
    """How often in a row each of these jobs broke off; without those that did not."""
    rows = link.rows("SELECT domain, failures FROM troubles WHERE domain = ANY(%s)", [[*names]])
    return {row[0]: row[1] for row in rows}


def forget_old(link: Link) -> None:
    """Workers that were killed long ago, and troubles that nobody saw since."""
    link.rows("DELETE FROM workers WHERE seen_at < clock_timestamp() - make_interval(days => %s)", [FORGOTTEN_DAYS])
    link.rows("DELETE FROM troubles WHERE not_before_at < clock_timestamp() - make_interval(days => %s)", [FORGOTTEN_DAYS])
