"""Weeks of 576 outlets whose nets depend on each other, with planted misses: what every article's fate was is known. Cells of a week are
Poisson, so no article needs to be drawn by itself."""

from __future__ import annotations

import csv
import math
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import product

NETS = ("feed", "gdelt", "section", "sitemap")
CAUGHT = {1: (0.95, 0.70, 0.60, 0.85), 2: (0.90, 0.40, 0.40, 0.70), 3: (0.80, 0.15, 0.30, 0.50)}
"""By tier, of each net, before the sitemap follows the feed."""
A_WEEK = {1: 245.0, 2: 105.0, 3: 35.0}
"""Articles of an outlet by tier."""
FOLLOWS = 0.4
"""Of articles, those whose place in the sitemap is that in the feed: one system writes both."""
Cells = dict[frozenset[str], int]


@dataclass(frozen=True, slots=True)
class Regime:
    """How the nets behave. `unlike`: standard deviation of outlets' logits; `hidden`: articles are of three kinds of visibility;
    `without_sitemap`: share of outlets; `gdelt_fails`, `all_down`: days of a week on which GDELT brings nothing, or our own machine
    half; `invisible`: share of articles that no net can see."""

    name: str
    unlike: float = 0.0
    hidden: bool = False
    without_sitemap: float = 0.0
    gdelt_fails: int = 0
    all_down: int = 0
    invisible: float = 0.0


REGIMES = (
    Regime("dependent nets"),
    Regime("unlike outlets", unlike=0.5),
    Regime("unlike articles", hidden=True),
    Regime("no sitemaps", without_sitemap=0.35),
    Regime("a net fails for two days", gdelt_fails=2),
    Regime("our machine is half down for two days", all_down=2),
    Regime("all at once", unlike=0.5, hidden=True, without_sitemap=0.35, gdelt_fails=1, all_down=2),
)
UNSEEN = Regime("articles that no net can see", invisible=0.05)


@dataclass(slots=True)
class Week:
    """`cells`: by stratum, of all articles; `items`: the same of a campaign's, few of them. What no net caught is in the totals alone."""

    cells: dict[str, Cells] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    items: dict[str, Cells] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    there_were: int = 0
    items_there_were: int = 0


@cache
def tiers() -> tuple[int, ...]:
    """Of the outlets of the shipped register."""
    rows = csv.DictReader(files("tracker.register").joinpath("data/outlets.csv").read_text("utf-8").splitlines())
    return tuple(int(row["tier"] or 3) for row in rows)


def weeks(regime: Regime, seed: int, count: int, *, share: float = 1.0, items: float = 0.0) -> Iterator[Week]:
    """`share`: of the articles there are; `items`: of a campaign, in a week."""
    draw = random.Random(f"{regime.name} {seed}")
    outlets = [_outlet(regime, tier, draw) for tier in tiers()]
    per_item = items / sum(A_WEEK[tier] for tier, _ in outlets)
    expected: dict[tuple[str, frozenset[str]], float] = defaultdict(float)
    for tier, caught in outlets:
        stratum = f"{tier}:{'sitemap' if caught[3] else ''}"
        for named, chance in _chances(regime, caught):
            expected[stratum, named] += A_WEEK[tier] * chance * (1 - (regime.invisible if named else 0))
        expected[stratum, frozenset()] += A_WEEK[tier] * regime.invisible
    for _ in range(count):
        week = Week()
        for (stratum, named), mean in expected.items():
            articles, mentions = poisson(draw, mean * share), poisson(draw, mean * per_item)
            week.there_were += articles
            week.items_there_were += mentions
            if named:
                week.cells[stratum][named] += articles
                week.items[stratum][named] += mentions
        yield week


def poisson(draw: random.Random, mean: float) -> int:
    """Knuth's way for small means, the normal approximation for large ones."""
    if mean > 50:
        return max(0, round(draw.gauss(mean, math.sqrt(mean))))
    limit, count, product_ = math.exp(-mean), 0, draw.random()
    while product_ > limit:
        count, product_ = count + 1, product_ * draw.random()
    return count


def _outlet(regime: Regime, tier: int, draw: random.Random) -> tuple[int, tuple[float, ...]]:
    shared = draw.gauss(0, regime.unlike)
    caught = [_moved(chance, shared + draw.gauss(0, 0.6 * regime.unlike)) for chance in CAUGHT[tier]]
    if draw.random() < regime.without_sitemap:
        caught[3] = 0.0
    return tier, tuple(caught)


def _moved(chance: float, by: float) -> float:
    return 1 / (1 + math.exp(-(math.log(chance / (1 - chance)) + by))) if 0 < chance < 1 else chance


def _chances(regime: Regime, caught: tuple[float, ...]) -> Iterator[tuple[frozenset[str], float]]:
    """Each combination of nets with its chance, over kinds of articles and of days."""
    kinds = ((0.5, 0.5), (0.35, 0.0), (0.15, -1.0)) if regime.hidden else ((1.0, 0.0),)
    down, fails = regime.all_down / 7, regime.gdelt_fails / 7
    for part, shift in kinds:
        feed, gdelt, section, sitemap = (_moved(chance, shift) for chance in caught)
        days = [(1 - down - fails, feed, gdelt, section), (down, feed / 2, gdelt, 0.0), (fails, feed, 0.0, section)]
        for days_part, feed_, gdelt_, section_ in days:
            for fates in product((False, True), repeat=4):
                there = FOLLOWS * fates[0] + (1 - FOLLOWS) * sitemap if sitemap else 0.0
                chance = part * days_part
                for fate, each in zip(fates, (feed_, gdelt_, section_, there), strict=True):
                    chance *= each if fate else 1 - each
                if chance:
                    yield frozenset(net for net, fate in zip(NETS, fates, strict=True) if fate), chance
