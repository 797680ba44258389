"""How PostgreSQL answers a question of many forms: by its index, whatever it thinks of words that it does not know."""

from __future__ import annotations

from pathlib import Path

from tests.builders import NOW, a_source, an_outlet
from tests.store.test_search_index import fill
from tracker.model import AnyWord
from tracker.store import articles, backend, registers, search_index
from tracker.store.database import open_database
from tracker.store.postgres_search import SEARCH, WORDS_A_LINE


def test_hundreds_of_forms_are_looked_up_in_the_index_and_the_table_is_not_read(postgres_url: str, tmp_path: Path) -> None:
    database = open_database(tmp_path, postgres_url)
    with database.writing() as conn:
        conn.exec_driver_sql(
            f"INSERT INTO {SEARCH} SELECT n, array_to_tsvector(ARRAY['rijeka', 'most' || n]) FROM generate_series(1, 5000) AS n"
        )
        conn.exec_driver_sql(f"ANALYZE {SEARCH}")
    forms = AnyWord(tuple(f"vjosa{number}" for number in range(500)))
    with database.reading() as conn:
        assert articles.search(conn, forms) == []
        assert not articles.any_holding(conn, articles.search_expression(conn, forms))
        read = conn.exec_driver_sql(f"SELECT seq_scan, idx_scan FROM pg_stat_xact_user_tables WHERE relname = '{SEARCH}'").one()
        assert tuple(read) == (0, 2 * -(-len(forms.words) // WORDS_A_LINE))
        assert conn.exec_driver_sql("SHOW enable_seqscan").scalar() == "on"
    database.close()


def test_words_that_wait_to_be_sorted_in_are_sorted_in_before_many_forms_are_looked_up(postgres_url: str, tmp_path: Path) -> None:
    """Each look-up reads all that wait."""
    database = open_database(tmp_path, postgres_url)
    with database.writing() as conn:
        backend.of(conn).add_to_search(conn, [(number, f"rijeka most{number}") for number in range(300)])
    forms = AnyWord(tuple(f"vjosa{number}" for number in range(500)))
    with database.reading() as conn:
        articles.search(conn, forms)
        assert conn.exec_driver_sql(f"SELECT gin_clean_pending_list('ix_{SEARCH}_words')").scalar_one() == 0
    database.close()


def test_a_new_index_is_made_over_all_texts_at_once(postgres_url: str, tmp_path: Path) -> None:
    database = open_database(tmp_path, postgres_url)
    with database.writing() as conn:
        registers.replace(conn, [an_outlet()], [a_source()], NOW)
    fill(database, 600)
    with database.reading() as conn:
        before = articles.search(conn, ["fjala7", "numri9"])
    assert search_index.rebuild(database) == 600
    with database.reading() as conn:
        assert articles.search(conn, ["fjala7", "numri9"]) == before != []
        assert conn.exec_driver_sql(f"SELECT gin_clean_pending_list('ix_{SEARCH}_words')").scalar_one() == 0
    database.close()
