"""Where sentences end in running text, for `near/s`: not at abbreviations, ordinals and initials, but at a heading's line break."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from tracker.text.folding import fold

ABBREVIATIONS = frozenset(
    """
    dr mr mrs ms prof doc ing inz dipl akad acad gg gdja gda gdjica gdj gosp sv br ul tel str sp npr tzv odn tj tzn st god gen puk pukov
    adv amb min predsj preds pom zam sekr tac cl cca ca usp ur dj rodj rod hfz ef mons prim spec zv znj znjsh zt zj inxh ark arq nr fq dmth
    rr rrug bul lgj shk sh gjen kryes komp shpk rev hon gov lt sgt capt cmdr jr sr inc ltd corp vs vol fig approx jan feb apr avg aug sep sept okt
    av pl op osn mag sc sci dt col mil mlrd mln mio maks min al ndr kap par pika vd zav kat nav izv ed dept univ gov sen rep ave
    др мр гђа гђ гда мил млрд милј маг сци пл оп осн чл ул ген пуков мин проф доц инж акад св бр ул тел стр нпр тзв одн тј ст год д-р м-р г-дин г-ѓа
    """.split()
)
"""Words that a full stop shortens in Albanian, Bosnian, Croatian, Montenegrin, Serbian, Macedonian and English, folded, without full stops."""

MAX_ORDINAL_CHARS = 2
"""`11. Oktobra`, `3. kongres`; a number with more digits is a year or an amount and may well end a sentence."""

MAX_HEADING_CHARS = 120
"""The longest headline in most outlets' house styles; a longer line without a full stop is a paragraph that lacks one."""

HEADING_SHARE = 0.75
"""Of the next line's length. Lines that were only wrapped are about as long as the one that follows."""

MAX_SHORTENED_CHARS = 3
"""Of each part of a shortening with several full stops: d.o.o., sh.p.k., p.sh."""

_INITIAL_PAIRS = frozenset("dž lj nj sh zh gj th xh ch dh љ њ џ".split())
_FOLDED = frozenset(map(fold, ABBREVIATIONS))
_END = re.compile(
    r"(?<![.!?…])[.!?…]+[\"'»”“’)\]]*\s+(?:[\"'«„“(\[–—-]+\s*)?(?=[^\W_a-zа-яђјљњћџѓќѕčćžšđëç])|\n\s*\n",
)
_LAST_WORD = re.compile(r"(?:[^\W_]+[.-])*[^\W_]+$")
_MAX_WORD_CHARS = 24
"""Looked at before a full stop: longer than every abbreviation of the list."""
_ROMAN = re.compile(r"[IVXLC]{1,6}")
_OPENING = "\"'«„“(["
_PUNCTUATED = re.compile(r"[.!?…](?:[\"'»”“’)\]]|\s|$)")


def sentence_breaks(text: str) -> list[int]:
    """Offsets at which a new sentence begins, in order; the start of the text is none of them."""
    ends = {found.end() for found in _END.finditer(text) if not found.group().startswith(".") or not _goes_on(text, found.start())}
    return sorted(ends.union(_after_headings(text)))


def _goes_on(text: str, stop: int) -> bool:
    """Whether the full stop at `stop` belongs to the word before it."""
    if text[stop + 1 : stop + 2] == ".":
        return False
    found = _LAST_WORD.search(text, max(0, stop - _MAX_WORD_CHARS), stop)
    if found is None:
        return False
    word = found.group()
    if word.isdigit():
        return len(word) <= MAX_ORDINAL_CHARS
    parts = word.split(".")
    if len(word) == 1 or word.lower() in _INITIAL_PAIRS:
        return True
    if len(parts) > 1 and all(len(part) <= MAX_SHORTENED_CHARS and part.isalpha() for part in parts):
        return True
    return fold(word.replace(".", "")) in _FOLDED or _ROMAN.fullmatch(word) is not None


def _after_headings(text: str) -> Iterator[int]:
    """Where the line after a heading begins: the heading has no full stop, is shorter, and a sentence follows with a capital."""
    if "\n" not in text:
        return
    lines = [(found.start(), found.group().strip()) for found in re.finditer(r"[^\n]+", text)]
    for (_, line), (start, following) in pairwise(lines):
        if not line or not following or len(line) > MAX_HEADING_CHARS or line[-1] in ".!?…,;:-–—(":
            continue
        first = following.lstrip(_OPENING)[:1]
        if (first.isupper() or first.isdigit()) and len(line) <= HEADING_SHARE * len(following) and _PUNCTUATED.search(following):
            yield start
