"""What is shipped for machines of their own: containers and units name commands and settings that are there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT, lacking
from tracker.cli.main import COMMANDS
from tracker.settings import defaults

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
UNITS = sorted((ROOT / "deploy").glob("*.service"))
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
