"""MinHash digests of texts, which find those with many shingles in common without comparing all pairs."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise, product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash, RMinHashLSH  # type: ignore[import-untyped]

from tracker.stories.shingles import Shingles

PERMUTATIONS = 128
"""Values of a MinHash: 64 bands of `BAND_ROWS`, see there."""
BAND_ROWS = 2
"""64 bands of 2: of pairs that share a third of their shingles 99.9 % become candidates, of those that share 18 % (a text three
times as long as the one it holds) 88 %. Checked candidates cost microseconds; bands of 4 would lose half of the latter."""
MOST_ALIKE = 200
"""Texts in one bucket of which all pairs are looked at: more of them (an outlet's form letter, one text entered over and over) would
cost memory by the square, 10,000 of them 4 GB."""
NEIGHBOURS = 8
"""Of a larger bucket, each text is compared with so many after it only: enough for a chain of copies to hold together."""
BRIEF = 150
"""Texts with fewer shingles are looked for in longer ones by some of their shingles: two texts of so unlike length share too little of
both together for MinHash."""
SAMPLED = 8
"""One shingle in so many is looked for: of a brief of 40, of which 24 stand in a longer text, none is one of them in 4 of 100 cases."""
MOST_HOLDERS = 12
"""A shingle that stands in more texts is a phrase of the language."""
_SEED = 2024
"""Any number; a fixed one gives the same candidates in every run."""

VERSION_PERMUTATIONS, VERSION_ROWS = 32, 4
"""For texts that are nearly the same: 8 bands of 4. Of pairs that share 80 % of both 98.5 % become candidates."""
AT_ONCE = 2000
"""Texts of which MinHash values are in memory as numbers of Python, 5 KB a text; and whose shingles are looked through at once."""
PAIRS_AT_ONCE = 1_000_000
"""Pairs that may wait before those found in several bands are made one, 8 bytes each."""
_MIX = np.uint64(0x9E3779B97F4A7C15)
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)

Numbers: TypeAlias = NDArray[np.uint64]


def candidate_pairs(sets: Sequence[Shingles], permutations: int = PERMUTATIONS, rows: int = BAND_ROWS) -> Iterator[tuple[int, int]]:
    """Pairs of positions (lower first, each once, in order) that may share a good part of their shingles. `rows`: an even number."""
    filled = _with_company(sets, [position for position, shingles in enumerate(sets) if shingles], permutations, rows)
    if len(filled) < 2:
        return
    values = np.concatenate([_values(sets, filled[start : start + AT_ONCE], permutations) for start in range(0, len(filled), AT_ONCE)])
    positions = np.array(filled, np.uint64)
    found = np.empty(0, np.uint64)
    waiting: list[Numbers] = []
    for band in range(0, values.shape[1], rows // 2):
        keys = values[:, band].copy()
        for column in range(band + 1, band + rows // 2):
            keys = keys * _MIX + values[:, column]
        waiting += _in_one_bucket(positions, keys)
        if sum(map(len, waiting)) > PAIRS_AT_ONCE:
            found, waiting = np.unique(np.concatenate((found, *waiting))), []
    found = np.unique(np.concatenate((found, *waiting)))
    yield from zip((found >> _HALF).tolist(), (found & _LOW).tolist(), strict=True)


def _in_one_bucket(positions: Numbers, keys: Numbers) -> Iterator[Numbers]:
    """Pairs of the positions whose keys are equal, as numbers: the lower in the upper half. Of a bucket of very many each with its next
    neighbours, which chain them together just as well."""
    order = np.argsort(keys, kind="stable")
    keys, positions = keys[order], positions[order]
    first, apart = np.arange(len(keys)), 1
    while len(first := first[: np.searchsorted(first, len(keys) - apart)]):
        first = first[keys[first] == keys[first + apart]]
        if apart == NEIGHBOURS + 1:
            first = first[np.searchsorted(keys, keys[first], "right") - np.searchsorted(keys, keys[first]) <= MOST_ALIKE]
        yield positions[first] << _HALF | positions[first + apart]
        apart += 1


def _with_company(sets: Sequence[Shingles], positions: Sequence[int], permutations: int, rows: int) -> list[int]:
    """Those of the positions that share a band with another one: most texts share none."""
    if len(positions) < 2:
        return []
    index = RMinHashLSH(0.5, permutations, permutations // rows)  # the threshold is for who has no number of bands
    matrix = RMinHash.digest_matrix_from_token_hash_sets(_widened(sets, positions), permutations, _SEED)
    flags = index.query_duplicate_flags_matrix_one_shot(matrix)
    return [position for position, flag in zip(positions, flags, strict=True) if flag]


def _values(sets: Sequence[Shingles], positions: Sequence[int], permutations: int) -> Numbers:
    """Of each text its MinHash, two values in a number."""
    matrix = RMinHash.digest_matrix_from_token_hash_sets(_widened(sets, positions), permutations, _SEED)
    rows = b"".join(array("I", row).tobytes() for row in matrix.to_rows())
    return np.frombuffer(rows, np.uint64).reshape(-1, permutations // 2)


def _widened(sets: Sequence[Shingles], positions: Iterable[int]) -> Iterator[Numbers]:
    """Shingles in 64 bits each, as rensa reads them without making an object of each."""
    return (np.frombuffer(sets[position], np.uint32).astype(np.uint64) for position in positions)


def repeated(texts: Sequence[Shingles]) -> list[list[int]]:
    """For each text those of its shingles that stand more than once in all of these texts, in its order."""
    joined = np.frombuffer(b"".join(texts), np.uint32)
    if not len(joined):
        return [[] for _ in texts]
    placed = np.sort(joined.astype(np.uint64) << _HALF | np.arange(len(joined), dtype=np.uint64))
    as_before = np.concatenate(([False], placed[1:] >> _HALF == placed[:-1] >> _HALF, [False]))
    places = np.sort(placed[as_before[1:] | as_before[:-1]] & _LOW)
    found = joined[places].tolist()
    ends = np.searchsorted(places, np.cumsum([0, *map(len, texts)])).tolist()
    return [found[start:end] for start, end in pairwise(ends)]


def holding_pairs(sets: Sequence[Shingles]) -> Iterator[tuple[int, int]]:
    """Pairs of positions (lower first, each once) of which a brief text may stand in one that is far longer."""
    wanted: dict[int, list[int]] = defaultdict(list)
    for shingle, position in _sampled(sets, [position for position, shingles in enumerate(sets) if len(shingles) < BRIEF]):
        wanted[shingle].append(position)
    holders: dict[int, list[int]] = defaultdict(list)
    long = [position for position, shingles in enumerate(sets) if len(shingles) >= BRIEF] if wanted else []
    for shingle, position in _sampled(sets, long, np.fromiter(wanted, np.uint32)):
        holders[shingle].append(position)
    few = (product(wanted[shingle], held) for shingle, held in holders.items() if len(held) + len(wanted[shingle]) <= MOST_HOLDERS)
    yield from dict.fromkeys((min(pair), max(pair)) for pair in chain.from_iterable(few))


def _sampled(sets: Sequence[Shingles], positions: Sequence[int], wanted: NDArray[np.uint32] | None = None) -> Iterator[tuple[int, int]]:
    """One in so many shingles of these texts, or those of them that are wanted, each with its text."""
    for start in range(0, len(positions), AT_ONCE):
        some = positions[start : start + AT_ONCE]
        joined = np.frombuffer(b"".join(sets[position] for position in some), np.uint32)
        found = np.flatnonzero(joined % SAMPLED == 0)
        if wanted is not None:
            found = found[np.isin(joined[found], wanted)]
        ends = np.cumsum([len(sets[position]) for position in some])
        texts = np.array(some)[np.searchsorted(ends, found, "right")]
        yield from zip(joined[found].tolist(), texts.tolist(), strict=True)
