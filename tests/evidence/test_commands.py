"""`tracker evidence` as people type it: exit codes, what it says, what it refuses."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.conftest import ROOT
from tests.evidence.archive import three_days
from tests.newsdesk import CAMPAIGN
from tests.store.test_storage_faults import with_small_files
from tracker.evidence.witness import witness_line
from tracker.store import evidence


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A workspace with an archive, and the line of its last day."""
    folder = tmp_path_factory.mktemp("workspace")
    (folder / "campaigns").mkdir()
    (folder / "campaigns" / "rivers.toml").write_text(CAMPAIGN, "utf-8")
    database = three_days(folder)
    with database.reading() as conn:
        last = evidence.roots(conn)[-1]
    database.close()
    return folder, witness_line(last.day, bytes.fromhex(last.link))


def test_a_pack_is_made_and_verified_and_an_altered_one_is_named(workspace: tuple[Path, str], tmp_path: Path) -> None:
    folder, line = workspace
    pack = tmp_path / "item.zip"
    made = run("evidence", "rivers-3", "-o", pack, "--no-pdf", "-w", folder)
    assert (made.code, made.out.splitlines()[0].startswith("1 item in")) == (0, True)
    again = run("evidence", "rivers-3", "-o", pack, "--no-pdf", "-w", folder)
    assert (again.code, "--force" in again.err) == (2, True)
    assert run("evidence", "rivers-3", "-o", pack, "--no-pdf", "--force", "-w", folder).code == 0
    assert run("evidence", "verify", pack).code == 0
    proven = run("evidence", "verify", pack, "--root", line)
    assert (proven.code, "proven by the line of 2026-03-17: 1 item" in proven.out) == (0, True)
    told = json.loads(run("evidence", "verify", pack, "--root", line, "--json").out)
    assert (told["proven"], told["faults"]) == (1, [])
    content = bytearray(pack.read_bytes())
    content[content.index("numër 3".encode())] ^= 1
    pack.write_bytes(content)
    altered = run("evidence", "verify", pack)
    assert (altered.code, altered.out) == (1, "ALTERED items/000003/text.txt: its content is changed\n")


def test_a_campaign_since_a_day_and_protected_items(workspace: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = workspace
    assert run("verdict", "rivers-4", "sensitive", "-w", folder).code == 0
    made = run("evidence", "--campaign", "rivers", "--since", "2026-03-14", "-o", tmp_path / "all.zip", "--no-pdf", "-w", folder)
    assert (made.code, "left out, protected: 1 item" in made.out) == (0, True)
    refused = run("evidence", "rivers-4", "-o", tmp_path / "x.zip", "-w", folder)
    assert (refused.code, "--sealed-by" in refused.err) == (2, True)
    opened = run("evidence", "rivers-4", "-o", tmp_path / "x.zip", "--sealed-by", "Besa", "--reason", "court", "--no-pdf", "-w", folder)
    assert opened.code == 0
    assert "Besa" in run("history", "rivers-4", "-w", folder).out
    erased = run("evidence", "erase", "rivers-4", "--by", "Besa", "--reason", "a child", "-w", folder)
    assert (erased.code, erased.out.startswith("erased: item 4")) == (0, True)
    assert run("evidence", "erase", "rivers-4", "--by", "Besa", "--reason", "a child", "-w", folder).code == 2
    assert run("evidence", "erase", "rivers-3", "--by", "Besa", "--reason", "a child", "-w", folder).code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("-o", "x.zip"),
        ("rivers-1",),
        ("rivers-1", "--edition", "1", "-o", "x.zip"),
        ("--campaign", "rivers", "-o", "x.zip"),
        ("--campaign", "none", "--since", "2026-03-14", "-o", "x.zip"),
        ("--edition", "99", "-o", "x.zip"),
        ("nothing-7", "-o", "x.zip"),
        ("rivers-1", "-o", "x.zip", "--sealed-by", "Besa"),
        ("rivers-1", "-o", "no/such/folder/x.zip"),
        ("erase", "rivers-1", "--by", " ", "--reason", "x"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(
    workspace: tuple[Path, str], arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = run("evidence", *arguments, "-w", workspace[0])
    assert (refused.code, len(refused.err.splitlines())) == (2, 1)
    assert not list(tmp_path.iterdir())


def test_verify_needs_no_workspace_and_refuses_a_line_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.zip").write_bytes(b"nothing")
    assert run("evidence", "verify", "x.zip").code == 2
    assert run("evidence", "verify", "x.zip", "--root", "2026-03-14 ABCD").code == 2
    assert run("evidence", "verify", "none.zip").code == 3
    assert [path.name for path in tmp_path.iterdir()] == ["x.zip"]


KILLED = """
import os, signal, sys
from tracker.evidence import pack
owner = {{"add": pack.PackWriter, "close": pack.PackWriter, "sync_folder": pack}}[{name!r}]
real = getattr(owner, {name!r})
def dies(*given):
    real(*given)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, {name!r}, dies)
sys.argv = ["tracker", *{arguments!r}]
from tracker.cli.main import main
main()
"""


@pytest.mark.parametrize("name", ["add", "close", "sync_folder"])
def test_a_pack_whose_writing_is_killed_is_whole_or_not_there_and_is_written_again(
    workspace: tuple[Path, str], tmp_path: Path, name: str
) -> None:
    folder, line = workspace
    arguments = ["evidence", "rivers-5", "-o", str(tmp_path / "x.zip"), "--no-pdf", "-w", str(folder)]
    died = subprocess.run([sys.executable, "-c", KILLED.format(name=name, arguments=arguments)], cwd=ROOT, capture_output=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert (tmp_path / "x.zip").exists() is (name == "sync_folder")
    assert run(*arguments, "--force").code == 0
    assert run("evidence", "verify", tmp_path / "x.zip", "--root", line).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["x.zip"]


def test_a_full_disk_leaves_no_pack_and_says_so_in_one_line(workspace: tuple[Path, str], tmp_path: Path) -> None:
    ended = with_small_files(2_000, "evidence", "rivers-6", "-o", tmp_path / "x.zip", "--no-pdf", "-w", workspace[0])
    assert (ended.returncode, len(ended.stderr.strip().splitlines())) == (3, 1), ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"a letter, not a pack" * 20, b"PK\x03\x04" + bytes(90)], ids=["empty", "short", "text", "another zip"]
)
def test_a_file_that_is_no_pack_is_not_called_altered(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "letter.zip"
    file.write_bytes(content)
    outcome = run("evidence", "verify", file)
    assert (outcome.code, outcome.out, "is not an evidence pack" in outcome.err) == (2, "", True)


@pytest.mark.parametrize("place", [0, 40, -1], ids=["its first byte", "its first name", "its last byte"])
def test_a_pack_altered_at_its_ends_is_altered_and_not_another_file(workspace: tuple[Path, str], tmp_path: Path, place: int) -> None:
    pack = tmp_path / "item.zip"
    assert run("evidence", "rivers-3", "-o", pack, "--no-pdf", "-w", workspace[0]).code == 0
    content = bytearray(pack.read_bytes())
    content[place] ^= 1
    pack.write_bytes(content)
    outcome = run("evidence", "verify", pack)
    assert (outcome.code, outcome.out.startswith("ALTERED ")) == (1, True)
