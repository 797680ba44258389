from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select

from tests.builders import NOW, a_link, a_mention, an_article, some_facts
from tests.conftest import some_of_them
from tests.stored import article_count, finish_link
from tracker.model import AllOf, AnyOf, AnyWord, Article, DateReading, DateSource, Depth, Precision, Published, SkipReason
from tracker.store import articles, backend, frontier, mentions, pages, sqlite, trails
from tracker.store.database import Database
from tracker.store.schema.watching import outlets
from tracker.text.folding import fold


def _save(conn: Connection, *given_articles: Article) -> list[int | None]:
    return articles.save(conn, [(article, fold(article.title), fold(article.body)) for article in given_articles], NOW)


def _page(conn: Connection, number: int) -> int:
    frontier.add(conn, [(f"k{number}", a_link(f"u{number}"))], run_id=1, now=NOW)
    page_id = finish_link(conn, number, some_facts(), run_id=1, body=b"x")
    assert page_id is not None
    return page_id


@pytest.mark.parametrize(
    "published",
    [
        None,
        Published(datetime(2026, 7, 1, 23, 30, tzinfo=timezone(timedelta(hours=2)))),
        Published(datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-3, minutes=-30))), Precision.DAY),
        Published(datetime(1990, 1, 1, tzinfo=timezone(timedelta(hours=1, minutes=2, seconds=3)))),
    ],
)
def test_an_article_comes_back_as_it_was_saved(conn: Connection, published: Published | None) -> None:
    article = an_article(
        published=published, authors=("Ana Ć.", "Бојан"), lead="L", image="https://x/i.jpg", body="Uji\x00 i 𝕃umit\n" * 300
    )
    (article_id,) = _save(conn, article)
    assert article_id is not None
    stored = articles.get(conn, article_id)
    assert stored is not None
    assert (stored.published, stored.authors, stored.body, stored.lead) == (published, article.authors, article.body, "L")
    assert stored.published is None or published is None or stored.published.iso() == published.iso()


def test_broken_letters_become_question_marks_instead_of_a_failure(conn: Connection) -> None:
    _save(conn, an_article(title="a\ud800b", body="c\udfff", authors=("d\ud800",)))
    stored = articles.get(conn, 1)
    assert stored is not None
    assert (stored.title, stored.body, stored.authors) == ("a?b", "c?", ("d?",))


def test_ids_come_in_the_order_given(conn: Connection) -> None:
    ids = _save(conn, *(an_article(number) for number in range(1, 700)))
    assert ids == list(range(1, 700))


def test_a_known_canonical_address_is_not_stored_twice_and_its_page_says_so(conn: Connection) -> None:
    first, second = _page(conn, 1), _page(conn, 2)
    assert _save(conn, an_article(page_id=first)) == [1]
    assert _save(conn, an_article(page_id=second, body="Other")) == [None]
    (trail,) = trails.find(conn, ["k2"])
    assert trail.page is not None
    assert trail.page.skipped is not None
    assert trail.page.skipped.reason is SkipReason.SAME_PAGE
    assert article_count(conn) == 1


def test_the_same_address_twice_in_one_batch_is_one_article(conn: Connection) -> None:
    assert _save(conn, an_article(), an_article(2), an_article()) == [1, 2, None]


def test_an_extracted_text_takes_the_place_of_the_screened_one_of_its_page(conn: Connection) -> None:
    page_id = _page(conn, 1)
    _save(conn, an_article(page_id=page_id, depth=Depth.SCREENED, body="menu lumi reklama"))
    assert _save(conn, an_article(page_id=page_id, body="lumi", language="sq")) == [1]
    stored = articles.get(conn, 1)
    assert stored is not None
    assert (stored.body, stored.depth, stored.page_id) == ("lumi", Depth.EXTRACTED, page_id)
    assert (articles.search(conn, ["reklama"]), articles.search(conn, ["lumi"])) == ([], [1])


