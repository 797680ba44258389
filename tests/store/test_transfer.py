"""A whole database from a file to a server and back: every row, byte for byte, and what is found in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders import NOW, a_link, a_mention, a_verdict, an_article, some_facts
from tests.stored import finish_link
from tracker.errors import StoreError
from tracker.store import articles, events, frontier, mentions, runs, search_index, transfer, verdicts
from tracker.store.database import Database, open_database
from tracker.store.schema.metadata import metadata


@pytest.fixture
def filled(file_database: Database) -> Database:
    """A file with a row in most tables, and numbers that were given and are gone."""
    with file_database.writing() as conn:
        run_id = runs.start(conn, NOW, ("--steps", "crawl"))
        for number in range(30):
            frontier.add(conn, [(f"k{number}", a_link(f"u{number}", title="Lumi \u202e и река"))], run_id=run_id, now=NOW)
            page_id = finish_link(conn, number + 1, some_facts(), run_id=run_id, body=bytes(range(256)) * number)
            article = an_article(number, page_id=page_id, title=f"Lumi {number}")
            (article_id,) = articles.save(conn, [(article, f"lumi {number}", "i bardhe")], NOW)
            mentions.save(conn, [a_mention(article_id)], NOW)
        verdicts.record(conn, a_verdict(3))
        runs.finish(conn, run_id, NOW, 0)
        conn.exec_driver_sql("UPDATE links SET title = 'before' || char(0) || 'after' WHERE id = 7")
        conn.exec_driver_sql("UPDATE sqlite_sequence SET seq = 90 WHERE name = 'articles'")
    return file_database


@pytest.fixture
def on_server(postgres_url: str) -> Iterator[Database]:
    opened = open_database(Path(), postgres_url)
    yield opened
    opened.close()


def _all(database: Database) -> dict[str, list[transfer.Row]]:
    with database.reading() as conn:
        return {table.name: transfer._rows(conn, table, None) for table in metadata.sorted_tables}


def test_everything_comes_to_a_server_and_back_as_it_was(filled: Database, on_server: Database, tmp_path: Path) -> None:
    there = transfer.transfer(filled, on_server)
    assert there.rows["articles"] == 30
    assert (there.texts_changed, there.there_before) == (1, 0)
    back = open_database(tmp_path / "back")
    assert transfer.transfer(on_server, back).texts_changed == 0
    before, after = _all(filled), _all(back)
    before["links"] = [tuple("before\ufffdafter" if value == "before\x00after" else value for value in row) for row in before["links"]]
    assert after == before
    for database in (on_server, back):
        assert search_index.fault(database) == ""
        with database.writing() as conn:
            assert articles.search(conn, ["lumi 7"]) == articles.search(conn, ["7"]) == [8]
            assert articles.save(conn, [(an_article(50), "deti", "deti")], NOW) == [91]
            verdicts.record(conn, a_verdict(4))
    back.close()


def test_what_was_interrupted_goes_on_and_compares_what_is_there(
    filled: Database, on_server: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "BATCH", 7)

    def killed(table: str, done: int, known: int) -> None:
        if table == "articles" and done > 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transfer.transfer(filled, on_server, killed)
    assert transfer.counts(on_server)["articles"] == 14
    again = transfer.transfer(filled, on_server)
    assert again.there_before > 14
    assert again.rows["articles"] == 30


def test_a_target_with_other_rows_is_refused_and_left_as_it_is(filled: Database, on_server: Database) -> None:
    with on_server.writing() as conn:
        conn.exec_driver_sql("INSERT INTO jobs (name, due_at) VALUES ('theirs', now())")
    with pytest.raises(StoreError, match=r"holds rows of jobs .* empty database"):
        transfer.transfer(filled, on_server)
    assert transfer.counts(on_server)["jobs"] == 1


def test_triggers_are_at_work_again_afterwards(filled: Database, on_server: Database) -> None:
    transfer.transfer(filled, on_server)
    with on_server.writing() as conn, pytest.raises(Exception, match="never removed"):
        conn.exec_driver_sql("DELETE FROM events")
    with on_server.writing() as conn:
        assert events.newest_id(conn) > 0


def test_a_file_whose_rows_changed_meanwhile_is_not_mixed_with_what_was_copied(filled: Database, on_server: Database) -> None:
    transfer.transfer(filled, on_server)
    with closing(sqlite3.connect(filled.path)) as conn:
        conn.execute("UPDATE articles SET title = 'other' WHERE id = 5")
        conn.commit()
    with pytest.raises(StoreError, match="holds rows of articles"):
        transfer.transfer(filled, on_server)
