"""Worker processes over a loopback press: everything once, nobody asked twice at once, an end that loses nothing."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.newsroom.press import Newsroom
from tests.stored import article_count
from tests.workers.desk import WorkDesk, ended, host_of, most_at_once
from tracker.store import registers
from tracker.store.work import jobs as queued
from tracker.store.work import rounds, workers

LONG_SECONDS = 500
"""More than a worker needs on a machine that is busy with other tests."""


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as opened:
        yield opened


def pages_asked(newsroom: Newsroom, outlets: int) -> Counter[str]:
    return Counter(f"{host_of(number)}{path}" for number in range(outlets) for path in newsroom.asked(host_of(number)) if "vijest" in path)


def held(desk: WorkDesk) -> list[tuple[str, ...]]:
    return [row for row in desk.link.rows("SELECT domain FROM turns WHERE holder IS NOT NULL") if not row[0].startswith("(")]


def test_two_workers_poll_fetch_read_and_match_everything_once(newsroom: Newsroom, postgres_url: str, tmp_path: Path) -> None:
    outlets, articles = 8, 3
    desk = WorkDesk(tmp_path / "desk", postgres_url, delay=0.02, domains=4)
    desk.watch(newsroom, outlets, articles)
    both = [desk.start("--once"), desk.start("--once")]
    with ended(both):
        assert [one.wait(LONG_SECONDS) for one in both] == [0, 0], desk.log()
    asked = pages_asked(newsroom, outlets)
    assert len(asked) == outlets * articles, desk.log()
    assert set(asked.values()) == {1}
    assert most_at_once(newsroom, outlets) == 1
    with desk.database.reading() as conn:
        assert article_count(conn) == outlets * articles
        assert {state.polls for state in registers.states(conn)} == {1}
    assert held(desk) == []
    assert queued.queues(desk.link) == []
    assert workers.every(desk.link) == []
    pace = rounds.pace(desk.link)
    assert (pace.polls, pace.pages, pace.failed) == (outlets, outlets * articles, 0)
    desk.close()


def test_a_worker_whose_terminal_is_closed_ends_in_order(postgres_url: str, tmp_path: Path) -> None:
    desk = WorkDesk(tmp_path / "desk", postgres_url)
    worker = desk.start()
    with ended([worker]):
        until = time.monotonic() + LONG_SECONDS
        while not workers.serving(desk.link, "polls") and time.monotonic() < until:
            time.sleep(0.05)
        worker.send_signal(signal.SIGHUP)
        assert worker.wait(60) == 0, desk.log()
    assert desk.log().splitlines()[-1] == "ended as it was asked to"
    desk.close()


def test_a_worker_that_is_asked_to_end_ends_its_requests_and_returns_the_rest(
    newsroom: Newsroom, postgres_url: str, tmp_path: Path
) -> None:
    outlets, articles = 4, 12
    desk = WorkDesk(tmp_path / "desk", postgres_url, delay=0.05)
    desk.watch(newsroom, outlets, articles, seconds=0.5)
    first = desk.start("--queues", "polls,pages")
    with ended([first]):
        until = time.monotonic() + LONG_SECONDS
        while not pages_asked(newsroom, outlets) and time.monotonic() < until:
            time.sleep(0.05)
        first.send_signal(signal.SIGTERM)
        assert first.wait(60) == 0, desk.log()
    before = pages_asked(newsroom, outlets)
    assert 0 < len(before) < outlets * articles
    assert held(desk) == [], "what is given back need not run out"
    assert queued.open_jobs(desk.link, ["polls", "pages"]) == 0
    with desk.database.reading() as conn:
        assert {state.failing_outcome for state in registers.states(conn)} == {None}, "an end of ours is no failure of an outlet"
    second = desk.start("--queues", "polls,pages", "--once")
    with ended([second]):
        assert second.wait(LONG_SECONDS) == 0, desk.log()
    asked = pages_asked(newsroom, outlets)
    assert len(asked) == outlets * articles
    assert set(asked.values()) == {1}
    desk.close()


def tracker(workspace: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (workspace / "tracker.toml").touch()
    command = [sys.executable, "-P", "-m", "tracker", "--workspace", str(workspace), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_on_sqlite_a_worker_says_what_it_needs_and_what_to_use(tmp_path: Path) -> None:
    done = tracker(tmp_path, "worker")
    assert done.returncode == 2
    assert "needs a PostgreSQL database" in done.stderr
    assert "tracker schedule" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("queues", ["polls,nothing", "", ","])
def test_unknown_queues_are_refused(tmp_path: Path, queues: str) -> None:
    done = tracker(tmp_path, "worker", "--queues", queues)
    assert done.returncode == 2
    assert "polls, pages, reading, editions" in done.stderr


def test_a_worker_without_its_server_ends_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").write_text('[database]\nurl = "postgresql+psycopg://me:geheim@127.0.0.1:1/none"\n', "utf-8")
    done = tracker(tmp_path, "worker", "--once")
    assert done.returncode == 3
    assert len(done.stderr.splitlines()[-1:]) == 1
    assert "Traceback" not in done.stderr
    assert "geheim" not in done.stderr


def test_status_of_a_file_says_what_is_due_and_knows_no_workers(tmp_path: Path) -> None:
    desk = tracker(tmp_path, "status", "--json")
    assert desk.returncode == 3  # nothing was made
    from tracker.store.database import open_database

    open_database(tmp_path).close()
    found = json.loads(tracker(tmp_path, "status", "--json").stdout)
    assert (found["store"], found["outlets_due"], found["shared"], found["night"]) == ("sqlite", 0, None, None)
    assert "Last night:   never" in tracker(tmp_path, "status").stdout
