"""What this machine lacks is told as its own lack: no outlet is blamed, and the next run asks all of them."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select
from twisted.internet.error import ConnectError

from tests.conftest import ROOT, lacking
from tests.newsroom.press import Newsroom, feed
from tests.pipeline.test_finding import FAST, SLOW, watched_parts
from tracker.crawl.child import FILES_BESIDE, allow_many_connections
from tracker.errors import NO_FILES, NO_MEMORY, NO_ROOM, MachineLacks, lack_of
from tracker.store import registers
from tracker.store.schema import crawl as crawl_tables
from tracker.workspace import open_parts

SOMEBODY = 60_123
"""A user of nobody's: of root no processes are counted."""
AS_SOMEBODY = ("setpriv", f"--reuid={SOMEBODY}", f"--regid={SOMEBODY}", "--clear-groups")
READS_ALL = ("--inh-caps=+dac_override,+dac_read_search", "--ambient-caps=+dac_override,+dac_read_search")
"""Python may lie in a folder of root's."""


def limited(limit: str) -> Sequence[str]:
    if os.geteuid() or not shutil.which("setpriv") or not shutil.which("prlimit"):
        lacking("root, setpriv and prlimit")
    return [*AS_SOMEBODY, *READS_ALL, "prlimit", limit]


@pytest.fixture
def somebodys() -> Iterator[Path]:
    """A folder that another user comes to: pytest's own are for this user alone."""
    with tempfile.TemporaryDirectory(prefix="lacks-") as folder:
        yield Path(folder)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("--nproc=4", NO_ROOM),
        ("--nproc=8", NO_ROOM),
        ("--nofile=16", NO_FILES),
        ("--nofile=28", NO_FILES),
    ],
)
def test_a_poll_on_a_machine_that_lacks_something_says_so_in_one_line_and_blames_nobody(somebodys: Path, limit: str, words: str) -> None:
    before = limited(limit)
    with Newsroom() as newsroom:
        for host in (FAST, SLOW):
            newsroom.serve(host, "/feed", feed([]))
        with watched_parts(somebodys, newsroom):
            pass
        for path in (somebodys, *somebodys.rglob("*")):
            os.chown(path, SOMEBODY, SOMEBODY)
        command = [sys.executable, "-P", "-m", "tracker", "-w", str(somebodys), "crawl", "--due"]
        ended = subprocess.run(
            [*before, *command],
            env={**os.environ, "HOME": str(somebodys), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        said = [line for line in ended.stderr.splitlines() if line and not line.startswith(("crawl:", "extract:"))]
        assert (ended.returncode, said) == (3, [f"tracker: {words}"])
        with open_parts(somebodys) as parts, parts.database.reading() as conn:
            assert conn.execute(select(func.count()).select_from(crawl_tables.fetches)).scalar_one() == 0
            assert {one.next_due_at for one in registers.watched(conn)} == {None}
        again = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert again.returncode == 0
        assert {*newsroom.asked(FAST), *newsroom.asked(SLOW)} >= {"/feed"}


def chained(outer: BaseException, inner: BaseException) -> BaseException:
    outer.__cause__ = inner
    return outer


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("can't start new thread"), NO_ROOM),
        (BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN)), NO_ROOM),
        (OSError(errno.EMFILE, "Too many open files", "/somewhere"), NO_FILES),
        (OSError(errno.ENFILE, "Too many open files in system"), NO_FILES),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), NO_MEMORY),
        (MemoryError(), NO_MEMORY),
        (ImportError("libblas.so: failed to map segment from shared object"), NO_MEMORY),
        (ConnectError(errno.EMFILE), NO_FILES),
        (chained(ValueError("unreadable"), MemoryError()), NO_MEMORY),
        (MachineLacks("the words of a process of ours"), "the words of a process of ours"),
        (ConnectError(errno.ECONNREFUSED), ""),
        (OSError(errno.ENOSPC, "No space left on device"), ""),
        (RuntimeError("something else"), ""),
        (ImportError("No module named 'x'"), ""),
        (None, ""),
    ],
)
def test_what_an_error_says_of_this_machine(error: BaseException | None, words: str) -> None:
    assert lack_of(error) == words


def test_an_error_that_came_of_itself_is_looked_at_once() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__context__, other.__context__ = other, one
    assert lack_of(one) == ""


@pytest.mark.parametrize(("files", "requests"), [(FILES_BESIDE, 1), (64, 12), (1024, 492), (100_000, 512)])
def test_no_more_requests_go_side_by_side_than_files_may_be_open(monkeypatch: pytest.MonkeyPatch, files: int, requests: int) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (min(files, 32), files))
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limits: None)
    assert allow_many_connections(512) == requests


def test_with_fewer_files_than_a_crawl_needs_none_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (FILES_BESIDE - 1, FILES_BESIDE - 1))
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limits: None)
    with pytest.raises(MachineLacks):
        allow_many_connections(512)
