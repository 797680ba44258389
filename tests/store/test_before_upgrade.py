"""What is kept of a database file before its schema changes, and what is said when there is no room for it or a migration fails."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import shutil
import signal
import sqlite3
import stat
from collections import namedtuple
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.builders import NOW
from tests.store.test_migrations import RELEASED, REVISION, _head
from tracker.errors import StoreError, UnfitSchema, UpgradeFailed
from tracker.maintenance import backup as care
from tracker.settings import Settings
from tracker.store import backup, before_upgrade
from tracker.store.database import open_database
from tracker.store.migrations import upgrade
from tracker.store.schema import metadata as schema
from tracker.store.schema_check import has_tables_of_its_revision

OLD = "0028"
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def older(tmp_path: Path) -> Path:
    path = tmp_path / "coverage.db"
    path.write_bytes(gzip.decompress((RELEASED / f"{OLD}.db.gz").read_bytes()))
    return path


def copies(path: Path) -> dict[str, str | None]:
    """Everything beside the database that begins with its name, and the revision of each."""
    found = (file for file in path.parent.iterdir() if path.name in file.name and file != path)
    return {file.name: backup.revision(file) for file in found if not file.name.endswith(("-wal", "-shm"))}


def open_and_close(folder: Path) -> None:
    open_database(folder).close()


def write(path: Path) -> None:
    """As a version of the file's own age does."""
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute(
            "INSERT INTO runs (started_at, arguments, needs_a_person, digest_paths) VALUES ('2026-03-14 02:00:00.000000', '[]', '[]', '[]')"
        )


def test_a_file_is_kept_as_it_was_and_only_its_owner_reads_it(older: Path) -> None:
    rows = backup.newest_rows(older)
    open_and_close(older.parent)
    kept = older.with_name(f"coverage.db.before-{schema.HEAD}")
    assert copies(older) == {kept.name: OLD}
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert backup.newest_rows(kept) == rows
    assert backup.unsound(kept) == []
    assert backup.revision(older) == schema.HEAD
    open_and_close(older.parent)
    assert copies(older) == {kept.name: OLD}


@pytest.mark.parametrize(("said_from", "said"), [(0, True), (10**12, False)])
def test_copying_a_large_file_is_said_and_of_a_small_one_nothing_is(
    older: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], said_from: int, said: bool
) -> None:
    monkeypatch.setattr(before_upgrade, "SAID_FROM", said_from)
    open_and_close(older.parent)
    megabytes = f"{older.with_name(f'coverage.db.before-{schema.HEAD}').stat().st_size / 1e6:,.0f}"
    told = capsys.readouterr().err
    assert (told == f"copying coverage.db to coverage.db.before-{schema.HEAD} before its schema changes, {megabytes} MB\n") is said
    assert bool(told) is said


def test_what_stands_in_the_log_alone_is_in_the_copy(older: Path) -> None:
    with closing(sqlite3.connect(older)) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA wal_autocheckpoint = 0")
        conn.execute("UPDATE articles SET title = 'in the log' WHERE id = 1")
        conn.commit()
        kept = before_upgrade.keep_copy(older, OLD, schema.HEAD)
    assert kept is not None
    with closing(sqlite3.connect(kept)) as conn:
        assert conn.execute("SELECT title FROM articles WHERE id = 1").fetchone() == ("in the log",)


def test_a_new_file_and_one_of_this_version_leave_no_copy(tmp_path: Path) -> None:
    for _ in range(2):
        open_and_close(tmp_path)
    assert copies(tmp_path / "coverage.db") == {}


def test_an_older_version_that_went_on_and_is_upgraded_again_has_both_states_kept(older: Path) -> None:
    assert before_upgrade.keep_copy(older, OLD, schema.HEAD) == before_upgrade.keep_copy(older, OLD, schema.HEAD)
    assert len(copies(older)) == 1
    write(older)
    open_and_close(older.parent)
    assert copies(older) == {f"coverage.db.before-{schema.HEAD}": OLD, f"coverage.db.before-{schema.HEAD}-2": OLD}


