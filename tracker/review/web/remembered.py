"""What takes long to make and seldom changes, kept in memory for the next who asks."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import current_app

T = TypeVar("T")
MOST_KEPT = 96
EXTENSION = "remembered"
Key = tuple[Hashable, ...]


class Remembered:
    """The newest few values by key, whose first word is its kind; the key says all that the value depends on but the time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, tuple[Any, datetime | None]] = OrderedDict()
        self._forgotten: dict[Hashable, int] = {}

    def value(self, key: Key, make: Callable[[], T]) -> T:
        """The value of the key, made where it is not kept."""
        return self._value(key, make, None, None)

    def lately(self, key: Key, make: Callable[[], T], now: datetime, within: timedelta) -> T:
        """The same, made anew where it is older than that."""
        return self._value(key, make, now, within)

    def has(self, key: Key) -> bool:
        """Whether a value of the key is kept, however old."""
        with self._lock:
            return key in self._kept

    def age(self, key: Key, now: datetime) -> timedelta | None:
        """How long ago a value of `lately` was made; None where there is none."""
        with self._lock:
            made_at = self._kept.get(key, (None, None))[1]
        return None if made_at is None else now - made_at

    def renew(self, key: Key, make: Callable[[], object], now: datetime) -> None:
        """Makes a value of `lately` anew, while others still get the one there is."""
        with self._lock:
            before = self._forgotten.get(key[0], 0)
        self._keep(key, make(), now, before)

    def forget(self, kind: str) -> None:
        """Drops all of this kind, also what is being made this moment."""
        with self._lock:
            self._forgotten[kind] = self._forgotten.get(kind, 0) + 1
            for key in [key for key in self._kept if key[0] == kind]:
                del self._kept[key]

    def _value(self, key: Key, make: Callable[[], T], now: datetime | None, within: timedelta | None) -> T:
        with self._lock:
            found, made_at = self._kept.get(key, (None, None))
            if key in self._kept and (within is None or (made_at is not None and now is not None and now - made_at <= within)):
                self._kept.move_to_end(key)
                kept: T = found
                return kept
            before = self._forgotten.get(key[0], 0)
        made = make()
        self._keep(key, made, now, before)
        return made

    def _keep(self, key: Key, made: object, now: datetime | None, forgotten_before: int) -> None:
        with self._lock:
            if self._forgotten.get(key[0], 0) != forgotten_before:
                return  # what it was made from is no longer so
            self._kept[key] = (made, now)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)


def remembered() -> Remembered:
    """The memory of this desk."""
    kept: Remembered = current_app.extensions[EXTENSION]
    return kept
