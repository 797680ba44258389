"""A crawl's process begun early by a fork: it crawls as one begun by itself, and is gone when it is not needed."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.crawl.crawling import NOW, Workspace
from tests.newsroom.press import Newsroom, feed, page
from tracker.crawl.early import crawl_begun_early
from tracker.crawl.parent import run_crawl
from tracker.store import runs

COMMAND = """
import json, logging, multiprocessing, os, sys
from datetime import UTC, datetime
from tracker.crawl.early import crawl_begun_early
from tracker.crawl.parent import Crawl, CrawlPlan
logging.basicConfig(level=logging.INFO)
print("said before", end="")
with crawl_begun_early(wanted=True) as begin:
    waiting = open(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read().split()
    if sys.argv[1] != "nothing":
        ended = []
        for run in sys.argv[2:]:
            with begin(CrawlPlan(sys.argv[1], int(run), datetime.now(UTC))) as crawl:
                ended.append([crawl.wait(60), crawl.progress().polls, crawl.progress().pages, crawl.last_words()])
        print(json.dumps({"forked": len(waiting), "ended": ended}))
print(json.dumps(open(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read().split()))
"""


def command(*arguments: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("said before") == 1
    return done.stdout.removeprefix("said before").splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks a command")
def test_the_forked_process_crawls_and_keeps_its_log_and_a_second_crawl_has_a_process_of_its_own(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        listed = [newsroom.serve("127.0.2.1", f"/{n}", page(f"Vijest {n}")) for n in range(3)]
        workspace.watch(newsroom.serve("127.0.2.1", "/feed", feed(listed, etag='"1"')), "outlet")
        workspace.register()
        with workspace.database.writing() as conn:
            numbers = [str(runs.start(conn, NOW, ())) for _ in range(2)]
        report, left = map(json.loads, command(str(tmp_path), *numbers))
    assert report["forked"] == 1
    assert report["ended"] == [[0, {"fetched": 1}, {"fetched": 3}, ""], [0, {"unchanged": 1}, {}, ""]]
    assert sorted(workspace.stored()) == sorted(listed)
    assert "Scrapy" in workspace.log()
    assert left == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks a command")
def test_one_that_is_not_needed_ends_with_the_block() -> None:
    assert command("nothing") == ["[]"]


def test_a_command_that_wants_no_crawl_or_has_other_threads_is_not_forked() -> None:
    with crawl_begun_early(wanted=False) as begin:
        assert begin is run_crawl
    ended = threading.Event()
    other = threading.Thread(target=ended.wait)
    other.start()
    try:
        with crawl_begun_early(wanted=True) as begin:
            assert begin is run_crawl
    finally:
        ended.set()
        other.join()
