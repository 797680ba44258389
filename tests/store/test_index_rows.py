"""An index that lost rows, or has others, is noticed before an edition or a letter is made from it."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW, a_verdict
from tests.cli.running import run
from tests.newsdesk import Newsdesk
from tracker.errors import StoreError
from tracker.model import Decision
from tracker.store import verdicts
from tracker.store.database import open_database
from tracker.store.digests import READ_FOR_EDITIONS
from tracker.store.index_rows import COUNTED
from tracker.store.schema.metadata import metadata

OF_SOME_ROWS = "ix_story_members_undecided"
NAMED = sorted((table, str(index.name)) for table in READ_FOR_EDITIONS if table not in COUNTED for index in metadata.tables[table].indexes)
FILLED = {"edition_entries", "mentions", "story_members"}
"""Tables that have rows after the night of these tests."""


@pytest.fixture(scope="module")
def worked(ordinary_night: tuple[Path, object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("worked") / "desk"
    shutil.copytree(ordinary_night[0], folder)
    (folder / "none.csv").write_text("id,name,homepage,country\n", "utf-8")
    desk = Newsdesk(folder)
    desk.night("match", "group", "digest")
    desk.close()
    with closing(sqlite3.connect(folder / "coverage.db")) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert {table for table in FILLED if conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]} == FILLED
    return folder


def behind_its_back(path: Path, index: str, *statements: str) -> None:
    """Does these while nobody knows of the index, which is not kept in step therefore."""
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("PRAGMA writable_schema = ON")
        row = conn.execute("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master WHERE name = ?", (index,)).fetchone()
        conn.execute("DELETE FROM sqlite_master WHERE name = ?", (index,))
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        for statement in statements:
            conn.execute(statement)
        conn.execute("PRAGMA writable_schema = ON")
        conn.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", row)


def refused(folder: Path, table: str, *, thorough: bool = False) -> str:
    """Why; "" where the table is taken for sound."""
    with closing(open_database(folder)) as database:
        try:
            database.refuse_damaged([table], thorough=thorough)
        except StoreError as error:
            return str(error)
    return ""


def test_tables_of_an_ordinary_night_are_sound(worked: Path) -> None:
    with closing(open_database(worked)) as database:
        database.refuse_damaged(READ_FOR_EDITIONS)
        database.refuse_damaged(READ_FOR_EDITIONS, thorough=True)


@pytest.mark.parametrize(("table", "index"), [(table, index) for table, index in NAMED if table in FILLED and index != OF_SOME_ROWS])
def test_an_index_that_lacks_a_row_or_has_another_ones_is_named(worked: Path, tmp_path: Path, table: str, index: str) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(worked, folder)
    behind_its_back(
        folder / "coverage.db", index, f"UPDATE {table} SET rowid = rowid + 1000000 WHERE rowid = (SELECT max(rowid) FROM {table})"
    )
    assert f"{index} lacks rows of {table}" in refused(folder, table)


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize(("table", "index"), [(table, index) for table, indexes in COUNTED.items() for index in indexes])
def test_an_index_of_a_table_with_texts_that_lacks_a_row_or_has_one_more_is_noticed(
    worked: Path, tmp_path: Path, table: str, index: str, thorough: bool
) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(worked, folder)
    with closing(sqlite3.connect(folder / "coverage.db")) as conn:
        names = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
    other = {"id": "999", "page_id": "NULL", "canonical_url": "'https://x.example/'", "search_id": "999", "requested_url": "''"}
    values = ", ".join(other.get(name, name) for name in names)
    assert not refused(folder, table, thorough=thorough)
    behind_its_back(
        folder / "coverage.db", index, f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} ORDER BY id LIMIT 1"
    )
    assert f"{index} lacks rows of {table}" in refused(folder, table, thorough=thorough)
    behind_its_back(folder / "coverage.db", index, f"DELETE FROM {table} WHERE id IN (1, 999)")
    assert "lacks rows" in refused(folder, table, thorough=thorough)


def test_an_index_of_some_rows_that_lacks_one_of_them_is_named(worked: Path, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(worked, folder)
    behind_its_back(folder / "coverage.db", OF_SOME_ROWS, "UPDATE story_members SET role = NULL WHERE rowid = 1")
    assert f"{OF_SOME_ROWS} lacks rows of story_members" in refused(folder, "story_members")


FAR_APART = [-(2**62), -1, 2**62, 2**63 - 2, 2**63 - 1]


def test_rows_with_ids_whose_sum_no_number_holds_are_sound_and_one_that_is_lost_among_them_is_noticed(worked: Path, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(worked, folder)
    path = folder / "coverage.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        for number in FAR_APART:
            conn.execute(
                "INSERT INTO stories (rowid, campaign_id, key, grouped_at) VALUES (?, 'rivers', ?, '2026-01-01')", (number, f"s{number}")
            )
            conn.execute(f"UPDATE story_members SET rowid = {number} WHERE rowid = (SELECT min(rowid) FROM story_members WHERE rowid > 0)")
        told = conn.execute("SELECT count(*) FROM stories WHERE rowid < 0 OR rowid > 1000000").fetchone()[0]
        assert told == len(FAR_APART)
    for table in ("stories", "story_members"):
        assert not refused(folder, table)
    behind_its_back(path, "ix_story_members_story", f"UPDATE story_members SET rowid = 7000000 WHERE rowid = {2**63 - 1}")
    assert "lacks rows of story_members" in refused(folder, "story_members")


@pytest.mark.parametrize(
    "made",
    [
        'CREATE INDEX "where it is" ON mentions (campaign_id)',
        'CREATE INDEX "where" ON mentions (campaign_id) WHERE decision IS NULL',
        'CREATE INDEX "a""where b" ON mentions (campaign_id) WHERE decision IS NULL',
        "CREATE INDEX [where [x] ON mentions (campaign_id) WHERE decision IS NULL OR held",
        "CREATE INDEX mine ON mentions (campaign_id) /* where people look */",
        "CREATE INDEX mine ON mentions (campaign_id) -- where people look\n where decision IS NOT 'it''s where' -- here",
        "CREATE INDEX mine ON mentions (coalesce(decision, 'where it''s'))",
        "CREATE UNIQUE INDEX mine ON mentions (id COLLATE NOCASE DESC) WHERE id > '' AND held IN (0, 1)",
    ],
)
def test_an_index_that_a_person_made_is_looked_at_like_any_other(worked: Path, tmp_path: Path, made: str) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(worked, folder)
    path = folder / "coverage.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute(made)
        (name,) = conn.execute("SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY rowid DESC LIMIT 1").fetchone()
    assert not refused(folder, "mentions")
    behind_its_back(path, name, "UPDATE mentions SET rowid = rowid + 1000000 WHERE rowid = 1")
    assert f"{name} lacks rows of mentions" in refused(folder, "mentions")


@given(st.data())
def test_whatever_row_is_lost_it_is_noticed(worked: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("lost") / "desk"
    shutil.copytree(worked, folder)
    table, index = data.draw(st.sampled_from([one for one in NAMED if one[0] == "mentions"]))
    with closing(sqlite3.connect(folder / "coverage.db")) as conn:
        rows = [row[0] for row in conn.execute(f"SELECT rowid FROM {table} NOT INDEXED")]
    gone = data.draw(st.sets(st.sampled_from(rows), min_size=1))
    behind_its_back(folder / "coverage.db", index, f"UPDATE {table} SET rowid = -rowid WHERE rowid IN ({', '.join(map(str, gone))})")
    assert "lacks rows" in refused(folder, table)
    shutil.rmtree(folder)


def test_a_key_that_is_another_than_its_rows_is_noticed_by_the_night(worked: Path, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(worked, folder)
    behind_its_back(folder / "coverage.db", "ix_mentions_appeared", "UPDATE mentions SET appeared_at = '2001-01-01 00:00:00.000000'")
    assert "ix_mentions_appeared" in refused(folder, "mentions", thorough=True)
    outcome = run("nightly", "--catalogue", folder / "none.csv", "--as-of", "2026-03-17T06:00+01:00", "-w", folder)
    assert outcome.code == 3
    assert "restore" in outcome.err


def test_a_look_while_persons_write_finds_nothing_wrong_and_loses_no_word(worked: Path, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(worked, folder)
    decided, looked, ended = [*Decision] * 40, 0, threading.Event()

    def decide() -> None:
        with closing(open_database(folder)) as database:
            for number, decision in enumerate(decided):
                with database.writing() as conn:
                    verdicts.record(conn, a_verdict(1, decision, decided_at=NOW + timedelta(seconds=number)))
        ended.set()

    with ThreadPoolExecutor(1) as desk, closing(open_database(folder)) as database:
        writing = desk.submit(decide)
        while not ended.is_set() and not writing.done():
            database._sound_until.clear()  # type: ignore[attr-defined]
            database.refuse_damaged(READ_FOR_EDITIONS, thorough=bool(looked % 2))
            looked += 1
        writing.result()
        with database.reading() as conn:
            assert [one.decision for one in verdicts.history(conn, "rivers", 1)] == decided
    assert looked > 1
