"""Jobs with times of their own, taken by workers: the night, editions, sending. When they are due stands in the table `jobs`, as the
scheduler has it; each is done by the same command, in a process of its own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from tracker.delivery.recipients import FILE_NAME as RECIPIENTS
from tracker.model.jobs import JobState
from tracker.queue.jobs import lock_of
from tracker.scheduler.jobs import AT_WORKERS, Job, JobEnd, begun, ended, jobs_of, taken_up
from tracker.scheduler.loop import run_commands
from tracker.scheduler.processes import Commands, Stop
from tracker.store import jobs as stored
from tracker.store.work import workers
from tracker.store.work.link import Link
from tracker.workspace import Parts, read_campaigns, workspace_settings

GRACE = timedelta(minutes=5)
"""Beyond its limit a job that is noted as begun is nobody's any more."""


class TimedJobs:
    """Of one worker. Moments are the database's. All methods raise TrackerError."""

    def __init__(self, parts: Parts, link: Link) -> None:
        self._parts, self._link = parts, link
        self.stop = Stop()

    def enqueued(self, busy: Collection[str]) -> list[str]:
        """Names of jobs that are due and that nobody is at. Stores the due times of jobs that are new."""
        now, due = workers.now(self._link), []
        with self._parts.database.writing() as conn:
            known = stored.every(conn)
            for job in self._jobs():
                state = known.get(job.name)
                if lock_of(job.name) in busy or _is_under_way(job, state, now):
                    continue
                taken = taken_up(job, state, now)
                if taken != state:
                    stored.save(conn, taken)
                if taken.due_at <= now:
                    due.append(job.name)
        return due

    def run(self, name: str) -> JobEnd | None:
        """Does the job and stores when it is due next; None where it is not due any more, or is not done here."""
        job = next((one for one in self._jobs() if one.name == name), None)
        if job is None:
            return None
        now = workers.now(self._link)
        with self._parts.database.writing() as conn:
            state = stored.every(conn).get(name)
            if state is None or state.due_at > now or _is_under_way(job, state, now):
                return None
            state = begun(state, now)
            stored.save(conn, state)
        end = run_commands(Commands(self._parts.workspace, self.stop), job)
        with self._parts.database.writing() as conn:
            stored.save(conn, ended(job, state, end, workers.now(self._link)))
        return end

    def interrupted(self, name: str) -> None:
        """The worker that was at the job is gone: it is due again."""
        with self._parts.database.writing() as conn:
            state = stored.every(conn).get(name)
            job = next((one for one in self._jobs() if one.name == name), None)
            if job is not None and state is not None and state.started_at is not None and state.ended_at is None:
                stored.save(conn, taken_up(job, state, workers.now(self._link)))

    def _jobs(self) -> list[Job]:
        """As the settings have them now; none in a workspace without recipients."""
        workspace = self._parts.workspace
        if not does_timed_jobs(self._parts):
            return []
        found = jobs_of(workspace_settings(workspace), read_campaigns(workspace)[0].time_zone, has_recipients=True)
        return [job for job in found if job.name in AT_WORKERS and not job.off]


def does_timed_jobs(parts: Parts) -> bool:
    """Whether the workspace is one from which editions go out: it has `recipients.toml`."""
    return (parts.workspace / RECIPIENTS).exists()


def _is_under_way(job: Job, state: JobState | None, now: datetime) -> bool:
    """Whether a scheduler or another worker has begun it, and may still be at it."""
    if state is None or state.started_at is None or state.ended_at is not None:
        return False
    return now - state.started_at < job.limit * len(job.commands) + GRACE
