from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.cli.running import run
from tests.newsdesk import ARTA, HELD, RIVER, Addresses, Newsdesk
from tracker.cli.main import cli
from tracker.model import Decision
from tracker.store import verdicts


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    yield path
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.fixture
def reviewed(desk: Newsdesk) -> Newsdesk:
    """A workspace with mentions, stories and an edition, and no settings of its own."""
    desk.night("match", "group", "digest")
    return desk


@pytest.mark.parametrize("path", [*commands(cli)], ids=" ".join)
def test_every_command_has_help_with_an_example(path: tuple[str, ...]) -> None:
    outcome = run(*path, "--help")
    assert (outcome.code, outcome.err) == (0, "")
    assert "Example: tracker" in " ".join(outcome.out.split()) or "Example: echo" in outcome.out, outcome.out
    assert run(*path, "-h").out == outcome.out


def test_the_version_is_told() -> None:
    assert run("--version").out.startswith("tracker, version ")


JSON_COMMANDS = [
    "extract",
    "match",
    "group",
    "prune",
    "digest list",
    "digest make",
    "sources list",
    "sources health",
    "sources disable zeri-i-lumit",
    "sources enable zeri-i-lumit",
    "campaign check",
    "campaign suggest rivers",
    "campaign explain rivers lumi --word lumë",
    "doctor",
    "trace https://a.example/never",
]


@pytest.mark.parametrize("asked", JSON_COMMANDS)
def test_json_prints_one_object_whether_asked_before_the_command_or_after_it(reviewed: Newsdesk, asked: str) -> None:
    for arguments in (["-w", reviewed.folder, "--json", *asked.split()], [*asked.split(), "--json", "-w", reviewed.folder]):
        outcome = run(*arguments)
        assert outcome.code in (0, 1), outcome
        assert outcome.out.count("\n") == 1
        assert isinstance(json.loads(outcome.out), dict)
        assert outcome.err == ""


def test_json_of_a_trace_a_verdict_a_backup_and_a_restore_are_objects_too(reviewed: Newsdesk, addresses: Addresses, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    asked = [["trace", addresses.held], ["verdict", reviewed.mention_of(HELD).id, "unsure"], ["backup", copy], ["restore", copy]]
    reports = [json.loads(run("-w", reviewed.folder, "--json", *arguments).out) for arguments in asked]
    assert reports[0]["trails"][0]["mentions"][0]["held"] is True
    assert reports[1]["decision"] == "unsure"
    assert reports[2]["bytes"] == copy.stat().st_size
    assert Path(reports[3]["before"]).exists()


def test_exit_0_is_done(desk: Newsdesk) -> None:
    outcome = run("-w", desk.folder, "match")
    assert outcome.code == 0
    assert "3 campaign" in outcome.out


def test_exit_1_is_done_but_something_needs_a_person(desk: Newsdesk) -> None:
    run("-w", desk.folder, "match")
    outcome = run("-w", desk.folder, "digest", "make", "--as-of", "2026-03-14T02:00Z")
    assert outcome.code == 1
    assert "Needs a person:" in outcome.out
    assert "1 item is held back" in outcome.out
    path = Path(outcome.out.rstrip().splitlines()[-1].removeprefix("Digest: "))
    assert path.suffix == ".html"
    assert path.is_file()


def test_exit_2_and_3_are_mistakes_and_what_could_not_run(tmp_path: Path) -> None:
    assert run("-w", tmp_path, "nonsense").code == 2
    (tmp_path / "tracker.toml").touch()
    assert run("-w", tmp_path, "trace", "https://a.example/").code == 3


def test_an_interrupted_command_says_how_to_go_on(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tracker.pipeline.nightly.run_night", interrupt)
    outcome = run("-w", desk.folder, "match")
    assert (outcome.code, outcome.out) == (3, "")
    assert "run the same command again" in outcome.err


def test_a_full_disk_is_told_in_one_line(reviewed: Newsdesk) -> None:
    outcome = run("-w", reviewed.folder, "export", "articles", "-o", "/dev/full/out.jsonl")
    assert (outcome.code, outcome.err.count("\n")) == (3, 1), outcome


def test_a_verdict_is_recorded_with_note_and_name_and_a_later_one_counts(reviewed: Newsdesk) -> None:
    mention = reviewed.mention_of(ARTA)
    for decision, note in (("reject", "another  Arta\n Lumaj"), ("accept", "")):
        assert run("-w", reviewed.folder, "verdict", mention.id, decision, "--note", note, "--by", "Mira").code == 0
    with reviewed.parts.database.reading() as conn:
        said = verdicts.history(conn, "rivers", mention.article_id)
        assert [(one.decision, one.note, one.by) for one in said] == [
            (Decision.REJECT, "another Arta Lumaj", "Mira"),
            (Decision.ACCEPT, "", "Mira"),
        ]
        assert verdicts.latest(conn, "rivers")[mention.article_id].decision is Decision.ACCEPT


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx"])
@pytest.mark.parametrize("what", ["articles", "mentions", "stories"])
def test_an_export_goes_to_a_file_or_to_standard_output(reviewed: Newsdesk, tmp_path: Path, what: str, ending: str) -> None:
    out = tmp_path / f"out.{ending}"
    to_file = run("-w", reviewed.folder, "export", what, "--format", ending, "-o", out)
    to_stream = run("-w", reviewed.folder, "export", what, "--format", ending)
    assert (to_file.code, to_file.out) == (0, "")
    assert f"{what} written to {out}" in to_file.err
    assert "held back to protect a child" in to_file.err
    if ending != "xlsx":  # a spreadsheet bears the moment it was made
        assert to_stream.raw == out.read_bytes()
        assert RIVER.encode() in to_stream.raw
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [out.name]


def test_a_trace_of_an_unknown_address_says_so(desk: Newsdesk) -> None:
    outcome = run("-w", desk.folder, "trace", "https://stranger.example/a")
    assert outcome.code == 0
    assert "never seen" in outcome.out


def test_a_campaign_explains_why_a_text_matches(desk: Newsdesk) -> None:
    outcome = run("-w", desk.folder, "campaign", "explain", "rivers", "Lumit të pastër", "--language", "sq", "--word", "lumin e pastër")
    assert outcome.code == 0
    assert "river" in outcome.out


def test_the_doctor_exits_1_when_something_is_wrong(desk: Newsdesk) -> None:
    (desk.folder / "recipients.toml").write_text("", "utf-8")
    (desk.folder / "recipients.toml").chmod(0o666)
    outcome = run("-w", desk.folder, "doctor")
    assert outcome.code == 1
    assert "WRONG" in outcome.out
    assert "chmod 600" in outcome.out


def test_a_terminal_without_cyrillic_ends_no_command(desk: Newsdesk) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tracker", "-w", str(desk.folder), "campaign", "explain", "rivers", "Лумит", "--word", "Лумит"],
        capture_output=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("asked", ["--help", "sources list", "export articles"])
def test_a_reader_that_goes_away_is_no_failure(reviewed: Newsdesk, asked: str) -> None:
    command = f'"{sys.executable}" -m tracker -w "{reviewed.folder}" {asked} | head -c 1; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    said = done.stderr.decode().splitlines()
    assert [line for line in said if "held back" not in line] == []  # that line comes when all was written before the reader went
    assert done.stdout.splitlines()[-1][-1:] == b"0"
