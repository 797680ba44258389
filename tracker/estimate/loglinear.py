"""Log-linear models of incomplete tables: nets that catch more, or less, of the same articles than chance would have it.

Fienberg 1972 (Biometrika 59, 591-603): the counts of the 2^t - 1 cells that can be seen are Poisson with log-means that are sums of
one term a net and one a pair of nets; the cell of what no net caught has the intercept alone. Heterogeneity of articles beyond pairs
is a column 2^k - 1, with k the number of nets that caught (Rivest & Baillargeon 2007, Biometrics 63, 999-1006). Which terms there
are is not known, so models are averaged by their AIC (Burnham & Anderson 2002), with the variance between them (Buckland, Burnham &
Augustin 1997, Biometrics 53, 603-618).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

from msgspec import Struct

from tracker.estimate.classical import Cells, Unseen
from tracker.estimate.equations import Fit, fit_poisson

MOST_NETS = 5
"""Of more, those that caught the most: 31 cells. With six, most cells of a week are empty."""
SUPPORTED = 10.0
"""Models whose criterion is worse than the best one's by more have essentially no support (Burnham & Anderson 2002, 2.6)."""
UNTESTABLE = 0.15
"""Standard deviation, on the logarithm of the unseen, of what no model can show: that all nets together depend on each other, beyond
pairs, or that articles differ otherwise than outlets of a tier do (Gerritse, van der Heijden & Bakker 2015, J. Off. Stat. 31: such
an assumption is not tested by the counts, so its effect is added). Set on simulated years: see `docs/estimate.md`."""
HETEROGENEITY = "h"
Term = tuple[str, ...]


class Model(Struct, frozen=True):
    """A fitted model and what it says of the unseen. `terms` are those beside the intercept and one a net."""

    terms: frozenset[Term]
    unseen: Unseen
    log_variance: float
    criterion: float
    pearson: float
    freedom: int


def average(cells: Cells, nets: Sequence[str]) -> Unseen | None:
    """The articles that none of these nets caught, over all models with support. None where no model can be fitted."""
    tried = _explore(cells, nets)
    if not tried:
        return None
    best = min(model.criterion for model in tried)
    kept = [model for model in tried if model.criterion - best <= SUPPORTED]
    inflation = _inflation(kept)
    weights = [math.exp(-(model.criterion - best) / 2) for model in kept]
    total = sum(weights)
    logs = [math.log(max(model.unseen.count, 1e-9)) for model in kept]
    mean = sum(weight * value for weight, value in zip(weights, logs, strict=True)) / total
    spread = (
        sum(
            weight * math.sqrt(model.log_variance * inflation + (value - mean) ** 2)
            for weight, model, value in zip(weights, kept, logs, strict=True)
        )
        / total
    )
    count = math.exp(mean)
    return Unseen(count, count + count**2 * math.expm1(min(spread**2, 50.0)))


def _explore(cells: Cells, nets: Sequence[str]) -> list[Model]:
    """Models from none of the terms on: at each step the term that helps most is added, and all that were tried are kept."""
    table = [(named, cells.get(named, 0)) for named in _patterns(nets)]
    possible: list[Term] = [*combinations(sorted(nets), 2)]
    if len(nets) > 3:
        possible.append((HETEROGENEITY,))
    found: dict[frozenset[Term], Model] = {}
    current: frozenset[Term] = frozenset()
    while True:
        steps = [current] if current not in found else []
        steps += [current | {term} for term in possible if term not in current]
        for terms in steps:
            if terms not in found and (model := _fitted(table, nets, terms)) is not None:
                found[terms] = model
        better = [found[terms] for terms in steps if terms in found and terms != current]
        if not better:
            return [*found.values()]
        best = min(better, key=lambda model: model.criterion)
        if current in found and best.criterion > found[current].criterion + SUPPORTED:
            return [*found.values()]
        current = best.terms


def _patterns(nets: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(named) for size in range(1, len(nets) + 1) for named in combinations(sorted(nets), size)]


def _fitted(table: Sequence[tuple[frozenset[str], int]], nets: Sequence[str], terms: frozenset[Term]) -> Model | None:
    width = 1 + len(nets) + len(terms)
    freedom = len(table) - width
    if freedom < 0:
        return None
    ordered, alone = sorted(terms), sorted(nets)
    design = [[1.0, *(float(net in named) for net in alone), *(_column(term, named) for term in ordered)] for named, _ in table]
    # Evans & Bonett 1994 (Biometrics 50, 388-395): a little in each cell takes most of the bias out of small tables, and keeps empty
    # cells from making the equations unsolvable
    little = 0.5 ** (len(nets) - 1)
    counts = [count + little for _, count in table]
    fit = fit_poisson(design, counts)
    if fit is None or not _is_sound(fit):
        return None
    unseen = math.exp(min(fit.beta[0], 50.0))
    size = sum(count for _, count in table)
    correction = 2 * width * (width + 1) / (size - width - 1) if size > width + 1 else 1e3
    variance = unseen + unseen**2 * fit.covariance[0][0]
    return Model(terms, Unseen(unseen, variance), fit.covariance[0][0], 2 * width - 2 * fit.likelihood + correction, fit.pearson, freedom)


def _is_sound(fit: Fit) -> bool:
    return math.isfinite(fit.beta[0]) and 0 < fit.covariance[0][0] < 100


def _column(term: Term, named: frozenset[str]) -> float:
    if term == (HETEROGENEITY,):
        return 2.0 ** len(named) - 1
    return float(all(net in named for net in term))


def _inflation(models: Sequence[Model]) -> float:
    """By how much the counts vary beyond Poisson, as the richest model with anything left to judge by sees it (Lebreton et al. 1992,
    Ecological Monographs 62); at least 1."""
    judged = [model for model in models if model.freedom > 0]
    if not judged:
        return 1.0
    richest = min(judged, key=lambda model: model.freedom)
    return min(max(1.0, richest.pearson / richest.freedom), 25.0)
