"""Estimators in closed form: two nets that are taken as independent, and Chao's lower bound."""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec import Struct

Cells = Mapping[frozenset[str], int]
"""How many articles exactly these nets caught. None that no net caught, of course."""


class Unseen(Struct, frozen=True):
    """An estimated number of articles that no net caught, and its variance."""

    count: float
    variance: float

    def interval(self, z: float = 1.96) -> tuple[float, float]:
        """An interval of the unseen as log-normal (Chao 1987, Biometrics 43, 783-791, (10)): never below nothing."""
        if self.count <= 0:
            return 0.0, z * math.sqrt(max(self.variance, 0.0))
        spread = math.exp(z * math.sqrt(math.log1p(self.variance / self.count**2)))
        return self.count / spread, self.count * spread


def found_in(cells: Cells) -> int:
    """Articles that any net caught."""
    return sum(count for nets, count in cells.items() if nets)


def by_net(cells: Cells) -> dict[str, int]:
    """Articles of each net."""
    caught: dict[str, int] = {}
    for nets, count in cells.items():
        for net in nets:
            caught[net] = caught.get(net, 0) + count
    return caught


def chapman(first: int, second: int, both: int) -> Unseen:
    """Articles that neither of two independent nets caught (Lincoln and Petersen's estimator as corrected by Chapman 1951, its
    variance by Seber 1970): (n1 + 1)(n2 + 1) / (m + 1) - 1, less what was caught."""
    total = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    return Unseen(max(0.0, total - (first + second - both)), variance)


def naive(cells: Cells) -> Unseen | None:
    """What the two nets with the most articles say when they are taken as independent, of what no net at all caught. None for fewer
    than two nets. It is shown beside an estimate, never as one: nets that read the same outlets depend on each other."""
    caught = sorted(by_net(cells).items(), key=lambda each: (-each[1], each[0]))[:2]
    if len(caught) < 2:
        return None
    (one, first), (other, second) = caught
    both = sum(count for nets, count in cells.items() if one in nets and other in nets)
    pair = chapman(first, second, both)
    by_others = found_in(cells) - (first + second - both)
    return Unseen(max(0.0, pair.count - by_others), pair.variance)


def chao(cells: Cells) -> Unseen | None:
    """The least that must have been missed, however unequal articles are: Chao's lower bound for t nets, bias-corrected (Chao 1987,
    Biometrics 43; for t occasions Chao 1989, Biometrics 45, 427-438; variance after Chao & Lin 2012): (t-1)/t f1(f1-1) / (2(f2+1)),
    with f1 and f2 the articles that exactly one and exactly two nets caught. None for fewer than two nets."""
    nets = len(by_net(cells))
    if nets < 2:
        return None
    once = sum(count for named, count in cells.items() if len(named) == 1)
    twice = sum(count for named, count in cells.items() if len(named) == 2)
    factor = (nets - 1) / nets
    unseen = factor * once * (once - 1) / (2 * (twice + 1))
    variance = (
        factor * once * (once - 1) / (2 * (twice + 1))
        + factor**2 * once * (2 * once - 1) ** 2 / (4 * (twice + 1) ** 2)
        + factor**2 * once**2 * twice * (once - 1) ** 2 / (4 * (twice + 1) ** 4)
    )
    return Unseen(max(0.0, unseen), variance)
