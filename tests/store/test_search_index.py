"""The search index is damaged, wholly or in part: no mention is lost, and it is made anew."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.builders import NOW, an_article
from tests.cli.running import run
from tests.newsdesk import ABOUT_THE_RIVER, CAMPAIGN, Newsdesk, step, story_page
from tracker.maintenance import doctor
from tracker.model import INDEXED_CHARS
from tracker.store import articles, backend, index_check, search_index
from tracker.store.database import Database
from tracker.text.folding import fold

STRUCTURE = 10
"""The row of the index's structure record (fts5_index.c, FTS5_STRUCTURE_ROWID)."""
RECIPIENTS = """[[recipients]]
name = "Ana"
email = "ana@example.org"
role = "staff"
language = "en"
edition = "nightly"
send_on = "06:00"
"""
REWORDED = CAMPAIGN.replace("Clean rivers", "Clear rivers")
TEXTS = ("Ujët e lumit u ngrit", "Вода у реци", "The river rose", "Река порасна вчера", "Rijeka je narasla", "Kollitje e gjatë")


def fill(database: Database, count: int = 600) -> None:
    said = random.Random(7)
    for start in range(1, count + 1, 100):
        rows = []
        for number in range(start, start + 100):
            body = f"{said.choice(TEXTS)} {' '.join(f'fjala{said.randrange(5000)}' for _ in range(60))} numri{number}"
            article = an_article(number, title="", body=body)
            rows.append((article, "", fold(body)))
        with database.writing() as conn:
            articles.save(conn, rows, NOW)


