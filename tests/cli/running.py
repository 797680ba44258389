"""The command line as a person meets it: exit code and both streams, without the cost of a process."""

from __future__ import annotations

import contextlib
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from tracker.cli.main import main


@dataclass(frozen=True, slots=True)
class Outcome:
    code: int
    out: str
    err: str
    raw: bytes = b""


def run(*arguments: str | Path) -> Outcome:
    """`tracker ARGUMENTS`, through the function that the console script calls."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    command = ["tracker", *map(str, arguments)]
    with mock.patch.object(sys, "argv", command), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    for stream in (out, err):
        stream.flush()
    raw, said = out.buffer.getvalue(), err.buffer.getvalue()  # type: ignore[attr-defined]
    assert isinstance(code, int)
    return Outcome(code, raw.decode("utf-8", "replace"), said.decode("utf-8", "replace"), raw)
