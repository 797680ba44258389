"""The disk is full, the database locked: one line that says what to do, and a database that holds all it held."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from tests.cli.running import run
from tests.conftest import ROOT
from tests.newsdesk import Newsdesk
from tracker.errors import StoreError
from tracker.maintenance import backup
from tracker.settings import Settings
from tracker.store import backup as copies
from tracker.store.database import Database, open_database

SMALL_FILES = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
sys.argv = ["tracker", *{arguments!r}]
from tracker.cli.main import main
main()
"""


def with_small_files(limit: int, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command whose files may not grow beyond the limit: to SQLite a disk that takes no more."""
    code = SMALL_FILES.format(limit=limit, arguments=[str(one) for one in arguments])
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def contents(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as conn:
        return copies._rows(conn)


@contextmanager
def no_more_pages() -> Iterator[None]:
    """Databases opened meanwhile cannot grow: what SQLite itself calls a full disk."""

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


def fill(database: Database) -> None:
    with database.writing() as conn:
        conn.exec_driver_sql("CREATE TABLE filling (bytes BLOB)")
        for _ in range(1000):
            conn.exec_driver_sql("INSERT INTO filling VALUES (zeroblob(100000))")


@pytest.mark.parametrize("limit", [8_000, 25_000])
def test_a_disk_that_takes_no_more_is_one_line_and_the_database_is_whole(desk: Newsdesk, limit: int) -> None:
    path = desk.folder / "coverage.db"
    desk.close()
    before = contents(path)
    ended = with_small_files(limit, "match", "--workspace", desk.folder)
    assert ended.returncode == 3
    told = [line for line in ended.stderr.splitlines() if line.startswith("tracker: ")]
    assert len(told) == 1
    assert "disk" in told[0]
    assert "Traceback" not in ended.stderr
    assert copies.unsound(path) == []
    assert {table: rows for table, rows in contents(path).items() if table not in ("runs", "looks", "campaign_versions")}.items() >= {
        table: rows for table, rows in before.items() if table in ("articles", "pages", "links", "events")
    }.items()
    again = with_small_files(2**30, "match", "--workspace", desk.folder)
    assert again.returncode == 0, again.stderr
    assert contents(path)["mentions"] == 4


def test_a_database_that_cannot_grow_undoes_what_it_was_at(desk: Newsdesk) -> None:
    path = desk.folder / "coverage.db"
    desk.close()
    before = contents(path)
    with (
        no_more_pages(),
        closing(open_database(desk.folder)) as full,
        pytest.raises(StoreError, match="the disk is full; make room and start again, nothing that was stored is lost"),
    ):
        fill(full)
    assert copies.unsound(path) == []
    assert contents(path) == before


def test_a_backup_for_which_there_is_no_room_leaves_nothing_and_harms_nothing(desk: Newsdesk, tmp_path: Path) -> None:
    path = desk.folder / "coverage.db"
    desk.close()
    before = contents(path)
    target = tmp_path / "backups" / "copy.db"
    ended = with_small_files(200_000, "backup", target, "--workspace", desk.folder)
    assert ended.returncode == 3
    assert ended.stderr.startswith(f"tracker: the copy to {target} failed: ")
    assert [*target.parent.iterdir()] == []
    assert contents(path) == before


@pytest.mark.parametrize("command", [("match",), ("verdict", "x", "accept"), ("prune",), ("digest", "list"), ("alert",)])
def test_a_locked_database_is_one_line_for_every_command(desk: Newsdesk, command: tuple[str, ...]) -> None:
    (desk.folder / "tracker.toml").write_text("[database]\nbusy_timeout_seconds = 0.1\n", "utf-8")
    desk.close()
    with closing(sqlite3.connect(desk.folder / "coverage.db", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        ended = run(*command, "--workspace", desk.folder)
        holder.execute("ROLLBACK")
    if ended.code in (0, 2):
        return  # it only reads, or found nothing to write
    assert ended.code == 3
    assert "in use by another program" in ended.err
    assert len(ended.err.splitlines()) == 1


def test_a_copy_that_lacks_a_row_is_refused(desk: Newsdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = copies._rows
    counted: list[int] = []

    def short(conn: sqlite3.Connection) -> dict[str, int]:
        counted.append(1)
        return real(conn) | ({"articles": 0} if len(counted) == 2 else {})

    monkeypatch.setattr(copies, "_rows", short)
    with pytest.raises(StoreError, match="lacks rows of articles"):
        backup.backup(desk.folder, Settings(), tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
