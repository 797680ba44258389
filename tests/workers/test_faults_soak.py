"""Whole workers in trouble, against a press that counts: stopped for longer than a turn lasts, and without their database."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.newsroom.press import Newsroom
from tests.postgres import own_cluster, required, serve, stop
from tests.stored import article_count
from tests.workers.desk import WorkDesk, ended, host_of, most_at_once
from tracker.crawl.turns import HELD_SECONDS
from tracker.store.work import workers

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]
OUTLETS, ARTICLES = 6, 15
AWAY_SECONDS = float(os.environ.get("TRACKER_AWAY_SECONDS", "120"))
LONG_SECONDS = 1500


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as opened:
        yield opened


def asked(newsroom: Newsroom) -> Counter[str]:
    return Counter(f"{host_of(number)}{path}" for number in range(OUTLETS) for path in newsroom.asked(host_of(number)) if "vijest" in path)


def until_asked(newsroom: Newsroom, pages: int) -> None:
    """Waits until some pages were asked for."""
    until = time.monotonic() + LONG_SECONDS
    while asked(newsroom).total() < pages and time.monotonic() < until:
        time.sleep(0.05)


def assert_all_once(desk: WorkDesk, newsroom: Newsroom) -> None:
    """Every article is stored once; no outlet was asked by two at once; only what was under way at the fault was asked again."""
    with desk.database.reading() as conn:
        assert article_count(conn) == OUTLETS * ARTICLES, desk.log()
    counts = asked(newsroom)
    assert len(counts) == OUTLETS * ARTICLES
    assert max(counts.values()) <= 2
    assert most_at_once(newsroom, OUTLETS) == 1
    assert [one for one in workers.troubles(desk.link) if one.given_up] == []


def signalled(worker: subprocess.Popen[bytes], number: int) -> None:
    """The signal to a worker and all its processes."""
    for one in [psutil.Process(worker.pid), *psutil.Process(worker.pid).children(recursive=True)]:
        one.send_signal(number)


def test_a_worker_that_is_stopped_for_longer_than_its_turns_last_disturbs_nobody_when_it_goes_on(
    newsroom: Newsroom, postgres_url: str, tmp_path: Path
) -> None:
    desk = WorkDesk(tmp_path / "desk", postgres_url, delay=0.2)
    desk.watch(newsroom, OUTLETS, ARTICLES, seconds=0.5)
    first = desk.start()
    with ended([first]):
        until_asked(newsroom, OUTLETS * 2)
        signalled(first, signal.SIGSTOP)
        before = asked(newsroom).total()
        second = desk.start("--once")
        with ended([second]):
            time.sleep(HELD_SECONDS / 2)
            assert asked(newsroom).total() <= before + OUTLETS, "the stopped worker's domains are its own until its turns have run out"
            until_asked(newsroom, before + OUTLETS * 2)
            signalled(first, signal.SIGCONT)
            assert second.wait(LONG_SECONDS) == 0, desk.log()
        first.send_signal(signal.SIGTERM)
        assert first.wait(120) == 0, desk.log()
    assert_all_once(desk, newsroom)
    desk.close()


def test_a_database_that_is_away_for_two_minutes_is_waited_for(newsroom: Newsroom, tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        Path(folder).chmod(0o755)  # the server's user must come through
        with own_cluster(Path(folder) / "c") as cluster:
            desk = WorkDesk(tmp_path / "desk", cluster.url(cluster.new_database()), delay=0.2)
            desk.watch(newsroom, OUTLETS, ARTICLES, seconds=0.5)
            both = [desk.start(), desk.start()]
            with ended(both):
                until_asked(newsroom, OUTLETS * 2)
                stop(required(), cluster.folder, "immediate")
                time.sleep(AWAY_SECONDS)
                serve(required(), cluster.folder)
                last = desk.start("--once")
                with ended([last]):
                    assert last.wait(LONG_SECONDS) == 0, desk.log()
                assert [one.poll() for one in both] == [None, None], desk.log()
                for one in both:
                    one.send_signal(signal.SIGTERM)
                assert [one.wait(120) for one in both] == [0, 0], desk.log()
            assert_all_once(desk, newsroom)
            desk.close()
