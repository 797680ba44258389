"""Workers whose machines have the wrong time: what is due, and when something happened, is told by the database's clock alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.clockshift import wrong_clock
from tests.newsroom.press import Newsroom
from tests.stored import article_count
from tests.workers.desk import WorkDesk, ended, most_at_once
from tests.workers.test_worker import LONG_SECONDS, held, pages_asked
from tracker.store import registers
from tracker.store.schema.articles import articles
from tracker.store.schema.crawl import pages
from tracker.store.schema.watching import sources
from tracker.store.work import jobs as queued
from tracker.store.work import workers

OUTLETS, ARTICLES = 6, 3
WRONG_SECONDS = 120
FAR_WRONG_SECONDS = 4 * LONG_SECONDS
"""So that something can be due by a wrong clock and not by the right one, however long the test takes."""


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as opened:
        yield opened


@pytest.mark.parametrize("seconds", [WRONG_SECONDS, -WRONG_SECONDS])
def test_a_process_can_be_given_a_wrong_clock(tmp_path: Path, seconds: int) -> None:
    told = "import time, datetime; print(time.time(), datetime.datetime.now(datetime.UTC).timestamp())"
    done = subprocess.run(
        [sys.executable, "-c", told], env={**os.environ, **wrong_clock(tmp_path, seconds)}, capture_output=True, check=True
    )
    now = datetime.now(UTC).timestamp()
    assert [round((float(one) - now) / WRONG_SECONDS) for one in done.stdout.split()] == [seconds // WRONG_SECONDS] * 2


@pytest.mark.parametrize("wrong_seconds", [WRONG_SECONDS, FAR_WRONG_SECONDS])
def test_two_workers_with_wrong_clocks_do_everything_once_and_by_the_databases_time(
    newsroom: Newsroom, postgres_url: str, tmp_path: Path, wrong_seconds: int
) -> None:
    desk = WorkDesk(tmp_path / "desk", postgres_url, delay=0.02, domains=4)
    desk.watch(newsroom, OUTLETS, ARTICLES)
    with desk.database.writing() as conn:  # not due by the database's clock; by one that is far ahead it is
        soon = workers.now(desk.link) + timedelta(seconds=2 * LONG_SECONDS)
        conn.execute(sources.update().where(sources.c.outlet_id == "portal-0").values(next_due_at=soon))
    before = workers.now(desk.link)
    both = [desk.start("--once", environment=wrong_clock(tmp_path, seconds)) for seconds in (wrong_seconds, -wrong_seconds)]
    with ended(both):
        assert [one.wait(LONG_SECONDS) for one in both] == [0, 0], desk.log()
    after = workers.now(desk.link)
    asked = pages_asked(newsroom, OUTLETS)
    assert set(asked.values()) == {1}, desk.log()
    assert len(asked) == (OUTLETS - 1) * ARTICLES
    assert most_at_once(newsroom, OUTLETS) == 1
    with desk.database.reading() as conn:
        assert article_count(conn) == (OUTLETS - 1) * ARTICLES
        assert sorted(state.polls for state in registers.states(conn)) == [0] + [1] * (OUTLETS - 1)
        for column in (pages.c.fetched_at, pages.c.judged_at, articles.c.stored_at, articles.c.fetched_at):
            assert all(before <= moment <= after for moment in conn.execute(select(column)).scalars()), column
        due = conn.execute(select(sources.c.next_due_at).where(sources.c.outlet_id != "portal-0")).scalars()
        assert all(moment > before for moment in due)
    assert (held(desk), queued.queues(desk.link), workers.every(desk.link)) == ([], [], [])
    desk.close()
