"""A crawl's process begun early, by a fork of the command that wants it: what both import is there already, and the rest is imported while
the command still looks at its register.

Only a command with one thread is forked, before it opens the database, and on Linux alone, where libraries are made for it. All others
begin the crawl's process as `tracker.crawl.parent` does.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from multiprocessing import popen_fork

from tracker.crawl.parent import Crawl, CrawlPlan, run_crawl

BeginCrawl = Callable[[CrawlPlan], Crawl]
PATIENCE_SECONDS = 5.0
"""For a process that is not needed after all: it ends when it has done its imports."""


@contextlib.contextmanager
def crawl_begun_early(*, wanted: bool) -> Iterator[BeginCrawl]:
    """Gives what begins a crawl, as `run_crawl` does. `wanted`: whether one will be begun at all. Its descriptors, the run lock's among
    them, are those that are open now."""
    if not wanted or sys.platform != "linux" or threading.active_count() > 1:
        yield run_crawl
        return
    waiting: list[ForkedCrawl] = [ForkedCrawl()]

    def begin(plan: CrawlPlan) -> Crawl:
        return Crawl.of(waiting.pop(), plan) if waiting else run_crawl(plan)

    try:
        yield begin
    finally:
        for process in waiting:
            process.dismiss()


class Forked:
    """What `Crawl` uses of a `subprocess.Popen`, of a process that multiprocessing has begun with three pipes of ours. `begin` is given
    the process's ends of them: what it reads, what it writes, its errors."""

    def __init__(self, begin: Callable[[tuple[int, int, int], tuple[int, int, int]], popen_fork.Popen]) -> None:
        (taken, given), (heard, told), (listened, said) = os.pipe(), os.pipe(), os.pipe()
        self._popen = begin((taken, told, said), (given, heard, listened))
        for descriptor in (taken, told, said):
            os.close(descriptor)
        self.stdin, self.stdout, self.stderr = os.fdopen(given, "wb"), os.fdopen(heard, "rb"), os.fdopen(listened, "rb")
        self.pid: int = self._popen.pid

    @property
    def returncode(self) -> int | None:
        """As of a Popen."""
        code: int | None = self._popen.returncode
        return code

    def poll(self) -> int | None:
        """As of a Popen."""
        code: int | None = self._popen.poll()
        return code

    def wait(self, timeout: float | None = None) -> int:
        """As of a Popen."""
        code: int | None = self._popen.wait(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("crawl", timeout or 0.0)
        return code

    def kill(self) -> None:
        """As of a Popen."""
        self._popen.kill()


class ForkedCrawl(Forked):
    """A crawl's process that waits for its plan."""

    def __init__(self) -> None:
        super().__init__(_fork)

    def dismiss(self) -> None:
        """Ends a process that was given no plan."""
        for pipe in (self.stdin, self.stdout, self.stderr):
            pipe.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(PATIENCE_SECONDS)
            return
        self.kill()
        self.wait()


def _fork(streams: tuple[int, int, int], others: tuple[int, int, int]) -> popen_fork.Popen:
    return popen_fork.Popen(multiprocessing.get_context("fork").Process(target=_crawl, args=(streams, others), daemon=True))


def _crawl(streams: tuple[int, ...], others: tuple[int, ...]) -> None:
    """In the new process: as a program begun with these streams. It ends without coming back, so that nothing of the command's is closed
    a second time."""
    for descriptor in others:
        os.close(descriptor)
    for wanted, descriptor in enumerate(streams):
        os.dup2(descriptor, wanted)
        os.close(descriptor)
    gc.freeze()
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # `nohup` is for the crawl too
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    logging.getLogger().handlers.clear()
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", buffering=1, closefd=False)
    code = 1
    try:
        from tracker.crawl import child

        code = child.run()
    except BaseException:  # noqa: BLE001  # as Python does at the end of a program
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)
