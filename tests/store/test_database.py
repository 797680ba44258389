from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.builders import NOW, a_link, a_mention, a_verdict, an_article, an_outlet, some_facts
from tests.stored import article_count, finish_link, link_counts, whereabouts
from tracker.errors import StoreError
from tracker.store import articles, entries, frontier, mentions, pages, registers, runs, sqlite, stories, verdicts
from tracker.store.database import Database, open_database

ROOT = Path(__file__).resolve().parents[2]


def test_the_database_is_made_on_first_use_with_the_settings_it_needs(tmp_path: Path) -> None:
    database = open_database(tmp_path / "new folder")
    with database.reading() as conn:
        pragmas = {
            name: conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys", "auto_vacuum", "synchronous")
        }
    database.close()
    assert database.path == tmp_path / "new folder" / "coverage.db"
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "auto_vacuum": 2, "synchronous": 1}


def test_the_url_setting_names_another_file(tmp_path: Path) -> None:
    open_database(tmp_path, "sqlite:///kept/elsewhere.db").close()
    assert (tmp_path / "kept" / "elsewhere.db").exists()


@pytest.mark.parametrize("url", ["mysql://someone:secret@host/press", "sqlite://", "sqlite:///", "sqlite:///:memory:", "coverage.db"])
def test_a_url_that_is_no_sqlite_file_is_refused_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(StoreError, match=r"sqlite:///PATH") as refused:
        open_database(tmp_path, url)
    assert "secret" not in str(refused.value)


def test_a_database_that_must_exist_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist yet"):
        open_database(tmp_path, must_exist=True)
    assert [*tmp_path.iterdir()] == []


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "coverage.db").mkdir()
    with pytest.raises(StoreError, match="is a folder"):
        open_database(tmp_path)


@pytest.mark.parametrize("content", [b"<!DOCTYPE html><html>" * 300, b"SQLite format 3\x00" + b"\xff" * 5000, b"\x00" * 8192])
def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "coverage.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"coverage\.db is damaged"):
        open_database(tmp_path)
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "coverage.db") as other:
        other.execute("CREATE TABLE invoices (id INTEGER)")
    other.close()
    with pytest.raises(StoreError, match="another program"):
        open_database(tmp_path)


def test_a_damaged_database_says_so_when_it_is_read(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    with database.writing() as conn:
        registers.replace(conn, [an_outlet()], [], NOW)
        articles.save(conn, [(an_article(number), "x " * 500, "y " * 500) for number in range(200)], NOW)
    database.close()
    path = tmp_path / "coverage.db"
    content = bytearray(path.read_bytes())
    content[8192:] = b"\x5a" * (len(content) - 8192)
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged.*restore"):
        _read_all(tmp_path)


def _read_all(folder: Path) -> None:
    database = open_database(folder)
    try:
        with database.reading() as conn:
            list(articles.iterate(conn))
    finally:
        database.close()


def test_a_locked_database_is_waited_for_and_then_named(tmp_path: Path) -> None:
    database = open_database(tmp_path, busy_timeout_seconds=0.1)
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="in use by another program"), database.writing():
        pass
    with database.reading() as conn:
        assert article_count(conn) == 0
    other.execute("ROLLBACK")
    other.close()
    with database.writing() as conn:
        registers.replace(conn, [an_outlet()], [], NOW)
    database.close()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_READONLY, "make the file and its folder writable"),
        (sqlite3.SQLITE_FULL, "the disk is full"),
        (sqlite3.SQLITE_IOERR_WRITE, "check the disk"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "in use"),
        (sqlite3.SQLITE_NOTADB, "tracker restore"),
    ],
)
def test_every_fault_a_person_can_mend_says_how(code: int, words: str) -> None:
    original = sqlite3.OperationalError("...")
    original.sqlite_errorcode = code
    explained = sqlite.explain(DBAPIError("SELECT 1", {}, original), Path("coverage.db"))
    assert explained is not None
    assert words in str(explained)


def test_a_fault_of_the_program_is_not_explained_away(database: Database) -> None:
    with pytest.raises(DBAPIError), database.reading() as conn:
        conn.execute(text("SELECT nonsense FROM nowhere"))


