"""`tracker schedule` as a process and a service: one at a time, ends when asked, leaves nobody behind."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from tests.cli.running import run
from tests.conftest import ROOT, lacking
from tests.newsdesk import CAMPAIGN
from tracker.errors import UsageError
from tracker.model.jobs import JobState
from tracker.scheduler.loop import StoredBook
from tracker.scheduler.systemd import service_unit
from tracker.settings import Settings
from tracker.store.lock import RunLock, ScheduleLock

CATALOGUE = "id,name,homepage,country,languages,scripts,kind,tier,feeds,feed_evidence,sitemap,platform,notes\n"
ROW = "zeri,Zeri,http://127.0.0.1:9/,AL,sq,Latn,portal,1,http://127.0.0.1:9/feed,seen,,custom,\n"
QUIET = '[fetch]\nallow_networks = ["127.0.0.0/8"]\ndelay_seconds = 0\ntimeout_seconds = 1\nretries = 0\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """One outlet, on a port of this machine where nobody listens."""
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "campaigns" / "rivers.toml").write_text(CAMPAIGN, "utf-8")
    (tmp_path / "tracker.toml").write_text(QUIET, "utf-8")
    (tmp_path / "outlets.csv").write_text(CATALOGUE + ROW, "utf-8")
    assert run("sources", "import", tmp_path / "outlets.csv", "--workspace", tmp_path).code == 0
    return tmp_path


@contextmanager
def scheduling(workspace: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "-w", str(workspace), "schedule", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(condition: object, seconds: float = 40) -> None:
    assert callable(condition)
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited for too long"
        time.sleep(0.05)


def postpone(workspace: Path, *names: str) -> None:
    """These jobs are done for now."""
    now = datetime.now(UTC)
    StoredBook(workspace, Settings()).write([JobState(name, now + timedelta(minutes=9), now, now, 0, outcome="done") for name in names])


def listed(workspace: Path) -> dict[str, dict[str, object]]:
    outcome = run("--json", "schedule", "--list", "--workspace", workspace)
    assert outcome.code == 0
    return {job["name"]: job for job in json.loads(outcome.out)["jobs"]}


def test_a_second_scheduler_refuses_in_one_line_and_the_first_ends_when_asked(workspace: Path) -> None:
    postpone(workspace, "poll")
    with scheduling(workspace) as first:
        wait_for(lambda: ScheduleLock(workspace).is_held() and ScheduleLock(workspace).path.read_text() == f"{first.pid}\n")
        second = run("schedule", "--workspace", workspace)
        assert second.code == 3
        assert second.err == f"tracker: {ScheduleLock.taken} (process {first.pid}); wait for it, or end it and start again\n"
        assert run("schedule", "--once", "--workspace", workspace).code == 0
        first.send_signal(signal.SIGTERM)
        _, said = first.communicate(timeout=20)
    assert first.returncode == 0
    assert said.splitlines()[-1] == "ended as it was asked to"
    assert "send is off: there is no recipients.toml" in said
    assert not ScheduleLock(workspace).is_held()


def test_a_scheduler_whose_terminal_is_closed_ends_as_by_sigterm_unless_that_is_passed_over(workspace: Path) -> None:
    postpone(workspace, "poll")
    with scheduling(workspace) as process:
        wait_for(lambda: ScheduleLock(workspace).is_held())
        process.send_signal(signal.SIGHUP)
        _, said = process.communicate(timeout=20)
    assert (process.returncode, said.splitlines()[-1]) == (0, "ended as it was asked to")
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with scheduling(workspace) as process:
            wait_for(lambda: ScheduleLock(workspace).is_held())
            process.send_signal(signal.SIGHUP)
            time.sleep(0.5)
            assert process.poll() is None
    finally:
        signal.signal(signal.SIGHUP, before)


def test_asked_to_end_while_a_job_is_at_work_it_ends_that_too_and_takes_it_up_again(workspace: Path) -> None:
    with scheduling(workspace) as process:
        wait_for(lambda: (workspace / "jobs.log").exists())
        wait_for(lambda: psutil.Process(process.pid).children())
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not alive
    state = listed(workspace)["poll"]["state"]
    assert isinstance(state, dict)
    assert state["outcome"] == "stopped"
    assert state["failures"] == 0


def test_a_poll_beside_another_run_is_busy_and_no_failure(workspace: Path) -> None:
    with RunLock(workspace).acquire():
        outcome = run("schedule", "--once", "--workspace", workspace)
    assert outcome.code == 0
    assert outcome.err.startswith("poll: busy (another run is at work here")
    job = listed(workspace)["poll"]
    assert isinstance(job["state"], dict)
    assert (job["state"]["outcome"], job["state"]["failures"], job["at_work"]) == ("busy", 0, False)


def test_a_poll_finds_the_campaign_in_what_came(workspace: Path) -> None:
    outcome = run("schedule", "--once", "--workspace", workspace)
    assert outcome.code == 0
    log = (workspace / "jobs.log").read_text("utf-8")
    assert log.count("--- tracker ") == 2
    assert [step for step in ("poll ", "fetch ", "extract ", "match rivers", "group rivers", "alert ") if step not in log] == []
    assert "digest" not in log


def test_the_list_shows_every_job_and_makes_nothing(tmp_path: Path) -> None:
    settings = tmp_path / "tracker.toml"
    settings.touch()
    outcome = run("schedule", "--list", "--workspace", tmp_path)
    assert outcome.code == 0
    assert [*tmp_path.iterdir()] == [settings]
    assert all(name in outcome.out for name in ("nightly", "poll", "weekly", "monthly", "quarterly", "send", "morning", "prune"))
    assert "off: there is no recipients.toml" in outcome.out
    assert "no scheduler is at work here" in outcome.out


def test_two_ways_at_once_are_refused(tmp_path: Path) -> None:
    assert run("schedule", "--list", "--once", "--workspace", tmp_path).code == 2


# --- the unit


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        lacking("systemd-analyze (Debian: systemd)")
    workspace = tmp_path / "our coverage 50% $HOME"
    workspace.mkdir()
    outcome = run("schedule", "--unit", "--workspace", workspace)
    assert outcome.code == 0
    unit = tmp_path / "tracker.service"
    unit.write_text(outcome.out, "utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60, check=False)
    assert [line for line in verified.stderr.splitlines() if "tracker.service" in line] == []
    assert verified.returncode == 0


def test_the_unit_names_this_workspace_and_this_program(tmp_path: Path) -> None:
    text = service_unit(tmp_path / "a%b", Path("/opt/our python/bin/python"), "press")
    assert "User=press" in text
    assert f'ExecStart="/opt/our python/bin/python" -P -m tracker --workspace "{tmp_path}/a%%b" schedule' in text
    assert f"WorkingDirectory={tmp_path}/a%%b" in text


def test_the_service_may_write_where_backups_and_a_database_elsewhere_go(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "tracker.toml").write_text(
        f'[schedule]\nbackup_to = "{tmp_path}/usb disk"\n[database]\nurl = "sqlite:///{tmp_path}/db/coverage.db"\n', "utf-8"
    )
    outcome = run("schedule", "--unit", "--workspace", tmp_path / "desk")
    assert f'ReadWritePaths="{tmp_path}/desk" "-{tmp_path}/db" "-{tmp_path}/usb disk"\n' in outcome.out
    assert f'ReadWritePaths="{tmp_path}"\n' in service_unit(tmp_path, writes_to=[tmp_path / "backups"])


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\nb"])
def test_a_folder_that_systemd_cannot_be_told_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="plain name"):
        service_unit(tmp_path / name)


def test_the_service_reads_its_passwords_from_a_file_that_the_doctor_looks_at(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_text("TRACKER_MAIL__PASSWORD=x\n", "utf-8")
    (tmp_path / "secrets.env").chmod(0o644)
    assert "chmod 600" in run("doctor", "--workspace", tmp_path).out
