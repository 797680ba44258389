"""A text laid out for the automaton: one byte a character, case, accents and script gone, everything that is no word a space.

One byte a character keeps every offset without bookkeeping, and `codecs.charmap_encode` does it 9 times faster than
`str.translate` (355 against 41 MB/s; `make bench`). A text with characters outside the code page (combining marks, invisible
characters, ligatures, words with letters of both scripts) is rewritten first, its way back kept. So is one with hashtags to be split.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import accumulate

from tracker.text.folding import (
    OFF_PAGE,
    ON_PAGE,
    PAGE,
    encode,
    fold,
    has_cyrillic,
    hashtag_seams,
    is_plain,
    line_hyphens,
    mixed_words,
    one_script,
)

LJ, NJ, DZH, SJ, ZJ = b"\x01", b"\x02", b"\x03", b"\x04", b"\x05"
"""Letters that stand for two in the other spelling: љ, њ, џ, ś, ź."""

NEIGHBOURHOOD_BYTES = 160
"""Twenty words and more of the region's languages."""
_SPACE = ord(" ")
_SOUNDS = {"љ": LJ, "њ": NJ, "џ": DZH, "ś": SJ, "ź": ZJ, "đ": b"d", "ђ": b"d", "ѓ": b"d", "ќ": b"c", "ѕ": b"z"}
_COMBINING = ("Mn", "Me")
_WORD = re.compile(rb"[^ ]+")
_MARK = re.compile("[\u0300-\u036f]")
_STANDS_FOR = {"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"}
ACUTE = "\u0301"


def _target() -> bytes:
    """What every byte of the code page is searched as."""
    table = bytearray()
    for letter in PAGE:
        folded = _SOUNDS.get(letter.lower()) or fold(letter).encode("ascii", "replace")[:1]
        table += folded if letter.isalnum() else b" "
    return bytes(table)


_TARGET = _target()


class Scan:
    """One text ready to be searched. `chars[i]` is the character behind `data[i + 1]`; `data` has a space at both ends."""

    __slots__ = ("_counted", "_edits", "_word_starts", "chars", "data", "original")

    def __init__(self, text: str) -> None:
        self.original = self.chars = text
        self._edits: dict[int, str] | None = None
        self._counted: list[int] = []
        self._word_starts: list[int] | None = None
        raw = encode(text)
        if not is_plain(text, raw):
            self.chars = text.replace("ё", "ë").replace("Ё", "Ë")  # 6 % of Albanian articles have the Cyrillic letter, and nothing else odd
            raw = encode(self.chars)
            if has_cyrillic(raw) or not is_plain(self.chars, raw):
                self._rewrite(text)
                raw = encode(self.chars)
        self.data = b" " + raw.translate(_TARGET) + b" "

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span of `original` that `chars[start:end]` came from."""
        starts = self._starts
        if starts is None or end <= start:
            return start, end
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

    def neighbours(self, start: int, end: int, most: int) -> tuple[list[bytes], list[bytes]]:
        """Up to `most` words right before a place, nearest first, and as many right after it; fewer than there are when they are long."""
        data, size = self.data, NEIGHBOURHOOD_BYTES
        before = data[max(0, start + 1 - size) : start + 1].rsplit(None, most)
        if len(before) > most or start + 1 > size:
            del before[:1]
        after = data[end + 1 : end + 1 + size].split(None, most)
        if len(after) > most or end + 1 + size < len(data):
            del after[-1:]
        before.reverse()
        return before, after

    def key(self, start: int, end: int) -> bytes:
        """The folded letters between two places of the text."""
        return self.data[start + 1 : end + 1]

    def ordinal(self, at: int) -> int:
        """How many words start before a place; the words between two spans are the difference of end and start."""
        if self._word_starts is None:
            self._word_starts = [found.start() - 1 for found in _WORD.finditer(self.data)]
        return bisect_left(self._word_starts, at)

    def _rewrite(self, text: str) -> None:
        edits = _edits(text)
        for seam in hashtag_seams(text):
            edits[seam] = " " + edits.get(seam, text[seam])
        self.chars = _edited(text, edits)
        self._edits = edits if any(len(new) != 1 for new in edits.values()) else None

    @property
    def _starts(self) -> list[int] | None:
        """Of every character of the original where it starts in `chars`; None where both are the same. Looked up for texts with hits."""
        if self._edits is not None and not self._counted:
            lengths = [1] * len(self.original)
            for at, new in self._edits.items():
                lengths[at] = len(new)
            self._counted = [*accumulate(lengths, initial=0)]
        return self._counted or None


def readable(text: str) -> str:
    """A typed spelling as a `Scan` reads it in a text: on the code page, accents composed, one script a word. Hashtags stay whole."""
    return _edited(text, _edits(text))


def unsearchable(text: str) -> str:
    """The letters and digits of a typed spelling that no text can be searched for; empty where all of it can. A sign behind a letter (as
    NFKC writes `ẚ`) is a break between words in the spelling and in the text alike."""
    shown = readable(text)
    return "".join(
        letter
        for before, letter in zip(" " + shown, shown, strict=False)
        if letter.isalnum() and not pattern_bytes(letter).strip() and not (unicodedata.category(letter) == "Lm" and before.isalnum())
    )


def _edits(text: str) -> dict[int, str]:
    """By its place what is searched instead of a character; "" where it belongs to the one before."""
    edits: dict[int, str] = {}
    if encode(text).count(b"?") != text.count("?"):
        for unknown in OFF_PAGE.finditer(text):
            at = unknown.start()
            simple = _simple(unknown.group())
            edits[at] = simple.capitalize() if len(simple) > 1 and simple.isupper() and text[at + 1 : at + 2].islower() else simple
        base = -1
        for mark in _MARK.finditer(text):
            at = mark.start()
            base = base if at and not edits.get(at - 1, " ") else at - 1
            if base >= 0:
                edits[base] = _composed(edits.get(base, text[base]), mark.group())
    for start, word in mixed_words(text):
        edits.update(enumerate(one_script(word), start))
    for start, end, whole in line_hyphens(text):
        if whole:
            edits.update(dict.fromkeys(range(start, end), ""))
    return edits


def _edited(text: str, edits: dict[int, str]) -> str:
    pieces: list[str] = []
    done = 0
    for at in sorted(edits):
        pieces += text[done:at], edits[at]
        done = at + 1
    return "".join((*pieces, text[done:]))


def pattern_bytes(word: str) -> bytes:
    """The bytes of one word in Latin letters, as they stand in `Scan.data` for a text that spells it so."""
    return encode(word).translate(_TARGET)


@lru_cache(maxsize=4096)
def _simple(letter: str) -> str:
    """A character that is not on the page in characters that are: letters joined in one, wide ones, foreign accents."""
    apart = _STANDS_FOR.get(letter) or unicodedata.normalize("NFKC", letter)
    if all(one in ON_PAGE for one in apart):
        return apart
    out: list[str] = []
    for one in unicodedata.normalize("NFKD", letter):
        if out and _MARK.match(one):
            out[-1] = _composed(out[-1], one)
        elif one in ON_PAGE:
            out.append(one)
        else:
            folded = fold(one)
            out.append(folded.upper() if letter.isupper() else folded)
    return "".join(out)


def _composed(letter: str, mark: str) -> str:
    """A letter and an accent that stands apart as one letter, where there is such a one that is told apart; else the letter."""
    if mark == ACUTE:
        letter = {"с": "s", "з": "z", "С": "S", "З": "Z"}.get(letter, letter)
    whole = unicodedata.normalize("NFC", letter + mark)
    return whole if len(whole) == 1 and whole in ON_PAGE else letter
