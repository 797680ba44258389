"""Lead pictures: how asking ended, what is kept, and what goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from tests.builders import NOW, an_article, an_outlet
from tracker.model import FetchOutcome, Picture, PictureOutcome, PictureResult, WantedPicture
from tracker.store import articles, pictures, registers
from tracker.store.database import Database
from tracker.store.schema.pictures import picture_files
from tracker.text.folding import fold

OUTLETS = ("zeri-i-lumit", "glas-drine")


@pytest.fixture
def database(database: Database) -> Database:
    """Eight articles of two outlets, the odd ones of the first."""
    with database.writing() as conn:
        registers.replace(conn, [an_outlet(), an_outlet(OUTLETS[1])], [], NOW)
        for number in range(1, 9):
            address = f"https://press.example/{number}"
            image = "" if number == 8 else f"https://press.example/{number}.jpg"
            made = an_article(number, outlet_id=OUTLETS[(number + 1) % 2], requested_url=address, canonical_url=address, image=image)
            articles.save(conn, [(made, fold(made.title), fold(made.body))], NOW)
    return database


def result(article_id: int, content: bytes = b"", outcome: str = PictureOutcome.KEPT, attempts: int = 0) -> PictureResult:
    wanted = WantedPicture(article_id, OUTLETS[(article_id + 1) % 2], f"https://press.example/{article_id}.jpg", attempts)
    picture = Picture(content.decode(), 600, 400, b"\xff\xd8\xff" + content) if content else None
    return PictureResult(wanted, outcome, NOW, digest=content.decode(), picture=picture)


def files(conn: Connection) -> int:
    return int(conn.execute(select(func.count()).select_from(picture_files)).scalar_one())


def test_what_articles_name_is_given_in_their_order_and_those_without_a_picture_are_not(database: Database) -> None:
    with database.reading() as conn:
        named = pictures.named(conn, {8, 2, 1})
    assert [(one.article_id, one.outlet_id, one.url) for one in named] == [
        (1, OUTLETS[0], "https://press.example/1.jpg"),
        (2, OUTLETS[1], "https://press.example/2.jpg"),
    ]


def test_how_asking_ended_is_known_and_the_newest_result_counts(database: Database) -> None:
    with database.writing() as conn:
        pictures.save(conn, [result(1, outcome=FetchOutcome.TIMEOUT), result(2, b"aa")])
        assert pictures.asked(conn, [1, 2, 3])[1].outcome == "timeout"
        pictures.save(conn, [result(1, b"bb", attempts=1)])
        assert {key: (one.outcome, one.attempts) for key, one in pictures.asked(conn, [1, 2, 3]).items()} == {
            1: ("kept", 2),
            2: ("kept", 1),
        }
        assert {key: one.content for key, one in pictures.of_articles(conn, [1, 2, 3]).items()} == {
            1: b"\xff\xd8\xffbb",
            2: b"\xff\xd8\xffaa",
        }


def test_a_picture_that_two_outlets_show_is_kept_once(database: Database) -> None:
    with database.writing() as conn:
        pictures.save(conn, [result(1, b"aa"), result(2, b"aa"), result(3, b"aa"), result(4, b"aa")])
        assert files(conn) == 1
        assert sorted(pictures.of_articles(conn, range(1, 9))) == [1, 2, 3, 4]


def test_the_same_picture_in_three_articles_of_an_outlet_is_its_mark_in_all_of_them_and_only_there(database: Database) -> None:
    with database.writing() as conn:
        pictures.save(conn, [result(1, b"aa"), result(2, b"aa"), result(3, b"aa"), result(7, b"cc")])
        pictures.save(conn, [result(5, b"aa")])
        outcomes = {key: one.outcome for key, one in pictures.asked(conn, range(1, 9)).items()}
        assert outcomes == {1: "outlets_mark", 2: "kept", 3: "outlets_mark", 5: "outlets_mark", 7: "kept"}
        assert sorted(pictures.of_articles(conn, range(1, 9))) == [2, 7]
        assert files(conn) == 2


def test_the_file_of_a_mark_that_nobody_else_shows_goes(database: Database) -> None:
    with database.writing() as conn:
        pictures.save(conn, [result(number, b"aa") for number in (1, 3, 5)])
        assert files(conn) == 0
        pictures.save(conn, [result(7, b"aa")])
        assert pictures.of_articles(conn, [7]) == {}


def test_what_is_forgotten_leaves_nothing_and_takes_nothing_from_others(database: Database) -> None:
    with database.writing() as conn:
        pictures.save(conn, [result(1, b"aa"), result(2, b"aa"), result(3, b"bb")])
        assert pictures.forget(conn, [1, 3, 6]) == 2
        assert sorted(pictures.asked(conn, range(1, 9))) == [2]
        assert (files(conn), sorted(pictures.of_articles(conn, range(1, 9)))) == (1, [2])


def test_old_files_are_given_up_and_how_asking_ended_stays(database: Database) -> None:
    with database.writing() as conn:
        pictures.save(conn, [result(1, b"aa"), result(2, b"bb")])
        assert pictures.prune(conn, NOW) == (0, 0)
        assert pictures.prune(conn, NOW + timedelta(seconds=1)) == (2, 10)
        assert (files(conn), pictures.of_articles(conn, [1, 2])) == (0, {})
        assert sorted(pictures.asked(conn, [1, 2])) == [1, 2]
