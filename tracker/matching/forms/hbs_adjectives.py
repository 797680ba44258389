"""Adjectives of Bosnian, Croatian, Montenegrin and Serbian: long and short forms of all genders from whichever one was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .hbs_adjective_words import BASIC, NOT_LANDS, NOUNS
from .hbs_letters import VOWELS, is_soft, without_fleeting

Form = tuple[str, str]

_SUFFIXES_O = ("sko", "čko", "ćko", "cko")
_SHORT_SUFFIXES = ("en", "av", "iv", "ov", "ev", "in", "at", "it", "ut", "ast", "sk", "šk", "čk", "uć", "eć")
_LONG_I = ("ski", "ški", "čki", "ćki", "cki", "vi", "nji", "eni", "ani")
_PLURAL_E = ("ske", "ške", "čke", "ćke", "cke", "ene", "ane", "ive", "ave")
_LAND = re.compile(r"\w{2,}(?:ska|ška|čka|ćka|cka)")
_LONG_HARD = (
    ("og", "genitive singular"),
    ("oga", "genitive singular"),
    ("om", "dative, locative or instrumental singular"),
    ("ome", "dative or locative singular"),
    ("omu", "dative or locative singular"),
)
_LONG_SOFT = (
    ("eg", "genitive singular"),
    ("ega", "genitive singular"),
    ("em", "dative or locative singular"),
    ("emu", "dative or locative singular"),
    ("om", "feminine instrumental singular"),
)
_ALL_GENDERS = (
    ("i", "masculine"),
    ("a", "feminine"),
    ("e", "feminine genitive or plural"),
    ("u", "feminine accusative"),
    ("oj", "feminine dative or locative"),
    ("im", "instrumental singular or dative plural"),
    ("ih", "genitive plural"),
    ("ima", "dative plural"),
)
_PLURAL = (
    ("e", "nominative plural"),
    ("ih", "genitive plural"),
    ("im", "dative plural"),
    ("ima", "dative plural"),
    ("i", "nominative plural"),
)
_LAND_CASES = (("e", "genitive"), ("u", "accusative"), ("oj", "dative or locative"), ("om", "instrumental"))
_FEMININE = (
    ("a", "nominative"),
    ("e", "feminine genitive or plural"),
    ("u", "feminine accusative"),
    ("oj", "feminine dative or locative"),
    ("om", "feminine instrumental"),
    ("ih", "genitive plural"),
    ("im", "dative plural"),
    ("ima", "dative plural"),
)


def declined(stem: str) -> Iterator[Form]:
    """All genders, numbers and cases of an adjective stem (nov-, srpsk-, budać-)."""
    for ending, rule in (*_ALL_GENDERS, *(_LONG_SOFT if is_soft(stem) else _LONG_HARD)):
        yield f"{stem}{ending}", f"adjective, {rule}"
    yield f"{stem}{'e' if is_soft(stem) else 'o'}", "adjective, neuter"


def feminine(stem: str) -> Iterator[Form]:
    """Only the feminine forms: a name that is an adjective (Hrvatska, Hrvatskoj)."""
    for ending, rule in _FEMININE:
        yield f"{stem}{ending}", f"adjective, {rule}"


def land(stem: str) -> Iterator[Form]:
    """Hrvatska, Hrvatskoj: no plural, and no masculine that would be the people's adjective."""
    yield from ((f"{stem}{ending}", f"{rule}, declined as an adjective") for ending, rule in _LAND_CASES)


def is_land(word: str) -> bool:
    """Whether the word is a land's name that declines as an adjective (Hrvatska, Francuska)."""
    return _LAND.fullmatch(word) is not None and word not in NOT_LANDS


def is_common(word: str) -> bool:
    """Whether a word is an adjective of the table in one of its forms."""
    return word in BASIC or word[:-1] in _BASIC_STEMS


def plural(stem: str) -> Iterator[Form]:
    """Typed in the plural: Ujedinjene, digitalne."""
    yield from ((f"{stem}{ending}", f"adjective, {rule}") for ending, rule in _PLURAL)


def neuter(stem: str) -> Iterator[Form]:
    """Forms of an adjective that a neuter noun has beside its own: plural and long forms."""
    soft = is_soft(stem)
    for ending, rule in (("a", "plural"), ("e" if soft else "o", "neuter"), ("im", "instrumental"), ("ih", "genitive plural")):
        yield f"{stem}{ending}", f"adjective, {rule}"
    for ending, rule in _LONG_SOFT[:-1] if soft else _LONG_HARD:
        yield f"{stem}{ending}", f"adjective, {rule}"


def possessive(stem: str, label: str) -> Iterator[Form]:
    """All forms of Markov-, Nikolin-; `label` says which possessive."""
    yield stem, label
    for form, rule in declined(stem):
        yield form, f"{label}, {rule.removeprefix('adjective, ')}"


def stems(word: str, capital: bool) -> Iterator[tuple[str, str]]:
    """(stem, paradigm) of what may be an adjective, a paradigm of `PARADIGMS`; nothing when the word is none."""
    if word in BASIC:
        yield BASIC[word], "all"
    elif word[:-1] in _BASIC_STEMS and word[-1] in "iaoe":
        yield word[:-1], {"i": "all", "a": "feminine", "o": "neuter"}.get(word[-1], "neuter" if is_soft(word[:-1]) else "plural")
    elif word[-1] in "iaoe":
        if paradigm := _by_ending(word, capital):
            yield word[:-1], paradigm
    elif not capital or word.endswith(("ov", "ev")):
        yield from ((stem, "all") for stem in _from_short(word))


def _by_ending(word: str, capital: bool) -> str:
    after_consonant = len(word) > 3 and word[-2] not in VOWELS
    with_n = len(word) > 3 and word[-2] == "n" and word[-3] not in VOWELS
    if word.endswith("i"):
        is_one = word.endswith(_LONG_I) or with_n if capital else not word.endswith(("osti", "ovi", "evi"))
        return "all" if after_consonant and is_one else ""
    if word.endswith("a"):
        return ("land" if capital and is_land(word) else "feminine") if _adjective_a(word, capital) else ""
    if word.endswith("e"):
        return "plural" if word.endswith(_PLURAL_E) or with_n else ""
    return "neuter" if word.endswith(_SUFFIXES_O) or with_n else ""


def _adjective_a(word: str, capital: bool) -> bool:
    if len(word) < 5:
        return False
    if word.endswith("ena" if capital else ("ena", "ana", "ita", "ata", "uta")) and len(word) > 6:
        return True
    return word.endswith(("ska", "ška", "čka", "ćka", "cka", "ova", "eva", "iva", "ava")) or (
        word.endswith("na") and word[-3] not in VOWELS
    )


def _from_short(word: str) -> Iterator[str]:
    """siguran to sigurn-, digitalan to digitaln-, crven to crven-, kratak to kratk-, debeo to debel-."""
    if len(word) < 4:
        return
    if word in NOUNS:
        return
    if word.endswith("an"):
        yield without_fleeting(word)
        yield word
    elif word.endswith(_SHORT_SUFFIXES) or (word.endswith("n") and word[-2] not in VOWELS):
        yield word


_BASIC_STEMS = frozenset(BASIC.values())
PARADIGMS = {"all": declined, "feminine": feminine, "land": land, "neuter": neuter, "plural": plural}
