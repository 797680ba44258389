"""Text made comparable: case, accents, scripts and invisible characters folded away, with the way back to the original kept."""

from __future__ import annotations

import codecs
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

from msgspec import Struct

from tracker.model.languages import LOOKS_CYRILLIC
from tracker.text.letters import FOLDED_LETTERS, FOLDED_SIGNS, LATIN_OF, base_of

FOLDING_VERSION = 2
"""Raise it with every change of what `fold` gives: search indexes of an older version are then made anew. 1 (stored as 0): before
every Latin letter of Unicode was folded."""

FEW_TEXTS = 2
"""Kept with what was found of them: a page's text is searched, folded for the index and cut into words in turn."""

_PAGE_LETTERS = "ëéèêçčćšžđáâäíîıóöôúüûłñńśźабвгдђежзијклљмнњопрстћуфхцчџшѓќѕѐѝй"
_PAGE_SIGNS = "«»“”„‘’‚–—…•€°\u00a0"
_UNUSED = "\ufffe"
"""What `charmap_build` reads as a place that stands for nothing. Place 0 must stay NUL: it makes a slow dict otherwise."""

_LOOKS_LATIN = {cyrillic: latin for latin, cyrillic in LOOKS_CYRILLIC.items()}
_CYRILLIC = "".join(sorted({letter for letter in "".join(LATIN_OF) if letter.isalpha()} | {"ҫ", "һ"}))
_CYRILLIC += _CYRILLIC.upper()
_LATIN = "A-Za-zëçšžčćđËÇŠŽČĆĐ"
MIXED_SCRIPT = re.compile(f"[{_LATIN}][{_CYRILLIC}]|[{_CYRILLIC}][{_LATIN}]")
_HASHTAG = re.compile(r"#\w+")
_LINE_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad]\r?\n[ \t]{0,40}(?=[^\W\d_])")
_HYPHENS_LOOKED_AT = 64
"""One by one, as a text has few: looking for one character is a hundred times as fast as looking for two."""
_CAPITAL = "A-ZÇËŠĆČŽĐА-ЯЂЃЅЈЉЊЋЌЏ"
_SEAM = re.compile(rf"(?<=[^\W_{_CAPITAL}])(?=[{_CAPITAL}])|(?<=[{_CAPITAL}])(?=[{_CAPITAL}][^\W\d_{_CAPITAL}]{{3}})")


