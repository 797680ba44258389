"""Where two sources that were cut at their tags differ."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import compress, pairwise
from operator import ne

TAG_NAME = re.compile(r"/?([a-zA-Z][\w:-]*)")

Range = tuple[int, int, int, int]
"""From and to on the old side, from and to on the new one."""


def ranges_that_differ(old: Sequence[str], new: Sequence[str]) -> Iterator[Range]:
    """Ranges that differ: place by place where all tags are the same ones; else between pieces that stand once on both sides, in order,
    equal ends cut off."""
    if len(old) == len(new):
        differs = [*map(ne, old, new)]
        if all(map(_of_one_name, compress(old, differs), compress(new, differs))):
            edges = [place for place, (one, other) in enumerate(pairwise((False, *differs, False))) if one != other]
            yield from ((start, end, start, end) for start, end in zip(edges[::2], edges[1::2], strict=True))
            return
    once = {piece for piece, count in Counter(old).items() if count == 1} & {piece for piece, count in Counter(new).items() if count == 1}
    places = {piece: number for number, piece in enumerate(new) if piece in once}
    anchors = _rising([(number, places[piece]) for number, piece in enumerate(old) if piece in once])
    i1 = j1 = 0
    for i2, j2 in (*anchors, (len(old), len(new))):
        end_i, end_j = i2, j2
        while i1 < end_i and j1 < end_j and old[i1] == new[j1]:
            i1, j1 = i1 + 1, j1 + 1
        while i1 < end_i and j1 < end_j and old[end_i - 1] == new[end_j - 1]:
            end_i, end_j = end_i - 1, end_j - 1
        if i1 < end_i or j1 < end_j:
            yield i1, end_i, j1, end_j
        i1, j1 = i2, j2


def _of_one_name(one: str, other: str) -> bool:
    first, second = TAG_NAME.match(one), TAG_NAME.match(other)
    return first is not None and second is not None and first[0] == second[0]


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that rises on both sides (patience sorting)."""
    tops: list[int] = []
    chain: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        if not tops or place > tops[-1]:  # nearly always: most pieces stand where they stood
            before.append(chain[-1] if chain else -1)
            tops.append(place)
            chain.append(number)
            continue
        at = bisect_left(tops, place)
        before.append(chain[at - 1] if at else -1)
        tops[at], chain[at] = place, number
    found, number = [], chain[-1] if chain else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]