def test_without_room_nothing_is_changed_and_the_way_on_is_said(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(before_upgrade.shutil, "disk_usage", lambda _: Usage(0, 0, 10_000))
    before = older.read_bytes()
    with pytest.raises(StoreError, match=rf"no room for a copy .* nothing was changed: make room, or .* {before_upgrade.WITHOUT_COPY}=1"):
        open_database(older.parent)
    assert older.read_bytes() == before
    assert copies(older) == {}
    monkeypatch.setenv(before_upgrade.WITHOUT_COPY, "1")
    open_and_close(older.parent)
    assert backup.revision(older) == schema.HEAD
    assert copies(older) == {}


def test_a_copy_that_cannot_be_written_stops_before_anything_is_changed(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup.os, "fsync", full)
    with pytest.raises(StoreError, match=r"No space left on device.*make room"):
        open_database(older.parent)
    assert backup.revision(older) == OLD
    assert copies(older) == {}


def die_while_copying() -> None:
    backup.os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]


def die_while_migrating() -> None:
    def die(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "night_counts" in statement and "TRIGGER" not in statement:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "after_cursor_execute", die)


def _open_and_die(folder: str, prepare: Callable[[], None]) -> None:
    prepare()
    open_database(Path(folder))


@pytest.mark.parametrize("prepare", [die_while_copying, die_while_migrating])
def test_an_upgrade_that_was_killed_is_made_by_the_next_command(older: Path, prepare: Callable[[], None]) -> None:
    for _ in range(2):
        process = multiprocessing.get_context("spawn").Process(target=_open_and_die, args=(str(older.parent), prepare))
        process.start()
        process.join(60)
        assert process.exitcode == -signal.SIGKILL
    open_and_close(older.parent)
    assert backup.unsound(older) == []
    assert backup.revision(older) == schema.HEAD
    first = f"coverage.db.before-{schema.HEAD}"
    # whichever steps were made before the kill, the state before all of them is kept, and nothing half written
    assert copies(older)[first] == OLD
    assert all(name.startswith(first) and revision is not None for name, revision in copies(older).items())


def test_restoring_an_older_backup_copies_it_no_further(older: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    care.restore(workspace, Settings(), older, NOW)
    assert copies(workspace / "coverage.db") == {}
    assert copies(older) == {}


@pytest.mark.parametrize("release", sorted(RELEASED.glob("*.db.gz")), ids=lambda path: path.name)
def test_every_released_file_has_the_tables_of_its_revision(tmp_path: Path, release: Path) -> None:
    path = tmp_path / "coverage.db"
    path.write_bytes(gzip.decompress(release.read_bytes()))
    assert has_tables_of_its_revision(path)


@pytest.mark.parametrize(
    ("change", "raised", "told"),
    [
        ("", UpgradeFailed, "tables are as a version of this program left them: this version has a mistake"),
        ("DROP TABLE known_items", UnfitSchema, "not as a version of this program left it"),
        ("ALTER TABLE alerts DROP COLUMN detail", UnfitSchema, "not as a version of this program left it"),
        ("CREATE TABLE mine (x)", UnfitSchema, "not as a version of this program left it"),
    ],
)
@pytest.mark.parametrize("fault", ["op.get_bind().exec_driver_sql('SELECT nonsense')", "op.drop_index('ix_never')", "int('x')", "{}['x']"])
def test_a_mistake_of_a_migration_is_told_apart_from_a_file_that_somebody_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, raised: type[StoreError], told: str, fault: str
) -> None:
    open_and_close(tmp_path)
    path = tmp_path / "coverage.db"
    if change:
        with closing(sqlite3.connect(path)) as conn, conn:
            conn.execute(change)
    folder = tmp_path / "migrations"
    shutil.copytree(upgrade.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "rev_9999.py").write_text(REVISION.format(revision="9999", before=_head(), body=f"    {fault}\n"))
    monkeypatch.setattr(upgrade, "FOLDER", folder)
    for place in (schema, upgrade):
        monkeypatch.setattr(place, "HEAD", "9999")
    with pytest.raises(StoreError, match=told) as error:
        open_database(tmp_path)
    assert type(error.value) is raised
    assert "coverage.db.before-9999 beside it is as it was before" in str(error.value)
    with pytest.raises(StoreError):
        open_database(tmp_path)
    assert copies(path) == {"coverage.db.before-9999": _head()}  # not one for each attempt
