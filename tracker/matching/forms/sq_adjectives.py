"""Albanian adjectives: what a word takes to agree, beyond the forms it shares with nouns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .sq_nouns import VOWELS, syllables, without_fleeting_vowel

Form = tuple[str, str]

_FROM_PARTICIPLE = re.compile(r"(?:uar|yer|ur|rë)$")
_BARE = re.compile(r"(?:ar|or|ik|iv|al|ent|ant|ist|ues|ës|an|ak|oz|im|az|it|uar|ur)$")


_WITH_A = re.compile(r"(?:ët|rt|uaj)$")
_FEMININE = re.compile(r"(?:al|or|ik|iv|ar|ent|ant|ues|ës|ist|an|oz)e$")


def agreeing(word: str) -> Iterator[Form]:
    """i ndershëm: e ndershme, të ndershmit; i sigurt: të sigurta; digjital: digjitale; i mirë: të mira."""
    if word.endswith("shëm"):
        stem = without_fleeting_vowel(word)
        yield stem + "e", "feminine adjective"
        yield from ((stem + ending, "definite adjective") for ending in ("i", "it", "in", "ja", "es", "en", "et", "eve", "ve"))
    elif word.endswith("shme"):
        yield word[:-2] + "ëm", "masculine adjective"
    elif _FEMININE.search(word):
        yield word[:-1], "masculine adjective"
    elif word[-1] in VOWELS:
        return
    elif _BARE.search(word):
        yield word + "e", "feminine adjective"
        if _FROM_PARTICIPLE.search(word):
            yield from ((word + ending, "plural adjective") for ending in ("a", "at", "ave", "ve"))
    elif _WITH_A.search(word) and syllables(word) > 1:
        yield word + "a", "feminine plural adjective"
