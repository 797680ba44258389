"""Nothing stays open after a test of workers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workers import desk


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """Closes what a failed test left open: its connections would else be told of in place of the fault."""
    yield
    while desk.opened:
        desk.opened.pop().close()
