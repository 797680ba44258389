"""Indexes of articles that lost rows take no item from an edition or a letter: those are read by their ids. Of mentions they end it with 3,
and so does the index by which articles are counted."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.newsdesk import Newsdesk
from tests.store.test_damaged_tables import letters
from tests.store.test_search_index import RECIPIENTS
from tracker.store.schema.metadata import metadata

READ_BY_KEY = ("articles", "pages", "links", "outlets")
"""Tables of which an edition's items are put together, beside those whose indexes are looked over."""
INDEXES = sorted((table, str(index.name)) for table in READ_BY_KEY for index in metadata.tables[table].indexes)
COUNTED = ("ix_articles_published", "ix_articles_text_key")
"""Of the first counts and estimates are made; the second is the smallest, by which the number of articles is known (docs/care.md)."""
COMMANDS = ("digest make --kind weekly --as-of 2026-03-17T06:00+01:00", "send --edition 1", "digest write 1")


def lose_rows(path: Path, table: str, index: str, *, every: int) -> int:
    """Gives the index the tree of one that holds every so-manieth row less; with 1 none at all. Returns how many are lost."""
    columns = [column.name for column in next(one for one in metadata.tables[table].indexes if one.name == index).columns]
    named = ", ".join(columns)
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        (statement,) = conn.execute("SELECT sql FROM sqlite_master WHERE name = ?", (index,)).fetchone()
        condition = statement.partition(" WHERE ")[2] or "1"
        rows = conn.execute(f"SELECT rowid, {named} FROM {table} NOT INDEXED WHERE {condition}").fetchall()
        kept = [row for number, row in enumerate(rows) if every > 1 and number % every]
        conn.execute(f"CREATE TABLE fewer (of_row INTEGER PRIMARY KEY, {named})")
        conn.executemany(f"INSERT INTO fewer VALUES (?{', ?' * len(columns)})", kept)
        conn.execute(f"CREATE INDEX ix_fewer ON fewer ({named})")
        (root,) = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_fewer'").fetchone()
        conn.execute("PRAGMA writable_schema = ON")
        conn.execute("DELETE FROM sqlite_master WHERE name IN ('ix_fewer', 'fewer')")
        conn.execute("UPDATE sqlite_master SET rootpage = ? WHERE name = ?", (root, index))
    with closing(sqlite3.connect(path)) as conn:
        held = conn.execute(f"SELECT count(*) FROM {table} INDEXED BY {index} WHERE {condition}").fetchone()[0]
        assert held == len(kept)
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return len(rows) - len(kept)


def items(folder: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "coverage.db")) as conn:
        return conn.execute("SELECT * FROM edition_entries NOT INDEXED ORDER BY edition_id, audience, article_id").fetchall()


@pytest.fixture(scope="module")
def worked(ordinary_night: tuple[Path, object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("worked") / "desk"
    shutil.copytree(ordinary_night[0], folder)
    desk = Newsdesk(folder)
    desk.night("match", "group", "digest")
    desk.close()
    (folder / "recipients.toml").write_text(RECIPIENTS, "utf-8")
    with closing(sqlite3.connect(folder / "coverage.db")) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


@pytest.fixture(scope="module")
def whole(worked: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[int], set[str], list[tuple[object, ...]]]:
    folder = tmp_path_factory.mktemp("whole") / "desk"
    shutil.copytree(worked, folder)
    codes = [run(*command.split(), "-w", folder).code for command in COMMANDS]
    found = items(folder)
    assert found
    assert letters(folder)
    return codes, letters(folder), found


@pytest.mark.parametrize("every", [1, 2])
@pytest.mark.parametrize(("table", "index"), INDEXES)
def test_an_index_of_articles_that_lost_rows_takes_no_item(
    worked: Path, whole: tuple[list[int], set[str], list[tuple[object, ...]]], tmp_path: Path, table: str, index: str, every: int
) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(worked, folder)
    lost = lose_rows(folder / "coverage.db", table, index, every=every)
    before = items(folder), letters(folder)
    codes = [run(*command.split(), "-w", folder).code for command in COMMANDS]
    if index in COUNTED:
        assert (codes[:2], (items(folder), letters(folder))) == ([3, 3], before), lost
        return
    assert codes == whole[0], lost
    assert items(folder) == whole[2], lost
    assert letters(folder) == whole[1], lost


def test_lost_rows_of_the_mentions_dates_end_it(worked: Path, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(worked, folder)
    assert lose_rows(folder / "coverage.db", "mentions", "ix_mentions_appeared", every=2)
    outcome = run(*COMMANDS[0].split(), "-w", folder)
    assert outcome.code == 3
    assert "restore" in outcome.err
