"""What the scheduler does, when each thing is due next and how it ended last: one row a job."""

from __future__ import annotations

from msgspec.structs import asdict
from sqlalchemy import Connection, select

from tracker.model.jobs import JobState
from tracker.store import backend
from tracker.store.schema.operations import jobs


def every(conn: Connection) -> dict[str, JobState]:
    """All jobs that have ever been scheduled here, by name."""
    names = [column.name for column in jobs.c]
    return {row.name: JobState(**{name: getattr(row, name) for name in names}) for row in conn.execute(select(jobs))}


def save(conn: Connection, state: JobState) -> None:
    """Stores the job as it stands now."""
    conn.execute(backend.upsert(jobs, ["name"]), asdict(state))
