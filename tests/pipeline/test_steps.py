"""How much a step stores at once."""

from __future__ import annotations

import pytest

from tracker.pipeline.steps import saved_next


@pytest.mark.parametrize(
    ("saved", "seconds", "next_time"),
    [
        (48, 0.05, 48),
        (48, 0.15, 48),
        (48, 0.3, 24),
        (24, 0.15, 24),
        (24, 0.05, 48),
        (12, 3.0, 12),
        (1, 0.0, 48),
    ],
    ids=["idle", "as long as aimed at", "twice as long", "stays", "idle again", "never fewer", "at once"],
)
def test_a_transaction_that_took_long_is_followed_by_a_smaller_one(saved: int, seconds: float, next_time: int) -> None:
    assert saved_next(saved, seconds) == next_time
