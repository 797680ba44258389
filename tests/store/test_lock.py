from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tracker.errors import RunLocked, StoreError
from tracker.store.lock import RunLock

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import subprocess, sys, time
from pathlib import Path
from tracker.store.lock import RunLock
with RunLock(Path(sys.argv[1])).acquire() as lock:
    if len(sys.argv) > 2:
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], pass_fds=[lock.fileno()], stdout=subprocess.DEVNULL)
        print(child.pid, flush=True)
    else:
        print("held", flush=True)
    time.sleep(60)
"""


def _holder(workspace: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", HOLDER, str(workspace), *more], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait(10)
    assert process.stdout is not None
    process.stdout.close()


def test_a_second_run_is_refused_with_the_process_that_holds_the_lock(tmp_path: Path) -> None:
    holder = _holder(tmp_path)
    assert holder.stdout is not None
    holder.stdout.readline()
    with pytest.raises(RunLocked, match=f"process {holder.pid}"), RunLock(tmp_path).acquire():
        pass
    _end(holder)
    with RunLock(tmp_path).acquire():
        assert (tmp_path / "tracker.lock").read_text() == f"{os.getpid()}\n"


def test_the_lock_can_be_taken_again_after_use_and_after_a_failure(tmp_path: Path) -> None:
    lock = RunLock(tmp_path)
    with pytest.raises(KeyError), lock.acquire():
        raise KeyError
    with lock.acquire(), pytest.raises(RunLocked), RunLock(tmp_path).acquire():
        pass


def test_a_living_child_keeps_the_lock_of_its_killed_parent(tmp_path: Path) -> None:
    parent = _holder(tmp_path, "with a child")
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    _end(parent)
    with pytest.raises(RunLocked, match="has ended, but a crawler it started"), RunLock(tmp_path).acquire():
        pass
    os.kill(child, 9)
    for _ in range(1000):
        try:
            with RunLock(tmp_path).acquire():
                return
        except RunLocked:
            continue
    pytest.fail("the lock outlived the child")


def test_a_lock_not_held_has_no_descriptor(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not held"):
        RunLock(tmp_path).fileno()


def test_a_workspace_that_cannot_hold_the_lock_is_named(tmp_path: Path) -> None:
    (tmp_path / "tracker.lock").mkdir()
    with pytest.raises(StoreError, match=r"tracker\.lock cannot be opened"), RunLock(tmp_path).acquire():
        pass


def test_looking_whether_a_lock_is_held_keeps_nobody_out_and_makes_nothing(tmp_path: Path) -> None:
    lock = RunLock(tmp_path)
    assert not lock.is_held()
    assert [*tmp_path.iterdir()] == []
    ended = threading.Event()

    def look() -> None:
        while not ended.is_set():
            RunLock(tmp_path).is_held()

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for _ in range(200):
            with lock.acquire():
                assert RunLock(tmp_path).is_held()
    finally:
        ended.set()
        looking.join()
    assert not lock.is_held()
