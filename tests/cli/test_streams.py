"""What a command does with streams that are closed, full or read no further, and who may read what it writes."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.conftest import ROOT
from tests.newsdesk import Newsdesk
from tracker.maintenance import checks
from tracker.store.database import open_database

COMMANDS = ["sources list", "--json sources list", "--help", "campaign check", "doctor", "export articles"]
STREAMS = [">&-", "<&-", "<&- >&- 2>&-"]
PRINTING = {"sources list", "export articles"}
CLOSED = [
    pytest.param(command, streams, marks=[] if command in PRINTING or streams == STREAMS[-1] else [pytest.mark.soak])
    for command in COMMANDS
    for streams in STREAMS
]
"""A shell starts two processes for each: what prints most is tried with every stream closed, all others with all of them."""


def shell(line: str, workspace: Path) -> subprocess.CompletedProcess[str]:
    tracker = f"{sys.executable} -m tracker -w {workspace}"
    return subprocess.run(
        ["bash", "-c", line.replace("TRACKER", tracker)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """With an empty database: each process would run all migrations. One test is about a database made without streams."""
    open_database(tmp_path).close()
    return tmp_path


@pytest.fixture(scope="module")
def usual_codes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], int]:
    """The exit code of a command in a workspace of its own with an empty database, with its streams open."""

    def code(command: str) -> int:
        folder = tmp_path_factory.mktemp("usual")
        open_database(folder).close()
        return shell(f"TRACKER {command}", folder).returncode

    return cache(code)


@pytest.mark.parametrize(("command", "streams"), CLOSED)
def test_closed_streams_are_no_traceback(workspace: Path, command: str, streams: str, usual_codes: Callable[[str], int]) -> None:
    ended = shell(f"TRACKER {command} {streams}", workspace)
    assert "Traceback" not in ended.stderr
    assert ended.returncode == usual_codes(command)


def test_a_reader_that_goes_away_is_no_failure(workspace: Path) -> None:
    ended = shell("set -o pipefail; TRACKER sources list | head -1", workspace)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_database_that_is_made_while_output_is_closed_holds_no_output(tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").touch()
    assert shell("TRACKER extract >&- 2>&-", tmp_path).returncode == 0
    assert (tmp_path / "coverage.db").read_bytes().startswith(b"SQLite format 3")
    assert run("doctor", "--workspace", tmp_path).out.count("sound") == 1


def test_what_is_written_is_for_its_user_alone_whatever_the_shell_says(tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").touch()
    ended = shell("umask 022; TRACKER extract && TRACKER backup b/copy.db".replace("b/", f"{tmp_path}/b/"), tmp_path)
    assert ended.returncode == 0, ended.stderr
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes["coverage.db"] == modes["copy.db"] == modes["tracker.lock"] == 0o600
    assert modes["b"] == 0o700


def test_the_doctor_finds_files_that_others_can_read(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.close()
    monkeypatch.setattr(checks, "_can_be_entered", lambda folder: True)  # pytest's folders are private
    outbox = desk.folder / "outbox"
    outbox.mkdir(exist_ok=True)
    letter = outbox / "letter.eml"
    letter.write_text("x", "utf-8")
    for path, wanted in ((letter, "chmod -R go-rwx"), (desk.folder / "coverage.db", "chmod 600")):
        outbox.chmod(0o755)
        path.chmod(0o644)
        assert wanted in run("doctor", "--workspace", desk.folder).out
        path.chmod(0o600)
        assert wanted not in run("doctor", "--workspace", desk.folder).out


def test_a_file_of_the_program_that_a_full_disk_cut_short_is_no_interruption(monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_: object, **__: object) -> None:
        raise EOFError("marshal data too short")

    monkeypatch.setattr("tracker.cli.status.open_parts", cut)
    ended = run("status")
    assert ended.code == 3
    assert "__pycache__" in ended.err
