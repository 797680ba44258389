"""What takes long to make and seldom changes, kept in memory for the next who asks."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from flask import current_app

T = TypeVar("T")
MOST_KEPT = 16
EXTENSION = "remembered"


class Remembered:
    """The newest few values by key; the key says all that the value depends on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def value(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of the key, made where it is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                found: T = self._kept[key]
                return found
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made

    def forget(self, kind: str) -> None:
        """Drops all whose key begins with this word."""
        with self._lock:
            for key in [key for key in self._kept if isinstance(key, tuple) and key[:1] == (kind,)]:
                del self._kept[key]


def remembered() -> Remembered:
    """The memory of this desk."""
    kept: Remembered = current_app.extensions.setdefault(EXTENSION, Remembered())
    return kept
