"""Lists cut to what one statement may hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

MOST_VALUES = 900
"""SQLite takes 32,766 values a statement; longer lists gain nothing and each length is compiled anew."""


def chunks(items: Iterable[T], size: int = MOST_VALUES) -> Iterator[Sequence[T]]:
    """`items` in order, at most `size` at a time."""
    held = list(items)
    for start in range(0, len(held), size):
        yield held[start : start + size]
