"""Long input of the `try` commands is shared with other processes: same answers, same order, and nobody left behind."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.pipeline import shared_lines
from tests.pipeline.test_dry_runs import CAMPAIGN, FEED, PAGE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")
PROGRAM = [sys.executable, "-m", "tests.pipeline.shared_lines"]
CASES = [
    shared_lines.any_lines_are_answered_as_by_one_process,
    shared_lines.lines_in_pieces_are_numbered_as_by_one_process,
    shared_lines.a_process_that_is_killed_loses_no_line,
    shared_lines.processes_that_are_all_killed_lose_no_line,
    shared_lines.a_process_that_breaks_off_its_answer_loses_no_line,
    shared_lines.a_process_without_memory_loses_no_line,
    shared_lines.processes_that_die_while_they_wait_lose_no_line,
    shared_lines.many_small_answers_wait_for_a_slow_line,
    shared_lines.few_large_answers_wait_for_a_slow_line,
    shared_lines.nothing_is_shared_on_one_core,
    shared_lines.nothing_is_forked_beside_a_thread,
    shared_lines.where_no_process_can_be_begun_one_answers_all,
    shared_lines.where_few_processes_can_be_begun_they_are_used,
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_sharing(case: object) -> None:
    ended = subprocess.run([*PROGRAM, getattr(case, "__name__", "")], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stderr, ended.stdout) == (0, "", "")


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    path = tmp_path / "rivers.toml"
    path.write_text(CAMPAIGN, "utf-8")
    return path


def texts(count: int) -> bytes:
    return b"".join(
        json.dumps({"id": number, "text": f"Lumi {number} doli. " * (number % 9), "language": "sq"}).encode() + b"\n"
        for number in range(count)
    )


@pytest.mark.parametrize("command", ["match", "extract", "feed"])
def test_a_command_answers_with_the_same_bytes(tmp_path: Path, campaign: Path, command: str) -> None:
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(PAGE.format("Lumi doli nga shtrati").encode()))
    (tmp_path / "feed.xml").write_text(FEED, "utf-8")
    rows = [
        {"id": 1, "text": "Lumi pas vërshimit", "url": "https://a.example/1", "path": "page.html.gz"},
        {"id": "ë", "title": "lumit", "text": "", "url": "https://a.example/2", "path": "feed.xml"},
        {"id": None, "path": "none", "url": 5},
        {"id": 2, "url": "https://a.example/3", "html": PAGE.format("🌊")},
    ]
    given = b"\n".join([*(json.dumps(row).encode() for row in rows), b"", b"{", b"\xff", b"[]"] * 12)
    words = ["try", command, *(["--campaign", str(campaign)] if command == "match" else [])]

    def answered(cores: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*PROGRAM, "the_command", str(tmp_path), *words],
            input=given,
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "CORES": cores},
            timeout=120,
            check=False,
        )

    alone, shared = answered("1"), answered("3")
    assert len(json.loads((tmp_path / "processes").read_text("ascii"))) == 3
    assert (alone.returncode, alone.stderr) == (shared.returncode, shared.stderr) == (0, b"")
    assert alone.stdout == shared.stdout
    assert alone.stdout.count(b"\n") == 7 * 12


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


PATIENCE_SECONDS = 300
"""After which a command that does not end is ended: its test fails, and those behind it are done."""


@contextmanager
def at_work(folder: Path, campaign: Path) -> Iterator[tuple[subprocess.Popen[bytes], list[int]]]:
    """The command amid its input, in a process group of its own, with the numbers of its processes."""
    command = [*PROGRAM, "the_command", str(folder), "try", "match", "--campaign", str(campaign)]
    with subprocess.Popen(
        command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, start_new_session=True
    ) as process:
        assert process.stdin
        assert process.stdout
        patience = threading.Timer(PATIENCE_SECONDS, os.killpg, (process.pid, signal.SIGKILL))
        patience.start()
        try:
            process.stdin.write(texts(30))
            for _ in range(30):
                assert process.stdout.readline()
            yield process, json.loads((folder / "processes").read_text("ascii"))
        finally:
            patience.cancel()
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def ended_with(process: subprocess.Popen[bytes], others: list[int]) -> tuple[int, bytes]:
    """How it ended, and what it said, when none of its processes is left."""
    assert process.stderr
    said = process.stderr.read()  # until all that could write to it are gone
    code = process.wait(60)
    until = time.monotonic() + 60
    while any(map(lives, others)) and time.monotonic() < until:
        time.sleep(0.01)
    assert not any(map(lives, others))
    return code, said


@pytest.mark.parametrize("to_all", [False, True], ids=["the command", "its group"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_ends_all(tmp_path: Path, campaign: Path, number: signal.Signals, to_all: bool) -> None:
    with at_work(tmp_path, campaign) as (process, others):
        assert len(others) == 3
        (os.killpg if to_all else os.kill)(process.pid, number)
        code, said = ended_with(process, others)
    interrupted = (3, b"tracker: interrupted; run the same command again to go on")
    assert (code, said.strip()) == ((-number, b"") if number == signal.SIGKILL else interrupted)


def keep_busy(process: subprocess.Popen[bytes], others: list[int], folder: Path) -> None:
    """Gives each of its processes a line that is never answered."""
    assert process.stdin
    process.stdin.write(b'{"id": 1, "text": "endless"}\n' * 60)
    while not all((folder / f"busy-{other}").exists() for other in others):
        time.sleep(0.01)


def test_nobody_waits_for_processes_of_a_command_that_was_killed(tmp_path: Path, campaign: Path) -> None:
    with at_work(tmp_path, campaign) as (process, others):
        keep_busy(process, others, tmp_path)
        process.kill()
        assert process.stdin
        assert process.stdout
        assert process.stdout.read() == b""
        process.wait(60)  # its output may be closed before its input
        with pytest.raises(BrokenPipeError):
            process.stdin.write(b"{}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_processes_that_are_busy_for_long(tmp_path: Path, campaign: Path, number: signal.Signals) -> None:
    with at_work(tmp_path, campaign) as (process, others):
        keep_busy(process, others, tmp_path)
        os.kill(process.pid, number)
        code, _ = ended_with(process, others)
    assert code == 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_nobody_reads_the_answers_ends_all(tmp_path: Path, campaign: Path, number: signal.Signals) -> None:
    with at_work(tmp_path, campaign) as (process, others):
        assert process.stdin
        os.set_blocking(process.stdin.fileno(), False)
        given, taken = texts(1000) * 1000, 0
        idle_since = time.monotonic()
        while time.monotonic() - idle_since < 0.3:  # until no more is taken: the pipes are full
            try:
                taken += (step := os.write(process.stdin.fileno(), given[taken % len(given) :][: 64 * 1024]))
                idle_since = time.monotonic() if step else idle_since
            except BlockingIOError:
                time.sleep(0.01)
        assert taken < shared_lines.line_workers.MOST_HELD_BYTES
        os.kill(process.pid, number)
        code, said = ended_with(process, others)
    assert code == 3
    assert b"Traceback" not in said


def test_a_reader_that_goes_away_ends_all_without_a_word(tmp_path: Path, campaign: Path) -> None:
    with at_work(tmp_path, campaign) as (process, others):
        assert process.stdin
        assert process.stdout
        process.stdout.close()
        with suppress(BrokenPipeError):
            while True:
                process.stdin.write(texts(100))
        assert ended_with(process, others) == (0, b"")


def test_who_gives_one_line_and_waits_gets_its_answer_to_the_end(tmp_path: Path, campaign: Path) -> None:
    with at_work(tmp_path, campaign) as (process, others):
        assert process.stdin
        assert process.stdout
        for other in others:  # as it ends nothing there
            os.kill(other, signal.SIGINT)
        for number in ("a", "b"):
            process.stdin.write(json.dumps({"id": number, "text": "lumi"}).encode() + b"\n")
            assert json.loads(process.stdout.readline())["id"] == number
        assert all(map(lives, others))
        process.stdin.close()
        assert ended_with(process, others) == (0, b"")
