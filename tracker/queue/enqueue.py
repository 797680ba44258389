"""Jobs into the queue, each at most once: a domain that has a job waiting gets no second one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import procrastinate
from procrastinate import exceptions, jobs

from tracker.errors import StoreError
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
    TIMED,
    VISIT,
    Reading,
    Visit,
    arguments,
    lock_of,
)
from tracker.store.work.link import conninfo

AT_ONCE = 500
"""Jobs in one statement."""
POOL_SECONDS = 30.0


def make_app(url: str) -> procrastinate.App:
    """The queue in the database of `database.url`. Raises StoreError for an address that cannot be read."""
    connector = procrastinate.PsycopgConnector(
        conninfo=conninfo(url), min_size=1, max_size=8, timeout=POOL_SECONDS, reconnect_timeout=POOL_SECONDS
    )
    return procrastinate.App(connector=connector)


@contextmanager
def opened(url: str) -> Iterator[procrastinate.App]:
    """The queue for one who enqueues and runs nothing. Raises StoreError when the server cannot be reached."""
    app = make_app(url)
    with _explained(), app.open():
        yield app


def visits(app: procrastinate.App, wanted: Sequence[Visit]) -> int:
    """Enqueues rounds; returns how many were not waiting already."""
    return _defer(app, [visit_job(one) for one in wanted])


def visit_job(visit: Visit) -> jobs.Job:
    """A round at a domain as the queue has it."""
    return _job(VISIT, POLLS if visit.polls else PAGES, visit.domain, arguments(visit))


def readings(app: procrastinate.App, wanted: Sequence[Reading]) -> int:
    """Enqueues readings."""
    return _defer(app, [_job(READ, READING, one.lock, arguments(one)) for one in wanted])


def finding(app: procrastinate.App) -> int:
    """Enqueues matching and grouping, after what is under way."""
    return _defer(app, [_job(FIND, READING, FINDING, {})])


def making(app: procrastinate.App) -> int:
    """Enqueues the making of files of approved editions."""
    return _defer(app, [_job(MAKE_FILES, EDITIONS, MAKING, {})])


def timed(app: procrastinate.App, names: Sequence[str]) -> int:
    """Enqueues jobs of the schedule by name."""
    return _defer(app, [_job(TIMED, EDITIONS, lock_of(name), {"name": name}) for name in names])


def withdraw(app: procrastinate.App, job_ids: Sequence[int]) -> None:
    """Takes jobs out of the queue that nobody has begun."""
    with _explained():
        for job_id in job_ids:
            app.job_manager.cancel_job_by_id(job_id, delete_job=True)


def _job(task: str, queue: str, lock: str, given: Mapping[str, Any]) -> jobs.Job:
    return jobs.Job(id=None, queue=queue, lock=lock, queueing_lock=lock, task_name=task, task_kwargs={**given})


def _defer(app: procrastinate.App, wanted: Sequence[jobs.Job]) -> int:
    count = 0
    with _explained():
        for start in range(0, len(wanted), AT_ONCE):
            some = [*wanted[start : start + AT_ONCE]]
            try:
                count += len(app.job_manager.batch_defer_jobs(some))
            except exceptions.AlreadyEnqueued:
                count += sum(_alone(app, job) for job in some)
    return count


def _alone(app: procrastinate.App, job: jobs.Job) -> int:
    with suppress(exceptions.AlreadyEnqueued):
        app.job_manager.batch_defer_jobs([job])
        return 1
    return 0


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (exceptions.ConnectorException, exceptions.AppNotOpen) as error:
        said = " ".join(str(error.__cause__ or error).split("\n", 1)[0].split())
        raise StoreError(f"the queue cannot be reached ({said})") from error
