"""Which dictionary words a typed Albanian form may stand for: Tirana, Tiranë and Tirane are one town."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tracker.model import TermKind

from . import sq_irregular as table
from . import sq_names as names
from .sq_nouns import PERSONS, VOWELS


class Lemma(NamedTuple):
    """A word of the table with what its class does not show."""

    word: str
    gender: str  # "m", "f"; "s" for a feminine name stressed on its last vowel; "p" for a plural; "d" for a name whose bare form is not wanted: only Topi, Topit, Topin
    plural: bool = True
    family: bool = False


# Endings of masculine nouns in their definite form; a final -i after anything else is mostly a feminine (liri, shtëpi).
_DEFINITE_I = re.compile(
    r"(?:et|it|at|ion|ist|im|izm|ent|ant|al|an|or|ar|er|ier|on|om|ur|us|es|ik|ekt|akt|ues|ort|ëm|urs|rs|ol|un|tr|br)i$"
)
_NEVER_DEFINITE_I = re.compile(r"(?:[^aeo]ësi|[ëao]rsi|nomi|[ao]ri|eri|ari|ëri|uri|gji|shti|afi|pati)$")
# Definite plurals (vajzat, drejtorët, aplikacionet), and not kabinet, autoritet, kandidat.
_PLURAL_T = re.compile(r"(?:ët|(?<![nt])et|(?<![dmkt])at)$")
# So surely masculine that a name in them has no feminine reading: Autoriteti, Komisioni.
_SURELY_DEFINITE = re.compile(r".{3}(?:itet|ion|im|ist|izm|ent|or)i$")


def lemmas(word: str, kind: TermKind) -> Iterator[Lemma]:
    """The readings of a typed form, the likeliest first."""
    known = _known_names(word) if kind is TermKind.NAME else ()
    yield from known or _readings(word, kind)
    if kind is TermKind.PHRASE:
        yield from _from_oblique(word)


def _readings(word: str, kind: TermKind) -> Iterator[Lemma]:
    plain = kind is not TermKind.NAME
    last = word[-1]
    if plain and word in table.PLURAL_ONLY and word not in table.MASCULINE_PLURALS:
        yield Lemma(word, "p")
    elif last not in VOWELS:
        yield from _in_consonant(word, kind)
    elif last != "ë" and word in table.MASCULINE_PLURALS:
        yield Lemma(word, "m", plain)
    elif last == "ë":
        yield from _in_diaeresis(word, plain)
    elif last == "a":
        yield from _in_a(word, plain)
    elif last == "e":
        yield from _in_e(word, kind)
    elif last == "i":
        yield from _in_i(word, kind)
    else:
        yield from _in_o_or_u(word, plain)
        if last == "y" and not plain:
            yield from (Lemma(word, "m", False), Lemma(word, "d", False))  # Zelenskyi, and as names in -i: Zelenskyt


def _known_names(word: str) -> tuple[Lemma, ...]:
    stem = word.removesuffix("ja")
    if stem in names.STRESSED_NAMES:
        stressed = Lemma(stem, "s", False)
        return (stressed, Lemma(stem[:-1] + "ë", "f", False)) if stem.endswith("a") else (stressed,)  # Kanadës beside Kanadasë
    return (Lemma(word, "m", False),) if word in names.MASCULINE_NAMES else ()


def _in_consonant(word: str, kind: TermKind) -> Iterator[Lemma]:
    plain = kind is not TermKind.NAME
    if word in table.FEMININE_CONSONANT:
        yield Lemma(word, "f", plain)
        return
    yield Lemma(word, "m", plain, family=not plain and len(word) > 4)
    if not plain and word.endswith("aj"):
        yield Lemma(word, "d", False)
    masculine = word in table.MASCULINE_FLEETING or word in table.MASCULINE_PLURALS
    if word.endswith(("ër", "ël", "ëz", "ull")) and not masculine and word[-3:-2] not in VOWELS.replace("u", ""):
        yield Lemma(word, "f", plain)


def _in_diaeresis(word: str, plain: bool) -> Iterator[Lemma]:
    if word in table.MASCULINE_IN_DIAERESIS or word in table.MASCULINE_PLURALS:
        yield Lemma(word, "m", plain)
        if word not in table.FEMININE_SINGULAR:
            return
    yield Lemma(word, "f", plain)
    if plain and (word in table.PLURALS_IN_DIAERESIS or PERSONS.search(word[:-1])):
        yield Lemma(word, "p")  # gazetarë, gazetarët


def _in_a(word: str, plain: bool) -> Iterator[Lemma]:
    if word in table.MASCULINE_VOWEL:
        yield Lemma(word, "m", plain)
    if word in table.FEMININE_STRESSED:
        yield Lemma(word, "f", plain)
        return
    if len(word) < 3:
        return
    if word.endswith("ia"):
        yield Lemma(word[:-1], "f", plain)
        return
    if word.endswith("ja"):
        if word[-3:-2] in VOWELS and len(word) > 4:
            yield Lemma(word[:-2], "f", plain)
        yield Lemma(word[:-1] + "e", "f", plain)
        if word[-3:-2] not in VOWELS + "gn":  # gj and nj are one letter: Manja is not Mane.
            yield Lemma(word[:-2] + "e", "f", plain)
    yield Lemma(word[:-1] + "ë", "f", plain)
    if word.endswith("ra") and word[-3] not in VOWELS:
        yield Lemma(word[:-2] + "ër", "f", plain)
        if plain:
            yield Lemma(word[:-2] + "ër", "m", plain)


def _in_e(word: str, kind: TermKind) -> Iterator[Lemma]:
    plain = kind is not TermKind.NAME
    if word in table.MASCULINE_VOWEL:
        yield Lemma(word, "m", plain)
        return
    yield Lemma(word, "f", plain)
    if not plain and not word.endswith("je"):
        yield Lemma(word[:-1] + "ë", "f", False)


def _in_i(word: str, kind: TermKind) -> Iterator[Lemma]:
    plain = kind is not TermKind.NAME
    stem = word[:-1]
    if word in table.MASCULINE_VOWEL:
        yield Lemma(word, "m", plain)
        return
    if plain:
        yield from _noun_in_i(word, kind)
        return
    if word in names.FEMININE_NAMES:
        yield Lemma(word, "f", False)
        return
    if not _SURELY_DEFINITE.search(word):
        if len(word) > 4:
            yield Lemma(word, "f", False)
        yield Lemma(word, "m", False)
    yield Lemma(word, "d", False)
    if len(stem) > 3 and stem[-1] not in VOWELS:
        yield Lemma(stem, "m", False, family=True)
    if len(stem) > 2 and stem[-1] in "rl" and stem[-2] not in VOWELS + stem[-1]:
        yield Lemma(stem[:-1] + "ë" + stem[-1], "m", False)


def _noun_in_i(word: str, kind: TermKind) -> Iterator[Lemma]:
    yield Lemma(word, "f", True)
    if word.endswith(("xhi", "çi")):
        yield Lemma(word, "m", True)
    if word in table.FEMININE_I or len(word) < 6:
        return
    if kind is TermKind.PHRASE or (_DEFINITE_I.search(word) and not _NEVER_DEFINITE_I.search(word)):
        yield Lemma(word[:-1], "m", True)


def _in_o_or_u(word: str, plain: bool) -> Iterator[Lemma]:
    if word in table.R_STEMS:
        yield Lemma(word, "m", plain)
        return
    if word.endswith(("ku", "gu", "hu", "iu", "eu")) and len(word) > 4:
        yield Lemma(word[:-1], "m", plain)
    yield Lemma(word, "f", plain)


def _from_oblique(word: str) -> Iterator[Lemma]:
    """Inner words of a phrase are typed in the case the phrase gives them: sigurisë, fëmijëve, Ballkanin."""
    if word.endswith(("isë", "inë")):
        yield Lemma(word[:-2], "f")
    elif word.endswith(("ën", "jes", "jen")):
        yield Lemma(word[:-1], "f")
    elif word.endswith(("it", "in", "ut", "un")) and len(word) > 5:
        yield Lemma(word[:-2], "m")
    elif len(word) > 5 and (word.endswith("ve") or _PLURAL_T.search(word)):
        stem = word.removesuffix("ve").removesuffix("t")
        if stem.endswith("a"):
            yield Lemma(stem[:-1] + "ë", "f")
        elif stem.endswith(("ë", "e")):
            yield Lemma(stem, "f")
            yield Lemma(stem[:-1], "m")
        elif stem.endswith("i"):
            yield Lemma(stem, "f")
