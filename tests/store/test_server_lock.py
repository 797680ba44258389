"""Locks that several machines share, here two workspaces at one database; and a server that goes away."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.postgres import Cluster, own_cluster, required, serve, stop
from tracker.errors import RunLocked, StoreError
from tracker.store import runs
from tracker.store.database import open_database
from tracker.store.lock import RunLock, SendingLock

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tracker.store.lock import RunLock
with RunLock(Path(sys.argv[1]), sys.argv[2]).acquire():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_one_run_at_a_time_in_all_workspaces_at_one_database(tmp_path: Path, postgres_url: str) -> None:
    here, there = RunLock(tmp_path / "here", postgres_url), RunLock(tmp_path / "there", postgres_url)
    with here.acquire():
        assert there.is_held()
        with pytest.raises(RunLocked, match=r"another run is at work here \(on this machine"), there.acquire():
            pass
        with SendingLock(tmp_path / "there", postgres_url).acquire():
            assert not SendingLock(tmp_path / "elsewhere").is_held()
    assert not there.is_held()
    with there.acquire():
        pass


def test_a_killed_holder_holds_nothing(tmp_path: Path, postgres_url: str) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "here"), postgres_url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        lock = RunLock(tmp_path / "there", postgres_url)
        assert lock.is_held()
        holder.kill()
        holder.wait()
    until = threading.Event()
    for _ in range(200):
        if not lock.is_held():
            break
        until.wait(0.05)
    with lock.acquire():
        pass


@contextmanager
def _own_cluster(folder: Path) -> Iterator[Cluster]:
    folder.chmod(0o755)  # the server's user must come through
    with own_cluster(folder / "c") as cluster:
        yield cluster


def test_a_server_that_is_away_for_a_while_is_waited_for_and_one_that_stays_away_is_named(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="pg-") as folder, _own_cluster(Path(folder)) as cluster:
        database = open_database(tmp_path, cluster.url(cluster.new_database()))
        stop(required(), cluster.folder, "fast")
        database.patience_seconds = 0
        with pytest.raises(StoreError, match="cannot be reached"), database.writing():
            pass
        database.patience_seconds = 120
        back = threading.Timer(0.5, serve, (required(), cluster.folder))
        back.start()
        with database.writing() as conn:
            run_id = runs.start(conn, NOW)
        back.join()
        stop_at = pytest.raises(StoreError, match="cannot be reached")
        with stop_at, database.writing() as conn:
            runs.start(conn, NOW)
            stop(required(), cluster.folder, "fast")
            runs.finish(conn, run_id, NOW, 0)
        serve(required(), cluster.folder)
        with database.reading() as conn:
            assert conn.exec_driver_sql("SELECT id, ended_at FROM runs").all() == [(run_id, None)]  # what was cut off is undone
        database.close()
