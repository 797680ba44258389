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
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import FrameType

from tracker.errors import StoreError

LOG_NAME = "jobs.log"
LARGEST_LOG_BYTES = 5 * 1024 * 1024
TAIL_BYTES = 4096
MAX_WORDS = 300
GRACE_SECONDS = 20.0
"""Between the request to end and the kill: a crawler stores for ten seconds what it has fetched."""
KILLED_WITHIN = 2.0
"""The kernel needs a moment for a kill; what nobody reaps is a zombie after that and does nothing."""
LOOK_SECONDS = 0.2
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


class Stop:
    """Whether this process was asked to end, by SIGTERM or SIGINT; a wait ends at once when it is."""

    def __init__(self) -> None:
        self.asked = False
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)

    def listen(self) -> None:
        """From now on the two signals ask and do nothing else."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def ask(self) -> None:
        """Asks this process to end."""
        self.asked = True
        with suppress(OSError):
            os.write(self._writer, b".")

    def wait(self, seconds: float) -> None:
        """Sleeps so long, or until it is asked."""
        if not self.asked:
            select.select([self._reader], [], [], max(0.0, seconds))

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.ask()


@dataclass(frozen=True, slots=True)
class ChildEnd:
    """How a command ended. A negative `exit_code` is the signal that killed it. `words`: the last line that it printed."""

    exit_code: int
    words: str
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
    ) -> None:
        self._workspace, self._stop, self._program, self._grace = workspace, stop, tuple(program), grace_seconds

    def run(self, arguments: Sequence[str], limit: timedelta) -> ChildEnd:
        """The command, to its end, its limit or until this process is asked to stop. Raises StoreError when it cannot be started."""
        path = self._workspace / LOG_NAME
        _turn_over(path)
        command = [*self._program, "--workspace", str(self._workspace), *arguments]
        try:
            with path.open("ab") as log:
                log.write(f"--- tracker {' '.join(arguments)}\n".encode())
                log.flush()
                begin = log.tell()
                child = subprocess.Popen(  # noqa: S603 - our own commands
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0, preexec_fn=_dies_with_parent()
                )
        except OSError as error:
            raise StoreError(f"`tracker {' '.join(arguments)}` cannot be started: {error}") from error
        timed_out, stopped = self._watch(child, limit)
        return ChildEnd(child.returncode, _last_words(path, begin), timed_out, stopped)

    def _watch(self, child: subprocess.Popen[bytes], limit: timedelta) -> tuple[bool, bool]:
        """Waits for the child's end, or brings it about: (timed out, stopped)."""
        deadline = time.monotonic() + limit.total_seconds()
        try:
            while child.poll() is None:
                timed_out = time.monotonic() >= deadline
                if timed_out or self._stop.asked:
                    return timed_out, not timed_out
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


def _last_words(path: Path, begin: int) -> str:
    """The last line with something in it that was written from `begin` on."""
    try:
        with path.open("rb") as log:
            log.seek(max(begin, log.seek(0, os.SEEK_END) - TAIL_BYTES))
            lines = log.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return "".join(letter if letter.isprintable() else " " for letter in last.removeprefix("tracker: ")).strip()[:MAX_WORDS]
