"""Tables and indexes of the database are zeroed one by one: a command does its work whole, or ends with 3 and has sent and removed nothing."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.newsdesk import Newsdesk
from tests.store.test_search_index import RECIPIENTS, REWORDED

NAMES = "editions edition_entries releases deliveries mentions articles stories story_members ix_mentions_group ix_deliveries_state".split()
COMMANDS = ["send --edition 1", "match", "group", "digest make --kind weekly --as-of 2026-03-17T06:00+01:00"]


def zero(path: Path, name: str) -> None:
    """The first page of a table or an index."""
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        (size,) = conn.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(bytes(size))


def letters(folder: Path) -> set[str]:
    """What stands in every letter, but for the line of evidence: it is another in each copy."""
    said = set()
    for path in (folder / "outbox").rglob("*.eml"):
        body = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",))
        said.add(body.get_content().rsplit("which proves", 1)[0] if body else "")
    return said


def mention_ids(path: Path) -> set[str] | None:
    """None: they cannot be read."""
    try:
        with closing(sqlite3.connect(path)) as conn:
            return {row[0] for row in conn.execute("SELECT id FROM mentions NOT INDEXED")}
    except sqlite3.DatabaseError:
        return None


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_over_a_zeroed_table_does_all_or_nothing(command: str, desk: Newsdesk, tmp_path: Path) -> None:
    desk.night("match", "group", "digest")
    desk.close()
    desk.write_campaign(REWORDED)
    (desk.folder / "recipients.toml").write_text(RECIPIENTS, "utf-8")
    before, known = letters(desk.folder), mention_ids(desk.folder / "coverage.db")
    assert known
    sound = tmp_path / "sound"
    shutil.copytree(desk.folder, sound)
    code, whole = run(*command.split(), "-w", sound).code, letters(sound)
    assert code in (0, 1)
    ended = {}
    for name in NAMES:
        folder = tmp_path / name
        shutil.copytree(desk.folder, folder)
        zero(folder / "coverage.db", name)
        outcome = run(*command.split(), "-w", folder)
        ended[name] = outcome.code
        assert outcome.code in (code, 3), (name, outcome)
        assert letters(folder) == (whole if outcome.code == code else before), name
        assert ("is damaged" in outcome.err, "Traceback" in outcome.err) == (outcome.code == 3, False), (name, outcome.err)
        assert mention_ids(folder / "coverage.db") in (known, None), name
    assert 3 in ended.values(), ended
