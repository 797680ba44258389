"""A real database file in a temporary folder for each test, with one outlet and one source."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.builders import NOW, a_source, an_outlet
from tracker.store import registers
from tracker.store.database import Database, open_database


@pytest.fixture(scope="session")
def fresh_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database made once, as making one runs the migrations; tests get copies."""
    opened = open_database(tmp_path_factory.mktemp("fresh"))
    with opened.writing() as conn:
        registers.replace(conn, [an_outlet()], [a_source()], NOW)
    opened.close()
    return opened.path


@pytest.fixture
def database(tmp_path: Path, fresh_file: Path) -> Iterator[Database]:
    shutil.copy(fresh_file, tmp_path / fresh_file.name)
    opened = open_database(tmp_path, busy_timeout_seconds=5)
    yield opened
    opened.close()


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    """A writing transaction that lasts as long as the test."""
    with database.writing() as connection:
        yield connection
