"""A database file that a bad disk altered anywhere: a command does its work from what is sound, or ends with 3 and says what to do.

No mention is removed, no letter goes out that is another than the sound one, and there is no traceback.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click
import pytest

from tests.cli.running import run
from tests.newsdesk import Newsdesk
from tests.store.test_damaged_tables import letters
from tests.store.test_search_index import RECIPIENTS, REWORDED
from tracker.store.sqlite import explain

PAGE = 4096
NIGHT, SEND = "nightly --catalogue none.csv --as-of 2026-03-14T06:00+01:00", "send --edition 1"
COMMANDS = (SEND, "match", "digest make --kind weekly --as-of 2026-03-17T06:00+01:00", "schedule --list", "status")
PARTNER = RECIPIENTS + RECIPIENTS.replace("ana@", "bea@").replace('"staff"', '"partner"')
AT_WORK = """
import os, sqlite3, sys
conn = sqlite3.connect(sys.argv[1], isolation_level=None)
conn.execute("PRAGMA wal_autocheckpoint = 0")
for table, column in (("runs", "ended_at"), ("articles", "title"), ("mentions", "circle")):
    conn.execute(f"UPDATE {table} SET {column} = {column}")
os.kill(os.getpid(), 9)
"""
Damage = Callable[[Path, random.Random], None]


def written(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def pages(path: Path, dice: random.Random, count: int) -> list[int]:
    """Where some pages begin; never the first, which has cases of its own."""
    return [PAGE * dice.randrange(1, path.stat().st_size // PAGE) for _ in range(count)]


def zeroed(count: int, length: int = PAGE) -> Damage:
    def damage(path: Path, dice: random.Random) -> None:
        for at in pages(path, dice, count):
            written(path, at + PAGE - length, bytes(length))

    return damage


def noise(count: int, length: int = PAGE) -> Damage:
    def damage(path: Path, dice: random.Random) -> None:
        for at in pages(path, dice, count):
            written(path, at + dice.randrange(PAGE - length + 1), dice.randbytes(length))

    return damage


def swapped(path: Path, dice: random.Random) -> None:
    """Two pages that were written to each other's place."""
    one, other = pages(path, dice, 2)
    raw = path.read_bytes()
    written(path, one, raw[other : other + PAGE])
    written(path, other, raw[one : one + PAGE])


def emptied(name: str) -> Damage:
    """An index without its rows: a page of before it was filled, which SQLite takes for sound."""

    def damage(path: Path, dice: random.Random) -> None:
        with closing(sqlite3.connect(path)) as conn:
            (root,) = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        written(path, PAGE * (root - 1), b"\x0a" + bytes(4) + PAGE.to_bytes(2) + bytes(1))

    return damage


def header(at: int, data: bytes) -> Damage:
    return lambda path, dice: written(path, at, data)


def cut(size: int) -> Damage:
    """To so many bytes; below zero so many less than it has."""
    return lambda path, dice: os.truncate(path, size % path.stat().st_size)


def said(statement: str) -> Damage:
    def damage(path: Path, dice: random.Random) -> None:
        with closing(sqlite3.connect(path)) as conn:
            conn.execute("PRAGMA writable_schema = ON")
            conn.execute(statement)
            conn.commit()

    return damage


def log(change: Callable[[bytearray, random.Random], object], ending: str = "-wal") -> Damage:
    """What a killed program had written and not yet brought into the file, altered."""

    def damage(path: Path, dice: random.Random) -> None:
        subprocess.run([sys.executable, "-c", AT_WORK, str(path)], check=False, timeout=60)
        beside = path.with_name(path.name + ending)
        content = bytearray(beside.read_bytes())
        assert content
        change(content, dice)
        beside.write_bytes(content)

    return damage


def filled(begin: int, end: int | None, *, zero: bool = False) -> Callable[[bytearray, random.Random], None]:
    def change(content: bytearray, dice: random.Random) -> None:
        size = len(content[begin:end])
        content[begin:end] = bytes(size) if zero else dice.randbytes(size)

    return change


