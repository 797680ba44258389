"""A text as numbers: its words, and its runs of three words (shingles) as hashes of 32 bits.

Python's objects cost more than the work: a text of 300 words stays two strings of bytes until it is compared. Three hashes of words become
the hash of a shingle for a whole text at once, by shifts of one long integer in which every word has 32 bits (tabulation hashing: Patrascu
and Thorup 2012)."""

from __future__ import annotations

import re
import string
from array import array
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias
from zlib import crc32

from tracker.text.folding import PAGE, encode, fold, is_plain

SHINGLE_WORDS = 3
"""Words a shingle. tests/quality/test_stories.py gives precision and recall for another value."""
_WORD = re.compile(r"\w+")
_LETTERS = frozenset(string.ascii_letters + string.digits + "_")
TURNS = (11, 22)
"""Bits by which the hashes of the second and third word are turned: the same words in another order are another shingle."""

Shingles: TypeAlias = "array[int]"
"""Shingles of a text, hashed: 4 bytes each, where a set of them takes 100. Two texts of 300 share one by chance in 50,000 cases."""


def folded_words(text: str) -> list[str]:
    """The words of a text as they are compared: one script, no accents, no case."""
    raw = encode(text)
    return _printable(raw).decode().split() if is_plain(text, raw) else _WORD.findall(fold(text))


def word_bytes(text: str) -> list[bytes]:
    """`folded_words` in UTF-8; three times as fast for texts in the letters of the region."""
    return folded_bytes(text).split()


def folded_bytes(text: str) -> bytes:
    """The same words with spaces between them."""
    raw = encode(text)
    return _printable(raw) if is_plain(text, raw) else " ".join(_WORD.findall(fold(text))).encode()


def runs_of(words: Sequence[bytes]) -> Shingles:
    """The hashed runs of three words of a text, in its order. Shorter texts have none."""
    count = len(words) - SHINGLE_WORDS + 1
    if count < 1:
        return array("I")
    first = int.from_bytes(array("I", [*map(crc32, words)]), "little")
    mixed = first ^ _turned(first >> 32, TURNS[0], len(words)) ^ _turned(first >> 64, TURNS[1], len(words))
    return array("I", mixed.to_bytes(4 * len(words), "little")[: 4 * count])


def shingles_of(texts: Sequence[Sequence[str]]) -> list[Shingles]:
    """For each list of words its distinct runs of three words, hashed. Shorter texts have none."""
    return [distinct(runs_of([word.encode() for word in words])) for words in texts]


def distinct(runs: Shingles) -> Shingles:
    """Each of the hashes once."""
    return array("I", set(runs))


def _turned(lanes: int, bits: int, count: int) -> int:
    """Every 32 bits of a long integer turned to the left."""
    low = _lanes((1 << bits) - 1, count)
    return ((lanes >> (32 - bits)) & low) | ((lanes << bits) & _lanes(0xFFFFFFFF ^ ((1 << bits) - 1), count))


def _lanes(value: int, count: int) -> int:
    """The value in each 32 bits of an integer of at least so many of them."""
    return _lanes_of(value, 1 << max(count - 1, 255).bit_length())


@lru_cache(maxsize=64)
def _lanes_of(value: int, count: int) -> int:
    return int.from_bytes(array("I", [value]) * count, "little")


def _folded_page() -> tuple[bytes, tuple[tuple[bytes, bytes], ...]]:
    """What each place of the page is folded to, a space for what belongs to no word; and the places that give several letters."""
    places, several = bytearray(b" " * 256), []
    for code, letter in enumerate(PAGE):
        folded = fold(letter)
        if folded in _LETTERS:
            places[code] = ord(folded)
        elif folded and _LETTERS.issuperset(folded):
            places[code] = code
            several.append((bytes((code,)), folded.encode()))
    return bytes(places), tuple(several)


_FOLDED, _SEVERAL = _folded_page()


def _printable(raw: bytes) -> bytes:
    """A plain text of the page, folded to ASCII with spaces between its words."""
    folded = raw.translate(_FOLDED)
    if not folded.isascii():
        for place, letters in _SEVERAL:
            folded = folded.replace(place, letters)
    return folded
