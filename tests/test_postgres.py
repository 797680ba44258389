"""The cluster that tests of the PostgreSQL store and of the workers share."""

from __future__ import annotations

from tests.postgres import Cluster


def test_each_test_has_an_empty_database_of_its_own(postgres: Cluster, postgres_url: str) -> None:
    name = postgres_url.partition("@/")[2].partition("?")[0]
    assert postgres.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", name) == [(0,)]
    assert postgres.execute("SHOW server_encoding", name) == [("UTF8",)]
    assert name != postgres.new_database()


def test_the_cluster_listens_on_no_port(postgres: Cluster) -> None:
    assert postgres.execute("SHOW listen_addresses") == [("",)]
