"""Whether a function's time grows with its input, by a ratio of two sizes: no clock is compared with a constant."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES_LARGER = 8
MOST_RATIO = 3.0 * TIMES_LARGER
"""Of the times for an input 8 times larger: 8 when linear, 64 when quadratic."""
TRIES = 5
"""Of the larger input, as a machine at other work is slow now and then; the first that is fast enough ends them."""
NOISE_SECONDS = 0.02
"""Below this a clock measures the machine: 1 MB of plain `str.replace` takes about a tenth of it."""


def grows_linearly(run: Callable[[str], object], text: Callable[[int], str], chars: int = 1_000_000) -> bool:
    """Whether `run` on `text(chars)` takes at most 3 times what linear growth from an eighth of it allows."""
    small, large = text(chars // TIMES_LARGER), text(chars)
    allowed = MOST_RATIO * max(_seconds(run, small), NOISE_SECONDS / TIMES_LARGER)
    return any(_seconds(run, large) <= allowed for _ in range(TRIES))


def _seconds(run: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    run(text)
    return time.process_time() - started
