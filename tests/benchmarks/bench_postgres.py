"""The same archive on PostgreSQL and on SQLite: a changed campaign, editions, searches and pages of the desk, in processor time.

On PostgreSQL the server's time counts too: that of all its processes. BENCH_POSTGRES_ARTICLES is the size. Or POSTGRES_ARCHIVE names a
filled workspace and POSTGRES_URL the database to which `tracker move` copied it, on a server of this machine; both are changed by it.
Of a changed campaign the whole archive is searched and MATCHED candidates are looked at; each of them costs the same. Both indexes are
made of the same texts and are in order, as after a crawl; that they are held against the articles is not measured here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import psutil
from msgspec.structs import replace
from sqlalchemy import text

from tests.benchmarks.measuring import ROOT
from tests.postgres import own_cluster
from tests.review.web.walking import Page, Walker, walker
from tracker.maintenance.move import move
from tracker.model import EditionKind
from tracker.pipeline.issue_edition import IssueOptions, issue
from tracker.pipeline.matching import MATCH_BATCH, MatchStep
from tracker.pipeline.nightly import NightOptions, run_night
from tracker.review.web.app import make_app
from tracker.review.web.context import EXTENSION
from tracker.review.web.warming import Warmer
from tracker.store import search_index
from tracker.store.database import Database, open_database
from tracker.workspace import Parts, campaign_cache, open_parts, read_campaigns

ARTICLES = int(os.environ.get("BENCH_POSTGRES_ARTICLES", "50000"))
ARCHIVE, URL = os.environ.get("POSTGRES_ARCHIVE", ""), os.environ.get("POSTGRES_URL", "")
LIMIT = 1.5
ROUNDS, EDITIONS = 10, 3
MATCHED = 10 * MATCH_BATCH
PAGES = ("inbox.listing", "item.page", "numbers.overview", "editions.overview", "api.mentions")
STATEMENTS = 0.020
"""Seconds allowed beside LIMIT: each of a page's 5 to 34 statements costs 0.5 ms more when two processes speak than within one, whatever the
size of the archive. A read that grew with it would be over."""
_OF_EDITION = ("edition_entries", "releases", "renderings", "deliveries")


def main() -> list[str]:
    """Prints the table; returns what is short of its limit."""
    with _copies() as (workspace, url):
        file, server = _measured(workspace, ""), _measured(workspace, url)
    short = []
    print(
        f"postgres: {ARCHIVE or f'{ARTICLES:,} articles'}; seconds of processor time on SQLite, on PostgreSQL with its server (limit {LIMIT:g} x and {STATEMENTS * 1000:g} ms)"
    )
    for (name, before), after in zip(file.items(), server.values(), strict=True):
        print(f"  {name[:80]:80} {before:8.3f} {after:8.3f}  {after / before:5.2f} x")
        if after > LIMIT * before + STATEMENTS:
            short.append(f"postgres: {name} at {after / before:.2f} x SQLite's time, limit {LIMIT:g} and {STATEMENTS * 1000:g} ms")
    return short


@contextmanager
def _copies() -> Iterator[tuple[Path, str]]:
    """A filled workspace and the address of its copy on a server."""
    if ARCHIVE:
        yield Path(ARCHIVE), URL
        return
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        Path(folder).chmod(0o755)  # the server's user must come through
        workspace = Path(folder) / "w"
        command = [sys.executable, "-m", "tests.benchmarks.filled_archive", str(workspace), str(ARTICLES)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with own_cluster(Path(folder) / "c") as cluster:
            url = cluster.url(cluster.new_database())
            with open_parts(workspace) as parts:
                settings = parts.settings
            with closing(open_database(workspace)) as database:
                search_index.rebuild(database)
            move(workspace, settings, url, lambda step, done, known: None)
            name = url.partition("?")[0].rpartition("/")[2]
            for statement in ("VACUUM ANALYZE", "ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()"):
                cluster.execute(statement, name)  # done before, as the server does by itself in the days in which an archive comes to be
            yield workspace, url


def _measured(workspace: Path, url: str) -> dict[str, float]:
    """What each thing takes once, by its name."""
    now = datetime.now(UTC)
    os.environ["TRACKER_DATABASE__URL"] = url
    with open_parts(workspace, clock=lambda: now) as parts:
        clock = _Clock(parts.database)
        found = {f"a changed campaign, {MATCHED} candidates looked at at most": clock.mean(lambda: _match_anew(parts, now), 1)}
        for kind in (EditionKind.NIGHTLY, EditionKind.WEEKLY):
            found[f"{kind} edition"] = clock.mean(partial(_make_edition, parts, kind), EDITIONS, _last_edition_gone(parts.database))
        app = make_app(parts, lambda _: None)
        Warmer(app, parts, app.extensions[EXTENSION][1]).look()
        somebody = walker(app, parts, now)
        for page in somebody.pages:
            if page.endpoint in PAGES:
                found[page.address] = clock.mean(partial(_answer, somebody, page), ROUNDS)
    return found


class _Clock:
    """Processor seconds of this process and, where the database is on a server of this machine, of all the server's processes."""

    def __init__(self, database: Database) -> None:
        self._server: psutil.Process | None = None
        if database.on_server:
            with database.reading() as conn:
                backend = psutil.Process(conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
            self._server = backend.parent()

    def mean(self, job: Callable[[], None], rounds: int, between: Callable[[], None] = lambda: None) -> float:
        """What the job takes in the mean of so many rounds after a first one, which is not counted."""
        job()
        between()
        spent = 0.0
        for _ in range(rounds):
            before = self._now()
            job()
            spent += self._now() - before
            between()
        return spent / rounds

    def _now(self) -> float:
        spent = time.process_time()
        if self._server is not None:
            own = self._server.cpu_times()
            spent += own.user + own.system + own.children_user + own.children_system  # of those that have ended
            for one in self._server.children():
                with suppress(psutil.NoSuchProcess):
                    times = one.cpu_times()
                    spent += times.user + times.system
        return spent


class _Part(MatchStep):
    """The step as it is, over the first candidates alone."""

    def _mend_index(self) -> tuple[str, ...]:
        return ()

    def _look_at_all(self, looking: Sequence[Any], on_progress: Callable[[int, int], None]) -> None:
        candidates = sorted(set[int]().union(*(one.candidates for one in looking)))
        assert candidates
        for start in range(0, min(MATCHED, len(candidates)), MATCH_BATCH):
            self._look_at(looking, candidates[start : start + MATCH_BATCH])


def _match_anew(parts: Parts, now: datetime) -> None:
    (campaign,) = read_campaigns(parts.workspace)[:1]
    changed = replace(campaign, version=f"changed-{time.monotonic_ns()}")
    (report,) = _Part(parts.database, [changed], now, _no_pool, campaign_cache(parts.workspace)).run()
    assert dict(report.outcomes)


def _no_pool() -> NoReturn:
    raise AssertionError("every candidate is there in full")


def _make_edition(parts: Parts, kind: EditionKind) -> None:
    """As `tracker digest make` does."""
    if kind is EditionKind.NIGHTLY:
        assert run_night(parts, NightOptions(steps=frozenset({"digest"}))).digest_paths
    else:
        assert not issue(parts, read_campaigns(parts.workspace)[0], IssueOptions(kind)).was_there


def _last_edition_gone(database: Database) -> Callable[[], None]:
    """Takes out what was made since now."""
    with database.reading() as conn:
        last = conn.execute(text("SELECT max(id) FROM editions")).scalar_one()

    def gone() -> None:
        with database.writing() as conn:
            if database.on_server:
                conn.execute(text("SET LOCAL session_replication_role = replica"))
            else:
                conn.execute(text("PRAGMA defer_foreign_keys = ON"))
            for table in _OF_EDITION:
                conn.execute(text(f"DELETE FROM {table} WHERE edition_id > :last"), {"last": last})
            conn.execute(text("DELETE FROM editions WHERE id > :last"), {"last": last})

    return gone


def _answer(somebody: Walker, page: Page) -> None:
    answer = somebody.open(page)
    assert answer.status_code == 200, f"{page.address}: {answer.status}"


if __name__ == "__main__":
    print(main())