def test_an_extracted_text_takes_the_place_of_a_screened_one_of_the_same_address(conn: Connection) -> None:
    first, second = _page(conn, 1), _page(conn, 2)
    _save(conn, an_article(page_id=first, depth=Depth.SCREENED))
    assert _save(conn, an_article(page_id=second, body="me përmendje")) == [1]
    stored = articles.get(conn, 1)
    assert stored is not None
    assert (stored.body, stored.page_id) == ("me përmendje", second)
    (trail,) = trails.find(conn, ["k1"])
    assert trail.page is not None
    assert trail.page.skipped is not None


def test_a_screened_text_never_takes_the_place_of_an_extracted_one(conn: Connection) -> None:
    page_id = _page(conn, 1)
    _save(conn, an_article(page_id=page_id, body="lumi"))
    assert _save(conn, an_article(page_id=page_id, depth=Depth.SCREENED, body="menu")) == [1]
    stored = articles.get(conn, 1)
    assert stored is not None
    assert stored.body == "lumi"


def test_screened_and_extracted_in_one_batch_are_one_article(conn: Connection) -> None:
    page_id = _page(conn, 1)
    assert _save(conn, an_article(page_id=page_id, depth=Depth.SCREENED, body="menu"), an_article(page_id=page_id, body="lumi")) == [1, 1]
    stored = articles.get(conn, 1)
    assert stored is not None
    assert (stored.body, articles.search(conn, ["menu"]), articles.search(conn, ["lumi"])) == ("lumi", [], [1])


def test_extraction_that_learns_of_another_articles_address_keeps_both(conn: Connection) -> None:
    first, second = _page(conn, 1), _page(conn, 2)
    _save(conn, an_article(1, page_id=first), an_article(2, page_id=second, depth=Depth.SCREENED))
    assert _save(conn, an_article(1, page_id=second, body="e plotë")) == [2]
    stored = articles.get(conn, 2)
    assert stored is not None
    assert (stored.body, stored.canonical_url) == ("e plotë", an_article(2).canonical_url)


def test_saving_twice_changes_nothing(conn: Connection) -> None:
    page_id = _page(conn, 1)
    for _ in range(3):
        assert _save(conn, an_article(page_id=page_id)) == [1]
    assert (article_count(conn), articles.search(conn, ["lumi"])) == (1, [1])


def test_articles_without_a_page_can_be_many(conn: Connection) -> None:
    assert _save(conn, an_article(1), an_article(2)) == [1, 2]


def test_search_finds_any_of_the_forms_in_order_of_id(conn: Connection) -> None:
    texts = ["Lumi i bardhë doli", "Deti", "Reka Neretva je čista", "Bardhë", "Река Неретва"]
    _save(conn, *(an_article(number, title="t", body=body) for number, body in enumerate(texts, 1)))
    assert articles.search(conn, ["lumi bardhe", "neretva"]) == [1, 3, 5]
    assert articles.search(conn, ["neretva"], limit=1) == [3]
    assert articles.search(conn, ["neretva"], after_id=3) == [5]
    assert articles.search(conn, ["nere"]) == []
    assert articles.search(conn, []) == []


@settings(max_examples=some_of_them(0.6))
@given(st.lists(st.text(), max_size=5))
def test_no_form_breaks_the_search(forms: list[str]) -> None:
    expression = sqlite.match_expression(forms)
    if expression:
        connection = _search_only()
        connection.execute("SELECT rowid FROM article_search WHERE article_search MATCH ?", (expression,)).fetchall()


def _search_only() -> sqlite.sqlite3.Connection:
    global _memory
    if _memory is None:
        _memory = sqlite.sqlite3.connect(":memory:")
        _memory.execute(sqlite.SEARCH_TABLE)
    return _memory


_memory: sqlite.sqlite3.Connection | None = None


