"""Work that takes seconds: one at a time, so that the desk goes on answering everybody else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import flash

from tracker.errors import TrackerError
from tracker.review.web.context import desk

DETAIL = "detail"
"""The category of what the program says in its own language."""
_AT_WORK = threading.Lock()


class Busy(TrackerError):
    """Somebody else's work is under way; nothing was done."""

    is_busy = True


@contextmanager
def alone() -> Iterator[None]:
    """Holds the place while something is fetched or counted through. Raises Busy at once where it is taken."""
    if not _AT_WORK.acquire(blocking=False):
        raise Busy("something else is being fetched")
    try:
        yield
    finally:
        _AT_WORK.release()


def tell_failure(error: TrackerError) -> None:
    """Says above the next page why something was not done."""
    if error.is_busy:
        desk().told("page_busy")
    else:
        desk().told("page_failed")
        flash(str(error), DETAIL)
