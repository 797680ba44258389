"""Both search indexes name the same articles for the same question, whatever the texts hold."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.builders import NOW, a_source, an_outlet
from tracker.model import AllOf, AnyOf, AnyWord, IndexQuery
from tracker.store import articles, backend, registers
from tracker.store.database import Database, open_database
from tracker.text.folding import fold

WORDS = (
    "lumi lumit lumin i e në Шкодра шкодра Niš Ниша Čačak čačku Đorđe Ђорђе Tiranë Tiranës 2024 COVID-19 TikTok tik_tok Hazizaj Хазизај "
    "Łukasz Лукаш крај Крајина međa мeђа Lumi’i d'Albanie ½ x² naïve Ⅳ ﬁlm ß ŉ İstanbul e\u0301cole ｆｕｌｌ 東京 zeri-i-lumit.example "
    "\u00adin\u00advis soft\u200bbreak 😀 #DigitalSafety @crca a.b.c C++ …"
).split()
LONG = "ж" * 3000
MOST_WORDS = 40
AT = f"{NOW:%Y-%m-%d %H:%M:%S.%f}"


def _texts(count: int) -> Iterator[str]:
    said = random.Random(16)
    for number in range(count):
        words = said.choices(WORDS, k=said.randrange(1, MOST_WORDS))
        yield " ".join(
            [*words, f"fjala{said.randrange(2000)}", *([LONG] if number % 1000 == 7 else []), *(["\x00nul"] if number % 500 == 9 else [])]
        )


def _questions() -> Iterator[IndexQuery | Sequence[str]]:
    said = random.Random(17)
    folded = [fold(word) for word in WORDS]
    yield from ([word] for word in folded)
    yield from ([f"fjala{number}"] for number in range(0, 2000, 97))
    yield [fold(LONG)]
    yield ["nul", "nowhere at all", ""]
    for _ in range(40):
        picked = tuple(said.sample(folded, 4))
        yield [" ".join(picked[:2]), picked[2]]
        yield AllOf((AnyWord(picked[:3]), AnyOf((AnyWord(picked[3:]), AnyWord(("lumi",))))))


def _fill(database: Database, count: int) -> None:
    batch: list[tuple[int, str]] = []
    for number, words in enumerate(_texts(count), 1):
        batch.append((number, fold(words)))
        if len(batch) == 1000 or number == count:
            with database.writing() as conn:
                backend.of(conn).add_to_search(conn, batch)
                conn.exec_driver_sql(
                    "INSERT INTO articles (id, outlet_id, canonical_url, search_id, requested_url, title, lead, image, language, depth, "
                    "authors, fetched_at, stored_at, body) VALUES "
                    + ", ".join(
                        f"({one}, 'zeri-i-lumit', 'u{one}', {one}, '', '', '', '', '', '', '[]', '{AT}', '{AT}', '')" for one, _ in batch
                    )
                )
            batch = []


def _found(database: Database) -> list[list[int]]:
    with database.reading() as conn:
        found = [articles.search(conn, question) for question in _questions()]
        index = backend.of(conn)
        for stem in ("fjal", "fjala1", "hazi", "shkod", "2", "жжжж"):
            found.append(index.search(conn, index.prefix_expression(fold(stem)), limit=None, after_id=0))
        found += [index.search(conn, one, limit=None, after_id=0) for one in _typed(index)]
        for one in _typed(index):
            for holds in (index.is_found("articles.id", one), index.is_found_alone("articles.id", one)):
                asked = text(f"SELECT id FROM articles WHERE {holds} ORDER BY id")
                found.append([*conn.execute(asked, {"expression": one}).scalars()])
            found.append([int(index.any_found(conn, one)), *(number for number in range(1, 60) if index.holds(conn, number, one))])
            found.append(index.not_found_by(conn, one))
        return found


def _typed(index: backend.Backend) -> list[str]:
    """As several words are asked for that are typed on the desk: each in any of many forms, or beginning so."""
    many = [index.index_expression(AnyWord(tuple(f"fjala{number}" for number in range(start, start + 90)))) for start in (0, 500)]
    lumi = index.any_expression(
        [index.match_expression([fold(word) for word in ("lumi", "lumit", "шкодра")]), index.prefix_expression("fjal")]
    )
    both = index.all_expression([lumi, index.prefix_expression("haz")])
    return [
        many[0],
        lumi,
        both,
        index.any_expression([both, *many]),
        index.all_expression([both, index.match_expression(["tiktok", "međa"])]),
    ]


@pytest.fixture
def on_server(postgres_url: str, tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path, postgres_url)
    with opened.writing() as conn:
        registers.replace(conn, [an_outlet()], [a_source()], NOW)
    yield opened
    opened.close()


@pytest.mark.parametrize("count", [1200, pytest.param(50_000, marks=pytest.mark.soak)])
def test_both_indexes_name_the_same_candidates(file_database: Database, on_server: Database, count: int) -> None:
    for database in (file_database, on_server):
        _fill(database, count)
    in_file, there = _found(file_database), _found(on_server)
    assert sum(map(len, in_file)) > count
    assert there == in_file


def test_forms_that_begin_as_the_stem_does_add_nothing_to_it(file_database: Database, on_server: Database) -> None:
    forms = AnyOf((AnyWord(("lumi", "fjala12", "fjala1299", "fjala7 lumit", "hazizaj")), AnyWord(("fjala5",))))
    for database in (file_database, on_server):
        _fill(database, 600)
        with database.reading() as conn:
            index = backend.of(conn)
            for stem in ("fjala1", "fjal", "hazi", "lumit", ""):
                whole = index.any_expression([index.index_expression(forms), index.prefix_expression(stem)])
                short = articles.search_expression(conn, forms, stem)
                assert index.search(conn, short, limit=None, after_id=0) == index.search(conn, whole, limit=None, after_id=0) != []
                assert len(short) <= len(whole)