@settings(max_examples=some_of_them(0.6))
@given(
    st.text(
        alphabet=st.characters(categories=["L", "N", "P", "Zs"], max_codepoint=0x52F) | st.sampled_from("–—…“”„’‘•\u0301\u030c"),
        max_size=40,
    )
)
def test_a_text_is_found_by_its_own_folded_words(body: str) -> None:
    connection = sqlite.sqlite3.connect(":memory:")
    connection.execute(sqlite.SEARCH_TABLE)
    connection.execute("INSERT INTO article_search(rowid, words) VALUES (1, ?)", (fold(body),))
    expression = sqlite.match_expression([fold(body)])
    found = (
        connection.execute("SELECT rowid FROM article_search WHERE article_search MATCH ?", (expression,)).fetchall()
        if expression
        else [(1,)]
    )
    connection.close()
    assert found == [(1,)]


def test_iterating_gives_every_article_once_and_filters_narrow(conn: Connection) -> None:
    _save(
        conn,
        *(
            an_article(number, depth=Depth.SCREENED if number % 2 else Depth.EXTRACTED, fetched_at=NOW + timedelta(days=number))
            for number in range(9)
        ),
    )
    mentions.save(conn, [a_mention(4)], NOW)
    assert [article.id for article in articles.iterate(conn, batch=2)] == list(range(1, 10))
    assert [article.id for article in articles.iterate(conn, depth=Depth.SCREENED)] == [2, 4, 6, 8]
    assert [article.id for article in articles.iterate(conn, campaign_id="rivers")] == [4]
    assert [
        article.id for article in articles.iterate(conn, fetched_from=NOW + timedelta(days=3), fetched_before=NOW + timedelta(days=5))
    ] == [4, 5]
    assert [article.id for article in articles.iterate(conn, outlet_ids=["other"])] == []


def test_many_are_got_at_once_in_order_and_unknown_ids_left_out(conn: Connection) -> None:
    _save(conn, *(an_article(number) for number in range(1, 5)))
    assert [article.id for article in articles.get_many(conn, [4, 2, 99, 2])] == [2, 4]


def test_a_transaction_undone_leaves_no_trace_in_the_index(database: Database) -> None:
    with database.writing() as conn:
        _save(conn, an_article(1))
        conn.get_transaction().rollback()  # type: ignore[union-attr]
    with database.writing() as conn:
        saved = _save(conn, an_article(2, title="Deti"))
    with database.reading() as conn:
        assert (articles.search(conn, ["lumi"]), articles.search(conn, ["deti"])) == ([], saved)


LONG = "Banorët e fshatit panë ujin të ngrihej gjatë natës dhe kërkuan ndihmë nga bashkia. " * 5


