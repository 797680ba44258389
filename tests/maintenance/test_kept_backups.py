"""Backups that are made by themselves: kept, read back, taken elsewhere; and whatever can go wrong with them."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.cli.running import run
from tests.conftest import ROOT
from tests.newsdesk import Newsdesk
from tests.store.test_storage_faults import with_small_files
from tracker.errors import ConfigError, RunLocked, StoreError
from tracker.maintenance import kept_backups, packing
from tracker.maintenance.backup_checks import check_backups
from tracker.maintenance.checks import Check
from tracker.maintenance.kept_backups import KeptBackup, backup_and_rotate, newest
from tracker.maintenance.rotation import name_of
from tracker.settings import Keep, Schedule, Settings
from tracker.store.lock import BackupLock

TAKE = (sys.executable, "-c")


@pytest.fixture
def desk_at_rest(desk: Newsdesk) -> Newsdesk:
    desk.night("match")
    desk.close()
    (desk.folder / "recipients.toml").write_text("# nobody yet\n", "utf-8")
    return desk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (made := tmp_path / "other disk").mkdir()
    return made


def settings(folder: Path | str, *command: str, days: int = 7, weeks: int = 4, minutes: float = 1) -> Settings:
    schedule = Schedule(backup_to=str(folder), backup_command=command, backup_command_minutes=minutes)
    return Settings(schedule=schedule, keep=Keep(backup_days=days, backup_weeks=weeks))


def make(desk: Newsdesk, given: Settings, day: float = 0, environment: dict[str, str] | None = None) -> KeptBackup:
    return backup_and_rotate(desk.folder, given, environment if environment is not None else dict(os.environ), NOW + timedelta(days=day))


def backups(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("coverage-*"))


def checks(desk: Newsdesk, given: Settings, day: float = 0, *, thorough: bool = False) -> list[Check]:
    return list(check_backups(desk.folder, given, NOW + timedelta(days=day), "UTC", thorough=thorough))


def test_ten_days_of_backups_leave_the_days_and_weeks_of_the_settings_and_nothing_else_goes(desk_at_rest: Newsdesk, folder: Path) -> None:
    (folder / "holiday.jpg").write_bytes(b"x")
    (folder / "coverage-old.tar.gz").write_bytes(b"mine")
    for day in range(6):
        done = make(desk_at_rest, settings(folder, days=3, weeks=1), day)
        assert done.made
        assert done.size_bytes == done.file.stat().st_size > 0
    assert backups(folder) == [*(name_of(NOW + timedelta(days=day)) for day in (3, 4, 5)), "coverage-old.tar.gz"]
    assert (folder / "holiday.jpg").exists()
    assert done.given_up == (name_of(NOW + timedelta(days=2)),)


def test_each_is_restored_whole_elsewhere(desk_at_rest: Newsdesk, folder: Path, tmp_path: Path) -> None:
    done = make(desk_at_rest, settings(folder))
    (fresh := tmp_path / "fresh").mkdir()
    ended = run("restore", done.file, "--workspace", fresh)
    assert ended.code == 0, ended.err
    assert (fresh / "recipients.toml").read_text("utf-8") == "# nobody yet\n"
    assert stat.S_IMODE(done.file.stat().st_mode) & 0o077 == 0 or os.umask(os.umask(0)) != 0o077


def test_the_command_line_says_what_was_made_and_refuses_what_does_not_go_together(desk_at_rest: Newsdesk, folder: Path) -> None:
    workspace = ("--workspace", desk_at_rest.folder)
    assert "set schedule.backup_to" in (unset := run("backup", "--rotate", *workspace)).err
    assert unset.code == 2
    (desk_at_rest.folder / "tracker.toml").write_text(f'[schedule]\nbackup_to = "{folder}"\n', "utf-8")
    done = run("backup", "--rotate", *workspace)
    assert done.code == 0, done.err
    assert "read back and sound" in done.out
    assert len(backups(folder)) == 1
    for wrong in (("backup", "--rotate", "x.db"), ("backup", "--rotate", "--all"), ("backup", "--rotate", "--force"), ("backup",)):
        assert run(*wrong, *workspace).code == 2, wrong


def test_a_missing_folder_is_said_and_not_made_as_its_disk_may_be_away(desk_at_rest: Newsdesk, tmp_path: Path) -> None:
    away = tmp_path / "usb" / "backups"
    with pytest.raises(StoreError, match="is not there"):
        make(desk_at_rest, settings(away))
    assert not away.parent.exists()
    (row,) = checks(desk_at_rest, settings(away))
    assert (row.well, "connect the disk" in row.advice) == (False, True)


@pytest.mark.parametrize("inside", ["outbox", "outbox/backups", "campaigns", "./x/../outbox"])
def test_a_folder_that_is_packed_itself_is_refused(desk_at_rest: Newsdesk, inside: str) -> None:
    with pytest.raises(ConfigError, match="must be outside"):
        make(desk_at_rest, settings(inside))
    assert not checks(desk_at_rest, settings(inside))[0].well


def test_a_folder_that_cannot_be_followed_is_refused_in_words(desk_at_rest: Newsdesk, tmp_path: Path) -> None:
    (circle := tmp_path / "circle").symlink_to(circle)
    for given in ("~nobody-of-this-name/x", str(circle / "x"), "x" * 5000):
        with pytest.raises((ConfigError, StoreError), match=r"cannot be followed|is not there"):
            make(desk_at_rest, settings(given))
        assert not checks(desk_at_rest, settings(given))[0].well


def test_a_relative_folder_begins_in_the_workspace(desk_at_rest: Newsdesk) -> None:
    (desk_at_rest.folder / "backups").mkdir()
    assert make(desk_at_rest, settings("backups")).file.parent == (desk_at_rest.folder / "backups").resolve()


def test_the_backups_of_another_workspace_are_left_alone(desk_at_rest: Newsdesk, folder: Path, tmp_path: Path) -> None:
    make(desk_at_rest, settings(folder))
    other = tmp_path / "other"
    shutil.copytree(desk_at_rest.folder, other)
    with pytest.raises(StoreError, match="holds the backups of"):
        backup_and_rotate(other, settings(folder), {}, NOW + timedelta(days=1))
    shutil.rmtree(desk_at_rest.folder)  # moved: its folder goes on
    assert backup_and_rotate(other, settings(folder), {}, NOW + timedelta(days=1)).made
    assert len(backups(folder)) == 2
    (folder / kept_backups.OWNER).write_text("another-machine:/srv/coverage\n", "utf-8")
    with pytest.raises(StoreError, match="another-machine"):
        backup_and_rotate(other, settings(folder), {}, NOW + timedelta(days=2))


def test_a_second_one_at_the_same_time_is_refused(desk_at_rest: Newsdesk, folder: Path) -> None:
    with BackupLock(desk_at_rest.folder).acquire(), pytest.raises(RunLocked):
        make(desk_at_rest, settings(folder))


def test_a_full_disk_fails_without_a_trace_and_the_older_ones_stay(desk_at_rest: Newsdesk, folder: Path) -> None:
    make(desk_at_rest, settings(folder, days=1, weeks=0))
    before = backups(folder)
    (desk_at_rest.folder / "tracker.toml").write_text(f'[schedule]\nbackup_to = "{folder}"\n[keep]\nbackup_days = 1\n', "utf-8")
    size = (desk_at_rest.folder / "coverage.db").stat().st_size
    for limit in (size // 2, 30_000):  # in the copy; in the pack
        ended = with_small_files(limit, "backup", "--rotate", "--workspace", desk_at_rest.folder)
        assert (ended.returncode, "Traceback" in ended.stderr) == (3, False), ended.stderr
        assert backups(folder) == before
        assert not [path for path in folder.iterdir() if path.name.startswith(".coverage")]


def test_a_backup_that_the_disk_cannot_hold_is_not_begun(desk_at_rest: Newsdesk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_backups.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 1000))  # type: ignore[attr-defined]
    with pytest.raises(StoreError, match="MB free and a backup takes about"):
        make(desk_at_rest, settings(folder))
    assert backups(folder) == []


def test_a_pack_that_does_not_read_back_gets_no_name(desk_at_rest: Newsdesk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def bad_disk(handle: int) -> None:
        real(handle)
        path = Path(f"/proc/self/fd/{handle}").readlink()
        whole = bytearray(path.read_bytes())
        middle = len(whole) // 2
        whole[middle : middle + 64] = bytes(64)
        path.write_bytes(bytes(whole))

    monkeypatch.setattr(packing.os, "fsync", bad_disk)
    with pytest.raises(StoreError):
        make(desk_at_rest, settings(folder))
    assert backups(folder) == []


def test_a_kill_at_any_moment_leaves_no_half_file_under_a_final_name(desk_at_rest: Newsdesk, folder: Path, tmp_path: Path) -> None:
    (desk_at_rest.folder / "tracker.toml").write_text(f'[schedule]\nbackup_to = "{folder}"\n', "utf-8")
    (desk_at_rest.folder / "outbox").mkdir(exist_ok=True)
    (desk_at_rest.folder / "outbox" / "large.pdf").write_bytes(random.Random(7).randbytes(8_000_000))
    command = [sys.executable, "-m", "tracker", "--workspace", str(desk_at_rest.folder), "backup", "--rotate"]
    killed = 0
    for attempt in range(8):
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 20
        while not list(folder.glob(".coverage-*")) and child.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(0.04 * attempt)
        child.send_signal(signal.SIGKILL)
        killed += child.wait() == -signal.SIGKILL
    assert killed > 0
    for name in backups(folder):
        (fresh := tmp_path / name).mkdir()
        assert run("restore", folder / name, "--workspace", fresh).code == 0, name
    assert run("backup", "--rotate", "--workspace", desk_at_rest.folder).code == 0
    assert [path.name for path in folder.iterdir() if path.name.startswith(".coverage")] == []


def test_the_command_gets_the_path_as_one_argument_and_no_shell_reads_it(desk_at_rest: Newsdesk, tmp_path: Path) -> None:
    (odd := tmp_path / "a b; touch $(pwned) `pwned` 'x").mkdir()
    target = tmp_path / "elsewhere"
    code = "import os, shutil, sys; shutil.copy(sys.argv[1], sys.argv[3]); open(sys.argv[3] + '.env', 'w').write(repr(sorted(os.environ)))"
    given = settings(odd, *TAKE, code, "{file}", "{folder}; touch pwned", str(target))
    done = make(desk_at_rest, given, environment={**os.environ, "TRACKER_MAIL__PASSWORD": "x", "RESTIC_PASSWORD": "y"})
    assert done.elsewhere
    assert target.read_bytes() == done.file.read_bytes()
    names = (tmp_path / "elsewhere.env").read_text("utf-8")
    assert ("TRACKER_MAIL__PASSWORD" in names, "RESTIC_PASSWORD" in names) == (False, True)
    assert not [path for path in tmp_path.rglob("*pwned*") if path != odd]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ((*TAKE, "import sys; sys.exit('no space at the other end')"), "exit code 1: no space at the other end"),
        ((*TAKE, "import os; os.kill(os.getpid(), 9)"), "was killed by signal 9"),
        (("/no/such/program", "{file}"), "cannot be started: No such file"),
        ((*TAKE, "import time; time.sleep(600)"), "was ended after 0.05 minutes"),
        ((*TAKE, "import sys; sys.stdout.write('x' * 5_000_000 + chr(27) + '[2Jend'); sys.exit(4)"), "exit code 4: xxx"),
    ],
)
def test_a_command_that_fails_is_told_and_the_backup_stays(
    desk_at_rest: Newsdesk, folder: Path, command: Sequence[str], words: str
) -> None:
    given = settings(folder, *command, minutes=0.05)
    with pytest.raises(StoreError) as raised:
        make(desk_at_rest, given)
    assert words in str(raised.value)
    assert "\x1b" not in str(raised.value)
    assert len(str(raised.value)) < 900
    assert len(backups(folder)) == 1
    age, elsewhere = checks(desk_at_rest, given)
    assert (age.well, elsewhere.well) == (True, False)


def test_one_that_hangs_with_children_is_ended_with_them(desk_at_rest: Newsdesk, folder: Path, tmp_path: Path) -> None:
    note = tmp_path / "child"
    code = f"import subprocess, sys, time; c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); open({str(note)!r}, 'w').write(str(c.pid)); time.sleep(600)"
    with pytest.raises(StoreError, match="was ended after"):
        make(desk_at_rest, settings(folder, *TAKE, code, minutes=0.05))
    child, until = Path(f"/proc/{note.read_text()}/stat"), time.monotonic() + 5
    while child.exists() and child.read_text().split()[2] != "Z" and time.monotonic() < until:
        time.sleep(0.02)
    assert not child.exists() or child.read_text().split()[2] == "Z"


def test_the_next_try_of_the_same_day_takes_the_same_file_elsewhere(desk_at_rest: Newsdesk, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        make(desk_at_rest, settings(folder, *TAKE, "raise SystemExit(1)"))
    copying = settings(folder, *TAKE, "import shutil, sys; shutil.copy(*sys.argv[1:])", "{file}", str(tmp_path / "copy"))
    again = make(desk_at_rest, copying, day=0.01)
    assert (again.made, again.elsewhere, again.file.name) == (False, True, name_of(NOW))
    assert make(desk_at_rest, copying, day=0.02).made  # that one is elsewhere: who asks again wants a new one
    assert make(desk_at_rest, copying, day=1).made


def test_the_doctor_tells_the_age_of_the_newest_and_of_what_is_elsewhere(desk_at_rest: Newsdesk, folder: Path) -> None:
    given = settings(folder, *TAKE, "pass")
    assert [(row.well, row.finding) for row in checks(desk_at_rest, Settings())] == [(True, "none is made by itself")]
    assert [row.well for row in checks(desk_at_rest, given)] == [False]
    make(desk_at_rest, given)
    assert [row.well for row in checks(desk_at_rest, given, day=1)] == [True, True]
    assert [row.well for row in checks(desk_at_rest, given, day=2)] == [False, False]
    assert "own disk" in checks(desk_at_rest, given)[0].advice


def test_a_clock_that_was_years_ahead_hides_no_missing_backup_and_the_next_is_made(desk_at_rest: Newsdesk, folder: Path) -> None:
    given = settings(folder, *TAKE, "pass", days=1, weeks=0)
    make(desk_at_rest, given, day=1500)
    assert [row.well for row in checks(desk_at_rest, given)] == [False]
    done = make(desk_at_rest, given)
    assert done.file.exists()
    assert [row.well for row in checks(desk_at_rest, given)] == [True, True]


def test_a_command_ends_with_the_program_that_started_it(desk_at_rest: Newsdesk, folder: Path, tmp_path: Path) -> None:
    note = tmp_path / "command"
    code = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    (desk_at_rest.folder / "tracker.toml").write_text(
        f'[schedule]\nbackup_to = "{folder}"\nbackup_command = ["{sys.executable}", "-c", {json.dumps(code)}]\n', "utf-8"
    )
    child = subprocess.Popen([sys.executable, "-m", "tracker", "--workspace", str(desk_at_rest.folder), "backup", "--rotate"], cwd=ROOT)
    until = time.monotonic() + 30
    while not (note.exists() and note.read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    child.kill()
    child.wait()
    command = Path(f"/proc/{note.read_text()}/stat")
    until = time.monotonic() + 10
    while command.exists() and command.read_text().split()[2] != "Z" and time.monotonic() < until:
        time.sleep(0.02)
    assert not command.exists() or command.read_text().split()[2] == "Z"


def test_a_thorough_doctor_reads_the_newest_whole(desk_at_rest: Newsdesk, folder: Path) -> None:
    made = make(desk_at_rest, settings(folder)).file
    assert checks(desk_at_rest, settings(folder), thorough=True)[0].well
    whole = bytearray(made.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    made.write_bytes(bytes(whole))
    assert checks(desk_at_rest, settings(folder))[0].well
    assert not checks(desk_at_rest, settings(folder), thorough=True)[0].well
    assert newest(folder, NOW) is not None
