"""All of a workspace in one file, and back."""

from __future__ import annotations

import io
import sqlite3
import stat
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.newsdesk import Newsdesk
from tracker.maintenance.packing import PRIVATE, pack, unpack
from tracker.settings import Settings

FILES = {
    "tracker.toml": "[digest]\nlanguages = ['sq']\n",
    "recipients.toml": "# nobody yet\n",
    "outbox/rivers-nightly.eml": "Subject: x\n\nx",
    "outbox/sent.jsonl": "",
    "secrets.env": "TRACKER_MAIL__PASSWORD=no\n",
}


@pytest.fixture
def packed(desk: Newsdesk, tmp_path: Path) -> Path:
    desk.night("match")
    for name, content in FILES.items():
        path = desk.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, "utf-8")
    (desk.folder / "recipients.toml").chmod(PRIVATE)
    desk.close()
    ended = run("backup", "--all", tmp_path / "all.tar.gz", "--workspace", desk.folder)
    assert ended.code == 0, ended.err
    return tmp_path / "all.tar.gz"


def mentions(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "coverage.db")) as conn:
        return int(conn.execute("SELECT count(*) FROM mentions").fetchone()[0])


def test_a_pack_is_restored_whole_on_another_machine_but_for_secrets(desk: Newsdesk, packed: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    ended = run("restore", packed, "--workspace", fresh)
    assert ended.code == 0, ended.err
    for name, content in FILES.items():
        assert (fresh / name).exists() == (name != "secrets.env"), name
        assert name == "secrets.env" or (fresh / name).read_text("utf-8") == content
    assert "laid: outbox/sent.jsonl" in ended.out.splitlines()
    assert "laid: recipients.toml" in ended.out.splitlines()
    assert "laid: outbox/, " in ended.out
    assert len(ended.out.splitlines()) < len(list(fresh.rglob("*.*")))
    assert stat.S_IMODE((fresh / "recipients.toml").stat().st_mode) == PRIVATE
    assert [path.name for path in (fresh / "campaigns").iterdir()] == [path.name for path in (desk.folder / "campaigns").iterdir()]
    assert mentions(fresh) == mentions(desk.folder) > 0


def test_what_is_there_stays_and_the_packs_state_of_it_lies_beside(desk: Newsdesk, packed: Path) -> None:
    (desk.folder / "outbox" / "sent.jsonl").write_text("sent since\n", "utf-8")
    (desk.folder / "recipients.toml").unlink()
    ended = run("restore", packed, "--workspace", desk.folder)
    assert ended.code == 0, ended.err
    assert (desk.folder / "outbox" / "sent.jsonl").read_text("utf-8") == "sent since\n"
    (beside,) = desk.folder.glob("from-backup-*")
    assert [str(path.relative_to(beside)) for path in beside.rglob("*") if path.is_file()] == ["outbox/sent.jsonl"]
    assert (desk.folder / "recipients.toml").exists()


def test_a_pack_overwrites_nothing_unless_it_may(desk: Newsdesk, packed: Path) -> None:
    before = packed.read_bytes()
    refused = run("backup", "--all", packed, "--workspace", desk.folder)
    assert (refused.code, packed.read_bytes()) == (3, before)
    assert "--force" in refused.err
    assert run("backup", "--all", "--force", packed, "--workspace", desk.folder).code == 0
    assert [path.name for path in packed.parent.iterdir() if path.name.startswith(".all")] == []


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "outbox/../../evil", "evil.txt", "campaigns"])
def test_a_pack_with_anything_else_in_it_is_refused(desk: Newsdesk, packed: Path, tmp_path: Path, name: str) -> None:
    with tarfile.open(packed, "r:gz") as tar:
        database = tar.extractfile("coverage.db").read()  # type: ignore[union-attr]
    with tarfile.open(tmp_path / "bad.tar.gz", "w:gz") as tar:
        for member, content in (("coverage.db", database), (name, b"x")):
            info = tarfile.TarInfo(member)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    before = mentions(desk.folder)
    ended = run("restore", tmp_path / "bad.tar.gz", "--workspace", desk.folder)
    assert ended.code == 3, ended.out
    assert "nothing was restored" in ended.err
    assert (mentions(desk.folder), (tmp_path / "evil").exists()) == (before, False)


@pytest.mark.parametrize("part", [0.3, 0.99])
def test_a_pack_cut_short_is_refused(desk: Newsdesk, packed: Path, tmp_path: Path, part: float) -> None:
    whole = packed.read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: int(len(whole) * part)])
    ended = run("restore", tmp_path / "cut.tar.gz", "--workspace", desk.folder)
    assert (ended.code, "Traceback" in ended.err) == (3, False)


@pytest.mark.parametrize("part", [0.02, 0.2, 0.5, 0.8, 0.97])
def test_a_pack_with_one_byte_changed_is_refused(desk: Newsdesk, packed: Path, tmp_path: Path, part: float) -> None:
    changed = bytearray(packed.read_bytes())
    changed[int(len(changed) * part)] ^= 0xFF
    (tmp_path / "changed.tar.gz").write_bytes(changed)
    ended = run("restore", tmp_path / "changed.tar.gz", "--workspace", desk.folder)
    assert (ended.code, "Traceback" in ended.err) == (3, False)
    assert mentions(desk.folder) > 0


def test_a_pack_inside_the_outbox_does_not_hold_itself(desk: Newsdesk, packed: Path, tmp_path: Path) -> None:
    target = desk.folder / "outbox" / "all.tar.gz"
    pack(desk.folder, Settings(), target)
    pack(desk.folder, Settings(), target, overwrite=True)
    with tarfile.open(target) as tar:
        assert "outbox/all.tar.gz" not in tar.getnames()
    (fresh := tmp_path / "other").mkdir()
    assert unpack(fresh, Settings(), target, desk.parts.clock()).before is None
