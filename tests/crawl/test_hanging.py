"""Outlets that hang delay no other; in small here, in full in benchmarks/bench_hanging.py."""

from __future__ import annotations

from tests.benchmarks.bench_hanging import missed, one_round


def test_healthy_outlets_finish_as_if_the_hanging_ones_were_not_there() -> None:
    for _ in range(3):  # another test's processes may take the cores during one of the two rounds
        alone, together = one_round(45, 0, 3.0), one_round(45, 5, 3.0)
        assert together.polls == {"fetched": 45, "timeout": 5}
        if not (short := missed(alone, together, 3.0)):
            break
    assert short == []
