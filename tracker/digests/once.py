"""What is told of a selection in no language: found once, however many languages an edition is written in one after the other."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, TypeVar

from tracker.model import Selection

Found = TypeVar("Found")


class _Same:
    """A selection by identity: it is frozen, and comparing two of them would take longer than what is found of them."""

    __slots__ = ("selection",)

    def __init__(self, selection: Selection) -> None:
        self.selection = selection

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.selection is other.selection

    def __hash__(self) -> int:
        return id(self.selection)


def once(selection: Selection, key: Hashable, find: Callable[[], Found]) -> Found:
    """What `find` gave when it was first asked for the selection by this key; it must depend on the two alone."""
    kept = _kept(_Same(selection))
    if key not in kept:
        kept[key] = find()
    found: Found = kept[key]
    return found


@lru_cache(maxsize=2)
def _kept(_same: _Same) -> dict[Hashable, Any]:
    return {}
