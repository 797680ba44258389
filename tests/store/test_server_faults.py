"""What a PostgreSQL server refuses is told in one sentence, whatever it is, and never with the values of a statement."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.postgres import Cluster
from tracker.errors import StoreError
from tracker.store.database import Database, open_database
from tracker.store.work.link import Link

MISSPELT = "postgresql+psycopg://tracker@db.example/x?host=/tmp&passwort=hidden-word"


@pytest.fixture
def database(postgres_url: str, tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path, postgres_url)
    opened.patience_seconds = 0.5
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("SET statement_timeout = 5; SELECT pg_sleep(5)", "statement_timeout"),
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '53300'; END $$", "takes no more connections"),
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '53100'; END $$", "disk is full"),
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '53400'; END $$", "see the server's log"),
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '55006'; END $$", "see the server's log"),
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '58P01'; END $$", "see the server's log"),
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '25006'; END $$", "read-only"),
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '57P01'; END $$", "cannot be reached"),
    ],
)
def test_what_a_statement_meets_is_one_sentence(database: Database, statement: str, words: str) -> None:
    with pytest.raises(StoreError, match=words) as refused, database.writing() as conn:
        conn.exec_driver_sql(statement)
    assert "\n" not in str(refused.value)
    with database.reading() as conn:
        assert conn.execute(text("SELECT 1")).scalar_one() == 1


@pytest.mark.parametrize("most", [0, 1])
def test_a_user_who_may_open_no_more_connections_is_told_so(postgres: Cluster, tmp_path: Path, most: int) -> None:
    role = f"few{most}"
    postgres.execute(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT {most}")
    name = postgres.new_database()
    postgres.execute(f'ALTER DATABASE "{name}" OWNER TO {role}')
    try:
        with pytest.raises(StoreError, match="takes no more connections"):
            open_database(tmp_path, postgres.url(name, role)).close()
    finally:
        postgres.drop(name)
        postgres.execute(f"DROP ROLE {role}")


def test_an_error_of_the_program_that_is_shown_names_no_values(database: Database) -> None:
    with pytest.raises(DBAPIError) as raised, database.writing() as conn:
        conn.execute(text("SELECT CAST(:name AS int)"), {"name": "a child's name"})
    assert "hide_parameters" in str(raised.value)
    assert "parameters: [" not in str(raised.value)


def test_an_option_of_the_address_that_the_driver_does_not_know_is_told_without_its_value(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the option 'passwort'") as refused:
        open_database(tmp_path, MISSPELT)
    assert "hidden-word" not in str(refused.value)
    with pytest.raises(StoreError, match="the option 'passwort'"):
        Link(MISSPELT)
