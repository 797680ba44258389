"""What benchmarks share: a site process, processor time and memory of a whole process tree."""

from __future__ import annotations

import contextlib
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(slots=True)
class Usage:
    """Of a command and all its descendants: wall and processor seconds, peak of the summed PSS in MB."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0
    output: str = ""
    code: int = 0


@contextlib.contextmanager
def site(outlets: int, pages: int) -> Iterator[int]:
    """Serves the benchmark site in a process of its own; gives its port."""
    command = [sys.executable, "-m", "tests.benchmarks.site", str(outlets), str(pages)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def run(command: list[str], *, environment: dict[str, str] | None = None, sample_seconds: float = 0.25) -> Usage:
    """Runs a command to its end, watching its whole process tree."""
    import os

    usage = Usage()
    started, before = time.perf_counter(), _spent_by_children()
    # compiled modules are kept, as they are on any machine that runs this every night
    surroundings = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(environment or {})}
    process = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, usage, ended, sample_seconds))
    watcher.start()
    usage.output = process.communicate()[0]
    usage.seconds = time.perf_counter() - started
    ended.set()
    watcher.join()
    usage.code = process.returncode
    usage.cpu_seconds = _spent_by_children() - before
    return usage


def _spent_by_children() -> float:
    """Of all that have ended, and of their own children: the system counts to the end, a sample misses each process's last moments."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _watch(pid: int, usage: Usage, ended: threading.Event, sample_seconds: float) -> None:
    while not ended.wait(sample_seconds):
        total = 0.0
        with contextlib.suppress(psutil.Error):
            root = psutil.Process(pid)
            for process in [root, *root.children(recursive=True)]:
                with contextlib.suppress(psutil.Error):
                    total += process.memory_full_info().pss / 1e6
        usage.peak_mb = max(usage.peak_mb, total)
