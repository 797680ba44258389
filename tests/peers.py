"""Processor time as a ratio against a named peer in the same run: a machine ten times slower gives the same figures."""

from __future__ import annotations

import time
from collections.abc import Callable

LEAST_SECONDS = 0.02
"""What a peer counts as at least: below it a clock measures the machine and the imports."""


def seconds_of(run: Callable[[], object], *, best_of: int = 2) -> float:
    """Processor time of this process, the best of some runs; the first one pays for imports and caches."""
    taken = []
    for _ in range(best_of):
        began = time.process_time()
        run()
        taken.append(time.process_time() - began)
    return min(taken)


def times_of(run: Callable[[], object], peer: Callable[[], object]) -> float:
    """How many times the peer's processor time `run` takes."""
    return seconds_of(run, best_of=1) / max(seconds_of(peer), LEAST_SECONDS)