def test_an_exception_undoes_the_whole_transaction(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as conn:
        mentions.save(conn, [a_mention(article_id) for article_id in (*articles.save(conn, [(an_article(), "a", "b")], NOW), 99)], NOW)
    with database.reading() as conn:
        assert (article_count(conn), articles.search(conn, ["a"])) == (0, [])


def test_foreign_keys_are_enforced(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as conn:
        mentions.save(conn, [a_mention(article_id=77)], NOW)


WRITER = """
import sys
from pathlib import Path
from tests.builders import NOW, a_link
from tracker.store import frontier
from tracker.store.database import open_database
database = open_database(Path(sys.argv[1]), sys.argv[2])
for batch in range(int(sys.argv[4])):
    with database.writing() as conn:
        keys = [f"{sys.argv[3]}/{batch}/{number}" for number in range(10)]
        frontier.add(conn, [(key, a_link(key)) for key in keys], run_id=None, now=NOW)
    print(batch, flush=True)
"""


def _writer(database: Database, name: str, batches: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, *whereabouts(database), name, str(batches)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_writer_killed_at_work_loses_nothing_it_committed(database: Database) -> None:
    writer = _writer(database, "killed", 1_000_000)
    assert writer.stdout is not None
    for _ in range(20):
        committed = int(writer.stdout.readline())
    writer.send_signal(signal.SIGKILL)
    committed = max([committed, *map(int, writer.stdout.read().split())])
    writer.wait(10)
    writer.stdout.close()
    with database.reading() as conn:
        stored = frontier.pending(conn, NOW)
        if not database.on_server:
            assert conn.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert stored % 10 == 0
    assert stored >= (committed + 1) * 10


def test_two_processes_write_at_once(database: Database) -> None:
    writers = [_writer(database, name, 40) for name in ("parent", "crawl")]
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0]
    with database.reading() as conn:
        assert frontier.pending(conn, NOW) == 800


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_processes_that_open_a_fresh_workspace_at_once_both_can(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tracker.store.database import open_database;"
        "open_database(Path(sys.argv[1]), sys.argv[2]).close()"
    )
    url = "" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    openers = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path), url], cwd=ROOT) for _ in range(3)]
    assert [opener.wait(60) for opener in openers] == [0, 0, 0]


def test_opening_a_database_that_is_up_to_date_does_not_load_alembic(database: Database) -> None:
    program = (
        "import sys; from pathlib import Path; from tracker.store.database import open_database;"
        "open_database(Path(sys.argv[1]), sys.argv[2]).close(); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program, *whereabouts(database)], cwd=ROOT, check=False).returncode == 0


def test_a_database_that_may_not_be_written_says_so() -> None:
    program = """
import os, sys
from pathlib import Path
from tracker.errors import StoreError
from tracker.store.database import open_database
if os.geteuid() == 0:
    os.setuid(65534)  # root may write everywhere
try:
    with open_database(Path(sys.argv[1])).writing():
        pass
except StoreError as error:
    print(error)
"""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(Path(folder))
        database.close()
        database.path.chmod(0o444)
        Path(folder).chmod(0o555)
        said = subprocess.run([sys.executable, "-c", program, folder], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert "writable" in said


def _fill(database: Database, first: int, last: int) -> None:
    with database.writing() as conn:
        run_id = runs.start(conn, NOW)
        for number in range(first, last):
            frontier.add(conn, [(f"k{number}", a_link(f"u{number}"))], run_id=run_id, now=NOW)
        for link in frontier.take(conn, limit=1000, now=NOW):
            page_id = finish_link(conn, link.id, some_facts(), run_id=run_id, body=b"x")
            (article_id,) = articles.save(conn, [(an_article(link.id, page_id=page_id), "a", "b")], NOW)
            mentions.save(conn, [a_mention(article_id)], NOW)
            verdicts.record(conn, a_verdict(article_id))
        for number in range(first, last):
            frontier.add(conn, [(f"p{number}", a_link(f"p{number}"))], run_id=run_id, now=NOW)
            pages_link = frontier.take(conn, limit=1, now=NOW)[0]
            finish_link(conn, pages_link.id, some_facts(), run_id=run_id, body=b"x")
        runs.finish(conn, run_id, NOW, 0)


def _lists(database: Database) -> tuple[int, int]:
    """How many statements all list functions take together, and how many rows they give."""
    statements: list[str] = []
    with database.reading() as conn:
        event.listen(conn.engine, "before_cursor_execute", note := lambda _c, _k, statement, *_: statements.append(statement))
        found = [
            *registers.states(conn),
            *registers.watched(conn),
            *registers.outlets(conn),
            *frontier.take(conn, limit=500, now=NOW),
            *pages.unscreened(conn, limit=500),
            *articles.get_many(conn, range(1, 500)),
            *articles.search(conn, ["a"]),
            *mentions.for_campaign(conn, "rivers"),
            *mentions.not_looked_at(conn, "rivers", "1", range(1, 500)),
            *verdicts.latest(conn, "rivers"),
            *stories.texts(conn, "rivers", NOW, NOW + timedelta(days=1)),
            *stories.for_campaign(conn, "rivers"),
            *entries.for_campaign(conn, "rivers"),
            *runs.interrupted(conn),
            *link_counts(conn),
        ]
        event.remove(conn.engine, "before_cursor_execute", note)
    return len(statements), len(found)


def test_no_list_takes_more_statements_for_more_rows(database: Database) -> None:
    _fill(database, 0, 2)
    few_statements, few_rows = _lists(database)
    _fill(database, 2, 40)
    many_statements, many_rows = _lists(database)
    assert many_rows > few_rows + 38 * 6
    assert many_statements == few_statements