@pytest.mark.parametrize(
    ("second", "is_one"),
    [
        ({}, True),
        ({"fetched_at": NOW + timedelta(days=6)}, True),
        ({"fetched_at": NOW + timedelta(days=8)}, False),
        ({"title": "Lumi u kthye"}, False),
        ({"body": LONG + "Më shumë."}, False),
        ({"outlet_id": "drita"}, False),
        ({"depth": Depth.SCREENED}, False),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_one_text_at_two_addresses_of_an_outlet_is_one_article(
    conn: Connection, second: dict[str, Any], is_one: bool, at_once: bool
) -> None:
    title = "Lumi doli nga shtrati"
    pages = _page(conn, 1), _page(conn, 2)
    first_url = "https://zeri-i-lumit.example/lajme/1?sid=1"
    given = [
        an_article(title=title, body=LONG, page_id=pages[0], canonical_url=first_url),
        an_article(
            **({"title": title, "body": LONG, "page_id": pages[1], "canonical_url": "https://zeri-i-lumit.example/lajme/1?sid=2"} | second)
        ),
    ]
    if second.get("outlet_id"):
        conn.execute(insert(outlets).values(**{**dict(conn.execute(select(outlets)).first()._mapping), "id": "drita"}))
    ids = _save(conn, *given) if at_once else [*_save(conn, given[0]), *_save(conn, given[1])]
    assert ids == [1, None if is_one else 2]
    if is_one:
        (trail,) = trails.find(conn, ["k2"])
        assert trail.page is not None
        assert trail.page.skipped is not None
        assert (trail.page.skipped.reason, trail.page.skipped.same_as) == (SkipReason.SAME_TEXT, first_url)
        assert trail.page.skipped.remark == f"same text as {first_url}"


def test_short_texts_that_repeat_stay_apart(conn: Connection) -> None:
    brief = {"title": "Moti", "body": "Kthjellët."}
    assert _save(conn, an_article(1, page_id=_page(conn, 1), **brief), an_article(2, page_id=_page(conn, 2), **brief)) == [1, 2]


def test_what_was_read_of_an_unsure_date_comes_back(conn: Connection) -> None:
    readings = (
        DateReading(DateSource.JSON_LD, Published(datetime(2019, 1, 5, tzinfo=UTC), Precision.DAY)),
        DateReading(DateSource.LISTING, Published(datetime(2026, 3, 10, 8, tzinfo=timezone(timedelta(hours=1))))),
    )
    (article_id,) = _save(conn, an_article(published=readings[0].published, date_readings=readings))
    assert article_id is not None
    stored = articles.get(conn, article_id)
    assert stored is not None
    assert stored.date_readings == readings


@pytest.mark.parametrize("at_once", [True, False])
def test_one_text_screened_at_two_addresses_is_one_article_once_it_is_extracted(conn: Connection, at_once: bool) -> None:
    places = [(_page(conn, number), f"https://zeri-i-lumit.example/lajme/1?sid={number}") for number in (1, 2)]
    cheap = [
        an_article(number, body=f"{LONG} {number}", page_id=page, canonical_url=url, depth=Depth.SCREENED)
        for number, (page, url) in enumerate(places)
    ]
    assert _save(conn, *cheap) == [1, 2]
    whole = [an_article(title="Lumi doli nga shtrati", body=LONG, page_id=page, canonical_url=url) for page, url in places]
    assert (_save(conn, *whole) if at_once else [*_save(conn, whole[0]), *_save(conn, whole[1])]) == [1, None]
    assert pages.repetitions(conn, [page for page, _ in places]) == {places[1][0]}
    assert [article.depth for article in articles.get_many(conn, [1, 2])] == [Depth.EXTRACTED, Depth.SCREENED]


def test_several_questions_are_answered_as_each_alone_and_what_they_share_is_looked_up_once(
    file_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with file_database.writing() as conn:
        texts = ["lumi i kryetarit", "kryetari i bashkise", "shkolla dhe lumi", "deti"]
        _save(conn, *(an_article(number, title="t", body=body) for number, body in enumerate(texts, 1)))
        river, mayor, school = AnyWord(("lumi",)), AnyWord(("kryetari", "kryetarit")), AnyWord(("shkolla",))
        near = AnyOf((AllOf((AnyOf((river,)), AnyOf((AllOf((mayor,)),)))), school))
        questions = [AnyOf((river, near)), near, AnyOf((river, mayor)), AllOf((river, AnyOf((near,))))]
        asked: list[str] = []
        index = backend.of(conn)
        real = index.search

        def counted(connection: Connection, expression: str, *, limit: int | None, after_id: int) -> list[int]:
            asked.append(expression)
            return real(connection, expression, limit=limit, after_id=after_id)

        monkeypatch.setattr(index, "search", counted)
        alone = [articles.search(conn, question, after_id=1) for question in questions]
        assert [len(ids) for ids in alone] == [1, 1, 2, 1]
        distinct = {*asked}
        assert len(distinct) < len(asked)
        asked.clear()
        assert articles.search_each(conn, questions, after_id=1) == alone
        assert sorted(asked) == sorted(distinct)
