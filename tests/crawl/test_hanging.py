"""Outlets that hang delay no other; in small here, in full in benchmarks/bench_hanging.py."""

from __future__ import annotations

from tests.benchmarks.bench_hanging import missed, one_round


def test_healthy_outlets_finish_as_if_the_hanging_ones_were_not_there() -> None:
    alone, together = one_round(45, 0, 3.0), one_round(45, 5, 3.0)
    assert together.polls == {"fetched": 45, "timeout": 5}
    assert missed(alone, together, 3.0) == []
