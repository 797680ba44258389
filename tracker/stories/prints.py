"""The few numbers by which a text is found again in an archive of any size, see `earlier`. Every process that reads pages has them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import compress
from zlib import crc32

from tracker.stories.shingles import word_bytes

PRINTS = 8
"""Kept a text: the lowest of its shingles (bottom-k, Broder 1997). Of two texts that share two thirds of all their shingles fewer than two
are the same in one of 600 cases."""
LOOKED_AT = 4
"""One shingle in so many is hashed at all, by its first word: every text of the archive is read, a third of the time for each."""
LEAST_SHINGLES = 40
"""A shorter text is a formula or a teaser: that it appeared before says nothing."""
LONG_WORDS = 400
"""A text of so many words has LEAST_SHINGLES, whatever it repeats; what repeats one line has few prints all the same."""
_BITS = (1 << 31) - 1


def prints_of(texts: Sequence[str]) -> list[tuple[int, ...]]:
    """Of each text its prints, 31 bits each; none of one too short to be known by them."""
    return [_prints(word_bytes(text)) for text in texts]


def _prints(words: Sequence[bytes]) -> tuple[int, ...]:
    shingles = partial(zip, words, words[1:], words[2:], strict=False)
    if len(words) < LONG_WORDS and len({*shingles()}) < LEAST_SHINGLES:
        return ()
    first = {word for word in {*words} if crc32(word) % LOOKED_AT == 0}
    looked_at = compress(shingles(), map(first.__contains__, words))
    return tuple(sorted({number & _BITS for number in map(crc32, map(b" ".join, looked_at))})[:PRINTS])
