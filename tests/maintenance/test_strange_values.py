"""A backup whose values are of another kind than their columns is refused before anything is changed."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.newsdesk import Newsdesk
from tracker.store.values_check import strange_values


@pytest.fixture
def backed_up(grouped: Newsdesk, tmp_path: Path) -> Path:
    grouped.close()
    assert run("backup", tmp_path / "good.db", "--workspace", grouped.folder).code == 0
    return tmp_path / "good.db"


def test_a_whole_database_has_none(backed_up: Path) -> None:
    assert strange_values(backed_up) == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE articles SET title = x'ff00fe'", "the column title of articles holds what is no text"),
        ("UPDATE articles SET fetched_at = 'yesterday'", "the column fetched_at of articles holds what is no moment"),
        ("UPDATE articles SET fetched_at = '2026-13-45 99:00:00.000000'", "the column fetched_at of articles holds what is no moment"),
        ("UPDATE articles SET fetched_at = 1764000000", "the column fetched_at of articles holds what is no moment"),
        ("UPDATE mentions SET hits = 'none'", "the column hits of mentions holds what is no list"),
        ("UPDATE mentions SET held = 7", "the column held of mentions holds what is no yes or no"),
        ("UPDATE links SET attempts = 'many'", "the column attempts of links holds what is no whole number"),
        ("UPDATE pages SET body = 'text'", "the column body of pages holds what is no bytes"),
    ],
)
def test_a_backup_with_another_kind_of_value_is_refused(grouped: Newsdesk, backed_up: Path, statement: str, words: str) -> None:
    bad = backed_up.with_name("bad.db")
    shutil.copy2(backed_up, bad)
    with closing(sqlite3.connect(bad)) as conn, conn:
        conn.execute(statement)
    before = (grouped.folder / "coverage.db").read_bytes()
    ended = run("restore", bad, "--workspace", grouped.folder)
    assert (ended.code, ended.err) == (3, f"tracker: {bad} is no whole database of the tracker: {words}\n")
    assert (grouped.folder / "coverage.db").read_bytes() == before


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_a_pack_with_a_link_is_refused(grouped: Newsdesk, backed_up: Path, kind: bytes) -> None:
    bad = backed_up.with_name("bad.tar.gz")
    with tarfile.open(bad, "w:gz") as tar:
        tar.add(backed_up, "coverage.db")
        link = tarfile.TarInfo("outbox/link")
        link.type, link.linkname = kind, "/etc/passwd"
        tar.addfile(link, io.BytesIO())
    ended = run("restore", bad, "--workspace", grouped.folder)
    assert ended.code == 3
    assert "holds 'outbox/link', which no backup of the tracker does" in ended.err


def test_a_pipe_is_refused_at_once(grouped: Newsdesk, tmp_path: Path) -> None:
    grouped.close()
    os.mkfifo(tmp_path / "pipe")
    ended = run("restore", tmp_path / "pipe", "--workspace", grouped.folder)
    assert (ended.code, ended.err) == (3, f"tracker: {tmp_path / 'pipe'} is no file; name a backup of the tracker\n")
