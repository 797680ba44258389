"""English: plural and possessive of one word. Verbs are left alone."""

from __future__ import annotations

import re

from tracker.model import TermKind


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_IRREGULAR = {
    "child": "children",
    "man": "men",
    "woman": "women",
    "person": "people",
    "foot": "feet",
    "tooth": "teeth",
    "medium": "media",
    "crisis": "crises",
    "analysis": "analyses",
    "wife": "wives",
    "life": "lives",
    "half": "halves",
    "leaf": "leaves",
    "self": "selves",
    "thief": "thieves",
    "shelf": "shelves",
    "criterion": "criteria",
    "phenomenon": "phenomena",
}
_SINGULAR = {plural: singular for singular, plural in _IRREGULAR.items()} | {"lives": "life"}
_FUNCTION_WORDS = _words(
    """
    the a an of and or in on at to for from with by as is are was were be not no this that these those its his her their our your my it he she
    they we you i online offline
    """
)
_NO_PLURAL = _words("safety security literacy internet news information media digital safer safe western")
_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_IN_O = _words("hero echo potato tomato veto embargo cargo")
# Nouns that end in -s in the singular: no -s to take off, and -es to add.
_SINGULAR_IN_S = re.compile(r"(?:ss|us|is|ous|news)$")


def inflect(word: str, kind: TermKind, *, possessives: bool = True) -> dict[str, str]:
    """Singular, plural and, where wanted, possessives of `word`, each with its rule; typographic apostrophes are the matcher's to fold."""
    found = {word: "as typed"}
    if kind is TermKind.EXACT or not word or not word[-1].isalpha():
        return found
    base = _without_possessive(word)
    if base != word:
        found[base] = "without the possessive"
    if base.lower() in _FUNCTION_WORDS or len(base) < 2:
        return found
    numbers = {base: "singular"}
    if kind in (TermKind.WORD, TermKind.PHRASE) and base.lower() not in _NO_PLURAL:
        numbers |= _numbers(base)
    for form, rule in numbers.items():
        found.setdefault(form, rule)
        if not possessives:
            continue
        found.setdefault(f"{form}'s", f"possessive of the {rule}" if form != base else "possessive")
        if form.lower().endswith("s"):
            found.setdefault(f"{form}'", f"possessive of the {rule}" if form != base else "possessive")
    return found


def stop_forms() -> frozenset[str]:
    """Frequent English words that a form of another word may equal."""
    return frozenset({"will", "may", "us", "it", "its", "his", "as", "is", "was", "who", "can"})


def _without_possessive(word: str) -> str:
    plain = word.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    if plain.endswith("'s"):
        return word[:-2]
    return word[:-1] if plain.endswith("s'") else word


def _numbers(word: str) -> dict[str, str]:
    lower = word.lower()
    if lower in _SINGULAR:
        return {_like(word, _SINGULAR[lower]): "singular"}
    if lower in _IRREGULAR:
        return {_like(word, _IRREGULAR[lower]): "plural"}
    if lower.endswith("s") and not _SINGULAR_IN_S.search(lower):
        return dict.fromkeys(_singulars(word), "singular")
    return {_plural(word): "plural"}


def _like(typed: str, form: str) -> str:
    if len(typed) > 1 and typed.isupper():
        return form.upper()
    return form.capitalize() if typed[:1].isupper() else form


def _plural(word: str) -> str:
    lower = word.lower()
    if lower.endswith("y") and lower[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    if _SIBILANT.search(lower) or lower in _IN_O:
        return word + "es"
    return word + "s"


def _singulars(word: str) -> tuple[str, ...]:
    lower = word.lower()
    if lower.endswith("ies") and len(word) > 4:
        return (word[:-3] + "y",)
    if lower.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return (word[:-2],)
    return (word[:-1],)
