"""How PostgreSQL answers a question of many forms: by its index, whatever it thinks of words that it does not know."""

from __future__ import annotations

from pathlib import Path

from tracker.model import AnyWord
from tracker.store import articles
from tracker.store.database import open_database
from tracker.store.postgres_search import SEARCH


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
        assert tuple(read) == (0, 2)
        assert conn.exec_driver_sql("SHOW enable_seqscan").scalar() == "on"
    database.close()
