"""A real database for each test, with one outlet and one source: a SQLite file in a temporary folder, and one on a PostgreSQL server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.builders import NOW, a_source, an_outlet
from tests.postgres import WITHOUT_ROWS, Cluster
from tracker.store import registers
from tracker.store.database import Database, open_database


@pytest.fixture(scope="session")
def fresh_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database made once, as making one runs the migrations; tests get copies."""
    opened = open_database(tmp_path_factory.mktemp("fresh"))
    _fill(opened)
    opened.close()
    return opened.path


@pytest.fixture(scope="session")
def emptied(postgres: Cluster) -> str:
    """The name of a database on the server, which each test finds emptied."""
    name = postgres.new_database()
    open_database(Path(), postgres.url(name)).close()
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """On both."""
    yield from _opened(request, request.param, tmp_path)


@pytest.fixture
def file_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """For tests of what only a SQLite file has."""
    yield from _opened(request, "sqlite", tmp_path)


def _opened(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Iterator[Database]:
    if kind == "sqlite":
        fresh_file: Path = request.getfixturevalue("fresh_file")
        shutil.copy(fresh_file, tmp_path / fresh_file.name)
        opened = open_database(tmp_path, busy_timeout_seconds=5)
    else:
        name: str = request.getfixturevalue("emptied")
        cluster: Cluster = request.getfixturevalue("postgres")
        cluster.execute(WITHOUT_ROWS, name)
        opened = open_database(tmp_path, cluster.url(name), busy_timeout_seconds=5)
        _fill(opened)
    yield opened
    opened.close()


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    """A writing transaction that lasts as long as the test."""
    with database.writing() as connection:
        yield connection


def _fill(database: Database) -> None:
    with database.writing() as conn:
        registers.replace(conn, [an_outlet()], [a_source()], NOW)
