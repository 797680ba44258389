"""Positions in groups that can be joined (union-find), columns of two days kept apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date


class Groups:
    """Positions 0..n-1 in groups that can be joined. `days`: of a column its day, None for everything else."""

    def __init__(self, days: Sequence[date | None]) -> None:
        self._parents = list(range(len(days)))
        self._days = {position: day for position, day in enumerate(days) if day is not None}

    def root(self, position: int) -> int:
        while self._parents[position] != position:
            self._parents[position] = self._parents[self._parents[position]]
            position = self._parents[position]
        return position

    def join(self, first: int, second: int) -> None:
        """Makes the groups of both one; columns of two days stay apart."""
        low, high = sorted((self.root(first), self.root(second)))
        if low == high:
            return
        days = {self._days[root] for root in (low, high) if root in self._days}
        if len(days) > 1:
            return
        self._parents[high] = low
        if days:
            self._days[low] = days.pop()

    def members(self) -> list[list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for position in range(len(self._parents)):
            found[self.root(position)].append(position)
        return list(found.values())
