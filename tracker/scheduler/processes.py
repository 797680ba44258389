"""Commands of this program as child processes: each in a process group of its own, with a time limit, ended with all it started."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import IO

from msgspec import Struct

from tracker.end_signals import signals_heeded
from tracker.errors import StoreError
from tracker.scheduler.report import LARGEST_REPORT_BYTES, REPORT_FD
from tracker.text.log_lines import is_json, log_line

LOG_NAME = "jobs.log"
LARGEST_LOG_BYTES = 5 * 1024 * 1024
"""A text editor still opens it at once; the log before it stays beside it."""
TAIL_BYTES = 4096
"""Of the end of the log: eight lines, most of them far shorter than LONGEST_LINE."""
LAST_LINES = 8
"""The end of a traceback: three calls and the error."""
LONGEST_LINE = 300
"""Characters; three lines of a terminal."""
GRACE_SECONDS = 20.0
"""Between the request to end and the kill: a crawler stores for ten seconds what it has fetched."""
KILLED_WITHIN = 2.0
"""The kernel needs a moment for a kill; what nobody reaps is a zombie after that and does nothing."""
LOOK_SECONDS = 0.2  # how late a command's end may be noticed
TAKE_BYTES, TAKES = 65536, 16
"""What a pipe of Linux holds (pipe(7)); more than one filling at a look is somebody writing without end."""
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


class Stop:
    """Whether this process was asked to end, by one of `signals_heeded`; a wait ends at once when it is. `alive` is called at every wait."""

    def __init__(self, alive: Callable[[], None] = lambda: None) -> None:
        self.asked = False
        self._alive = alive
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)

    def listen(self) -> None:
        """From now on these signals ask and do nothing else."""
        for number in signals_heeded():
            signal.signal(number, self._on_signal)

    def ask(self) -> None:
        """Asks this process to end."""
        self.asked = True
        with suppress(OSError):
            os.write(self._writer, b".")

    def wait(self, seconds: float) -> None:
        """Sleeps so long, or until it is asked."""
        self._alive()
        if not self.asked:
            select.select([self._reader], [], [], max(0.0, seconds))

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.ask()


class ChildEnd(Struct, frozen=True):
    """How a command ended. A negative `exit_code` is the signal that killed it.

    `report`: the bytes that it left on its report pipe, LARGEST_REPORT_BYTES and one more at most; `tracker.scheduler.jobs.judge` reads them.
    `lines`: the last lines that it printed, LAST_LINES at most, without control characters.
    """

    exit_code: int
    report: bytes = b""
    lines: tuple[str, ...] = ()
    timed_out: bool = False
    stopped: bool = False


class Commands:
    """Runs commands in a workspace, one after the other. What they print goes to the end of `jobs.log` there."""

    def __init__(
        self,
        workspace: Path,
        stop: Stop,
        *,
        program: Sequence[str] = (sys.executable, "-P", "-m", "tracker"),
        grace_seconds: float = GRACE_SECONDS,
        before: Callable[[], None] = lambda: None,
    ) -> None:
        self._workspace, self._stop, self._program, self._grace = workspace, stop, tuple(program), grace_seconds
        self._before = before

    def run(self, arguments: Sequence[str], limit: timedelta) -> ChildEnd:
        """The command, to its end, its limit or until this process is asked to stop. Raises StoreError when it cannot be started, and what
        `before` raises, in which case it is not started."""
        self._before()
        path = self._workspace / LOG_NAME
        _turn_over(path)
        command = [*self._program, *(["--json"] if is_json() else []), "--workspace", str(self._workspace), *arguments]
        try:
            with path.open("ab") as log:
                told = f"tracker {' '.join(arguments)}"
                log.write(f"{log_line(told) if is_json() else f'--- {told}'}\n".encode())
                log.flush()
                begin = log.tell()
                child, report = _start(command, log)
        except (OSError, subprocess.SubprocessError) as error:
            raise StoreError(f"`tracker {' '.join(arguments)}` cannot be started: {error}") from error
        with closing(report):
            timed_out, stopped = self._watch(child, limit, report)
            report.take()
        return ChildEnd(child.returncode, report.taken, _last_lines(path, begin), timed_out, stopped)

    def _watch(self, child: subprocess.Popen[bytes], limit: timedelta, report: _ReportPipe) -> tuple[bool, bool]:
        """Waits for the child's end, or brings it about: (timed out, stopped)."""
        deadline = time.monotonic() + limit.total_seconds()
        try:
            while child.poll() is None:
                timed_out = time.monotonic() >= deadline
                if timed_out or self._stop.asked:
                    return timed_out, not timed_out
                report.take()  # a child that writes without end must not wait for us
                self._stop.wait(LOOK_SECONDS)
            return False, False
        finally:
            self._end(child)

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        """Nothing of the child's group is left when this returns."""
        if child.poll() is None:
            _signal(child.pid, signal.SIGTERM)
        until = time.monotonic() + self._grace
        while (child.poll() is None or _lives(child.pid)) and time.monotonic() < until:
            time.sleep(0.05)
        _signal(child.pid, signal.SIGKILL)
        child.wait()
        until = time.monotonic() + KILLED_WITHIN
        while _lives(child.pid) and time.monotonic() < until:
            time.sleep(0.02)


class _ReportPipe:
    """The reader's end of a report. `taken` is bounded; what lies beyond the bound is read and dropped."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        os.set_blocking(descriptor, False)
        self.taken = b""

    def take(self) -> None:
        """Takes what has arrived, a megabyte at most; never waits, as something the child started may hold the other end."""
        with suppress(BlockingIOError):
            for _ in range(TAKES):
                piece = os.read(self._descriptor, TAKE_BYTES)
                if not piece:
                    return
                self.taken = (self.taken + piece)[: LARGEST_REPORT_BYTES + 1]

    def close(self) -> None:
        os.close(self._descriptor)


def _start(command: Sequence[str], log: IO[bytes]) -> tuple[subprocess.Popen[bytes], _ReportPipe]:
    """The child, which alone holds the other end of the pipe. Raises OSError and SubprocessError."""
    reader, writer = os.pipe()
    try:
        child = subprocess.Popen(  # noqa: S603 - our own commands
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            process_group=0,
            preexec_fn=_dies_with_parent(),
            pass_fds=(writer,),
            env={**os.environ, REPORT_FD: str(writer)},
        )
    except BaseException:
        os.close(reader)
        raise
    finally:
        os.close(writer)
    return child, _ReportPipe(reader)


def _dies_with_parent() -> Callable[[], None] | None:
    """On Linux a child is ended with the scheduler, however that dies."""
    if not sys.platform.startswith("linux"):
        return None
    control = ctypes.CDLL(None).prctl
    return lambda: control(_DEATH_SIGNAL, signal.SIGTERM) and None


def _signal(group: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _turn_over(path: Path) -> None:
    """A log that has grown large becomes the one before; that one goes."""
    with suppress(OSError):
        if path.stat().st_size > LARGEST_LOG_BYTES:
            path.replace(path.with_name(f"{path.name}.1"))


def _last_lines(path: Path, begin: int) -> tuple[str, ...]:
    """The last lines with something in them that were written from `begin` on, oldest first."""
    try:
        with path.open("rb") as log:
            log.seek(max(begin, log.seek(0, os.SEEK_END) - TAIL_BYTES))
            lines = log.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return ()
    printable = ("".join(letter if letter.isprintable() else " " for letter in line.removeprefix("tracker: ")).strip() for line in lines)
    return tuple(line[:LONGEST_LINE] for line in printable if line)[-LAST_LINES:]
