"""What the scheduler does, when each thing is due next and how it ended last: one row a job."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from tracker.store import sqlite
from tracker.store.schema.tables import jobs


@dataclass(frozen=True, slots=True)
class JobState:
    """A job as it stands. It is at work, or was when its scheduler was killed, where `started_at` has no `ended_at` after it.

    `outcome` is a word of `tracker.scheduler.jobs.Outcome`, `failures` counts those in a row, `succeeded_at` is when it last came to its end.
    """

    name: str
    due_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    exit_code: int | None = None
    failures: int = 0
    detail: str = ""
    outcome: str = ""
    succeeded_at: datetime | None = None


def every(conn: Connection) -> dict[str, JobState]:
    """All jobs that have ever been scheduled here, by name."""
    names = [column.name for column in jobs.c]
    return {row.name: JobState(**{name: getattr(row, name) for name in names}) for row in conn.execute(select(jobs))}


def save(conn: Connection, state: JobState) -> None:
    """Stores the job as it stands now."""
    conn.execute(sqlite.upsert(jobs, ["name"]), asdict(state))
