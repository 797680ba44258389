"""JSON Lines in, one answer a line out, in the same order and with the same id; a bad line is answered with `error`."""

from __future__ import annotations

import select
import time
import zlib
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from typing import IO, Any

import msgspec

from tracker.pipeline.line_workers import LineWorkers

MAX_LINE_BYTES = 256 * 1024 * 1024
"""Thirty times the largest page that is fetched (fetch.max_bytes), as JSON escapes it."""
READ_BYTES = 64 * 1024
"""Asked for at once, what a pipe holds."""
SHOWN_AFTER_SECONDS = 0.1
"""Answers that took longer are shown while others are worked out: each at once would be a third of the time of matching."""
SHARED_AFTER_SECONDS = 0.1
"""Of answering without a pause in the input, before other processes are begun for what follows: they cost a fifth of that."""
MANY = 10_000
"""Lines that take little time; their bytes say how many are given to a process at once."""

Item = tuple[Any, dict[str, Any], str | None]
"""The id, the object and what is wrong with the line."""
Answer = Callable[[dict[str, Any]], dict[str, Any]]


def items_of(lines: IO[bytes]) -> Iterator[Item]:
    """The items of all lines that are not blank."""
    for number, line in enumerate(_lines_of(lines, lambda: None), 1):
        item = _item(number, line)
        if item is not None:
            yield item


def answer_lines(lines: IO[bytes], out: IO[bytes], answer: Answer, *, lines_at_once: int = MANY) -> None:
    """Writes an answer for each line that is not blank; one for which `answer` raises is answered with an error. Answers are shown when
    the input runs out, and at least every SHOWN_AFTER_SECONDS. A long input is shared with other processes, `lines_at_once` to one."""

    def answered(number: int, line: bytes) -> bytes:
        item = _item(number, line)
        if item is None:
            return b""
        identity, given, error = item
        return _answered(identity, given, answer) if error is None else encoded({"id": identity, "error": error})

    source = _descriptor(lines)
    with LineWorkers(-1 if source is None else source, out, answered, lines_at_once) as workers:
        _answer_all(lines, source, out, answered, workers)


def _answer_all(
    lines: IO[bytes], source: int | None, out: IO[bytes], answered: Callable[[int, bytes], bytes], workers: LineWorkers
) -> None:
    flushed, since, may_share = time.monotonic(), None, source is not None

    def before_reading() -> None:
        nonlocal since
        if workers.alive:
            workers.wait_for_input()
        else:
            out.flush()
            if not _stands(source):
                since = None

    for number, line in enumerate(_lines_of(lines, before_reading), 1):
        if may_share and since is not None and time.monotonic() - since > SHARED_AFTER_SECONDS and line.strip():
            may_share = False
            workers.begin()
        if workers.alive:
            workers.take(number, line)
            continue
        out.write(answered(number, line))
        now = time.monotonic()
        since = now if since is None else since
        if now - flushed > SHOWN_AFTER_SECONDS:
            out.flush()
            flushed = now
    workers.finish()
    out.flush()


def _descriptor(lines: IO[bytes]) -> int | None:
    """Of the file or pipe behind a stream; None where there is none."""
    try:
        return lines.fileno()
    except (OSError, AttributeError):
        return None


def _stands(source: int | None) -> bool:
    """Whether something can be read at once, or the input has ended."""
    if source is None:
        return False
    poll = select.poll()
    poll.register(source, select.POLLIN)
    return bool(poll.poll(0))


def _lines_of(lines: IO[bytes], before_reading: Callable[[], None]) -> Iterator[bytes]:
    """The lines that were given, without their ends; one of more than MAX_LINE_BYTES in pieces. `before_reading` is called before more is
    waited for: who gives one line and waits for its answer gets it."""
    parts: list[bytes] = []
    while True:
        before_reading()
        given = lines.read1(READ_BYTES)  # type: ignore[attr-defined]  # of every binary stream that is buffered
        *whole, rest = given.split(b"\n")
        if whole:
            yield b"".join((*parts, whole[0]))
            yield from whole[1:]
            parts = []
        parts.append(rest)
        if not given or sum(map(len, parts)) > MAX_LINE_BYTES:
            yield b"".join(parts)
            parts = []
        if not given:
            return


def _item(number: int, line: bytes) -> Item | None:
    """None for a blank line."""
    if number == 1:
        line = line.removeprefix(BOM_UTF8)
    if not line.strip():
        return None
    try:
        item = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return None, {}, f"line {number} is no JSON: {error}"
    if not isinstance(item, dict):
        return None, {}, f"line {number} must be a JSON object"
    if "id" not in item:
        return None, item, f"line {number} has no id"
    return item["id"], item, None


def _answered(identity: Any, item: dict[str, Any], answer: Answer) -> bytes:
    try:
        return encoded({"id": identity, **answer(item)})
    except (ValueError, OSError, EOFError, zlib.error) as wrong:
        error = str(wrong)
    except Exception as fault:  # noqa: BLE001 - the one broad catch around an item: a bug in a parser costs one line
        error = f"{type(fault).__name__}: {fault}"[:300]
    return encoded({"id": identity, "error": error})


def encoded(row: dict[str, Any]) -> bytes:
    """The row as a line of JSON."""
    return msgspec.json.encode(row) + b"\n"
