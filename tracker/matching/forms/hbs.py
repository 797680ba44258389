"""Bosnian, Croatian, Montenegrin and Serbian: every form of one word, in Latin letters, from a word typed in either script."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.model import TermKind

from . import hbs_adjectives as adjectives
from . import hbs_irregular as table
from . import hbs_nouns as nouns
from .hbs_adjective_words import BASIC
from .hbs_jat import respelt
from .hbs_letters import latin

Form = tuple[str, str]

_HYPHEN_RULE = "ending after a hyphen"
_HYPHEN = ("a", "u", "om", "em", "e", "i", "m", "ovi", "ove", "ovima", "ja", "ju", "jem", "jom", "je", "ji")
_POSSESSIVE_ENDINGS = ("", "a", "o", "e", "i", "u", "og", "oga", "om", "ome", "oj", "im", "ih", "ima")


def inflect(word: str, kind: TermKind, *, possessives: bool = True) -> dict[str, str]:
    """Every form of `word` with the rule that made it, the word itself first; of a name also those that say whose something is."""
    typed = latin(word)
    found = {typed: "as typed"}
    lower = typed.lower()
    if kind is TermKind.EXACT or lower in table.FUNCTION_WORDS or not lower[-1:].isalpha():
        return found
    if kind is TermKind.ACRONYM:
        return found | dict(_after_hyphen(typed, possessives))
    capital = typed[:1].isupper()
    if "-" in lower:
        head, _, tail = typed.rpartition("-")
        return found | {f"{head}-{form}": rule for form, rule in inflect(tail, kind, possessives=possessives).items() if form != tail}
    for form, rule in _plain(lower, kind, capital):
        found.setdefault(recased(form, typed), rule)
        for spelling, note in respelt(form):
            found.setdefault(recased(spelling, typed), f"{rule}{note}")
    if kind is TermKind.NAME:
        for form, rule in _possessives(lower, capital) if possessives else ():
            found.setdefault(recased(form, typed), rule)
        found |= {form: rule for form, rule in _after_hyphen(typed, possessives) if form not in found}
    return found


def _plain(word: str, kind: TermKind, capital: bool) -> Iterator[Form]:
    """As noun, as adjective, or as both where the ending does not tell; a form that is a frequent other word only for names."""
    yield word, "as typed"
    name = kind is TermKind.NAME
    adjective = list(adjectives.stems(word, capital))
    if kind is TermKind.WORD and (word in table.NOUNS_TOO or (word.endswith("o") and word not in BASIC)):
        adjective = []  # dobro, pravo, dug: typed alone they are nouns
    if not _is_only_adjective(word, bool(adjective)) and (len(word) > 2 or word in table.MASCULINE_STEMS):
        yield from ((form, rule) for form, rule in nouns.declined(word, name) if name or form not in table.STOP_FORMS)
    if kind is TermKind.PHRASE and word.endswith("a"):
        yield f"{word[:-1]}ima", "dative, locative or instrumental plural of a neuter"
    elif kind is TermKind.PHRASE and word.endswith("e"):
        yield f"{word[:-1]}i", "other case of a word typed in -e"
    surely = name or word in BASIC or word.endswith("i") or (kind is TermKind.PHRASE and adjectives.is_common(word))
    for stem, paradigm in adjective:
        yield from ((form, rule) for form, rule in adjectives.PARADIGMS[paradigm](stem) if surely or form not in table.STOP_FORMS)


def _is_only_adjective(word: str, may_be_adjective: bool) -> bool:
    return may_be_adjective and word.endswith("i") and (word.endswith(("ski", "čki", "ški")) or adjectives.is_common(word))


def _possessives(word: str, capital: bool) -> Iterator[Form]:
    """Markov, Nikolin and their forms."""
    may_be_adjective = any(True for _ in adjectives.stems(word, capital))
    if not _is_only_adjective(word, may_be_adjective) and _has_possessive(word, may_be_adjective):
        for stem, label in nouns.possessive_stems(word, True):
            yield from adjectives.possessive(stem, label)


def _has_possessive(word: str, may_be_adjective: bool) -> bool:
    """A land, an institution and a long adjective own nothing in this way: Vladin is the government's own adjective, vladin."""
    return len(word) > 2 and word not in table.EITHER_CASE and not adjectives.is_land(word) and not (may_be_adjective and len(word) > 7)


def _after_hyphen(word: str, possessives: bool) -> Iterator[Form]:
    for ending in _HYPHEN:
        yield f"{word}-{ending}", _HYPHEN_RULE
    for suffix in ("ov", "ev", "in") if possessives else ():
        for ending in _POSSESSIVE_ENDINGS:
            yield f"{word}-{suffix}{ending}", "possessive after a hyphen"


def recased(form: str, typed: str) -> str:
    """The form with the capitals of the word as typed: TikTok gives TikToka, ZAGREB gives ZAGREBA."""
    if typed.isupper() and len(typed) > 1:
        return form.upper()
    if typed.islower():
        return form
    if typed[1:].islower():
        return form[:1].upper() + form[1:]
    shared = 0
    while shared < min(len(form), len(typed)) and form[shared] == typed[shared].lower():
        shared += 1
    if shared:
        return typed[:shared] + form[shared:]
    return form.capitalize() if typed[:1].isupper() else form


def stop_forms() -> frozenset[str]:
    """Frequent words of other meaning: a form of a name that equals one counts only where its capital is no sentence start."""
    return table.FUNCTION_WORDS | table.STOP_FORMS


def either_case(word: str) -> bool:
    """Whether a name typed alone is a common noun too, which the press writes with and without its capital (Vlada, Sabor)."""
    return word.lower() in table.EITHER_CASE or latin(word).lower() in table.EITHER_CASE
