"""What is believed of all nets together: by strata of outlets that are alike, or a reason why no number can be supported."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

from msgspec import Struct

from tracker.estimate import loglinear
from tracker.estimate.classical import Cells, Unseen, by_net, found_in, naive
from tracker.model import NoEstimate

LEAST_FOUND = 20
"""Articles before anything is said of them: with fewer the interval of simulated weeks reaches from none missed to as many as found."""
LEAST_NETS = 3
"""With two nets nothing in the counts tells how far they depend on each other, and a feed and a sitemap always do."""
LEAST_OF_NET = 5
"""Articles that a net must have caught to be used."""
LEAST_OVERLAP = 7
"""Articles that two nets caught: with seven the estimate's bias is negligible (Robson & Regier 1964, Trans. Am. Fish. Soc. 93)."""
LEAST_OF_STRATUM = 60
"""Articles of a stratum that is judged alone; smaller ones are judged together."""
REST = "rest"
MOST_UNSEEN = 3.0
"""An interval that reaches to more than three times what was found says nothing."""


class Total(Struct, frozen=True):
    """The found and the unseen, over all strata. `odds`: for each stratum that was judged, the unseen for one found and its variance;
    `REST` stands for every other."""

    found: int
    unseen: Unseen
    nets: tuple[str, ...]
    odds: Mapping[str, Unseen]
    naive: Unseen | None

    @property
    def low(self) -> int:
        """The least total that 95 % allow."""
        return self.found + math.floor(self.unseen.interval()[0])

    @property
    def high(self) -> int:
        """The greatest total that 95 % allow."""
        return self.found + math.ceil(self.unseen.interval()[1])


def refusal(cells: Cells) -> NoEstimate | None:
    """Why these counts support no estimate; None where they do."""
    if not found_in(cells):
        return NoEstimate.NOTHING_FOUND
    if len(_usable(cells)) < LEAST_NETS:
        return NoEstimate.ONE_NET if len(by_net(cells)) < LEAST_NETS else NoEstimate.TOO_FEW
    if found_in(cells) < LEAST_FOUND:
        return NoEstimate.TOO_FEW
    if sum(count for nets, count in cells.items() if len(nets) > 1) < LEAST_OVERLAP:
        return NoEstimate.NO_OVERLAP
    return None


def estimate_total(strata: Mapping[str, Cells]) -> Total | NoEstimate:
    """How many articles there were of all strata, each judged alone where it has enough. A stratum that cannot be judged even with the
    others that cannot takes the odds of all, and is held to be as unsure as it is large."""
    pooled = together(strata.values())
    reason = refusal(pooled)
    if reason is not None:
        return reason
    alone = {name: cells for name, cells in strata.items() if found_in(cells) >= LEAST_OF_STRATUM and refusal(cells) is None}
    rest = together(cells for name, cells in strata.items() if name not in alone)
    if found_in(rest):
        alone[REST] = rest
    judged = {name: (found_in(cells), _unseen(cells)) for name, cells in alone.items() if refusal(cells) is None}
    known = {name: (found, unseen) for name, (found, unseen) in judged.items() if unseen is not None}
    if not known:
        whole = _unseen(pooled)
        if whole is None:
            return NoEstimate.UNSTABLE
        known = {REST: (found_in(pooled), whole)}
    count = sum(each.count for _, each in known.values())
    total = Unseen(count, sum(each.variance for _, each in known.values()) + (loglinear.UNTESTABLE * count) ** 2)
    judged_found = sum(found for found, _ in known.values())
    odds = {name: _odds(found, unseen) for name, (found, unseen) in known.items()}
    if REST not in odds:
        general = _odds(judged_found, total)
        odds[REST] = Unseen(general.count, general.variance + general.count**2)
        left = found_in(pooled) - judged_found
        total = Unseen(total.count + left * odds[REST].count, total.variance + left**2 * odds[REST].variance)
    found = found_in(pooled)
    if total.interval()[1] > MOST_UNSEEN * found:
        return NoEstimate.UNSTABLE if len(strata) == 1 else estimate_total({REST: pooled})
    return Total(found, total, tuple(sorted(_usable(pooled))), odds, naive(pooled))


def together(tables: object) -> dict[frozenset[str], int]:
    """The sum of several tables."""
    summed: dict[frozenset[str], int] = defaultdict(int)
    for cells in tables:  # type: ignore[attr-defined]
        for nets, count in cells.items():
            summed[nets] += count
    return dict(summed)


def _usable(cells: Cells) -> list[str]:
    """The nets that caught enough, those that caught the most."""
    caught = sorted(by_net(cells).items(), key=lambda each: (-each[1], each[0]))
    return [net for net, count in caught if count >= LEAST_OF_NET][: loglinear.MOST_NETS]


def _unseen(cells: Cells) -> Unseen | None:
    """What no net caught, from the nets that are used; what only others caught was seen and is taken off."""
    nets = _usable(cells)
    used: dict[frozenset[str], int] = defaultdict(int)
    for named, count in cells.items():
        used[named & frozenset(nets)] += count
    by_others = used.pop(frozenset(), 0)
    unseen = loglinear.average(used, nets)
    return None if unseen is None else Unseen(max(0.0, unseen.count - by_others), unseen.variance)


def _odds(found: int, unseen: Unseen) -> Unseen:
    return Unseen(unseen.count / found, unseen.variance / found**2)
