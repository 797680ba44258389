"""A night that is asked to end while page workers run: by a service manager, by `kill`, by a terminal that is closed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import psutil
import pytest

from tests.newsdesk import ABOUT_THE_RIVER, RIVER, story_page
from tests.newsroom.press import Newsroom, answer, feed, silence
from tests.pipeline.test_finding import FAST, SLOW, watched_parts
from tracker.store import runs
from tracker.workspace import open_parts

PATIENCE_SECONDS = 120.0
USUAL = (
    "import os, signal, sys; [signal.signal(number, signal.SIG_DFL) for number in (1, 2, 15)];"
    " os.execv(sys.executable, [sys.executable, '-m', 'tracker', *sys.argv[1:]])"
)
"""The command with the usual answers to signals, whoever started the tests."""
WORDS = "tracker: interrupted; run the same command again to go on"


SHARED = Path("/dev/shm")


def locks(family: Iterable[psutil.Process]) -> set[int]:
    """The files, by number, of the locks that these processes share."""
    maps = "".join(Path(f"/proc/{one.pid}/maps").read_text("utf-8") for one in family)
    return {int(number) for number in re.findall(rf"(\d+) +{SHARED}/sem\.", maps)}


def begun(folder: Path) -> subprocess.Popen[str]:
    """The night as a person starts it: what the tests set for Python hides faults."""
    surroundings = {name: value for name, value in os.environ.items() if name not in {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}}
    return subprocess.Popen(
        [sys.executable, "-c", USUAL, "-w", str(folder), "nightly"],
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def family_with_worker(night: subprocess.Popen[str]) -> list[psutil.Process]:
    """The night's processes, once a page worker is one of them."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and night.poll() is None:
        family = psutil.Process(night.pid).children(recursive=True)
        for one in family:
            try:
                if "--multiprocessing-fork" in one.cmdline():
                    return family
            except psutil.Error:
                continue
        time.sleep(0.01)
    raise AssertionError(f"no worker was seen; the night ended with {night.poll()}")


@pytest.mark.parametrize("to_all", [False, True], ids=["the command", "its group"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_night_ends_with_one_sentence_leaves_nothing_behind_and_is_taken_up_again(
    tmp_path: Path, number: signal.Signals, to_all: bool
) -> None:
    with Newsroom() as newsroom:
        newsroom.serve(FAST, "/1", answer(body=story_page(RIVER, ABOUT_THE_RIVER), Content_Type="text/html"))
        newsroom.serve(FAST, "/feed", feed([newsroom.address(FAST, "/1")]))
        newsroom.serve(SLOW, "/feed", silence)
        with watched_parts(tmp_path, newsroom):
            pass
        with begun(tmp_path) as night:
            family = family_with_worker(night)
            shared = locks([psutil.Process(night.pid), *family])
            (os.killpg if to_all else os.kill)(night.pid, number)
            try:
                _, said = night.communicate(timeout=PATIENCE_SECONDS)
            finally:
                night.kill()
        _, left = psutil.wait_procs(family, timeout=PATIENCE_SECONDS)
        assert (night.returncode, left) == (3, [])
        assert [line for line in said.splitlines() if line and not line.startswith(("crawl:", "extract:"))] == [WORDS]
        assert shared
        assert not shared & {file.inode() for file in os.scandir(SHARED)}
        newsroom.serve(SLOW, "/feed", feed([]))
        with begun(tmp_path) as again:
            again.communicate(timeout=PATIENCE_SECONDS)
        with open_parts(tmp_path) as parts, parts.database.reading() as conn:
            ended = runs.latest(conn, finished=True)
            assert ended is not None
            assert ended.run_id == 1
