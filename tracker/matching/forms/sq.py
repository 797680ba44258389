"""Albanian: every form of one word, from whatever form a person typed."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.model import TermKind

from . import sq_adjectives as adjectives
from . import sq_irregular as table
from . import sq_names as names
from . import sq_nouns as nouns
from .sq_typed import Lemma, lemmas

Form = tuple[str, str]

_AFTER_CONSONANT = ("i", "u", "it", "ut", "in", "un")
_AFTER_VOWEL = ("ja", "je", "s", "së", "n", "në")
_AFTER_LETTERS = (*_AFTER_CONSONANT, *_AFTER_VOWEL, "të", "t", "ve", "sh", "et", "eve")
# Names keep their letters more often than nouns do: Frashëri beside Ohri, Hajrullahi beside Allahu.
_NAME_ENDINGS = (("i", "definite"), ("it", "definite genitive, dative or ablative"), ("in", "definite accusative"))
_HYPHEN_RULE = "ending after a hyphen"


def inflect(word: str, kind: TermKind) -> dict[str, str]:
    """Every form of `word` with the rule that made it; the word itself always first.

    Over-generates where Albanian does not show the class of a word (plurals, gender of -i).
    Never where a form would be a word of another meaning.
    """
    found = {word: "as typed"}
    if not word or kind is TermKind.EXACT:
        return found
    lower = word.lower()
    if kind is TermKind.ACRONYM:
        return found | dict(_acronym(word))
    if lower in table.LINKING_ARTICLES:
        return found | {article: "linking article" for article in table.LINKING_ARTICLES if article != lower}
    if lower in table.FUNCTION_WORDS or len(lower) < 2 or not lower[-1].isalpha():
        return found
    unwanted = _unwanted(lower, kind)
    for spelling in _spellings(lower):
        for form, rule in _inflected(spelling, kind):
            if form not in unwanted:
                found.setdefault(_recase(form, word), rule if spelling == lower else f"{rule}, spelt {spelling}")
    if kind is TermKind.NAME:
        found |= {f"{word}-{ending}": _HYPHEN_RULE for ending in _hyphen_endings(word)}
    return found


def _unwanted(lower: str, kind: TermKind) -> frozenset[str]:
    """Forms that are a word or a name of its own, when the other one was typed."""
    unwanted = table.NEVER_FORMS.get(lower, frozenset())
    if kind is not TermKind.WORD and lower.endswith("ia") and lower[:-1] in names.OFFICES:
        unwanted |= {lower[:-1]}
    if kind is TermKind.NAME and lower not in names.FIRST_NAMES:
        unwanted |= {lower[:-1]} & names.FIRST_NAMES
        if lower[:-1] + "ë" in names.FIRST_NAMES:
            unwanted |= {lower[:-1] + "ë", lower[:-1] + "e"}
    return unwanted


def _acronym(word: str) -> Iterator[Form]:
    """AMA-s, and NATOnë where the hyphen was dropped; an apostrophe in its place is the matcher's to read."""
    yield from ((f"{word}-{ending}", _HYPHEN_RULE) for ending in _AFTER_LETTERS)
    if len(word) > 2:
        yield from ((word + ending, "ending without a hyphen") for ending in ("së", "në", "ja", "it", "in", "ut"))


def _hyphen_endings(word: str) -> tuple[str, ...]:
    """Foreign names and acronyms take their ending after a hyphen: Facebook-u, YouTube-it, NATO-s."""
    if word.isupper():
        return _AFTER_LETTERS
    if word[-1].lower() == "e":
        return (*_AFTER_VOWEL, *_AFTER_CONSONANT)
    return _AFTER_VOWEL if word[-1].lower() in nouns.VOWELS else _AFTER_CONSONANT


def stop_forms() -> frozenset[str]:
    """Function words that a generated form may equal: such a hit needs the letters exactly as generated, diacritics included."""
    return table.FUNCTION_WORDS | frozenset(table.LINKING_ARTICLES) | table.STOP_FORMS


def _spellings(lower: str) -> Iterator[str]:
    yield lower
    for pair in table.SPELLINGS:
        for here, there in (pair, pair[::-1]):
            if lower.startswith(here):
                yield there + lower[len(here) :]


def _inflected(lower: str, kind: TermKind) -> Iterator[Form]:
    if whole := table.WHOLE_WORDS.get(lower):
        yield from whole.items()
        return
    for lemma in lemmas(lower, kind):
        yield from _paradigm(lemma, kind)
    if kind is TermKind.PHRASE or (kind is TermKind.WORD and lower[-1] not in nouns.VOWELS):
        yield from adjectives.agreeing(lower)


def _paradigm(lemma: Lemma, kind: TermKind) -> Iterator[Form]:
    word = lemma.word
    if lemma.gender == "d":
        yield from (
            (word + ending, rule) for ending, rule in (("t", "definite genitive, dative or ablative"), ("n", "definite accusative"))
        )
    elif lemma.gender == "s":
        yield from nouns.stressed(word)
    elif lemma.gender == "p":
        yield from nouns.plural(word)
    elif lemma.gender == "m":
        yield from nouns.masculine(word)
        if lemma.plural:
            yield from nouns.masculine_plurals(word)
        elif word.endswith("h") or nouns.without_fleeting_vowel(word) != word:
            yield from ((word + ending, rule) for ending, rule in _NAME_ENDINGS)
    else:
        yield from nouns.feminine(word)
        if lemma.plural:
            yield from nouns.feminine_plurals(word)
    if lemma.family:
        yield from ((word + ending, "family name, plural") for ending in ("t", "ve", "ët", "ëve") if word[-1] == "j" or ending[0] == "ë")


def _recase(form: str, typed: str) -> str:
    """Gives a generated form the capitals of what was typed: TikTok -> TikTokut."""
    lower = typed.lower()
    same = 0
    while same < min(len(form), len(lower), len(typed)) and form[same] == lower[same]:
        same += 1
    if not same and typed[:1].isupper():
        return form.capitalize()
    return typed[:same] + form[same:]
