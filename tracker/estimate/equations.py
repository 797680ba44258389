"""Poisson regression by iteratively reweighted least squares, for tables of a few dozen cells.

Written out, as it needs no more than this and a library of numbers would be loaded by every night.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

MOST_STEPS = 30
CONVERGED = 1e-9
_RIDGE = 1e-10
LARGEST_EXPONENT = 60.0


class Fit(Struct, frozen=True):
    """A fitted model: coefficients, their covariances, the log-likelihood less its constant, and Pearson's X squared."""

    beta: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    likelihood: float
    pearson: float


def fit_poisson(design: Sequence[Sequence[float]], counts: Sequence[float]) -> Fit | None:
    """The maximum-likelihood fit of log(mean) = design x beta (McCullagh & Nelder 1989, 2.5). None where the equations have no
    solution, or none that the steps come to."""
    width = len(design[0])
    beta = [0.0] * width
    beta[0] = math.log(max(sum(counts) / len(counts), 1e-6))
    before = _likelihood(design, counts, beta)
    for _ in range(MOST_STEPS):
        means = _means(design, beta)
        information = _information(design, means)
        score = [sum(row[place] * (count - mean) for row, count, mean in zip(design, counts, means, strict=True)) for place in range(width)]
        inverse = invert(information)
        if inverse is None:
            return None
        step = [sum(each * one for each, one in zip(row, score, strict=True)) for row in inverse]
        size = 1.0
        after = before
        candidate = beta
        while size > 1e-6:  # half the step until it climbs
            candidate = [old + size * change for old, change in zip(beta, step, strict=True)]
            after = _likelihood(design, counts, candidate)
            if after >= before - 1e-12:
                break
            size /= 2
        beta, gained, before = candidate, after - before, after
        if abs(gained) < CONVERGED * (1 + abs(after)):
            break
    else:
        return None
    means = _means(design, beta)
    inverse = invert(_information(design, means))
    if inverse is None:
        return None
    pearson = sum((count - mean) ** 2 / mean for count, mean in zip(counts, means, strict=True) if mean > 0)
    return Fit(tuple(beta), tuple(map(tuple, inverse)), before, pearson)


def invert(matrix: Sequence[Sequence[float]]) -> list[list[float]] | None:
    """The inverse by Gauss and Jordan with the largest pivot of each column; None where there is none."""
    size = len(matrix)
    rows = [[*row, *(1.0 if place == number else 0.0 for place in range(size))] for number, row in enumerate(matrix)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda number, place=column: abs(rows[number][place]))  # type: ignore[misc]
        if abs(rows[pivot][column]) < 1e-13:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        top = rows[column]
        scale = 1.0 / top[column]
        rows[column] = top = [value * scale for value in top]
        for number in range(size):
            factor = rows[number][column]
            if number != column and factor:
                rows[number] = [value - factor * other for value, other in zip(rows[number], top, strict=True)]
    return [row[size:] for row in rows]


def _means(design: Sequence[Sequence[float]], beta: Sequence[float]) -> list[float]:
    return [math.exp(_clipped(sum(x * b for x, b in zip(row, beta, strict=True)))) for row in design]


def _clipped(exponent: float) -> float:
    return max(-LARGEST_EXPONENT, min(LARGEST_EXPONENT, exponent))


def _likelihood(design: Sequence[Sequence[float]], counts: Sequence[float], beta: Sequence[float]) -> float:
    total = 0.0
    for row, count in zip(design, counts, strict=True):
        exponent = _clipped(sum(x * b for x, b in zip(row, beta, strict=True)))
        total += count * exponent - math.exp(exponent)
    return total


def _information(design: Sequence[Sequence[float]], means: Sequence[float]) -> list[list[float]]:
    width = len(design[0])
    found = [[0.0] * width for _ in range(width)]
    for row, mean in zip(design, means, strict=True):
        weighted = [value * mean for value in row]
        for place, value in enumerate(row):
            if value:
                line = found[place]
                for other in range(width):
                    line[other] += value * weighted[other]
    for place in range(width):
        found[place][place] += _RIDGE
    return found
