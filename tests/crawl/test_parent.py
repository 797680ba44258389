"""The life of a crawl's process: it ends with its parent, when asked, in time, and tells why."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.crawl.crawling import NOW, Workspace
from tests.newsroom.press import Newsroom, feed, page, silence
from tracker.crawl import parent
from tracker.crawl.plan import CrawlPlan, CrawlProgress
from tracker.model import FetchOutcome
from tracker.store import registers, runs

ENDED_EARLY = 75


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


def wait_until(holds: Callable[[], bool], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def press(newsroom: Newsroom, workspace: Workspace, outlets: int, pages: int) -> set[str]:
    """Outlets with a feed each; returns the addresses of all pages."""
    addresses: set[str] = set()
    for number in range(outlets):
        host = f"127.0.2.{number + 1}"
        listed = [newsroom.serve(host, f"/{n}", page(f"Vijest {n}")) for n in range(pages)]
        workspace.watch(newsroom.serve(host, "/feed", feed(listed, etag=f'"{number}"')), f"outlet-{number}")
        addresses.update(listed)
    return addresses


def test_a_crawl_that_nobody_can_follow_is_not_left_behind_with_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            begun.append(self)

    def no_room(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(parent.subprocess, "Popen", Noted)
    monkeypatch.setattr(parent.threading.Thread, "start", no_room)
    with pytest.raises(RuntimeError, match="can't start"):
        parent.run_crawl(CrawlPlan(str(tmp_path), 1, NOW))
    assert [process.returncode for process in begun] == [-signal.SIGKILL]


@dataclass
class TwoNights:
    workspace: Workspace
    addresses: set[str]
    first: CrawlProgress
    second: CrawlProgress
    told: list[CrawlProgress]
    asked_second: set[str]
    stored_first: list[str]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoNights]:
    """The same crawl twice: three outlets with seven pages each, one source that is not there, one link that is too old."""
    workspace = Workspace(tmp_path_factory.mktemp("nights"))
    told: list[CrawlProgress] = []
    with Newsroom() as newsroom:
        addresses = press(newsroom, workspace, outlets=3, pages=7)
        workspace.watch(newsroom.address("127.0.2.1", "/no-feed"), "lost")
        old = feed([newsroom.serve("127.0.2.50", "/old", page())], dated="Mon, 02 Nov 2026 10:00:00 +0100", etag='"old"')
        workspace.watch(newsroom.serve("127.0.2.50", "/feed", old), "late")
        first, stored = workspace.crawl(since=NOW.date(), on_progress=told.append), workspace.stored()
        newsroom.requests.clear()
        second = workspace.crawl(since=NOW.date())
        yield TwoNights(workspace, addresses, first, second, told, {request.path for request in newsroom.requests}, stored)


def test_a_crawl_finds_fetches_and_stores_everything_and_says_so(nights: TwoNights) -> None:
    first = nights.first
    assert set(nights.stored_first) == nights.addresses
    assert (first.ended, first.polls, first.pages) == ("finished", {"fetched": 4, "not_found": 1}, {"fetched": 21})
    assert (first.sources, first.links_listed, first.links_new, first.pages_open, first.lost) == (5, 22, 21, 0, 0)


def test_links_published_too_early_are_counted_and_not_queued(nights: TwoNights) -> None:
    assert nights.first.links_too_old == 1
    assert not any(address.endswith("/old") for address in nights.workspace.links())


def test_a_second_crawl_asks_for_changes_only(nights: TwoNights) -> None:
    assert nights.second.polls == {"unchanged": 4, "not_found": 1}
    assert nights.second.pages == {}
    assert nights.asked_second == {"/feed", "/no-feed", "/robots.txt"}


def test_the_register_knows_how_each_source_fares(nights: TwoNights) -> None:
    with nights.workspace.database.reading() as conn:
        states = {state.source.id: state for state in registers.states(conn)}
    assert states["outlet-0:feed:1"].last_outcome is FetchOutcome.UNCHANGED
    assert states["lost:feed:1"].failing_outcome is FetchOutcome.NOT_FOUND


def test_progress_is_told_while_the_crawl_runs(nights: TwoNights) -> None:
    assert nights.told[-1] == nights.first


def test_polling_alone_fetches_no_page_and_articles_alone_ask_no_source(newsroom: Newsroom, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    press(newsroom, workspace, outlets=1, pages=3)
    assert workspace.crawl(articles=False).pages == {}
    assert len(workspace.links()) == 3
    progress = workspace.crawl(poll=False)
    assert (progress.sources, progress.pages) == (0, {"fetched": 3})
    assert newsroom.asked("127.0.2.1").count("/feed") == 1


@pytest.mark.usefixtures("unabridged")
def test_a_plan_for_one_source_leaves_the_others_alone(newsroom: Newsroom, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    press(newsroom, workspace, outlets=2, pages=2)
    workspace.queue("outlet-1", [newsroom.address("127.0.2.2", "/0")])
    progress = workspace.crawl(sources=("outlet-0:feed:1",))
    assert (progress.polls, progress.pages) == ({"fetched": 1}, {"fetched": 2})
    assert newsroom.asked("127.0.2.2") == []


@pytest.mark.usefixtures("unabridged")
def test_a_stopped_crawl_keeps_what_it_fetched_and_leaves_what_did_not_answer_as_due_as_it_was(newsroom: Newsroom, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, fetch__timeout_seconds=3600)
    press(newsroom, workspace, outlets=1, pages=3)
    workspace.watch(newsroom.serve("127.0.2.99", "/feed", silence), "hanging")
    with workspace.start() as crawl:
        wait_until(lambda: crawl.progress().pages.get("fetched") == 3)
        assert crawl.stop() == ENDED_EARLY  # one that is killed, because it waits for the hanging host, ends otherwise
        progress = crawl.progress()
    assert (progress.ended, progress.polls, progress.returned) == ("stopped", {"fetched": 1}, 1)
    assert len(workspace.stored()) == 3
    assert "hanging:feed:1" not in workspace.polls()
    with workspace.database.reading() as conn:
        (hanging,) = registers.watched(conn, outlet_ids=("hanging",))
    assert hanging.next_due_at is None


def test_a_crawl_ends_when_its_time_is_over(newsroom: Newsroom, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, fetch__timeout_seconds=50, fetch__stage_minutes=0.01)
    workspace.watch(newsroom.serve("127.0.2.1", "/feed", silence), "hanging")
    with workspace.start() as crawl:
        assert crawl.wait(20) == ENDED_EARLY
        assert "stage_minutes" in crawl.progress().ended
    assert workspace.polls()["hanging:feed:1"].outcome is FetchOutcome.FAILED


@pytest.mark.usefixtures("unabridged")
def test_a_crashed_child_is_reported_and_not_waited_for(newsroom: Newsroom, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, fetch__timeout_seconds=50)
    workspace.watch(newsroom.serve("127.0.2.1", "/feed", silence), "hanging")
    with workspace.start() as crawl:
        wait_until(lambda: bool(newsroom.requests))
        os.kill(crawl.pid, signal.SIGKILL)
        assert crawl.wait(5) == -signal.SIGKILL
        assert crawl.poll() == -signal.SIGKILL


def test_a_child_that_cannot_run_says_why(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    (tmp_path / "tracker.toml").write_text("fetch.delay_seconds = -1\n")
    with workspace.start() as crawl:
        assert crawl.wait(20) == 2
        assert "fetch.delay_seconds must be" in crawl.last_words()
        assert "fetch.delay_seconds must be" in crawl.last_line()


PARENT = """
import os, sys, time
from datetime import UTC, datetime
from tracker.crawl.parent import CrawlPlan, run_crawl
from tracker.crawl.early import crawl_begun_early
lock = os.open(sys.argv[1] + "/tracker.lock", os.O_RDWR | os.O_CREAT)
import fcntl
fcntl.flock(lock, fcntl.LOCK_EX)
with crawl_begun_early(wanted=sys.argv[3] == "early") as begin:
    crawl = begin(CrawlPlan(sys.argv[1], int(sys.argv[2]), datetime.now(UTC), lock_fd=lock))
    print(crawl.pid, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("begun", ["at once", "early"])
def test_a_killed_parent_leaves_no_orphan_and_the_lock_is_held_until_then(newsroom: Newsroom, tmp_path: Path, begun: str) -> None:
    workspace = Workspace(tmp_path, fetch__timeout_seconds=50)
    workspace.watch(newsroom.serve("127.0.2.1", "/feed", silence), "hanging")
    workspace.register()
    with workspace.database.writing() as conn:
        run = runs.start(conn, NOW, ())
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path), str(run), begun], stdout=subprocess.PIPE, text=True)
    with parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        wait_until(lambda: bool(newsroom.requests))
        child.suspend()
        parent.kill()
        parent.wait()
        with (tmp_path / "tracker.lock").open() as lock:
            with pytest.raises(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            child.resume()
            child.wait(10)
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert workspace.polls() == {}  # an end of ours is no failure of an outlet: the next poll asks it


def test_a_crawl_killed_at_any_moment_loses_no_link_and_stores_no_page_twice(newsroom: Newsroom, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    addresses = press(newsroom, workspace, outlets=6, pages=40)
    kills = 0
    for _ in range(3):
        with workspace.start() as crawl:
            wait_until(lambda: bool(crawl.progress().polls) or crawl.poll() is not None)
            time.sleep(random.uniform(0, 0.4))
            if crawl.poll() is None:
                os.kill(crawl.pid, signal.SIGKILL)
                kills += 1
            crawl.wait(20)
    workspace.crawl()
    assert kills
    assert sorted(workspace.stored()) == sorted(addresses)
    assert all(ending.times == 1 for ending in workspace.pages().values())