class Folded(Struct, frozen=True):
    """A folded text that knows where each of its characters came from."""

    text: str
    original: str
    starts: tuple[int, ...]
    """For every original character where its folded form starts, and the folded length at the end."""

    def origin(self, index: int) -> int:
        """The original character that the folded character at `index` came from."""
        return min(bisect_right(self.starts, index) - 1, len(self.original))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of a folded one; accents, soft hyphens and the like that follow its last letter belong to it."""
        if end <= start:
            return self.origin(start), self.origin(start)
        last = self.origin(end - 1) + 1
        while (
            last < len(self.original) and self.starts[last + 1] == self.starts[last] and unicodedata.category(self.original[last]) == "Mn"
        ):
            last += 1
        return self.origin(start), last


@lru_cache(maxsize=FEW_TEXTS)
def encode(text: str) -> bytes:
    """One byte a character, by `PAGE`; what the page does not have becomes a question mark. 9 times as fast as `str.translate`."""
    return codecs.charmap_encode(text, "replace", _ENCODING)[0]


def has_cyrillic(raw: bytes) -> bool:
    """Whether an encoded text has Cyrillic letters of the page."""
    return bool(raw.translate(None, _NOT_CYRILLIC))


def _has_mixed_word(raw: bytes) -> bool:
    """As MIXED_SCRIPT finds it in a text whose letters are all on the page; 10 times as fast."""
    scripts = raw.translate(_SCRIPT_OF)
    return b"cl" in scripts or b"lc" in scripts


@lru_cache(maxsize=FEW_TEXTS)
def is_plain(text: str, raw: bytes) -> bool:
    """Whether every character of a text stands for itself: all on the page, no word in two scripts, divided or to be split."""
    if raw.count(b"?") != text.count("?") and any(_needs_folding(letter) for letter in set(text) - ON_PAGE):
        return False
    if has_cyrillic(raw) and _has_mixed_word(raw):
        return False
    if has_line_hyphen(text):
        return False
    return b"#" not in raw or next(hashtag_seams(text), None) is None


def fold(text: str) -> str:
    """Lower-case Latin without diacritics, one canonical spelling of each word: what the search index holds. Idempotent."""
    raw = encode(text)
    if raw.count(b"?") != text.count("?") or not is_plain(text, raw):
        return fold_with_offsets(text).text
    folded = codecs.charmap_decode(raw, "strict", _FOLDED_PAGE)[0]
    for place, several in _SEVERAL.items():
        if place in folded:
            folded = folded.replace(place, several)
    return folded


def fold_with_offsets(text: str) -> Folded:
    """As `fold`, with the offsets of every character."""
    parts = [_TABLE[ord(letter)] for letter in text]
    for start, word in mixed_words(text):
        parts[start : start + len(word)] = [_fold_letter(letter) for letter in one_script(word)]
    for start, end, whole in line_hyphens(text):
        parts[start:end] = [""] * (end - start) if whole else ["-", *[" "] * (end - start - 1)]
    for seam in hashtag_seams(text):
        parts[seam] = " " + parts[seam]
    return Folded("".join(parts), text, tuple(accumulate(map(len, parts), initial=0)))


def latin(text: str) -> str:
    """Lower-cased, composed and in Latin letters, diacritics kept: what tells `Niš` from `nis`."""
    lowered = unicodedata.normalize("NFC", text).lower()
    return lowered if lowered.isascii() else "".join(LATIN_OF.get(letter, letter) for letter in lowered if letter not in _INVISIBLE)


def hashtag_seams(text: str) -> Iterator[int]:
    """Where a new word starts inside a hashtag written with capitals: `#SiguriDixhitale`, `#CRCAShqiperi`."""
    for tag in _HASHTAG.finditer(text):
        for seam in _SEAM.finditer(text, tag.start() + 2, tag.end()):
            yield seam.start()


def has_line_hyphen(text: str) -> bool:
    """Whether a line ends in a hyphen. Most texts have nothing at a line's end that could be one."""
    if not ("\u00ad" in text or "\r" in text or _has_hyphen_at_end(text)):
        return False
    at = text.find("\n")
    while at > 0:
        if text[at - 1] in "-\u00ad\r" and _LINE_HYPHEN.search(text, max(0, at - 3), at + 80):
            return True
        at = text.find("\n", at + 1)
    return False


def _has_hyphen_at_end(text: str) -> bool:
    at = -1
    for _ in range(_HYPHENS_LOOKED_AT):
        at = text.find("-", at + 1)
        if at < 0:
            return False
        if text[at + 1 : at + 2] == "\n":
            return True
    return text.find("-\n", at + 1) >= 0


