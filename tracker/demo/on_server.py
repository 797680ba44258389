"""The demo on PostgreSQL: a database that only a demo may clear, and workers as processes of their own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tracker.errors import StoreError, UsageError
from tracker.store.server_url import is_server
from tracker.workspace import Parts

MARK = "a demo of the press coverage tracker"
"""The comment on the schema that a demo may clear."""
START_SECONDS = 120.0
STOP_SECONDS = 30.0


def refuse_unfit(database_url: str, workers: int, *, serves: bool) -> None:
    """Raises UsageError for options that do not go together."""
    if database_url and not is_server(database_url):
        raise UsageError("--database must be postgresql+psycopg://USER@HOST/NAME; without it the demo keeps a file")
    if database_url and serves:
        raise UsageError("--serve shows a demo that is kept in a file; leave --database out")
    if workers and not database_url:
        raise UsageError("--workers needs --database: several processes share a PostgreSQL database")


def clear_database(url: str) -> None:
    """Removes what an earlier demo left and marks the database as a demo's. Raises UsageError where it holds anything else."""
    from tracker.store.work.link import Link

    link = Link(url)
    try:
        ((mark, tables),) = link.rows(
            """SELECT obj_description('public'::regnamespace, 'pg_namespace'),
            (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r')"""
        )
        if tables and mark != MARK:
            raise UsageError("the database holds tables and is no demo's; make an empty one, for instance with `createdb demo`")
        link.rows(
            f"DROP SCHEMA IF EXISTS work CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public; COMMENT ON SCHEMA public IS '{MARK}'"
        )
    finally:
        link.close()


@contextmanager
def demo_workers(parts: Parts, count: int) -> Iterator[None]:
    """So many workers, alive when the block begins and ended after it. Raises StoreError when they do not start."""
    if not count:
        yield
        return
    command = [sys.executable, "-P", "-m", "tracker", "--workspace", str(parts.workspace), "worker", "--queues", "polls,pages,reading"]
    with (parts.workspace / "workers.log").open("ab") as log:
        started = [subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log) for _ in range(count)]  # noqa: S603 - ours
    try:
        _wait_for(parts, started)
        yield
    finally:
        for one in started:
            one.terminate()
        for one in started:
            try:
                one.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()


def _wait_for(parts: Parts, started: list[subprocess.Popen[bytes]]) -> None:
    from tracker.store.work import schema, workers
    from tracker.store.work.link import Link

    link, until = Link(parts.settings.database.url), time.monotonic() + START_SECONDS
    try:
        while True:
            if any(one.poll() is not None for one in started):
                raise StoreError(f"a worker of the demo ended at once; see {parts.workspace / 'workers.log'}")
            if schema.is_prepared(link) and workers.serving(link, "polls") >= len(started):
                return
            if time.monotonic() > until:
                raise StoreError(f"the demo's workers did not start within {START_SECONDS:.0f} s; see {parts.workspace / 'workers.log'}")
            time.sleep(0.2)
    finally:
        link.close()