def halved(content: bytearray, dice: random.Random) -> None:
    del content[len(content) // 2 + 7 :]


DAMAGES: dict[str, Damage] = {
    **{f"{count} pages zeroed, {seed}": zeroed(count) for count in (1, 4, 16) for seed in range(4)},
    **{f"halves of 3 pages zeroed, {seed}": zeroed(3, PAGE // 2) for seed in range(3)},
    **{f"{count} pages of noise, {seed}": noise(count) for count in (1, 5) for seed in range(3)},
    **{f"3 bytes in {count} pages, {seed}": noise(count, 3) for count in (5, 40) for seed in range(4)},
    **{f"two pages swapped, {seed}": swapped for seed in range(5)},
    **{f"an empty {name}": emptied(name) for name in ("sqlite_autoindex_edition_entries_1", "ix_deliveries_state", "ix_mentions_group")},
    "no name in the header": header(0, bytes(16)),
    "another name in the header": header(0, b"PostgreSQL dump\0"),
    "another size of pages": header(16, (8192).to_bytes(2)),
    "no size of pages": header(16, bytes(2)),
    "a version to write of tomorrow": header(18, b"\x09"),
    "a version to read of tomorrow": header(19, b"\x09"),
    "another number of pages": header(24, b"\0\0\0\1\0\0\0\1"),
    "a list of free pages that is none": header(32, b"\0\0\0\5\0\0\0\5"),
    "a format of tomorrow": header(44, b"\xff" * 4),
    "another encoding of texts": header(56, b"\0\0\0\2"),
    "no header": header(0, bytes(100)),
    "no list of tables": header(100, bytes(PAGE - 100)),
    "noise in the list of tables": header(100, random.Random(3).randbytes(PAGE - 100)),
    **{f"cut to {size} bytes": cut(size) for size in (0, 1, 100, PAGE, 5000, 40 * PAGE, -PAGE, -1)},
    "a log without its header": log(filled(0, 32, zero=True)),
    "a log with another header": log(filled(0, 32)),
    "a log without its first page": log(filled(32, 32 + 24 + PAGE, zero=True)),
    "a log of noise": log(filled(32, None)),
    "a log cut short": log(halved),
    "a log's list of noise": log(filled(0, None), "-shm"),
    "a log's list of zeros": log(filled(0, None, zero=True), "-shm"),
    "an index without one of its tables": said("DELETE FROM sqlite_master WHERE name = 'article_search_config'"),
    "an index without its list of words": said("DELETE FROM sqlite_master WHERE name = 'article_search_idx'"),
    "an index without its rows": said("DELETE FROM sqlite_master WHERE name = 'article_search_data'"),
    "an index cut in the middle": said("UPDATE article_search_data SET block = substr(block, 1, length(block) / 2)"),
    "no editions": said("DELETE FROM sqlite_master WHERE name = 'editions'"),
    "no ledger": said("DELETE FROM sqlite_master WHERE name = 'deliveries'"),
    "one table in another's place": said("UPDATE sqlite_master SET rootpage = 2 WHERE name = 'mentions'"),
    "a table beyond the end": said("UPDATE sqlite_master SET rootpage = 99999 WHERE name = 'mentions'"),
    "a table made by no statement": said("UPDATE sqlite_master SET sql = 'CREATE TABLE' WHERE name = 'articles'"),
    "a column of another name": said("UPDATE sqlite_master SET sql = replace(sql, 'circle', 'circlf') WHERE name = 'mentions'"),
    "an unknown version": said("UPDATE alembic_version SET version_num = 'x'"),
}


def mention_ids(path: Path) -> set[str] | None:
    """None: they cannot be read."""
    try:
        with closing(sqlite3.connect(path)) as conn:
            conn.text_factory = bytes
            return {str(row[0]) for row in conn.execute("SELECT id FROM mentions NOT INDEXED")}
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return None


@pytest.fixture(scope="module")
def worked(ordinary_night: tuple[Path, object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition waits to be sent, to a partner too, and the campaign has changed since."""
    folder = tmp_path_factory.mktemp("worked") / "desk"
    shutil.copytree(ordinary_night[0], folder)
    desk = Newsdesk(folder)
    desk.night("match", "group", "digest")
    desk.close()
    desk.write_campaign(REWORDED)
    (folder / "recipients.toml").write_text(PARTNER, "utf-8")
    (folder / "tracker.toml").write_text("[watch]\nenabled = false\n", "utf-8")
    (folder / "none.csv").write_text("id,name,homepage,country\n", "utf-8")
    with closing(sqlite3.connect(folder / "coverage.db")) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


def done(command: str, folder: Path) -> tuple[int, str, set[str]]:
    """Exit code, what was said on standard error, the letters."""
    outcome = run(*(str(folder / word) if word == "none.csv" else word for word in command.split()), "-w", folder)
    return outcome.code, outcome.err, letters(folder)


@pytest.fixture(scope="module")
def sound(worked: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str, set[str]]]:
    """What each command does where nothing is damaged."""
    ends = {}
    for number, command in enumerate((NIGHT, *COMMANDS)):
        folder = tmp_path_factory.mktemp("sound") / str(number)
        shutil.copytree(worked, folder)
        ends[command] = done(command, folder)
    assert all(code in (0, 1) for code, _, _ in ends.values())
    return ends


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_done_over_a_damaged_file_is_right_or_refused(
    name: str, worked: Path, sound: dict[str, tuple[int, str, set[str]]], tmp_path: Path
) -> None:
    asked = (NIGHT, *COMMANDS) if [*DAMAGES].index(name) % 6 == 0 else COMMANDS
    before = letters(worked)
    for number, command in enumerate(asked):
        folder, beside = tmp_path / str(number), tmp_path / f"{number}-copy"
        shutil.copytree(worked, folder)
        DAMAGES[name](folder / "coverage.db", random.Random(name))
        shutil.copytree(folder, beside)
        known = mention_ids(beside / "coverage.db")
        code, err, made = done(command, folder)
        assert code in (sound[command][0], 3), (command, err)
        assert "Traceback" not in err, (command, err)
        assert code != 3 or err.splitlines()[-1].startswith("tracker: "), (command, err)
        assert made - before <= sound[command][2], command
        assert code == 3 or command != SEND or made == sound[SEND][2], command
        left = mention_ids(folder / "coverage.db")
        assert left is None or known is None or left >= known, command


def test_a_file_that_was_cut_to_nothing_is_not_begun_anew(worked: Path, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(worked, folder)
    (folder / "coverage.db").write_bytes(b"")
    code, err, _ = done(NIGHT, folder)
    assert (code, (folder / "coverage.db").stat().st_size) == (3, 0)
    assert "coverage.db holds nothing, although outbox/ holds what nights have written" in err


def test_an_error_that_nobody_expected_is_told_as_damage_where_the_file_is_damaged_and_only_there(
    worked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("an altered value")

    monkeypatch.setattr("tracker.delivery.mailing.Mailing.run", fail)
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    for folder in (whole, broken):
        shutil.copytree(worked, folder)
    zeroed(60)(broken / "coverage.db", random.Random(1))
    with pytest.raises(KeyError):
        run(*SEND.split(), "-w", whole)
    outcome = run(*SEND.split(), "-w", broken)
    assert (outcome.code, "is damaged" in outcome.err, "tracker restore FILE" in outcome.err) == (3, True, True)


def test_a_person_who_says_no_does_not_wait_for_a_look_at_the_file(monkeypatch: pytest.MonkeyPatch, worked: Path) -> None:
    def abort(*_: object, **__: object) -> None:
        raise click.Abort

    def looked(*_: object, **__: object) -> None:
        raise AssertionError("the file was looked at")

    monkeypatch.setattr("tracker.delivery.mailing.Mailing.run", abort)
    monkeypatch.setattr("tracker.store.backup.unsound", looked)
    outcome = run(*SEND.split(), "-w", worked)
    assert (outcome.code, "interrupted" in outcome.err) == (3, True)


def test_a_text_that_is_none_is_damage(tmp_path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as conn, pytest.raises(sqlite3.OperationalError) as refused:
        conn.execute("SELECT CAST(x'ff' AS TEXT)").fetchall()
    explained = explain(refused.value, tmp_path / "coverage.db")
    assert "is damaged" in str(explained)
