"""People at the desk write before a night that writes batch after batch."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.newsdesk import Newsdesk
from tests.review.web.visiting import open_desk
from tracker.store import runs, write_priority
from tracker.store.database import Database, open_database
from tracker.store.write_priority import WritePriority


def begin(database: Database) -> threading.Thread:
    """A transaction of a night, in a thread."""

    def write() -> None:
        with database.writing() as conn:
            runs.start(conn, NOW)

    thread = threading.Thread(target=write)
    thread.start()
    return thread


def runs_of(database: Database) -> int:
    with database.reading() as conn:
        return int(conn.exec_driver_sql("SELECT count(*) FROM runs").scalar_one())


def test_a_night_begins_no_transaction_while_somebody_at_the_desk_wants_to_write(tmp_path: Path) -> None:
    night, desk = open_database(tmp_path), WritePriority(tmp_path / "coverage.db")
    with desk.taken():
        thread = begin(night)
        thread.join(0.05)
        waited, stored = thread.is_alive(), runs_of(night)
    thread.join(10)
    assert (waited, stored, runs_of(night)) == (True, 0, 1)
    night.close()


def test_a_night_goes_on_however_much_is_written_at_the_desk(tmp_path: Path) -> None:
    night, desk = open_database(tmp_path), WritePriority(tmp_path / "coverage.db")
    with desk.taken():
        begin(night).join(10)
        assert runs_of(night) == 1
    night.close()


def test_nobody_waits_for_a_desk_that_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "coverage.db"
    killed = f"""
import os, pathlib
from tracker.store.write_priority import WritePriority
with WritePriority(pathlib.Path({str(path)!r})).taken():
    os.kill(os.getpid(), 9)
"""
    assert subprocess.run([sys.executable, "-c", killed], check=False).returncode == -9
    priority = WritePriority(path)
    assert priority.path.exists()
    assert not priority._is_taken()


def test_requests_of_a_desk_write_one_after_the_other_and_all_of_them_before_a_night(tmp_path: Path) -> None:
    desk, within, most = WritePriority(tmp_path / "coverage.db"), [0], [0]
    go, seen = threading.Barrier(4), []

    def write() -> None:
        go.wait()
        for _ in range(50):
            with desk.taken():
                within[0] += 1
                most[0] = max(most[0], within[0])
                seen.append(desk._is_taken())
                within[0] -= 1

    threads = [threading.Thread(target=write) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert (most[0], len(seen), all(seen)) == (1, 200, True)
    assert not desk._is_taken()


def test_two_desks_may_want_to_write_at_once(tmp_path: Path) -> None:
    desks = [WritePriority(tmp_path / "coverage.db") for _ in range(2)]
    with ExitStack() as stack:
        for desk in desks:
            stack.enter_context(desk.taken())
        assert all(desk._is_taken() for desk in desks)
    assert not desks[0]._is_taken()


def test_a_request_that_never_ends_is_waited_for_only_so_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_priority, "PATIENCE_SECONDS", 0.01)
    desk = WritePriority(tmp_path / "coverage.db")
    with desk.taken(), desk.taken():
        assert desk._is_taken()
    with desk.taken():  # what the second one did not get it has not given back either
        assert desk._here.locked()
    assert not desk._here.locked()


def test_the_desk_is_who_goes_first_and_no_file_is_made_without_it(tmp_path: Path) -> None:
    night = open_database(tmp_path)
    begin(night).join(10)
    assert not WritePriority(night.path).path.exists()
    staff = open_desk(Newsdesk(tmp_path / "desk"), NOW)
    assert (night.is_waited_for, staff.parts.database.is_waited_for) == (False, True)
    assert WritePriority(staff.parts.database.path).path.exists()
    staff.parts.close()
    night.close()


@pytest.mark.parametrize("fails", [True, False])
def test_what_was_begun_at_the_desk_holds_nobody_up_after_its_end(tmp_path: Path, fails: bool) -> None:
    desk = open_database(tmp_path)
    desk.is_waited_for = True
    try:
        with desk.writing() as conn:
            assert WritePriority(desk.path)._is_taken()
            if fails:
                conn.exec_driver_sql("SELECT 1 / nothing")
    except Exception:  # noqa: BLE001 - it is what comes after that is looked at
        assert fails
    assert not WritePriority(desk.path)._is_taken()
    desk.close()
