"""A folder that is no workspace: who refuses it, who works in any folder, and who begins a workspace and says so."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.cli.running import run
from tracker.cli.main import cli

REFUSE = """
extract
match
group
watch
identity
sources disable klix
sources enable klix
sources export FILE
sources health
sources list
digest approve 1
digest correct digital-safety-1
digest feed digital-safety
digest list
digest make
digest write 1
send
send --dry-run
send --again 1
recipients
recipients list
recipients erase arta@example.org --yes
recipients export arta@example.org --output FILE
recipients pause arta@example.org --end
recipients remove arta@example.org
mail check
mail sign-in
mailbox --once
schedule
schedule --once
schedule --list
worker --once
status
alert
campaign recall digital-safety GIVEN
campaign suggest digital-safety
estimate --campaign digital-safety
trace https://example.org/a
export articles
add https://example.org/a
add --import GIVEN
verdict digital-safety-1 accept
verdict --export FILE
history digital-safety-1
correct digital-safety-1 --headline Lumi
story merge digital-safety-1 digital-safety-2
story split digital-safety-1
review --port 0
user add Arta --role reviewer
user bar Arta
user list
user password Arta
user token Arta
evidence digital-safety-1 --output FILE
evidence pack digital-safety-1 --output FILE
evidence erase digital-safety-1 --by Arta --reason asked
backup FILE
backup --all FILE
backup --rotate
reindex
move --to postgresql+psycopg://tracker@127.0.0.1:9/coverage
prune
prune --dry-run
"""
IN_ANY_FOLDER = """
schedule --unit
campaign check
campaign explain digital-safety Lumi
add --template FILE.csv
sources nets
doctor
"""
BEGIN = """
nightly --catalogue GIVEN --as-of 2026-11-20
crawl --catalogue GIVEN
backfill --since 2026-11-01 --source nobody
sources check nobody.invalid
sources import GIVEN
"""
ELSEWHERE = {
    "demo": "tests/demo: it works in a folder of its own",
    "restore": "tests/maintenance: it takes a backup",
    "recipients add": "below: it begins a file",
    "evidence verify": "tests/evidence: it reads a file and no workspace",
    "sources discover": "tests/pipeline/test_discover.py",
    **{f"try {name}": "tests/pipeline/test_dry_runs.py: they read standard input" for name in ("extract", "feed", "group", "match")},
}
OUTLETS = "id,name,homepage,country\n"


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


def every_command(command: click.Command = cli, *path: str) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield " ".join(path)
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from every_command(found, *path, name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty one; what commands read and write beside it is elsewhere."""
    (tmp_path / "given.csv").write_text(OUTLETS, "utf-8")
    (tmp_path / "wrong").mkdir()
    return tmp_path / "wrong"


def words(line: str, folder: Path) -> list[str]:
    """A line of the tables with the names of files put in."""
    places = {"FILE": folder.parent / "written", "FILE.csv": folder.parent / "written.csv", "GIVEN": folder.parent / "given.csv"}
    return [str(places.get(word, word)) for word in line.split()]


def test_what_a_command_does_in_a_wrong_folder_is_said_of_every_command() -> None:
    said = [*lines(REFUSE), *lines(IN_ANY_FOLDER), *lines(BEGIN)]
    unsaid = [name for name in every_command() if name not in ELSEWHERE and not any(f"{line} ".startswith(f"{name} ") for line in said)]
    assert not unsaid


@pytest.mark.parametrize("line", lines(REFUSE))
def test_a_command_that_needs_a_workspace_refuses_another_folder_and_leaves_nothing_in_it(line: str, folder: Path) -> None:
    outcome = run("-w", folder, *words(line, folder))
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(
        f"tracker: {folder}: is no workspace: it has neither coverage.db nor tracker.toml; name yours with --workspace"
    )
    assert list(folder.iterdir()) == []
    assert sorted(path.name for path in folder.parent.iterdir()) == ["given.csv", "wrong"]


@pytest.mark.parametrize("line", lines(IN_ANY_FOLDER))
def test_a_command_that_needs_no_workspace_works_in_any_folder_and_begins_none(line: str, folder: Path) -> None:
    outcome = run("-w", folder, *words(line, folder))
    assert outcome.code == 0, outcome.err
    assert "began" not in outcome.err
    assert {path.name for path in folder.iterdir()} <= {"cache"}


@pytest.mark.parametrize("line", lines(BEGIN))
def test_a_command_that_begins_a_workspace_says_so_and_where_once(line: str, folder: Path) -> None:
    asked = ("-w", folder, *words(line, folder))
    begun = f"began a new database: {folder}/coverage.db\n"
    assert begun in run(*asked).err
    assert (folder / "coverage.db").is_file()
    assert "began" not in run(*asked).err


def test_a_begun_database_is_a_line_of_json_where_those_are_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_LOG_FORMAT", "json")
    told = [json.loads(line) for line in run("-w", folder, "sources", "import", folder.parent / "given.csv").err.splitlines()]
    assert [line["place"] for line in told if "place" in line] == [f"{folder}/coverage.db"]


def test_recipients_add_says_where_it_began_a_file(folder: Path) -> None:
    given = ("--name", "Arta", "--role", "staff", "--language", "en", "--edition", "weekly")
    first = run("-w", folder, "recipients", "add", "arta@example.org", *given)
    assert f"began {folder}/recipients.toml" in first.out
    assert "began" not in run("-w", folder, "recipients", "add", "mira@example.org", *given).out


@pytest.mark.parametrize("command", ["schedule", "review --port 0", "sources list", "user add Arta --role reviewer"])
def test_a_workspace_without_a_database_gets_one_with_a_word(command: str, folder: Path) -> None:
    """Also by what runs until it is stopped, which is why each is a process of its own."""
    (folder / "tracker.toml").touch()
    program = [sys.executable, "-m", "tracker", "-w", str(folder), *command.split()]
    with subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            begun = next((line for line in process.stderr if line.startswith("began")), "")
        finally:
            process.kill()
    assert begun == f"began a new database: {folder}/coverage.db\n"


def test_a_workspace_that_no_night_has_begun_is_refused_by_what_reads_a_night(folder: Path) -> None:
    (folder / "tracker.toml").touch()
    outcome = run("-w", folder, "status")
    assert (outcome.code, "coverage.db does not exist yet; run `tracker nightly` first" in outcome.err) == (3, True)