def blocks(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as conn:
        return [row[0] for row in conn.execute("SELECT id FROM article_search_data WHERE id > ? ORDER BY id", (STRUCTURE,))]


def zero(path: Path, *ids: int) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.executemany("UPDATE article_search_data SET block = zeroblob(length(block)) WHERE id = ?", [(one,) for one in ids])
        conn.commit()


def some_blocks(path: Path) -> None:
    ids = blocks(path)
    zero(path, *random.Random(1).sample(ids, min(3, len(ids))))


def the_structure(path: Path) -> None:
    zero(path, STRUCTURE)


def some_rows_gone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        ids = blocks(path)[::5]
        conn.executemany("DELETE FROM article_search_data WHERE id = ?", [(one,) for one in ids])
        conn.commit()


def everything(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("INSERT INTO article_search(article_search) VALUES ('delete-all')")
        conn.commit()


def its_settings(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("DELETE FROM article_search_config")
        conn.commit()


HARMS = [some_blocks, the_structure, some_rows_gone, everything, its_settings]


def fault(database: Database) -> str:
    return search_index.fault(database)


def found(conn: Connection) -> dict[str, list[int]]:
    return {word: articles.search(conn, [word]) for word in ("lumit", "reka", "fjala17", "numri599", "river")}


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_index_is_found_out_and_made_anew_as_it_was(file_database: Database, harm: Callable[[Path], None]) -> None:
    fill(file_database)
    assert fault(file_database) == ""
    with file_database.reading() as conn:
        before = found(conn)
    file_database.close()
    harm(file_database.path)
    assert fault(file_database) != ""
    assert search_index.rebuild(file_database) == 600
    assert fault(file_database) == ""
    with file_database.reading() as conn:
        assert found(conn) == before
        assert before["numri599"] == [599]


def test_others_write_while_the_index_is_checked_and_nothing_of_the_copy_stays(
    file_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(file_database)
    real, written = index_check._nameless, []

    def meanwhile(folder: Path) -> sqlite3.Connection:
        copy = real(folder)
        copy.set_trace_callback(write)
        return copy

    def write(statement: str) -> None:
        with closing(sqlite3.connect(file_database.path, timeout=0, isolation_level=None)) as other:
            other.execute("UPDATE articles SET lead = lead || 'x' WHERE id = 1")
        written.append(statement)

    monkeypatch.setattr(index_check, "_nameless", meanwhile)
    assert fault(file_database) == ""
    assert any("integrity-check" in statement for statement in written)
    assert any("SELECT * FROM source" in statement for statement in written)
    assert not list(file_database.path.parent.glob(".index-check-*"))


@pytest.mark.parametrize("harm", HARMS)
def test_a_disk_without_room_for_a_copy_of_the_index_hides_no_damage(
    file_database: Database, harm: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(file_database)
    monkeypatch.setattr(index_check.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 0))  # type: ignore[attr-defined]
    assert fault(file_database) == ""
    file_database.close()
    harm(file_database.path)
    assert fault(file_database) != ""


def test_an_archive_of_headlines_is_checked_by_a_bounded_number_of_look_ups(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(database)
    monkeypatch.setattr(search_index, "_common_words", lambda conn: [])
    monkeypatch.setattr(search_index, "MOST_LOOKED_UP", 50)
    looked_up: list[int] = []
    with database.reading() as conn:
        index = backend.of(conn)
    real = index.holds

    def counted(conn: Connection, search_id: int, expression: str) -> bool:
        looked_up.append(search_id)
        return real(conn, search_id, expression)

    monkeypatch.setattr(index, "holds", counted)
    assert fault(database) == ""
    assert 40 <= len(looked_up) <= 50
    assert (min(looked_up) < 20, max(looked_up) > 580) == (True, True)
    with database.writing() as conn:  # a tenth of the archive is not in the index
        conn.exec_driver_sql("UPDATE articles SET search_id = search_id + 100000 WHERE id BETWEEN 300 AND 360")
    assert fault(database) != ""


def test_one_article_that_is_missing_is_found_out(database: Database) -> None:
    fill(database, 300)
    with database.writing() as conn:
        conn.exec_driver_sql("UPDATE articles SET search_id = 100000 WHERE id = 150")
    assert fault(database) == "the search index lacks articles, such as 150"
    search_index.rebuild(database)
    assert fault(database) == ""


def test_a_rebuilding_that_was_killed_leaves_the_index_and_begins_anew(database: Database) -> None:
    fill(database, 300)

    def killed(done: int, known: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search_index.rebuild(database, killed)
    assert fault(database) == ""
    assert search_index.rebuild(database) == 300
    assert fault(database) == ""


def test_an_article_without_a_word_and_one_beyond_measure_are_no_fault(database: Database) -> None:
    long = "fjalë " * (INDEXED_CHARS // 3)
    with database.writing() as conn:
        articles.save(conn, [(an_article(1, title="", body="!!! ---"), "", "!!! ---")], NOW)
        articles.save(conn, [(an_article(2, title="", body=long), "", fold(long[:INDEXED_CHARS]))], NOW)
    assert fault(database) == ""


@pytest.mark.parametrize("harm", HARMS)
def test_a_changed_campaign_over_a_damaged_index_loses_no_mention(desk: Newsdesk, harm: Callable[[Path], None]) -> None:
    desk.night("match")
    before = {mention.article_id for mention in desk.mentions()}
    assert before
    desk.close()
    harm(desk.folder / "coverage.db")
    desk.write_campaign(REWORDED)
    ended = run("match", "--workspace", desk.folder)
    assert ended.code == 0, ended.err
    assert "made anew from" in ended.out
    assert {mention.article_id for mention in desk.mentions()} == before


def test_no_mention_goes_on_the_word_of_the_index_alone(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.night("match")
    before = desk.mentions()
    monkeypatch.setattr(search_index, "fault", lambda conn: "")
    the_structure(desk.folder / "coverage.db")
    desk.write_campaign(REWORDED)
    desk.night("match")
    assert [mention.id for mention in desk.mentions()] == [mention.id for mention in before]


def test_the_doctor_finds_it_when_asked_to_be_thorough_and_the_command_mends_it(desk: Newsdesk) -> None:
    desk.night("match")
    desk.close()
    the_structure(desk.folder / "coverage.db")
    check = next(check for check in doctor.examine(desk.folder, NOW, thorough=True) if check.name == "search index")
    assert not check.well
    assert "tracker reindex" in check.advice
    assert run("reindex", "--workspace", desk.folder).code == 0
    check = next(check for check in doctor.examine(desk.folder, NOW, thorough=True) if check.name == "search index")
    assert check.well, check


def test_an_archive_folded_by_an_older_version_is_folded_anew_and_searched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Newsdesk(tmp_path, CAMPAIGN.replace("Arta Lumaj", "Mustafa Güneş"))
    desk.publish(story_page("Vizita", "Mustafa Güneş foli dje para banorëve."), story_page("Nisma", ABOUT_THE_RIVER))
    desk.night("extract")
    with monkeypatch.context() as older:
        older.setattr(search_index, "FOLDING_VERSION", 1)
        older.setattr(search_index, "fold", lambda text: fold(text.replace("ş", "§")))
        assert step(desk.night("match"), "match").remarks  # that version makes its own index
        before = {mention.article_id for mention in desk.mentions()}
    report = desk.night("match")
    assert "letters are folded otherwise now" in step(report, "match").remarks[0]
    assert {mention.article_id for mention in desk.mentions()} == {*before, desk.mention_of("Vizita").article_id} != before
    assert not step(desk.night("match"), "match").remarks
    desk.close()


def test_a_new_database_knows_its_folding(desk: Newsdesk) -> None:
    assert search_index.fold_anew(desk.parts.database) is None


def test_commands_on_a_damaged_database_end_with_3(desk: Newsdesk) -> None:
    desk.night("match", "group", "digest")
    desk.close()
    path = desk.folder / "coverage.db"
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = [
            row[0]
            for row in conn.execute(
                "SELECT rootpage FROM sqlite_master WHERE rootpage > 0 AND tbl_name IN ('mentions', 'editions', 'releases', 'deliveries')"
            )
        ]
        size = conn.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)
    desk.write_campaign(REWORDED)
    (desk.folder / "recipients.toml").write_text(RECIPIENTS, "utf-8")
    for command in (["match"], ["send"]):
        ended = run(*command, "--workspace", desk.folder)
        assert (ended.code, "Traceback" in ended.err) == (3, False), (command, ended.err)
