"""A text as numbers: its shingles, and a MinHash digest that finds texts with many shingles in common without comparing all pairs."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, combinations, product
from typing import TypeAlias

from rensa import RMinHash  # type: ignore[import-untyped]

from tracker.text.folding import fold

SHINGLE_WORDS = 3
"""Words a shingle. tests/quality/test_stories.py gives precision and recall for another value."""
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
_WORD = re.compile(r"\w+")

Shingles: TypeAlias = "array[int]"
"""The distinct shingles of a text, hashed: 8 bytes each, where a set of them takes 100."""


def folded_words(text: str) -> list[str]:
    """The words of a text as they are compared: one script, no accents, no case."""
    return _WORD.findall(fold(text))


def shingles_of(texts: Sequence[Sequence[str]]) -> list[Shingles]:
    """For each list of words its distinct runs of three words, hashed. Shorter texts have none."""
    runs = [[" ".join(words[start : start + SHINGLE_WORDS]) for start in range(len(words) - SHINGLE_WORDS + 1)] for words in texts]
    hashed: list[list[int]] = RMinHash.hash_token_sets(runs)
    return [array("Q", dict.fromkeys(hashes)) for hashes in hashed]


def shared_shingles(one: Shingles, other: Shingles) -> int:
    """How many shingles two texts have in common."""
    return len(set(one).intersection(other))


def _pairs_of(members: Sequence[int]) -> Iterator[tuple[int, int]]:
    """All pairs; of very many that are alike each with its next neighbours, which chain them together just as well."""
    if len(members) <= MOST_ALIKE:
        return combinations(members, 2)
    return ((one, other) for at, one in enumerate(members) for other in members[at + 1 : at + 1 + NEIGHBOURS])


def candidate_pairs(sets: Sequence[Shingles]) -> Iterator[tuple[int, int]]:
    """Pairs of positions (lower first, each once) that may share a good part of their shingles."""
    filled = [position for position, shingles in enumerate(sets) if shingles]
    if len(filled) < 2:
        return
    digests = RMinHash.digest_matrix_from_token_hash_sets([sets[position] for position in filled], PERMUTATIONS, _SEED).to_rows()
    columns = [*zip(*digests, strict=True)]
    seen: set[tuple[int, int]] = set()
    for start in range(0, PERMUTATIONS, BAND_ROWS):
        buckets: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for position, *band in zip(filled, *columns[start : start + BAND_ROWS], strict=True):
            buckets[tuple(band)].append(position)
        for members in buckets.values():
            if len(members) > 1:
                fresh = [pair for pair in _pairs_of(members) if pair not in seen]
                seen.update(fresh)
                yield from fresh


def holding_pairs(sets: Sequence[Shingles]) -> Iterator[tuple[int, int]]:
    """Pairs of positions (lower first, each once) of which a brief text may stand in one that is far longer."""
    wanted: dict[int, list[int]] = {}
    for position, shingles in enumerate(sets):
        for shingle in shingles if len(shingles) < BRIEF else ():
            if shingle % SAMPLED == 0:
                wanted.setdefault(shingle, []).append(position)
    holders: dict[int, list[int]] = defaultdict(list)
    for position, shingles in enumerate(sets if wanted else ()):
        for shingle in wanted.keys() & set(shingles) if len(shingles) >= BRIEF else ():
            holders[shingle].append(position)
    few = (product(wanted[shingle], long) for shingle, long in holders.items() if len(long) + len(wanted[shingle]) <= MOST_HOLDERS)
    yield from dict.fromkeys((min(pair), max(pair)) for pair in chain.from_iterable(few))
