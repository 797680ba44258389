"""The parent's side of a crawl: starts the child, follows its progress, ends it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Protocol, Self

import msgspec

import tracker
from tracker.crawl.plan import LACKING, CrawlPlan, CrawlProgress
from tracker.errors import NO_ROOM, MachineLacks

LAST_WORDS = 4000
"""Bytes of standard error that are kept: a traceback of some forty lines."""
STOP_SECONDS = 20.0
"""How long a child that was asked to stop may take to store what it has."""

__all__ = ["Crawl", "CrawlPlan", "CrawlProgress", "run_crawl"]


class CrawlProcess(Protocol):
    """What a crawl uses of its process: a `subprocess.Popen` is one."""

    pid: int

    @property
    def stdin(self) -> IO[bytes] | None: ...
    @property
    def stdout(self) -> IO[bytes] | None: ...
    @property
    def stderr(self) -> IO[bytes] | None: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def kill(self) -> None: ...


class Crawl:
    """A crawl that is under way. Leaving the `with` block, or the death of this process, ends it."""

    def __init__(self, process: CrawlProcess, on_progress: Callable[[CrawlProgress], None] | None = None) -> None:
        self._process = process
        self._on_progress = on_progress
        self._progress = CrawlProgress()
        self._words = b""
        assert process.stdout is not None
        assert process.stderr is not None
        self._readers = [
            threading.Thread(target=self._follow, args=(process.stdout,), daemon=True),
            threading.Thread(target=self._listen, args=(process.stderr,), daemon=True),
        ]
        try:
            for reader in self._readers:
                reader.start()
        except RuntimeError:  # no room for a thread: nobody would hear what it says, and it would hold the run's lock
            process.kill()
            process.wait()
            self._close_pipes()
            raise

    @classmethod
    def of(cls, process: CrawlProcess, plan: CrawlPlan, on_progress: Callable[[CrawlProgress], None] | None = None) -> Self:
        """The crawl of a process that waits for its plan."""
        assert process.stdin is not None
        with contextlib.suppress(OSError):  # a child that died at once is seen by poll()
            process.stdin.write(msgspec.json.encode(plan) + b"\n")
            process.stdin.flush()
        return cls(process, on_progress)

    def __enter__(self) -> Crawl:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Of the crawl's process."""
        return self._process.pid

    def poll(self) -> int | None:
        """The exit code, or None while it runs: 0 done, 75 ended early (`progress().ended` says why), else it failed. Raises MachineLacks
        where it had to end for that."""
        code = self._process.poll()
        if code is not None:
            self._finish_reading()
            self._refuse_lacking(code)
        return code

    def progress(self) -> CrawlProgress:
        """The newest counts."""
        return self._progress

    def wait(self, timeout_seconds: float | None = None) -> int:
        """The exit code, once it has ended. Raises TimeoutError when that takes too long, and MachineLacks."""
        try:
            code = self._process.wait(timeout_seconds)
        except subprocess.TimeoutExpired as error:
            raise TimeoutError(f"the crawl still runs after {timeout_seconds:g} s") from error
        self._finish_reading()
        self._refuse_lacking(code)
        return code

    def _refuse_lacking(self, code: int) -> None:
        if code == LACKING:
            raise MachineLacks(self.last_line() or NO_ROOM)

    def stop(self) -> int:
        """Asks the child to store what it has and end; after a while ends it."""
        if self._process.poll() is None:
            with contextlib.suppress(OSError):
                assert self._process.stdin is not None
                self._process.stdin.write(b"stop\n")
                self._process.stdin.flush()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._finish_reading()
        code = self._process.poll()
        assert code is not None
        return code

    def last_words(self) -> str:
        """The end of what the child wrote to standard error: why it failed."""
        return self._words.decode("utf-8", "replace").strip()

    def last_line(self) -> str:
        """The last line of it, of a traceback the error: at most 300 characters. It may hold a secret of the settings."""
        return (self.last_words().splitlines() or [""])[-1].strip()[:300]

    def _follow(self, lines: IO[bytes]) -> None:
        for line in lines:
            try:
                self._progress = msgspec.json.decode(line, type=CrawlProgress)
            except msgspec.MsgspecError:
                continue
            if self._on_progress is not None:
                self._on_progress(self._progress)

    def _listen(self, words: IO[bytes]) -> None:
        while piece := os.read(words.fileno(), 4096):
            self._words = (self._words + piece)[-LAST_WORDS:]

    def _finish_reading(self) -> None:
        for reader in self._readers:
            reader.join(5)
        self._close_pipes()

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError, ValueError):
                    pipe.close()


def run_crawl(plan: CrawlPlan, *, on_progress: Callable[[CrawlProgress], None] | None = None) -> Crawl:
    """Starts a crawl in a process of its own. `on_progress` is called from another thread."""
    root = str(Path(tracker.__file__).resolve().parent.parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))}
    process = subprocess.Popen(  # our own interpreter and module
        [sys.executable, "-P", "-m", "tracker.crawl.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        pass_fds=() if plan.lock_fd is None else (plan.lock_fd,),
    )
    return Crawl.of(process, plan, on_progress)
