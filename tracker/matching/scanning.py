"""A text laid out for the automaton: one byte a character, case, accents and script gone, everything that is no word a space.

One byte a character keeps every offset without bookkeeping, and `codecs.charmap_encode` does it 9 times faster than
`str.translate` (355 against 41 MB/s; `make bench`). A text with characters outside the code page (combining marks, invisible
characters, ligatures, words with letters of both scripts) and one with hashtags to be split is rewritten first, its way back kept.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate, pairwise

from tracker.text import MIXED_SCRIPT, SPLIT_HASHTAG, fold, one_script

LJ, NJ, DZH, SJ, ZJ = b"\x01", b"\x02", b"\x03", b"\x04", b"\x05"
"""Letters that stand for two in the other spelling: љ, њ, џ, ś, ź."""

_LETTERS = {
    "ëéèê": b"e", "çčćќћцч": b"c", "šşсш": b"s", "žзж": b"z", "ѕ": b"z", "đђѓд": b"d", "áâäàа": b"a", "íîıийѝ": b"i", "óöôо": b"o", "úüûу": b"u", "łл": b"l",
    "ñńн": b"n", "г": b"g", "б": b"b", "в": b"v", "еѐ": b"e", "ј": b"j", "к": b"k", "м": b"m", "п": b"p", "р": b"r", "т": b"t", "ф": b"f", "х": b"h",
    "љ": LJ, "њ": NJ, "џ": DZH, "ś": SJ, "ź": ZJ,
}  # fmt: skip
_OTHERS = "«»“”„‘’‚–—…•€°\xa0"
_NOTHING = "\ufffe"
"""What `charmap_build` reads as an unused place."""
_SPACE = 32
_FREE = [code for code in range(256) if code < 32 and chr(code) not in "\t\n\v\f\r" or code >= 127]
_COMBINING = ("Mn", "Me")
_WORD = re.compile(rb"[^ ]+")


def _code_page() -> tuple[str, bytes]:
    """The decoding table for `charmap_build`, and what each of its bytes is folded to."""
    letters: dict[str, bytes] = {}
    for group, folded in _LETTERS.items():
        for letter in group:
            if not letter.isascii():
                letters[letter] = folded
    for letter, folded in list(letters.items()):
        if len(letter.upper()) == 1 and not letter.upper().isascii():
            letters[letter.upper()] = folded
    page = [chr(code) if code < 127 else _NOTHING for code in range(256)]
    target = bytearray(_SPACE for _ in range(256))
    for code in range(128):
        if chr(code).isalnum():
            target[code] = ord(chr(code).lower())
    places = list(_FREE)
    for letter, folded in [*letters.items(), *((other, b" ") for other in _OTHERS)]:
        code = places.pop()
        page[code] = letter
        target[code] = folded[0]
    for code in places:
        page[code] = _NOTHING
    return "".join(page), bytes(target)


_PAGE, _TARGET = _code_page()
_ENCODING = codecs.charmap_build(_PAGE)
_KNOWN = frozenset(_PAGE) - {_NOTHING}
_CYRILLIC_BYTES = bytes(code for code, letter in enumerate(_PAGE) if "\u0400" <= letter <= "\u04ff")
_NOT_CYRILLIC = bytes(sorted(set(range(256)) - set(_CYRILLIC_BYTES)))


class Scan:
    """One text ready to be searched. `chars[i]` is the character behind `data[i + 1]`; `data` has a space at both ends."""

    __slots__ = ("_starts", "_word_starts", "chars", "data", "original")

    def __init__(self, text: str) -> None:
        self.original = self.chars = text
        self._starts: list[int] | None = None
        self._word_starts: list[int] | None = None
        raw = codecs.charmap_encode(text, "replace", _ENCODING)[0]
        if self._needs_rewriting(text, raw):
            self._rewrite(text)
            raw = codecs.charmap_encode(self.chars, "replace", _ENCODING)[0]
        self.data = b" " + raw.translate(_TARGET) + b" "

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span of `original` that `chars[start:end]` came from."""
        if self._starts is None or end <= start:
            return start, end
        starts = self._starts
        first = bisect_right(starts, start) - 1
        last = bisect_right(starts, end - 1) - 1
        stop = last + 1
        while stop < len(self.original) and unicodedata.category(self.original[stop]) in _COMBINING:
            stop += 1
        return first, stop

    def after(self, at: int) -> tuple[int, int] | None:
        """The next word at or after `at`, as a span of `chars`."""
        data, start = self.data, at + 1
        size = len(data)
        while start < size and data[start] == _SPACE:
            start += 1
        return None if start >= size else (start - 1, data.index(b" ", start) - 1)

    def before(self, at: int) -> tuple[int, int] | None:
        """The last word that ends at or before `at`."""
        data, end = self.data, at + 1
        while end > 0 and data[end - 1] == _SPACE:
            end -= 1
        return None if end <= 0 else (data.rindex(b" ", 0, end), end - 1)

    def key(self, start: int, end: int) -> bytes:
        return self.data[start + 1 : end + 1]

    def ordinal(self, at: int) -> int:
        """How many words start before a place; the words between two spans are the difference of end and start."""
        if self._word_starts is None:
            self._word_starts = [found.start() - 1 for found in _WORD.finditer(self.data)]
        return bisect_left(self._word_starts, at)

    def _needs_rewriting(self, text: str, raw: bytes) -> bool:
        if raw.count(b"?") != text.count("?") and any(_is_odd(letter) for letter in set(text) - _KNOWN):
            return True
        if raw.translate(None, _NOT_CYRILLIC) and MIXED_SCRIPT.search(text):
            return True
        return b"#" in raw and SPLIT_HASHTAG.search(text) is not None

    def _rewrite(self, text: str) -> None:
        parts = [letter if letter in _KNOWN else _simple(letter) for letter in text]
        for at, letter in enumerate(text):
            if at and not parts[at] and unicodedata.category(letter) in _COMBINING:
                _compose(parts, at, letter)
        for word in _mixed_words(text):
            parts[word.start() : word.end()] = one_script(word.group())
        for tag in SPLIT_HASHTAG.finditer(text):
            for at, (before, letter) in enumerate(pairwise(tag.group()), tag.start() + 1):
                if letter.isupper() and not before.isupper() and before != "#":
                    parts[at] = " " + parts[at]
        self.chars = "".join(parts)
        self._starts = list(accumulate(map(len, parts), initial=0))


def pattern_bytes(word: str) -> bytes:
    """The bytes of one word in Latin letters, as they stand in `Scan.data` for a text that spells it so."""
    return codecs.charmap_encode(word, "replace", _ENCODING)[0].translate(_TARGET)


def _is_odd(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LMCN" or unicodedata.category(letter) == "Zs"


def _simple(letter: str) -> str:
    folded = fold(letter)
    return folded.upper() if letter.isupper() else folded


def _compose(parts: list[str], at: int, mark: str) -> None:
    """Puts an accent that stands apart on the letter before it, where such a letter is one that is told apart."""
    base = at - 1
    while base > 0 and not parts[base]:
        base -= 1
    letter = {"с": "s", "з": "z", "С": "S", "З": "Z"}.get(parts[base], parts[base]) if mark == "\u0301" else parts[base]
    whole = unicodedata.normalize("NFC", letter + mark)
    if len(whole) == 1 and whole in _KNOWN:
        parts[base] = whole


_MIXED = re.compile(r"[^\W\d_]+")


def _mixed_words(text: str) -> Iterator[re.Match[str]]:
    for word in _MIXED.finditer(text):
        if MIXED_SCRIPT.search(word.group()):
            yield word
