"""What goes after its time, and what never goes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.builders import NOW, a_link, a_mention, a_source, a_verdict, an_article, an_outlet, some_facts
from tests.delivery.letters import RENDERED
from tests.stored import finish_link
from tracker.model import Article, Audience, Depth, EditionKind, FetchOutcome, PollResult, ReleaseFacts, Selection, Window
from tracker.pipeline import pruning
from tracker.store import articles, deliveries, digests, frontier, mentions, registers, retention, runs, search_index, verdicts
from tracker.store.database import Database
from tracker.text.folding import fold
from tracker.workspace import Parts, workspace_settings

OLD = NOW - timedelta(days=500)


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(tmp_path, workspace_settings(tmp_path), lambda: NOW)


def store(conn: Connection, number: int, **fields: object) -> int:
    url = f"https://zeri-i-lumit.example/lajme/{number}"
    frontier.add(conn, [(f"zeri-i-lumit.example/lajme/{number}", a_link(url))], run_id=1, now=NOW)
    page_id = finish_link(conn, number, some_facts(final_url=url), run_id=1, body=b"x", content_type="text/html")
    assert page_id is not None
    body = f"fjala{number} " + "teksti i artikullit " * 40
    given = {"body": body, "page_id": page_id, "fetched_at": OLD, "depth": Depth.SCREENED, **fields}
    made = an_article(number, **given)
    (article_id,) = articles.save(conn, [(made, fold(made.title), fold(body))], NOW)
    assert article_id is not None
    return article_id


def a_row_less(conn: sqlite3.Connection) -> None:
    (words,) = conn.execute("SELECT body FROM articles WHERE id = 1").fetchone()
    conn.execute("INSERT INTO article_search(article_search, rowid, words) VALUES ('delete', 1, ?)", (fold("Lumi doli nga shtrati 1"),))
    assert words


def no_structure(conn: sqlite3.Connection) -> None:
    conn.execute("UPDATE article_search_data SET block = zeroblob(length(block)) WHERE id = 10")


def other_words(conn: sqlite3.Connection) -> None:
    conn.execute("INSERT INTO article_search(article_search) VALUES ('delete-all')")
    conn.execute("INSERT INTO article_search(rowid, words) VALUES (1, 'tjera')")


@pytest.mark.parametrize("harm", [a_row_less, no_structure, other_words])
def test_texts_are_given_up_although_the_index_is_damaged_which_is_made_anew(
    parts: Parts, harm: Callable[[sqlite3.Connection], None]
) -> None:
    with parts.database.writing() as conn:
        registers.replace(conn, [an_outlet()], [], NOW)
        gone, stays = store(conn, 1), store(conn, 2, fetched_at=NOW)
    parts.close()
    with closing(sqlite3.connect(parts.workspace / "coverage.db")) as conn_, conn_:
        harm(conn_)
    assert pruning.prune_texts(parts.database, NOW - timedelta(days=400), NOW).inputs == 1
    assert search_index.fault(parts.database) == ""
    with parts.database.reading() as conn:
        assert (articles.search(conn, ["teksti"]), articles.search(conn, ["shtrati"])) == ([stays], [gone, stays])
    parts.close()


def text_of(database: Database, article_id: int) -> Article:
    with database.reading() as conn:
        article = articles.get(conn, article_id)
    assert article is not None
    return article


def test_only_old_texts_that_matched_nothing_are_given_up(parts: Parts) -> None:
    with parts.database.writing() as conn:
        registers.replace(conn, [an_outlet()], [], NOW)
        plain, mentioned, judged, young = store(conn, 1), store(conn, 2), store(conn, 3), store(conn, 4, fetched_at=NOW)
        mentions.save(conn, [a_mention(mentioned)], NOW)
        verdicts.record(conn, a_verdict(judged))
    report = pruning.prune_texts(parts.database, NOW - timedelta(days=400), NOW)
    assert (report.inputs, report.outcomes) == (1, (("given up", 1),))
    assert text_of(parts.database, plain).body == ""
    assert text_of(parts.database, plain).title == "Lumi doli nga shtrati 1"
    assert all(text_of(parts.database, one).body for one in (mentioned, judged, young))
    assert pruning.prune_texts(parts.database, NOW - timedelta(days=400), NOW).inputs == 0
    parts.close()


def test_the_index_forgets_the_text_and_still_finds_the_headline(parts: Parts) -> None:
    with parts.database.writing() as conn:
        registers.replace(conn, [an_outlet()], [], NOW)
        gone, stays = store(conn, 1), store(conn, 2, fetched_at=NOW)
        assert articles.search(conn, ["teksti"]) == [gone, stays]
    pruning.prune_texts(parts.database, NOW - timedelta(days=400), NOW)
    with parts.database.writing() as conn:
        assert articles.search(conn, ["teksti"]) == [stays]
        assert articles.search(conn, ["fjala1"]) == []
        assert articles.search(conn, ["shtrati"]) == [gone, stays]
    assert search_index.fault(parts.database) == ""
    parts.close()


def test_more_texts_than_one_transaction_takes_all_go(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    with parts.database.writing() as conn:
        registers.replace(conn, [an_outlet()], [], NOW)
        for number in range(1, 8):
            store(conn, number)
    assert pruning.prune_texts(parts.database, NOW, NOW).inputs == 7
    parts.close()


def test_old_letters_and_databases_set_aside_go_and_the_record_of_what_was_sent_stays(parts: Parts) -> None:
    outbox = parts.workspace / "outbox" / "week"
    outbox.mkdir(parents=True)
    names = [outbox / "a.html", outbox.parent / "b.eml", outbox.parent / "sent.jsonl", parts.workspace / "coverage.db.before-1"]
    others = [outbox / "new.html", parts.workspace / "coverage.db", parts.workspace / "tracker.toml"]
    assert parts.database.path == others[1]
    for path in (*names, *others):
        path.touch()
    for path in (*names, *others[1:]):
        os.utime(path, (OLD.timestamp(), OLD.timestamp()))
    report = pruning.prune_files(parts, NOW)
    assert dict(report.outcomes) == {"letters and editions": 2, "databases set aside": 1}
    assert report.adds_up
    assert [path for path in (*names, *others) if path.exists()] == [names[2], *others]


def test_rounds_between_the_nights_are_given_up_as_the_settings_say(parts: Parts) -> None:
    with parts.database.writing() as conn:
        for days in (500, 100, 80, 0):
            runs.finish(conn, runs.start(conn, NOW - timedelta(days=days)), NOW, 0)
    pruned = [report for report in pruning.prune(parts, NOW) if report.step == "old runs"]
    assert [(report.inputs, report.outcomes) for report in pruned] == [(2, (("given up", 2),))]
    assert not [report for report in pruning.prune(parts, NOW) if report.step == "old runs"]
    parts.close()


@pytest.mark.parametrize(("days", "thinned"), [(0, 0), (1, 2), (90, 2), (600, 0)])
def test_failed_polls_are_thinned_as_long_after_as_rounds_are_given_up(tmp_path: Path, days: int, thinned: int) -> None:
    (tmp_path / "tracker.toml").write_text(f"keep.runs_days = {days}\n", "utf-8")
    parts = Parts(tmp_path, workspace_settings(tmp_path), lambda: NOW)
    source = "zeri-i-lumit:feed:1"
    with parts.database.writing() as conn:
        registers.replace(conn, [an_outlet()], [a_source(source)], NOW)
        for hours in range(3):
            facts = some_facts(FetchOutcome.TIMEOUT, fetched_at=NOW - timedelta(days=500, minutes=hours))
            registers.record_poll(conn, None, PollResult(source, facts))
    remarks = next(pruning.prune(parts, NOW)).remarks
    assert remarks == ((f"{thinned} polls thinned out",) if thinned else ())
    parts.close()


def test_stored_words_of_old_editions_go_and_the_editions_can_be_written_again(parts: Parts) -> None:
    window = Window(OLD - timedelta(days=7), OLD)
    with parts.database.writing() as conn:
        made = [
            digests.freeze(conn, "rivers", kind, window if at is OLD else Window(NOW - timedelta(days=7), NOW), made_at=at)
            for kind, at in ((EditionKind.WEEKLY, OLD), (EditionKind.REPORT, OLD), (EditionKind.WEEKLY, NOW))
        ]
        for edition in made:
            digests.release(conn, edition.id, Audience.PARTNERS, Selection(), ReleaseFacts(), NOW)
            digests.save_rendering(conn, edition.id, Audience.PARTNERS, "sq", RENDERED)
        deliveries.plan(conn, made[1].id, "ana@example.org", "sq", message_id="<1@x>", due_at=NOW)
    report = pruning.prune_files(parts, NOW)
    assert dict(report.outcomes) == {"stored mails": 1}
    with parts.database.reading() as conn:
        kept = [digests.rendering(conn, edition.id, Audience.PARTNERS, "sq") is not None for edition in made]
        assert kept == [False, True, True]  # the second has a letter that waits
        assert digests.released(conn, made[0].id, Audience.PARTNERS) is not None


def test_pages_and_polls_are_given_up_some_at_a_time_so_that_people_write_between(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "zeri-i-lumit:feed:1"
    with parts.database.writing() as conn:
        registers.replace(conn, [an_outlet()], [a_source(source)], NOW)
        for number in range(1, 6):
            store(conn, number)
        for hours in range(6):
            facts = some_facts(fetched_at=NOW - timedelta(days=hours // 2, minutes=hours))
            registers.record_poll(conn, None, PollResult(source, facts))
    at_once: list[int] = []

    @contextmanager
    def counted(database: Database) -> Iterator[Connection]:
        with writing(database) as conn:
            before = conn.connection.dbapi_connection.total_changes  # type: ignore[union-attr]
            yield conn
            at_once.append(conn.connection.dbapi_connection.total_changes - before)  # type: ignore[union-attr]

    writing = Database.writing
    monkeypatch.setattr(Database, "writing", counted)
    monkeypatch.setattr(pruning, "PAGES_AT_ONCE", 2)
    monkeypatch.setattr(pruning, "DAYS_AT_ONCE", 1)
    report = pruning.prune_pages(parts.database, NOW + timedelta(days=1))
    assert report.outcomes == (("pruned", 5),)
    assert "3 polls thinned out" in report.remarks
    assert max(at_once) == 2
    assert pruning.prune_pages(parts.database, NOW + timedelta(days=1)).inputs == 0
