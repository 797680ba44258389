"""What is shipped for machines of their own: containers and units name commands and settings that are there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT, lacking
from tracker.cli.main import COMMANDS
from tracker.crawl.child import LOG_FILE
from tracker.delivery import person_key
from tracker.delivery.recipients import FILE_NAME as RECIPIENTS_FILE
from tracker.identity import keys
from tracker.maintenance.doctor import SECRETS_FILE
from tracker.oauth import kept
from tracker.review.web import uploads
from tracker.scheduler.processes import LOG_NAME
from tracker.settings import DATABASE_FILE, WORKSPACE_FILE, defaults
from tracker.store import lock

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
UNITS = sorted((ROOT / "deploy").glob("*.service"))
SECRETS = (person_key.FILE_NAME, kept.FILE_NAME, keys.FOLDER, SECRETS_FILE)
PERSONAL = (DATABASE_FILE, WORKSPACE_FILE, RECIPIENTS_FILE, uploads.FOLDER, "outbox", "cache", LOG_NAME, LOG_FILE, lock.FILE_NAME)
OURS = {name: one for name, one in COMPOSE["services"].items() if name != "database"}


def test_compose_starts_a_database_a_scheduler_two_workers_and_a_desk() -> None:
    assert {name: one["command"][0] for name, one in OURS.items()} == {"scheduler": "schedule", "worker": "worker", "desk": "review"}
    assert OURS["worker"]["deploy"]["replicas"] == 2
    assert {one["command"][0] for one in OURS.values()} <= COMMANDS.keys()


@pytest.mark.parametrize("service", sorted(OURS))
def test_every_setting_that_compose_gives_is_there(service: str) -> None:
    given = [name for name in OURS[service]["environment"] if name.startswith("TRACKER_") and "__" in name]
    assert {name.removeprefix("TRACKER_").lower().replace("__", ".") for name in given} <= defaults().keys()
    assert "TRACKER_DATABASE__URL" in given


def test_no_password_stands_in_what_is_shipped() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    assert re.findall(r"PASSWORD: (\S+)", text) == ["${TRACKER_DATABASE_PASSWORD:?set"]
    assert "secrets.env" in (ROOT / ".dockerignore").read_text("utf-8").split()


def test_files_for_passwords_stay_out_of_git_and_of_the_image() -> None:
    told = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "compose.yaml"]
    named = {name for path in told for name in re.findall(r"(?<![\w.])[\w-]*\.env\b", path.read_text("utf-8"))}
    assert ".env" in named
    for ignored in (".gitignore", ".dockerignore"):
        assert named <= set((ROOT / ignored).read_text("utf-8").split()), ignored


def test_what_is_personal_in_a_workspace_stays_out_of_the_image() -> None:
    in_git = (ROOT / ".gitignore").read_text("utf-8").partition("# the workspace")[2].splitlines()[1:]
    left_out = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {name.strip("/") for name in in_git if name} <= {name.strip("/") for name in left_out}
    for name in (*SECRETS, *PERSONAL):
        assert any(fnmatch(name, pattern.strip("/")) for pattern in in_git), name


def test_ports_volumes_and_services_that_compose_names_are_there() -> None:
    known = defaults()
    assert OURS["desk"]["ports"] == [f"127.0.0.1:{known['review.port']}:{known['review.port']}"]
    assert OURS["worker"]["expose"] == [OURS["worker"]["environment"]["TRACKER_WORKERS__METRICS_PORT"]]
    image = (ROOT / "Containerfile").read_text("utf-8")
    for name, service in COMPOSE["services"].items():
        for volume, _, inside in (one.partition(":") for one in service["volumes"]):
            assert volume in COMPOSE["volumes"]
            assert name == "database" or f"-o tracker -g tracker {inside}\n" in image, "whom the image runs as may write there"
        assert service.get("depends_on", {}).keys() <= COMPOSE["services"].keys()
        assert all(COMPOSE["services"][one].get("healthcheck") for one in service.get("depends_on", {}))
    assert 'ENTRYPOINT ["tracker", "--workspace", "/workspace"]' in image
    said = (ROOT / "docs" / "scaling.md").read_text("utf-8")
    assert set(re.findall(r"docker compose .*--scale (\w+)=", said)) <= COMPOSE["services"].keys()


def test_what_compose_asks_the_desk_is_answered_by_one_that_is_ready(tmp_path: Path) -> None:
    *python, code = OURS["desk"]["healthcheck"]["test"]
    assert python == ["CMD", "python", "-c"]
    (tmp_path / "tracker.toml").touch()
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    command = [sys.executable, "-P", "-m", "tracker", "--workspace", str(tmp_path), "review", "--port", "0"]
    desk = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment | {"PYTHONPATH": str(ROOT)}
    )
    try:
        assert desk.stdout is not None
        address = desk.stdout.readline().strip().rstrip("/")
        asked = code.replace("http://127.0.0.1:8350", address)
        assert asked != code
        for _ in range(240):  # it opens its database after it has said where it is
            if _is_answered(asked, environment):
                break
            time.sleep(0.25)
        assert _is_answered(asked, environment)
    finally:
        desk.terminate()
        desk.communicate(timeout=60)
    assert not _is_answered(asked, environment)


def _is_answered(code: str, environment: dict[str, str]) -> bool:
    done = subprocess.run([sys.executable, "-c", code], env=environment, stderr=subprocess.DEVNULL, timeout=60, check=False)
    return done.returncode == 0


def test_the_desk_is_reached_from_its_own_machine_alone() -> None:
    assert all(port.startswith("127.0.0.1:") for port in OURS["desk"]["ports"])


def test_the_image_installs_the_extra_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Containerfile").read_text("utf-8")
    assert "tracker[postgres,pages]" in lines
    assert lines.index("USER tracker") < lines.index("ENTRYPOINT")


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_finds_nothing_wrong_with_a_shipped_unit(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        lacking("systemd-analyze (Debian: systemd)")
    copy = tmp_path / unit.name.replace("@", "@1")
    shutil.copy(unit, copy)
    verified = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, timeout=60, check=False)
    assert [line for line in verified.stderr.splitlines() if copy.name in line] == []
    (command,) = re.findall(r"^ExecStart=.* (\w+)$", unit.read_text("utf-8"), re.M)
    assert command in COMMANDS
