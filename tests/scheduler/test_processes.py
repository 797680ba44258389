"""Real child processes: the limit, the request to end, and that nobody is left behind."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from tests.conftest import ROOT
from tracker.errors import StoreError
from tracker.scheduler import processes
from tracker.scheduler.processes import LOG_NAME, Commands, Stop
from tracker.scheduler.report import LARGEST_REPORT_BYTES

HOUR = timedelta(hours=1)
FAMILY = """
import os, signal, subprocess, sys, time
if {deaf}:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open("pids", "w").write(f"{{os.getpid()}} {{child.pid}}")
print("asking klix", flush=True)
time.sleep(600)
"""


def commands(folder: Path, code: str, stop: Stop | None = None, grace_seconds: float = 5.0) -> Commands:
    return Commands(
        folder, stop or Stop(), program=(sys.executable, "-c", f"import os; os.chdir({str(folder)!r})\n{code}"), grace_seconds=grace_seconds
    )


def pids(folder: Path) -> list[int]:
    until = time.monotonic() + 20
    while not (folder / "pids").exists() or not (folder / "pids").read_text():
        assert time.monotonic() < until
        time.sleep(0.02)
    return [int(pid) for pid in (folder / "pids").read_text().split()]


def alive(numbers: list[int]) -> list[int]:
    return [pid for pid in numbers if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE]


def gone(numbers: list[int], within: float = 15.0) -> bool:
    until = time.monotonic() + within
    while alive(numbers) and time.monotonic() < until:
        time.sleep(0.05)
    return not alive(numbers)


@pytest.mark.parametrize(
    ("code", "exit_code", "lines"),
    [
        ("print('first'); print('edition 12:\\n\\n')", 0, ("first", "edition 12:")),
        ("import sys; print('tracker: no such file', file=sys.stderr); sys.exit(2)", 2, ("no such file",)),
        ("import os; os.kill(os.getpid(), 11)", -11, ()),
        ("print('x' * 9000)", 0, ("x" * 300,)),
        ("print('\\x1b[31mred\\x07')", 0, ("[31mred",)),
        ("print(*range(20), sep='\\n')", 0, tuple(map(str, range(12, 20)))),
    ],
)
def test_a_command_ends_in_its_code_and_its_last_lines(tmp_path: Path, code: str, exit_code: int, lines: tuple[str, ...]) -> None:
    end = commands(tmp_path, code).run(("send",), HOUR)
    assert (end.exit_code, end.timed_out, end.stopped) == (exit_code, False, False)
    assert (end.report, end.lines) == (b"", lines)


REPORTS = "fd = int(os.environ['TRACKER_REPORT_FD'])\n"


def test_what_a_command_reports_comes_back_and_its_descriptor_is_not_left_open(tmp_path: Path) -> None:
    stop = Stop()
    gc.collect()  # what other tests left behind closes now, not between the two counts
    before = psutil.Process().num_fds()
    for _ in range(3):
        assert commands(tmp_path, REPORTS + "os.write(fd, b'{}')", stop).run(("send",), HOUR).report == b"{}"
    with pytest.raises(StoreError):
        Commands(tmp_path, stop, program=("/nowhere/python",)).run(("send",), HOUR)
    assert psutil.Process().num_fds() <= before


@pytest.mark.parametrize("megabytes", [1, 3])
def test_a_command_that_reports_without_end_is_not_kept_waiting_and_fills_no_memory(tmp_path: Path, megabytes: int) -> None:
    end = commands(tmp_path, REPORTS + f"for _ in range({megabytes * 16}): os.write(fd, b'x' * 65536)").run(("send",), HOUR)
    assert end.exit_code == 0
    assert len(end.report) == LARGEST_REPORT_BYTES + 1


def test_a_report_does_not_wait_for_what_the_command_left_behind(tmp_path: Path) -> None:
    """A grandchild in a session of its own that holds the pipe."""
    code = REPORTS + (
        "import subprocess, sys; os.write(fd, b'{}')\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], pass_fds=(fd,), start_new_session=True)\n"
        "open('pids', 'w').write(str(child.pid))"
    )
    try:
        assert commands(tmp_path, code).run(("send",), HOUR).report == b"{}"
    finally:
        for pid in pids(tmp_path):
            os.kill(pid, signal.SIGKILL)


def test_what_commands_print_is_kept_and_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LARGEST_LOG_BYTES", 100)
    for number in range(4):
        commands(tmp_path, f"print('line {number} ' + 'x' * 80)").run(("send",), HOUR)
    assert "line 3" in (tmp_path / LOG_NAME).read_text()
    assert sorted(path.name for path in tmp_path.glob("jobs.log*")) == [LOG_NAME, f"{LOG_NAME}.1"]


@pytest.mark.parametrize("deaf", [False, True], ids=["ends when asked", "must be killed"])
def test_a_command_that_hangs_is_ended_with_all_it_started(tmp_path: Path, deaf: bool) -> None:
    end = commands(tmp_path, FAMILY.format(deaf=deaf), grace_seconds=0.5).run(("nightly",), timedelta(seconds=1.5))
    assert end.timed_out
    assert end.lines == ("asking klix",)
    assert not alive(pids(tmp_path))


def test_a_stop_ends_the_command_at_once(tmp_path: Path) -> None:
    stop = Stop()
    threading.Thread(target=lambda: (pids(tmp_path), stop.ask())).start()
    end = commands(tmp_path, FAMILY.format(deaf=False), stop).run(("nightly",), HOUR)
    assert end.stopped  # else the family lives for an hour
    assert not alive(pids(tmp_path))


def test_a_stop_ends_a_wait_at_once() -> None:
    stop = Stop()
    threading.Timer(0.1, stop.ask).start()
    stop.wait(3600)  # longer than any test may take
    assert stop.asked


def test_a_command_that_cannot_be_started_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be started"):
        Commands(tmp_path, Stop(), program=("/nowhere/python",)).run(("send",), HOUR)
    with pytest.raises(StoreError, match="cannot be started"):
        Commands(tmp_path / "gone", Stop()).run(("send",), HOUR)


PARENT = """
import sys
from datetime import timedelta
from pathlib import Path
from tracker.scheduler.processes import Commands, Stop
folder = Path({folder!r})
stop = Stop()
stop.listen()
program = (sys.executable, "-c", "import os; os.chdir(%r)\\n" % str(folder) + {code!r})
end = Commands(folder, stop, program=program).run(("nightly",), timedelta(hours=1))
print(end.stopped)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_command_outlives_its_scheduler_however_that_ends(tmp_path: Path, number: signal.Signals) -> None:
    code = "import os, time; open('pids', 'w').write(str(os.getpid())); time.sleep(600)"
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(folder=str(tmp_path), code=code)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    (child,) = pids(tmp_path)
    os.kill(parent.pid, number)
    out, _ = parent.communicate(timeout=30)
    assert gone([child])
    assert out == ("" if number == signal.SIGKILL else "True\n")
