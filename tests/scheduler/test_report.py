"""The report of a command's end: what counts as one, and how the command line writes it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.running import run
from tests.conftest import ROOT
from tracker.model.jobs import Outcome
from tracker.scheduler.jobs import JobEnd, judge, worst
from tracker.scheduler.report import (
    EXIT_CODES,
    LARGEST_DETAIL,
    LARGEST_REPORT_BYTES,
    REPORT_FD,
    BadReport,
    CommandOutcome,
    CommandReport,
    Reporter,
    decode_report,
    encode_report,
)
from tracker.store.lock import AlertLock, RunLock

DONE = b'{"outcome":"done","exit_code":0,"detail":""}\n'
ENDS = st.sampled_from([(outcome, code) for outcome, codes in EXIT_CODES.items() for code in codes])


@given(ENDS, st.text(st.characters(exclude_categories=()), max_size=3 * LARGEST_DETAIL))
def test_every_report_that_is_written_can_be_read_and_fits_the_pipe(end: tuple[CommandOutcome, int], detail: str) -> None:
    raw = encode_report(CommandReport(*end, detail))
    assert len(raw) <= LARGEST_REPORT_BYTES
    read = decode_report(raw)
    assert (read.outcome, read.exit_code) == end
    assert read.detail == detail[:LARGEST_DETAIL].encode("utf-8", "replace").decode()


@given(ENDS, st.text(max_size=50), st.data())
def test_no_part_of_a_report_counts_as_one(end: tuple[CommandOutcome, int], detail: str, data: st.DataObject) -> None:
    raw = encode_report(CommandReport(*end, detail)).rstrip()
    with pytest.raises(BadReport):
        decode_report(raw[: data.draw(st.integers(0, len(raw) - 1))])


@given(st.binary(max_size=200))
def test_any_bytes_are_a_report_or_a_clear_no(raw: bytes) -> None:
    with suppress(BadReport):
        assert decode_report(raw).outcome in CommandOutcome


@pytest.mark.parametrize(
    ("raw", "exit_code", "why"),
    [
        (b"", 0, "ended without a report, exit code 0"),
        (b"", 1, "ended without a report, exit code 1"),
        (b"", -9, "ended without a report, killed by signal 9"),
        (b"\n \n", 0, "without a report"),
        (b"done", 0, "no readable report"),
        (b"\xff\xfe", 0, "no readable report"),
        (DONE[:20], 0, "no readable report"),
        (DONE + DONE, 0, "no readable report"),
        (b"[]", 0, "no readable report"),
        (b'{"outcome":"fine","exit_code":0}', 0, "no readable report"),
        (b'{"outcome":"done"}', 0, "no readable report"),
        (b'{"outcome":"done","exit_code":"0"}', 0, "no readable report"),
        (b'{"outcome":"done","exit_code":0,"detail":"' + b"x" * (LARGEST_DETAIL + 1) + b'"}', 0, "no readable report"),
        (b'{"outcome":"done","exit_code":0,"padding":"' + b"x" * LARGEST_REPORT_BYTES + b'"}', 0, "reported more than"),
        (b"[" * LARGEST_REPORT_BYTES, 0, "no readable report"),
        (DONE, 3, "reported 'done' with exit code 0, exit code 3"),
        (DONE, -11, "reported 'done' with exit code 0, killed by signal 11"),
        (b'{"outcome":"done","exit_code":3}', 3, "reported 'done' with exit code 3"),
        (b'{"outcome":"done","exit_code":-11}', -11, "reported 'done' with exit code -11"),
        (b'{"outcome":"needs_person","exit_code":0}', 0, "reported 'needs_person' with exit code 0"),
        (b'{"outcome":"busy","exit_code":1}', 1, "reported 'busy' with exit code 1"),
        (b'{"outcome":"failed","exit_code":0}', 0, "reported 'failed' with exit code 0"),
    ],
)
def test_without_a_report_that_agrees_with_the_exit_code_a_command_has_failed(raw: bytes, exit_code: int, why: str) -> None:
    end = judge("send --to x", exit_code, raw, ("Traceback", "KeyError: 3"))
    assert end.outcome is Outcome.FAILED
    assert end.exit_code == (exit_code if exit_code >= 0 else None)
    first, *others = end.detail.splitlines()
    assert first.startswith("`tracker send --to x` ")
    assert why in first
    assert others == ["Traceback", "KeyError: 3"]


@pytest.mark.parametrize(
    ("report", "end"),
    [
        (CommandReport(CommandOutcome.DONE, 0), JobEnd(Outcome.DONE, 0)),
        (CommandReport(CommandOutcome.NEEDS_PERSON, 1), JobEnd(Outcome.NEEDS_A_PERSON, 1, "silent: Zëri")),
        (CommandReport(CommandOutcome.BUSY, 3, "another run"), JobEnd(Outcome.BUSY, 3, "another run")),
        (CommandReport(CommandOutcome.FAILED, 3, "the disk is full"), JobEnd(Outcome.FAILED, 3, "the disk is full")),
        (CommandReport(CommandOutcome.FAILED, 2), JobEnd(Outcome.FAILED, 2, "silent: Zëri")),
    ],
)
def test_a_report_decides_whatever_was_printed(report: CommandReport, end: JobEnd) -> None:
    assert judge("poll", report.exit_code, encode_report(report), (f"{RunLock.taken} (process 7)", "silent: Zëri")) == end


def test_a_report_of_a_later_version_may_say_more() -> None:
    assert decode_report(b'{"version":2,"outcome":"busy","exit_code":3,"holder":7}').outcome is CommandOutcome.BUSY


def test_the_worst_end_is_the_job_s_and_of_equals_the_first() -> None:
    assert worst([]) == JobEnd(Outcome.DONE)
    first, second = JobEnd(Outcome.FAILED, 3, "a"), JobEnd(Outcome.FAILED, 2, "b")
    assert worst([JobEnd(Outcome.BUSY), first, second, JobEnd(Outcome.NEEDS_A_PERSON)]) is first


# --- how the command line writes it


def report_of(*arguments: str | Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, CommandReport]:
    reader, writer = os.pipe()
    monkeypatch.setenv(REPORT_FD, str(writer))
    code = run(*arguments).code
    assert REPORT_FD not in os.environ
    with os.fdopen(reader, "rb") as pipe:
        return code, decode_report(pipe.read())  # to the end: the writer's end is closed


def test_every_regular_end_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ends(*arguments: str | Path) -> tuple[CommandOutcome, str]:
        code, report = report_of(*arguments, monkeypatch=monkeypatch)
        assert report.exit_code == code
        return report.outcome, report.detail

    (tmp_path / "tracker.toml").touch()
    assert ends("schedule", "--list", "-w", tmp_path) == (CommandOutcome.DONE, "")
    assert ends("--help") == (CommandOutcome.DONE, "")
    assert ends("--version") == (CommandOutcome.DONE, "")
    (tmp_path / "tracker.toml").write_text('[mail]\npassword = "x"\n', "utf-8")
    (tmp_path / "tracker.toml").chmod(0o644)
    assert ends("doctor", "-w", tmp_path) == (CommandOutcome.NEEDS_PERSON, "")
    assert ends() == (CommandOutcome.FAILED, "a command is missing")
    outcome, detail = ends("nonsense")
    assert (outcome, detail) == (CommandOutcome.FAILED, "No such command 'nonsense'; see `tracker --help`")
    (tmp_path / "tracker.toml").write_text("schedule = ", "utf-8")
    outcome, detail = ends("prune", "-w", tmp_path)
    assert outcome is CommandOutcome.FAILED
    assert "tracker.toml:1:12: is not valid TOML" in detail


def test_a_lock_that_another_holds_is_reported_as_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("schedule", "--list", "-w", tmp_path)
    (tmp_path / "coverage.db").write_bytes(b"")
    with RunLock(tmp_path).acquire():
        code, report = report_of("prune", "-w", tmp_path, monkeypatch=monkeypatch)
    assert (code, report.outcome) == (3, CommandOutcome.BUSY)
    assert report.detail.startswith(RunLock.taken)
    (tmp_path / "tracker.toml").write_text('[schedule]\noperator = "me@example.org"\n', "utf-8")
    with AlertLock(tmp_path).acquire():
        code, report = report_of("doctor", "--tell", "-w", tmp_path, monkeypatch=monkeypatch)
    assert (code, report.outcome) == (3, CommandOutcome.BUSY)


def test_a_variable_that_names_no_pipe_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "precious").open("w+") as file:
        for value in ("", "x", "-1", "0", "1", "2", "99999", "9" * 400, "٣", str(file.fileno())):
            monkeypatch.setenv(REPORT_FD, value)
            assert run("--version").code == 0
            assert REPORT_FD not in os.environ
        assert file.read() == ""


def test_a_scheduler_that_is_gone_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    reporter = Reporter.claim({REPORT_FD: str(writer)})
    reporter.write(CommandReport(CommandOutcome.DONE, 0))
    reporter.write(CommandReport(CommandOutcome.DONE, 0))
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(writer)


def test_what_a_command_starts_gets_neither_the_variable_nor_the_descriptor() -> None:
    code = (
        "import os, subprocess, sys; from tracker.scheduler.report import Reporter, REPORT_FD; fd = os.environ[REPORT_FD]\n"
        "Reporter.claim(os.environ)\n"
        "print(subprocess.call([sys.executable, '-c', 'import os, sys; os.fstat(int(sys.argv[1]))', fd], stderr=subprocess.DEVNULL,"
        " close_fds=False), REPORT_FD in os.environ)"
    )
    reader, writer = os.pipe()
    try:
        ended = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, REPORT_FD: str(writer)},
            pass_fds=(writer,),
            capture_output=True,
            text=True,
            check=True,
        )
    finally:
        os.close(reader)
        os.close(writer)
    assert ended.stdout == "1 False\n"


def test_the_record_is_the_documented_json() -> None:
    raw = encode_report(CommandReport(CommandOutcome.NEEDS_PERSON, 1, "x"))
    assert msgspec.json.decode(raw) == {"outcome": "needs_person", "exit_code": 1, "detail": "x"}
