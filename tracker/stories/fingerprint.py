"""MinHash digests of texts, which find those with many shingles in common without comparing all pairs."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, chain, combinations, compress, pairwise, product
from operator import ne

from rensa import RMinHash, RMinHashLSH  # type: ignore[import-untyped]

from tracker.stories.shingles import Shingles, widened

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
"""Texts of which MinHash values are in memory as numbers of Python, 5 KB a text."""


def _pairs_of(members: Sequence[int]) -> Iterator[tuple[int, int]]:
    """All pairs; of very many that are alike each with its next neighbours, which chain them together just as well."""
    if len(members) <= MOST_ALIKE:
        return combinations(members, 2)
    return ((one, other) for at, one in enumerate(members) for other in members[at + 1 : at + 1 + NEIGHBOURS])


def candidate_pairs(sets: Sequence[Shingles], permutations: int = PERMUTATIONS, rows: int = BAND_ROWS) -> Iterator[tuple[int, int]]:
    """Pairs of positions (lower first, each once) that may share a good part of their shingles. `rows`: an even number."""
    filled = [position for position, shingles in enumerate(sets) if shingles]
    filled = _with_company(sets, filled, permutations, rows)
    if len(filled) < 2:
        return
    values = array("Q")  # two values of a MinHash each
    for start in range(0, len(filled), AT_ONCE):
        values.frombytes(b"".join(_values(sets, filled[start : start + AT_ONCE], permutations)))
    width = permutations // 2
    seen: set[tuple[int, int]] = set()
    for start in range(0, width, rows // 2):
        columns = [values[at::width] for at in range(start, start + rows // 2)]
        for members in _buckets(filled, columns[0].tolist() if len(columns) == 1 else [*zip(*columns, strict=True)]):
            if len(members) == 2 and (members[0], members[1]) in seen:
                continue
            fresh = [pair for pair in _pairs_of(members) if pair not in seen]
            seen.update(fresh)
            yield from fresh


def _buckets(positions: Sequence[int], keys: Sequence[object]) -> Collection[Sequence[int]]:
    """The positions that have a key in common with another, those of each key in order."""
    last = dict(zip(keys, positions, strict=True))
    shared: dict[object, list[int]] = {}
    for key, position in compress(zip(keys, positions, strict=True), map(ne, map(last.__getitem__, keys), positions)):
        shared.setdefault(key, []).append(position)
    for key, members in shared.items():
        members.append(last[key])
    return shared.values()


def _with_company(sets: Sequence[Shingles], positions: Sequence[int], permutations: int, rows: int) -> list[int]:
    """Those of the positions that share a band with another one: most texts share none."""
    if len(positions) < 2:
        return []
    index = RMinHashLSH(0.5, permutations, permutations // rows)  # the threshold is for who has no number of bands
    matrix = RMinHash.digest_matrix_from_token_hash_sets((widened(sets[position]) for position in positions), permutations, _SEED)
    flags = index.query_duplicate_flags_matrix_one_shot(matrix)
    return [position for position, flag in zip(positions, flags, strict=True) if flag]


def _values(sets: Sequence[Shingles], positions: Sequence[int], permutations: int) -> Iterator[bytes]:
    matrix = RMinHash.digest_matrix_from_token_hash_sets((widened(sets[position]) for position in positions), permutations, _SEED)
    yield from (array("I", row).tobytes() for row in matrix.to_rows())


def repeated(texts: Sequence[Shingles]) -> list[list[int]]:
    """For each text those of its shingles that stand more than once in all of these texts, in its order; rarely one more."""
    joined = array("I", b"".join(texts))
    if not joined:
        return [[] for _ in texts]
    each = RMinHash.digest_matrix_from_flat_token_hashes(widened(joined), _one_by_one(len(joined)), 1, _SEED)
    flags = RMinHashLSH(0.5, 1, 1).query_duplicate_flags_matrix_one_shot(each)
    ends = pairwise(accumulate(map(len, texts), initial=0))
    return [[*compress(text, flags[start:end])] for text, (start, end) in zip(texts, ends, strict=True)]


def _one_by_one(count: int) -> memoryview:
    return memoryview(_counted(1 << max(count, 1023).bit_length()))[: count + 1]


@lru_cache(maxsize=1)
def _counted(count: int) -> array[int]:
    return array("Q", range(count))


def holding_pairs(sets: Sequence[Shingles]) -> Iterator[tuple[int, int]]:
    """Pairs of positions (lower first, each once) of which a brief text may stand in one that is far longer."""
    wanted: dict[int, list[int]] = {}
    for position, shingles in enumerate(sets):
        for shingle in shingles if len(shingles) < BRIEF else ():
            if shingle % SAMPLED == 0:
                wanted.setdefault(shingle, []).append(position)
    holders: dict[int, list[int]] = defaultdict(list)
    looked_for = frozenset(wanted)
    for position, shingles in enumerate(sets if wanted else ()):
        for shingle in looked_for.intersection(shingles) if len(shingles) >= BRIEF else ():
            holders[shingle].append(position)
    few = (product(wanted[shingle], long) for shingle, long in holders.items() if len(long) + len(wanted[shingle]) <= MOST_HOLDERS)
    yield from dict.fromkeys((min(pair), max(pair)) for pair in chain.from_iterable(few))
