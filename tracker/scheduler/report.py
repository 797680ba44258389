"""How a command tells the scheduler its end: one JSON object on an inherited pipe, whose descriptor is in TRACKER_REPORT_FD.

A command that dies writes nothing, whatever its exit code is. So an end without a report is a failure.
"""

from __future__ import annotations

import os
import stat
from collections.abc import MutableMapping
from contextlib import suppress
from enum import StrEnum
from typing import Annotated

import msgspec

REPORT_FD = "TRACKER_REPORT_FD"
LARGEST_DETAIL = 1000
"""Characters: some ten lines of a terminal; the longest error of ours with two paths has half of that."""
LARGEST_REPORT_BYTES = 8192
"""Six bytes for each character of the longest detail (an escaped control character), and the rest of the object. Well under the 16 KiB
that a new pipe holds on any system, so the writer never waits for a reader."""
FIRST_FREE_FD = 3
"""Below are standard input, output and error."""


class CommandOutcome(StrEnum):
    """How a command ended, by its own report."""

    DONE = "done"
    NEEDS_PERSON = "needs_person"  # done, with something to look at
    BUSY = "busy"  # another run was at work: nothing was done, no failure
    FAILED = "failed"


EXIT_CODES = {
    CommandOutcome.DONE: frozenset({0}),
    CommandOutcome.NEEDS_PERSON: frozenset({1}),
    CommandOutcome.BUSY: frozenset({3}),
    CommandOutcome.FAILED: frozenset({2, 3}),
}
"""The exit codes of `tracker --help`."""


class CommandReport(msgspec.Struct, frozen=True):
    """The end of a command. `detail` is its one-line error, empty when there is none. Fields of later versions are ignored: a scheduler
    may be older than the commands it starts."""

    outcome: CommandOutcome
    exit_code: int
    detail: Annotated[str, msgspec.Meta(max_length=LARGEST_DETAIL)] = ""


class BadReport(ValueError):
    """The bytes are no report, or its fields contradict one another. The text says why."""


def decode_report(raw: bytes) -> CommandReport:
    """The report in these bytes. Raises BadReport: empty, cut off, too large, more than one object, or contradictory."""
    if not raw.strip():
        raise BadReport("ended without a report")
    if len(raw) > LARGEST_REPORT_BYTES:
        raise BadReport(f"reported more than {LARGEST_REPORT_BYTES} bytes")
    try:
        report = msgspec.json.decode(raw, type=CommandReport)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadReport(f"gave no readable report ({error})") from error
    if report.exit_code not in EXIT_CODES[report.outcome]:
        raise BadReport(f"reported {str(report.outcome)!r} with exit code {report.exit_code}")
    return report


def encode_report(report: CommandReport) -> bytes:
    """One line of JSON, never larger than LARGEST_REPORT_BYTES. Lone surrogates (a file name that is no UTF-8) become question marks."""
    detail = report.detail[:LARGEST_DETAIL].encode("utf-8", "replace").decode()
    return msgspec.json.encode(msgspec.structs.replace(report, detail=detail)) + b"\n"


class Reporter:
    """Writes one report, if this process was started by a scheduler."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor

    @classmethod
    def claim(cls, environ: MutableMapping[str, str]) -> Reporter:
        """The reporter of this process. Processes that it starts get neither the variable nor the descriptor.

        A variable that names no pipe is ignored; the command then runs as if a person had typed it.
        """
        given = environ.pop(REPORT_FD, "")
        if not (given.isascii() and given.isdecimal() and len(given) < 10) or int(given) < FIRST_FREE_FD:
            return cls(None)
        descriptor = int(given)
        try:
            if not stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                return cls(None)
            os.set_inheritable(descriptor, False)
        except OSError:
            return cls(None)
        return cls(descriptor)

    def write(self, report: CommandReport) -> None:
        """Writes the report and closes the pipe; a scheduler that is gone needs none. Later calls do nothing."""
        if self._descriptor is None:
            return
        with suppress(OSError), os.fdopen(self._descriptor, "wb") as pipe:
            pipe.write(encode_report(report))
        self._descriptor = None
