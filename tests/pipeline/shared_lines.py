"""Programs in which lines are shared with other processes at once, on a machine of three cores. In processes of their own: nothing is
forked where tests have threads."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any
from unittest import mock

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.pipeline import json_lines, line_workers
from tracker.pipeline.line_workers import LineWorkers

CORES = 3
MAIN = os.getpid()
begun: list[int] = []
"""How many processes each run had."""


def share_at_once(*, cores: int = CORES, chunk_bytes: int = line_workers.CHUNK_BYTES) -> None:
    """Every line after the first is shared."""
    json_lines.SHARED_AFTER_SECONDS = -1.0
    json_lines._stands = lambda _: True
    line_workers.CHUNK_BYTES = chunk_bytes
    line_workers.usable_cores = lambda: cores
    usual = LineWorkers.begin

    def begin(self: LineWorkers) -> None:
        usual(self)
        begun.append(len(self._workers))

    LineWorkers.begin = begin  # type: ignore[method-assign]


def answers(
    given: bytes, answer: Callable[[dict[str, Any]], dict[str, Any]], lines_at_once: int = 2, out: IO[bytes] | None = None
) -> bytes:
    """What is answered to a file of these bytes."""
    written = out or io.BytesIO()
    with tempfile.TemporaryFile() as file:
        file.write(given)
        file.seek(0)
        with os.fdopen(os.dup(file.fileno()), "rb") as lines:
            json_lines.answer_lines(lines, written, answer, lines_at_once=lines_at_once)
    return written.getvalue() if isinstance(written, io.BytesIO) else b""


def alone(given: bytes, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> bytes:
    """The same without other processes."""
    out = io.BytesIO()
    json_lines.answer_lines(io.BytesIO(given), out, answer)
    return out.getvalue()


def numbered(count: int) -> bytes:
    return b"".join(b'{"id": %d, "text": "%s"}\n' % (number, b"x" * (number % 50)) for number in range(count))


def length(item: dict[str, Any]) -> dict[str, Any]:
    """An answer, an error that was expected, or a fault, by what the item says."""
    if item["id"] == "wrong":
        raise ValueError("this is wrong")
    return {"length": len(item["text"])}


def children() -> list[str]:
    return Path(f"/proc/{MAIN}/task/{MAIN}/children").read_text("ascii").split()


LINES = [b'{"id": 1, "text": "\xc3\xab"}', b'{"id": "wrong"}', b'{"id": 2}', b"", b" \t\r", b"nonsense", b"[]", b"{}", b"\xff\xfe\x00"]
LINES += [b"\xef\xbb\xbf{}", b'{"id": null, "text": ""}\r', b"[" * 3000, b'{"id": {"a": [1]}, "text": "' + b"y" * 300 + b'"}', b"0", b"\0"]


def any_lines_are_answered_as_by_one_process() -> None:
    share_at_once(chunk_bytes=200)

    @given(st.lists(st.sampled_from(LINES), max_size=40), st.integers(1, 5), st.booleans())
    @example([LINES[0]] * 300, 1, True)
    @settings(max_examples=60, deadline=None, database=None)
    def check(lines: list[bytes], at_once: int, ended: bool) -> None:
        given = b"\n".join(lines) + b"\n" * ended
        assert answers(given, length, at_once) == alone(given, length)

    check()
    assert CORES in begun
    assert children() == []


def lines_in_pieces_are_numbered_as_by_one_process() -> None:
    share_at_once()
    json_lines.MAX_LINE_BYTES = 150_000
    given = b"{}\n{}\n" + b"x" * 400_000 + b'\nnonsense\n{"id": 1, "text": ""}\n'
    assert answers(given, length) == alone(given, length)
    assert begun == [CORES]


def lost(dying: Callable[[int], bool], how: Callable[[], object]) -> None:
    """Processes that die over a line are no lost line."""

    def answer(item: dict[str, Any]) -> dict[str, Any]:
        if os.getpid() != MAIN and dying(item["id"]):
            how()
        return length(item)

    share_at_once()
    given = numbered(200)
    assert answers(given, answer) == alone(given, length)
    assert begun == [CORES]
    assert children() == []


def a_process_that_is_killed_loses_no_line() -> None:
    lost(lambda number: number == 50, lambda: os.kill(os.getpid(), signal.SIGKILL))


def processes_that_are_all_killed_lose_no_line() -> None:
    lost(lambda number: number % 7 == 5, lambda: os.kill(os.getpid(), signal.SIGKILL))


def a_process_that_breaks_off_its_answer_loses_no_line() -> None:
    """As one does that is killed while it writes: a part of the answers is there."""

    def break_off() -> None:
        for descriptor in Path("/proc/self/fd").iterdir():
            with contextlib.suppress(OSError):
                if descriptor.readlink().name.startswith("socket:"):
                    os.write(int(descriptor.name), b"\0\0\1\0half")
        os._exit(9)

    lost(lambda number: number == 50, break_off)


def a_process_without_memory_loses_no_line() -> None:
    """Where an item is not answered with the error, as `answer` does."""
    share_at_once()
    usual = json_lines._item

    def item(number: int, line: bytes) -> Any:
        if os.getpid() != MAIN and number == 60:
            raise MemoryError
        return usual(number, line)

    with mock.patch.object(json_lines, "_item", item):
        assert answers(numbered(200), length) == alone(numbered(200), length)
    assert begun == [CORES]


def _person(given: list[bytes], to_us: int, from_us: int) -> None:
    """Gives a line and waits for its answer; kills one of the processes after ten, and all after twenty."""
    with os.fdopen(from_us, "rb") as answered:
        for number, line in enumerate(given):
            os.write(to_us, line)
            answered.readline()
            others = [int(pid) for pid in children() if int(pid) != os.getpid()]
            for pid in others[: {10: 1, 20: CORES}.get(number, 0)]:
                os.kill(pid, signal.SIGKILL)
    os._exit(0)


def processes_that_die_while_they_wait_lose_no_line() -> None:
    share_at_once()
    given = numbered(40).splitlines(keepends=True)
    (reader, to_us), (from_us, shown) = os.pipe(), os.pipe()
    if (person := os.fork()) == 0:
        os.close(reader)
        os.close(shown)
        _person(given, to_us, from_us)
    os.close(to_us)
    os.close(from_us)
    with os.fdopen(reader, "rb") as lines, os.fdopen(shown, "wb") as out:
        json_lines.answer_lines(lines, out, length)
    assert os.waitstatus_to_exitcode(os.waitpid(person, 0)[1]) == 0
    assert begun == [CORES]
    assert children() == []


def a_slow_line_makes_only_so_much_wait_for_it(longest: int, answer_bytes: int) -> None:
    """`longest`: lines that were read beyond those whose answers were written."""
    share_at_once(chunk_bytes=20_000)
    written, ahead = [0], [0]

    def answer(item: dict[str, Any]) -> dict[str, Any]:
        if item["id"] == 1:
            time.sleep(1.0)
        return {"text": "x" * answer_bytes}

    class Out(io.BytesIO):
        def write(self, data: Any) -> int:
            written[0] += bytes(data).count(b"\n")
            return len(data)

    usual = LineWorkers.take

    def take(self: LineWorkers, number: int, line: bytes) -> None:
        ahead[0] = max(ahead[0], number - written[0])
        usual(self, number, line)

    with mock.patch.object(LineWorkers, "take", take):
        answers(numbered(3000), answer, out=Out())
    assert begun == [CORES]
    assert written == [3000]
    assert ahead[0] <= longest, ahead


def many_small_answers_wait_for_a_slow_line() -> None:
    a_slow_line_makes_only_so_much_wait_for_it(longest=2 * (CORES * line_workers.MOST_HELD_CHUNKS + 2), answer_bytes=1)


def few_large_answers_wait_for_a_slow_line() -> None:
    line_workers.MOST_HELD_BYTES = 1_000_000
    a_slow_line_makes_only_so_much_wait_for_it(longest=2 * (1_000_000 // 200_000 + CORES + 2), answer_bytes=100_000)


def nothing_is_shared_on_one_core() -> None:
    share_at_once(cores=1)
    assert answers(numbered(200), length) == alone(numbered(200), length)
    assert begun == [0]


def nothing_is_forked_beside_a_thread() -> None:
    share_at_once()
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        assert answers(numbered(200), length) == alone(numbered(200), length)
    finally:
        end.set()
        thread.join()
    assert begun == [0]


def where_no_process_can_be_begun_one_answers_all(possible: int = 0) -> None:
    share_at_once()
    usual, forks = os.fork, [0]

    def fork() -> int:
        forks[0] += 1
        if forks[0] > possible:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return usual()

    with mock.patch.object(os, "fork", fork):
        assert answers(numbered(200), length) == alone(numbered(200), length)
    assert begun == [possible]


def where_few_processes_can_be_begun_they_are_used() -> None:
    where_no_process_can_be_begun_one_answers_all(1)


def the_command(folder: str) -> None:
    """`tracker ...`; the numbers of its processes are noted in the folder. A line with the word "endless" keeps a process busy for ever."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # who started the tests may have both ignored
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    share_at_once(cores=int(os.environ.get("CORES", CORES)), chunk_bytes=300)
    noting = LineWorkers.begin

    def begin(self: LineWorkers) -> None:
        noting(self)
        Path(folder, "processes").write_text(json.dumps([one.process.pid for one in self._workers]), "ascii")

    usual = json_lines._item

    def item(number: int, line: bytes) -> Any:
        if b"endless" in line and os.getpid() != MAIN:
            Path(folder, f"busy-{os.getpid()}").touch()
            threading.Event().wait()
        return usual(number, line)

    LineWorkers.begin = begin  # type: ignore[method-assign]
    json_lines._item = item
    from tracker.cli.main import main

    sys.argv = ["tracker", *sys.argv[3:]]
    main()


if __name__ == "__main__":
    if sys.argv[1] == "the_command":
        the_command(sys.argv[2])
    else:
        globals()[sys.argv[1]]()
