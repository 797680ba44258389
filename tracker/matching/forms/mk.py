"""Macedonian: every form of one word, in the script the word was typed in."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.model import TermKind

from . import mk_adjectives as adjectives
from . import mk_irregular as table
from . import mk_nouns as nouns
from .hbs import either_case, recased
from .mk_letters import VOWELS, before_e, cyrillic, is_cyrillic, latin, syllables

Form = tuple[str, str]

_HYPHEN = ("от", "ов", "он", "та", "то", "те", "а", "и", "ите", "ов", "ова", "ови", "овиот", "овата")
_HYPHEN_RULE = "ending after a hyphen"
_ENDINGS_ON_LATIN = (("от", "definite"), ("ов", "definite, near"), ("он", "definite, far"))


def inflect(word: str, kind: TermKind, *, possessives: bool = True) -> dict[str, str]:
    """Every form of `word` with the rule that made it; of a name also those that say whose something is."""
    found = {word: "as typed"}
    lower = word.lower()
    if kind is TermKind.EXACT or lower in table.FUNCTION_WORDS or not lower[-1:].isalpha():
        return found
    in_cyrillic = is_cyrillic(word)
    written = str if in_cyrillic else latin
    after_hyphen = {f"{word}-{written(ending)}": _HYPHEN_RULE for ending in _HYPHEN}
    if kind is TermKind.ACRONYM:
        return found | after_hyphen
    if "-" in word:
        head, _, tail = word.rpartition("-")
        return found | {f"{head}-{form}": rule for form, rule in inflect(tail, kind, possessives=possessives).items() if form != tail}
    for form, rule in _plain(lower if in_cyrillic else cyrillic(lower), kind, word[:1].isupper(), possessives):
        found.setdefault(recased(written(form), word), rule)
    return found | {form: rule for form, rule in after_hyphen.items() if form not in found} if kind is TermKind.NAME else found


def _plain(word: str, kind: TermKind, capital: bool, possessives: bool) -> Iterator[Form]:
    name = kind is TermKind.NAME
    if len(word) < 3:
        return
    base = nouns.typed_with_article(word) if kind is not TermKind.WORD else ""
    if base:
        yield base, "without article"
    for form, rule in _declined(base or word, name, capital):
        if rule == "vocative" and either_case(word):
            continue
        if name or adjectives.is_common(base or word) or form not in table.STOP_FORMS:
            yield form, rule
    if possessives and name and not word.endswith("ски") and not either_case(word):
        for stem in _possessive_stems(word):
            yield from adjectives.possessive(stem)


def _declined(word: str, name: bool, capital: bool) -> Iterator[Form]:
    if name and capital and word.endswith(("ски", "чки", "шки")):
        yield from adjectives.masculine_definite(word[:-1])
        yield from nouns.with_article(word, "е")
        return
    yield from nouns.declined(word, name)
    found = list(adjectives.stems(word, name))
    for stem in found:
        yield from adjectives.declined(stem)
    if not found and (word.endswith(("ско", "чко", "шко")) or (word.endswith("но") and word[-3:-2] not in VOWELS)):
        yield from adjectives.plural(word[:-1])


def _possessive_stems(word: str) -> Iterator[str]:
    """Јованов, Ѓорѓиев, Бранков, Аничин; a surname that is a possessive itself takes the endings alone: Заевата влада."""
    if word.endswith("а"):
        yield f"{before_e(word[:-1])}ин" if word.endswith("ца") else f"{word[:-1]}ин"
    elif word.endswith("о"):
        yield f"{word[:-1]}ов"
    elif word.endswith(("е", "и")):
        yield f"{word}в" if word.endswith("е") else f"{word}ев"
    elif syllables(word):
        if word.endswith(("ов", "ев")) and syllables(word) > 1:
            yield word
        yield f"{word}ов"
        if word.endswith(("ј", "ц", "ч", "ќ", "ѓ", "ш", "ж", "љ", "њ")):
            yield f"{word[:-1] if word.endswith('ј') else word}ев"


def stop_forms() -> frozenset[str]:
    """Frequent words of other meaning, in Cyrillic."""
    return table.FUNCTION_WORDS | table.STOP_FORMS
