"""Macedonian adjectives: gender, plural and the three articles, on lower-case Cyrillic words."""

from __future__ import annotations

from collections.abc import Iterator

from .mk_letters import VOWELS, syllables
from .mk_nouns import ARTICLES

Form = tuple[str, str]

_BASIC = frozenset(
    "нов стар млад голем мал добар лош висок низок долг краток широк тесен црн бел црвен зелен син жолт брз силен слаб".split()
)


def stem_of(word: str) -> str:
    """The stem of a masculine adjective (дигитален to дигиталн-, западен to западн-, нов to нов-); "" for what is none."""
    if word.endswith("ски") or word.endswith("чки") or word.endswith("шки"):
        return word[:-1]
    if word in _BASIC and not word.endswith(("ен", "ок", "ар")):
        return word
    if syllables(word) < 2:
        return ""
    if word.endswith("ен") and word[-3] not in VOWELS:
        return f"{word[:-2]}н"
    if word.endswith(("ок", "ар")) and word in _BASIC:
        return f"{word[:-2]}{word[-1]}"
    return word if word.endswith(("ов", "ив", "ав", "ит", "ат", "ест", "ан")) else ""


def declined(stem: str) -> Iterator[Form]:
    for ending, gender in (("а", "feminine"), ("о", "neuter"), ("и", "plural")):
        vowel = {"а": "а", "о": "о", "и": "е"}[ending]
        yield f"{stem}{ending}", f"adjective, {gender}"
        for letter, definite in ARTICLES:
            yield f"{stem}{ending}{letter}{vowel}", f"adjective, {gender} {definite}"
    yield from masculine_definite(stem)


def masculine_definite(stem: str) -> Iterator[Form]:
    for letter, definite in ARTICLES:
        yield f"{stem}ио{letter}", f"adjective, masculine {definite}"


def plural(stem: str) -> Iterator[Form]:
    """What a neuter adjective has beyond the noun: the plural."""
    yield f"{stem}и", "adjective, plural"
    for letter, definite in ARTICLES:
        yield f"{stem}и{letter}е", f"adjective, plural {definite}"


def possessive(stem: str) -> Iterator[Form]:
    yield stem, "possessive"
    for form, rule in declined(stem):
        yield form, f"possessive, {rule.removeprefix('adjective, ')}"