def line_hyphens(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where a hyphen and a line end stand between two letters, and whether they divide one word: the next line goes on in small letters."""
    if not has_line_hyphen(text):
        return
    for found in _LINE_HYPHEN.finditer(text):
        yield found.start(), found.end(), text[found.end()].islower()


def mixed_words(text: str) -> Iterator[tuple[int, str]]:
    """Words with letters of both scripts, and where they start."""
    passed = 0
    for seam in _script_seams(text):
        if seam < passed:
            continue
        start, passed = seam, seam + 2
        while start > 0 and text[start - 1].isalpha():
            start -= 1
        while passed < len(text) and text[passed].isalpha():
            passed += 1
        yield start, text[start:passed]


def _script_seams(text: str) -> Iterator[int]:
    """Where MIXED_SCRIPT finds a letter of one script before one of the other. In a text all on the page, places in bytes tell it sooner."""
    raw = encode(text)
    if raw.count(b"?") != text.count("?"):
        yield from (seam.start() for seam in MIXED_SCRIPT.finditer(text))
        return
    scripts = raw.translate(_SCRIPT_OF)
    places = [scripts.find(b"cl"), scripts.find(b"lc")]
    while max(places) >= 0:
        first = min(place for place in places if place >= 0)
        yield first
        # as `finditer` goes on behind the two letters that it found
        places = [
            scripts.find(pair, first + 2) if 0 <= place < first + 2 else place for pair, place in zip((b"cl", b"lc"), places, strict=True)
        ]


@lru_cache(maxsize=4096)
def one_script(word: str) -> str:
    """A word with letters of both scripts, its look-alikes put into the script that most of its other letters have."""
    cyrillic = sum(letter in _CYRILLIC for letter in word if letter not in _LOOKS_LATIN)
    latin_only = sum(letter not in _CYRILLIC for letter in word if letter not in LOOKS_CYRILLIC)
    if cyrillic > latin_only:
        return "".join(LOOKS_CYRILLIC.get(letter, letter) for letter in word)
    if latin_only > cyrillic or word[0] not in _CYRILLIC:
        return "".join(_LOOKS_LATIN.get(letter, letter) for letter in word)
    return "".join(LOOKS_CYRILLIC.get(letter, letter) for letter in word)


_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f")


@lru_cache(maxsize=65536)
def _fold_letter(letter: str) -> str:
    folded = letter
    for _ in range(6):
        again = "".join(_fold_once(part) for part in folded)
        if again == folded:
            break
        folded = again
    return folded


def _fold_once(letter: str) -> str:
    lowered = letter.casefold()
    if len(lowered) > 1:
        return "".join(_fold_once(part) for part in lowered)
    if (known := FOLDED_LETTERS.get(lowered) or FOLDED_SIGNS.get(lowered)) is not None:
        return known
    if lowered in LATIN_OF:
        return "".join(_fold_once(part) for part in LATIN_OF[lowered])
    category = unicodedata.category(lowered)
    if category in ("Mn", "Me", "Cf"):
        return ""
    if category == "Zs":
        return " "
    if category in ("Cs", "Co", "Cn"):
        return lowered
    apart = "".join(part for part in unicodedata.normalize("NFKD", lowered) if unicodedata.category(part) not in ("Mn", "Me", "Cf"))
    return apart if apart.isascii() or apart != lowered else base_of(lowered) or lowered


def _needs_folding(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category[0] in "LMCN" or category == "Zs"


class _Table(dict[int, str]):
    def __missing__(self, code: int) -> str:
        folded = _fold_letter(chr(code))
        if len(self) < 70_000:
            self[code] = folded
        return folded


_TABLE = _Table()


def _code_page() -> str:
    """ASCII at its own places, the region's letters and signs on the places left, control characters' own included."""
    page = [chr(code) if 32 <= code < 127 or chr(code) in "\0\t\n\v\f\r" else _UNUSED for code in range(256)]
    letters = [letter for small in _PAGE_LETTERS for letter in (small, small.upper()) if not letter.isascii()]
    free = [code for code, letter in enumerate(page) if letter == _UNUSED]
    for code, letter in zip(reversed(free), [*letters, *_PAGE_SIGNS], strict=False):
        page[code] = letter
    return "".join(page)


PAGE = _code_page()
ON_PAGE = frozenset(PAGE) - {_UNUSED}
OFF_PAGE = re.compile(f"[^{re.escape(''.join(sorted(ON_PAGE)))}]")
_ENCODING = codecs.charmap_build(PAGE)
_NOT_CYRILLIC = bytes(code for code, letter in enumerate(PAGE) if not "\u0400" <= letter <= "\u04ff")
_SCRIPT_OF = "".join("c" if letter in _CYRILLIC else "l" if re.match(f"[{_LATIN}]", letter) else " " for letter in PAGE).encode()
_SEVERAL: dict[str, str] = {}


def _folded_page() -> str:
    """What every place of the page is folded to; a place that gives several characters stands for itself until `_SEVERAL` is put in."""
    places = []
    for code, letter in enumerate(PAGE):
        folded = _TABLE[ord(letter)]
        if len(folded) != 1:
            _SEVERAL[chr(0xE000 + code)] = folded
        places.append(folded if len(folded) == 1 else chr(0xE000 + code))
    return "".join(places)


_FOLDED_PAGE = _folded_page()
