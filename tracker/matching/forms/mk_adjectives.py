"""Macedonian adjectives: gender, plural and the three articles, on lower-case Cyrillic words."""

from __future__ import annotations

from collections.abc import Iterator

from .mk_letters import VOWELS, syllables
from .mk_nouns import ARTICLES

Form = tuple[str, str]

_REGULAR = (
    "нов стар млад голем мал лош широк висок длабок црн бел црвен зелен син жолт брз слаб цел ист прв втор трет четврт друг "
    "добар-добр краток-кратк тесен-тесн низок-ниск близок-блиск тежок-тешк редок-ретк долг еднаков-еднакв топол-топл мудар-мудр сам"
)
_STEMS = {word: stem or word for word, _, stem in (entry.partition("-") for entry in _REGULAR.split())}


def stems(word: str, name: bool) -> Iterator[str]:
    """Stems of a masculine adjective (дигитален to дигиталн-, значаен to значајн-, нов to нов-); none for what is no adjective."""
    if word in _STEMS:
        yield _STEMS[word]
    elif word.endswith(("ски", "чки", "шки")):
        yield word[:-1]
    elif syllables(word) > 1 and word.endswith("ен"):
        yield f"{word[:-2]}јн" if word[-3] in VOWELS else f"{word[:-2]}н"
        if not name:
            yield word
    elif not name and syllables(word) > 1 and word.endswith(("ов", "ев", "ив", "ав", "ит", "ат", "ест", "ан")):
        yield word


def is_common(word: str) -> bool:
    """Whether the word is the stem of an adjective of the table."""
    return word in _STEMS


def declined(stem: str) -> Iterator[Form]:
    """Every gender, number and article of an adjective."""
    for ending, gender in (("а", "feminine"), ("о", "neuter"), ("и", "plural")):
        vowel = {"а": "а", "о": "о", "и": "е"}[ending]
        yield f"{stem}{ending}", f"adjective, {gender}"
        for letter, definite in ARTICLES:
            yield f"{stem}{ending}{letter}{vowel}", f"adjective, {gender} {definite}"
    yield from masculine_definite(stem)


def masculine_definite(stem: str) -> Iterator[Form]:
    """The three articles of a masculine adjective."""
    for letter, definite in ARTICLES:
        yield f"{stem}ио{letter}", f"adjective, masculine {definite}"


def plural(stem: str) -> Iterator[Form]:
    """What a neuter adjective has beyond the noun: the plural."""
    yield f"{stem}и", "adjective, plural"
    for letter, definite in ARTICLES:
        yield f"{stem}и{letter}е", f"adjective, plural {definite}"


def possessive(stem: str) -> Iterator[Form]:
    """A possessive adjective in all its forms."""
    yield stem, "possessive"
    for form, rule in declined(stem):
        yield form, f"possessive, {rule.removeprefix('adjective, ')}"
