"""A database with the schema `work`, for one test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgres import Cluster
from tracker.store.work import schema
from tracker.store.work.link import Link


@pytest.fixture(scope="session")
def prepared(postgres: Cluster) -> str:
    """The name of a database with the schema, to be copied."""
    name = postgres.new_database()
    link = Link(postgres.url(name))
    schema.prepare(link)
    link.close()
    return name


@pytest.fixture
def work_url(postgres: Cluster, prepared: str) -> Iterator[str]:
    """The address of a copy."""
    name = postgres.new_database(prepared)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def link(work_url: str) -> Iterator[Link]:
    """A connection to it."""
    opened = Link(work_url)
    yield opened
    opened.close()
