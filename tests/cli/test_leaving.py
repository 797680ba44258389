"""The end of a command: what was asked for is done, then the process goes without taking its modules apart."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import atexit, sys, threading, time
import tracker.cli.main

def command_line():
    atexit.register(print, "registered", file=sys.stderr)
    threading.Thread(target=lambda: (time.sleep(0.3), print("thread", file=sys.stderr))).start()
    sys.stdout.write("x" * 7_000)
    {end}

sys.modules["tracker.cli.main"].main = command_line
from tracker.__main__ import main
main()
"""


def ended(end: str, **streams: object) -> subprocess.CompletedProcess[str]:
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    given = {"env": buffered, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    return subprocess.run([sys.executable, "-c", PROGRAM.format(end=end)], text=True, timeout=120, **given)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("code", [0, 1, 3])
def test_a_command_writes_all_it_has_and_ends_with_its_code(code: int) -> None:
    end = ended(f"raise SystemExit({code})")
    assert (end.returncode, len(end.stdout), end.stderr.split()) == (code, 7_000, ["thread", "registered"])


def test_what_nobody_expected_ends_with_its_traceback() -> None:
    end = ended("raise ZeroDivisionError")
    assert (end.returncode, len(end.stdout), end.stderr.split()[-3:]) == (1, 7_000, ["ZeroDivisionError", "thread", "registered"])


def test_output_that_cannot_be_written_is_no_success() -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        end = ended("raise SystemExit(0)", stdout=full)
    assert end.returncode == 120
