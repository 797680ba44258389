"""Lines answered by several processes at once, written in the order of the lines.

The processes are forked, so that what was read and compiled is there in each. One works at one chunk of lines at a time, over a pipe of
its own: a process that is killed takes nothing with it that another one waits for. Its chunk is answered by the caller.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Collection, Sequence
from types import TracebackType
from typing import IO, TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

CHUNK_BYTES = 128 * 1024
"""Given to a process at once: 8 ms of matching, beside which 0.2 ms to hand it over and to take the answers is little."""
MOST_WORKERS = 16
"""Each has memory of its own, and one process reads the input for all."""
MOST_HELD_BYTES = 32 * 1024 * 1024
"""Lines under way and answers that wait for an earlier one; beyond that no more is read."""
MOST_HELD_CHUNKS = 64
"""The same for chunks of few bytes, a process."""
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Answered = Callable[[int, bytes], bytes]
"""The answer, ended as a line or empty, to a line and its number."""


class _Chunk(Struct, frozen=True):
    """Lines that follow each other; `place` counts chunks, `first` lines."""

    place: int
    first: int
    lines: Sequence[bytes]

    def packed(self) -> bytes:
        return b"\n".join((b"%d" % self.first, *self.lines))

    def size(self) -> int:
        return sum(map(len, self.lines))


class _Worker(Struct):
    process: ForkProcess
    pipe: Connection
    chunk: _Chunk | None = None


class LineWorkers:
    """Answers lines in processes of its own, once they are begun and while one is alive. A context manager: none of them outlives it, also
    where this process is ended by a signal."""

    def __init__(self, source: int, out: IO[bytes], answered: Answered, lines_at_once: int) -> None:
        self._source, self._out, self._answered, self._lines_at_once = source, out, answered, lines_at_once
        self._workers: list[_Worker] = []
        self._gathered: list[bytes] = []
        self._gathered_bytes = self._first = 0
        self._given = self._written = 0
        self._early: dict[int, bytes] = {}

    def __enter__(self) -> LineWorkers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for worker in self._workers:
            if kind is not None:
                worker.process.kill()
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join()

    @property
    def alive(self) -> bool:
        """Whether lines are to be given to `take`. When the last process is lost all lines that it had been given are answered."""
        return bool(self._workers)

    def begin(self) -> None:
        """Begins a process for each core. Begins none where that is no gain or not safe: on one core, with other threads, on systems
        whose libraries are not made for forks, without room for more processes."""
        cores = min(usable_cores(), MOST_WORKERS)
        if cores < 2 or sys.platform != "linux" or threading.active_count() > 1:
            return
        self._out.flush()
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            with contextlib.suppress(OSError):
                while len(self._workers) < cores:
                    self._workers.append(self._fork(mask))
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def take(self, number: int, line: bytes) -> None:
        """Takes the next line; waits while every process has enough to do."""
        if not self._gathered:
            self._first = number
        self._gathered.append(line)
        self._gathered_bytes += len(line)
        if self._gathered_bytes >= CHUNK_BYTES or len(self._gathered) >= self._lines_at_once:
            self._give()

    def wait_for_input(self) -> None:
        """Until there is something to read. Lines that do not fill a chunk are not kept waiting for it."""
        from multiprocessing.connection import wait

        while self._workers:
            may_give = bool(self._gathered) and self._may_give()
            busy = [worker.pipe for worker in self._workers if worker.chunk]
            ready = wait([self._source, *busy], timeout=0 if may_give else None)
            self._collect(ready)
            if self._source in ready:
                return
            if not ready:
                self._give()

    def finish(self) -> None:
        """Until every line is answered."""
        if self._gathered:
            self._give()
        while any(worker.chunk for worker in self._workers):
            self._wait()

    def _may_give(self) -> bool:
        if all(worker.chunk for worker in self._workers):
            return False
        held = sum(worker.chunk.size() for worker in self._workers if worker.chunk) + sum(map(len, self._early.values()))
        return held < MOST_HELD_BYTES and self._given - self._written < MOST_HELD_CHUNKS * len(self._workers)

    def _give(self) -> None:
        """Gives the lines that were gathered to a process, when one is free and not too much is held; answers them where none is left."""
        chunk = _Chunk(self._given, self._first, self._gathered)
        self._given, self._gathered, self._gathered_bytes = self._given + 1, [], 0
        while self._workers:
            if not self._may_give():
                self._wait()
                continue
            free = next(worker for worker in self._workers if worker.chunk is None)
            try:
                free.pipe.send_bytes(chunk.packed())
            except OSError:
                self._lose(free)
            else:
                free.chunk = chunk
                return
        self._write(chunk, self._answer(chunk))

    def _wait(self) -> None:
        from multiprocessing.connection import wait

        self._collect(wait([worker.pipe for worker in self._workers if worker.chunk]))

    def _collect(self, ready: Collection[object]) -> None:
        for worker in [one for one in self._workers if one.chunk and one.pipe in ready]:
            chunk = worker.chunk
            assert chunk is not None
            try:
                answers = worker.pipe.recv_bytes()
            except (EOFError, OSError):
                self._lose(worker)
                answers = self._answer(chunk)
            worker.chunk = None
            self._write(chunk, answers)

    def _lose(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.kill()
        worker.process.join()

    def _answer(self, chunk: _Chunk) -> bytes:
        return b"".join(self._answered(number, line) for number, line in enumerate(chunk.lines, chunk.first))

    def _write(self, chunk: _Chunk, answers: bytes) -> None:
        """Writes what is next, and keeps what is not."""
        self._early[chunk.place] = answers
        if chunk.place == self._written:
            while self._written in self._early:
                self._out.write(self._early.pop(self._written))
                self._written += 1
            self._out.flush()

    def _fork(self, mask: Collection[int]) -> _Worker:
        from multiprocessing import get_context

        context = get_context("fork")
        ours, theirs = context.Pipe()
        others = [worker.pipe for worker in self._workers]
        process = context.Process(target=_work, args=(theirs, [ours, *others], mask, self._answered), daemon=True)
        try:
            process.start()
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        return _Worker(process, ours)


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _work(pipe: Connection, others: Sequence[Connection], mask: Collection[int], answered: Answered) -> None:
    """In the new process: answers chunks until the pipe is closed. The end that a terminal asks for (SIGINT) comes from the process that
    reads the lines. It ends without coming back and without a word: what it could not answer is answered there."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for other in others:  # else nobody would see that the process that reads the lines is gone
            other.close()
        for stream in (0, 1):  # neither who writes the lines nor who reads the answers waits for this process
            os.dup2(os.open(os.devnull, os.O_RDWR), stream)
        gc.freeze()
        while True:
            first, *lines = pipe.recv_bytes().split(b"\n")
            pipe.send_bytes(b"".join(answered(number, line) for number, line in enumerate(lines, int(first))))
    finally:
        os._exit(0)
