"""A search of the inbox for frequent words looks at the newest items alone: the same pages as by all that the index finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from tests.builders import NOW, a_mention, an_article, an_outlet
from tests.conftest import some_of_them
from tests.postgres import Cluster
from tracker.model import InboxFilter, InboxPlace, InboxState, Story
from tracker.store import articles, backend, inbox, mentions, registers, stories
from tracker.store.database import Database, open_database
from tracker.store.postgres_search import FEW_FORMS, SEARCH

WORDS = ("lumi", "lumit", "most", "ura", "vjosa")
items = st.lists(
    st.tuples(st.sets(st.sampled_from(WORDS)), st.integers(0, 4), st.integers(0, 6), st.sampled_from(["sq", "mk"])), min_size=1, max_size=20
)
"""Of each the words, the hour in which it was found, its story and its language."""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, postgres: Cluster) -> Iterator[tuple[Database, Database]]:
    name, folder = postgres.new_database(), tmp_path_factory.mktemp("newest")
    opened = open_database(folder), open_database(folder, postgres.url(name))
    yield opened
    for database in opened:
        database.close()
    postgres.drop(name)


class _Undone(Exception):
    pass


@settings(max_examples=some_of_them(0.3))
@given(drawn=items, first=st.integers(1, 2), limit=st.integers(1, 4))
def test_the_newest_items_make_the_pages_that_the_index_makes_on_both_databases(
    both: tuple[Database, Database], drawn: list[tuple[set[str], int, int, str]], first: int, limit: int
) -> None:
    found: list[list[list[InboxPlace]]] = []
    for database, alone in ((both[0], False), (both[1], False), (both[1], True)):
        with pytest.MonkeyPatch.context() as patch, suppress(_Undone), database.writing() as conn:
            patch.setattr(backend.of(conn), "sooner_alone", lambda *_, told=alone: told)
            patch.setattr(inbox, "TRIED_FIRST", first)
            if alone:
                patch.setattr(backend.of(conn), "is_found", None)  # the index is not asked
            _fill(conn, drawn)
            found.append([_pages(conn, wanted, asked, limit) for wanted in _filters() for asked in _asked(conn)])
            raise _Undone
    assert found[0] == found[1] == found[2]


def _fill(conn: Connection, drawn: list[tuple[set[str], int, int, str]]) -> None:
    registers.replace(conn, [an_outlet()], [], NOW)
    saved = [
        (an_article(n, language=language, canonical_url=f"https://x.example/{n}"), "", " ".join(sorted(words)))
        for n, (words, _, _, language) in enumerate(drawn, 1)
    ]
    ids = [*filter(None, articles.save(conn, saved, NOW))]
    assert len(ids) == len(drawn)
    for at, (_, hour, _, _) in zip(ids, drawn, strict=True):
        mentions.save(conn, [a_mention(at, id=f"m{at - ids[0]:03}")], NOW + timedelta(hours=hour))
    told = [tuple(at for at, one in zip(ids, drawn, strict=True) if one[2] == number) for number in range(1, 7)]
    stories.save(conn, "rivers", [Story(f"s{number}", members) for number, members in enumerate(told) if members], NOW)


def _filters() -> list[InboxFilter]:
    return [InboxFilter("rivers", InboxState.ALL), InboxFilter("rivers", language="mk"), InboxFilter("forests")]


def _asked(conn: Connection) -> list[str]:
    index = backend.of(conn)
    lumi, most = index.prefix_expression("lum"), index.match_expression(["most", "ura vjosa"])
    return [lumi, most, index.match_expression(["nowhere"]), index.all_expression([lumi, most]), index.any_expression([most, lumi])]


def _pages(conn: Connection, wanted: InboxFilter, asked: str, limit: int) -> list[InboxPlace]:
    found: list[InboxPlace] = []
    while some := inbox.page(conn, wanted, holding=asked, after=found[-1] if found else None, limit=limit):
        found += some
    return found


@pytest.fixture
def counted(postgres_url: str, tmp_path: Path) -> Iterator[Connection]:
    """5,000 articles of which the server knows that each holds "rijeka", and which other word."""
    database = open_database(tmp_path, postgres_url)
    with database.writing() as conn:
        registers.replace(conn, [an_outlet()], [], NOW)
        at = f"{NOW:%Y-%m-%d %H:%M:%S}"
        conn.exec_driver_sql(f"""INSERT INTO articles (id, outlet_id, canonical_url, search_id, requested_url, title, lead, image, language,
            depth, authors, fetched_at, stored_at, body)
            SELECT n, 'zeri-i-lumit', 'u' || n, n, '', '', '', '', '', '', '[]', '{at}', '{at}', '' FROM generate_series(1, 5000) AS n""")
        conn.exec_driver_sql(
            f"INSERT INTO {SEARCH} SELECT n, array_to_tsvector(ARRAY['rijeka', 'most' || n]) FROM generate_series(1, 5000) AS n"
        )
        conn.exec_driver_sql(f"ANALYZE {SEARCH}")
    with database.reading() as conn:
        yield conn
    database.close()


@pytest.mark.parametrize(
    ("asked", "count", "sooner"),
    [
        ("'rijeka'", 100, True),
        ("'rij':*", 100, True),
        ("'rijeka' | 'most7'\n'vjosa'", 100, True),
        ("('rijeka' | 'vjosa') & 'rijeka'", 100, True),
        ("('rijeka' | 'vjosa') & 'rijeka'", 300, False),
        ("'rijeka'", 300, True),
        ("'vjosa'", 1, False),
        (" | ".join(f"'vjosa{number}'" for number in range(100)), 100, False),
        (" | ".join(["'rijeka'", *(f"'vjosa{number}'" for number in range(30))]), 100, True),
        ("'rijeka'", 5000, False),
        ("'most7'", 100, False),
        ("'rijeka'\n\n'most7'\n'most8'", 100, False),
        ("\n".join(["'rijeka'", *(f"'vjosa{number}'" for number in range(FEW_FORMS))]), 100, False),
    ],
)
def test_a_few_articles_are_looked_at_alone_where_a_word_is_frequent(counted: Connection, asked: str, count: int, sooner: bool) -> None:
    assert backend.of(counted).sooner_alone(counted, asked, count) is sooner


def test_whether_a_frequent_word_is_found_is_seen_without_the_index(counted: Connection) -> None:
    def looked_up() -> int:
        read = f"SELECT idx_scan FROM pg_stat_xact_user_tables WHERE relname = '{SEARCH}'"
        asked = f"SELECT pg_stat_get_xact_numscans('ix_{SEARCH}_words'::regclass)"
        assert counted.exec_driver_sql(read).scalar_one() > 0
        return int(counted.exec_driver_sql(asked).scalar_one())

    assert articles.any_holding(counted, "'rijeka'")
    assert looked_up() == 0
    assert articles.any_holding(counted, "'most7'")
    assert not articles.any_holding(counted, "'vjosa'")
    assert looked_up() == 2


def test_a_word_that_became_rare_since_it_was_counted_is_found_all_the_same(counted: Connection) -> None:
    counted.exec_driver_sql(f"UPDATE {SEARCH} SET words = array_to_tsvector(ARRAY['ura']) WHERE id > 10")
    assert backend.of(counted).sooner_alone(counted, "'rijeka'", 200)
    assert articles.any_holding(counted, "'rijeka'")
