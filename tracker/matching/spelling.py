"""How one form may stand in a text: its spellings as bytes to search for, and whether the letters found are really its own."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

from tracker.matching.scanning import DZH, LJ, NJ, SJ, ZJ, pattern_bytes
from tracker.text.folding import fold, latin

MAX_SPELLINGS = 16
"""Of one form: a word with five places that are spelt in two ways gives 32, and none such is known."""

SHORT_WORD = 4
"""Up to so many letters a bare spelling is another word as often as not (nis/Niš, sto/što, kuca/kuća has four): see `same_letters`."""

_TWO_WAYS: dict[str, tuple[bytes, ...]] = {
    "đ": (b"d", b"dj"),
    "dj": (b"dj", b"d"),
    "lj": (b"lj", LJ),
    "nj": (b"nj", NJ),
    "dž": (b"dz", DZH),
    "ś": (SJ, b"s", b"sj"),
    "ź": (ZJ, b"z", b"zj"),
    "sj": (b"sj", SJ),
    "zj": (b"zj", ZJ),
    "ǵ": (b"d", b"gj", b"g", b"dj"),
    "ḱ": (b"c", b"kj", b"k"),
    "gj": (b"gj", b"d"),
    "kj": (b"kj", b"c"),
    "dz": (b"dz", b"z", DZH),
}
_FOLDED_TWO_WAYS: dict[str, tuple[str, ...]] = {
    "đ": ("dj", "d", "gj"),
    "dj": ("dj", "d", "gj"),
    "ǵ": ("gj", "dj", "d", "g"),
    "gj": ("gj", "dj", "d"),
    "ḱ": ("kj", "c", "k"),
    "kj": ("kj", "c"),
    "ć": ("c", "kj"),
    "ś": ("s", "sj"),
    "ź": ("z", "zj"),
    "sj": ("sj", "s"),
    "zj": ("zj", "z"),
    "dz": ("dz", "z"),
    "dž": ("dz",),
}
_SPLIT_FOLDED = re.compile("(" + "|".join(sorted(_FOLDED_TWO_WAYS, key=len, reverse=True)) + ")")
_ONLY_MACEDONIAN = frozenset({"gj", "kj", "dz"})
_SPLIT = re.compile("(" + "|".join(sorted(_TWO_WAYS, key=len, reverse=True)) + ")")
_MARKED = re.compile("[šžčćđëçłáéíóúàèöüäâêîôûñńśźşğıǵḱ]")
_PLAIN = str.maketrans("šžčćđëçłáéíóúàèöüäâêîôûñńśźşğıǵḱ", "szccdeclaeiouaeouaaeiounnszsgigk")
ANY_MARK = re.compile("[šžčćđëçŠŽČĆĐËÇ\u0400-\u04ff]")
"""Letters that a text written without diacritics has none of; Cyrillic is never written without."""


def spellings(form: str, group: str) -> frozenset[bytes]:
    """Every way the form may stand in a `Scan`. `form` is in Latin letters, diacritics kept (`text.latin`)."""
    choices: list[tuple[bytes, ...]] = []
    for part in _SPLIT.split(form):
        if part in _TWO_WAYS and (group == "mk" or part not in _ONLY_MACEDONIAN) and (part != "dj" or group != "sq"):
            choices.append(_TWO_WAYS[part])
        elif part:
            choices.append((pattern_bytes(part),))
    found = {b"".join(choice) for choice, _ in zip(product(*choices), range(MAX_SPELLINGS), strict=False)}
    return frozenset(spelling for spelling in found if spelling)


@lru_cache(maxsize=50_000)
def index_spellings(form: str) -> frozenset[str]:
    """Every way a text that holds the form may have been folded for the search index."""
    choices = [_FOLDED_TWO_WAYS.get(part) or (fold(part),) for part in _SPLIT_FOLDED.split(form) if part]
    return frozenset("".join(choice) for choice, _ in zip(product(*choices), range(MAX_SPELLINGS), strict=False))


def is_bare(text: str) -> bool:
    """No letter of it shows that diacritics are written."""
    return ANY_MARK.search(text) is None


@lru_cache(maxsize=16_384)  # a text says the same names again and again, and so do the others of a night
def same_letters(form: str, found: str, *, text_is_bare: bool, typed_bare: bool, slips: bool = False, alone: bool = False) -> bool:
    """Whether letters found in a text spell the form, or only look like it once accents are gone.

    `form` is in Latin letters. A text without any diacritics may drop them; one with diacritics may drop them in long
    words only. A term typed without diacritics finds words with them only where its author never types any, and only long ones. `slips` lets a long word have ć for č and the other way round.
    `alone`: a common noun by itself, of which three bare spellings in four, where others have their marks, are another word (dëmi, Demi).
    """
    spelled = latin(found)
    if spelled == form:
        return True
    if len(spelled) != len(form):
        return fold(spelled) in index_spellings(form)
    dropped = added = changed = False
    for wanted, seen in zip(form, spelled, strict=True):
        if wanted == seen:
            continue
        if _MARKED.match(wanted) and seen == wanted.translate(_PLAIN):
            dropped = True
        elif _MARKED.match(seen) and wanted == seen.translate(_PLAIN):
            added = True
        elif {wanted, seen} not in _SAME_SOUND and not (slips and len(form) > SHORT_WORD and {wanted, seen} == {"ć", "č"}):
            changed = True
    if changed or (added and not (typed_bare and len(form) > SHORT_WORD)):
        return False
    return not dropped or text_is_bare or len(form) > SHORT_WORD or (not alone and _only_albanian(form))


def has_bare_d(form: str, found: str) -> bool:
    """Whether `found` has a plain d for the form's dj or gj: Dokovic is Djoković without marks, and Don is no Gjon where Albanian is written."""
    spelled = latin(found)
    return len(spelled) < len(form) and sum(map(form.count, _AS_D)) > sum(map(spelled.count, (*_AS_D, "đ", "ǵ")))


_AS_D = ("dj", "gj")
_SAME_SOUND: tuple[set[str], ...] = ({"ć", "ḱ"}, {"đ", "ǵ"}, {"ś", "š"})


def _only_albanian(form: str) -> bool:
    """Albanian portals drop ë and ç in single words of an article that has them elsewhere."""
    return not re.search("[šžčćđ]", form)
