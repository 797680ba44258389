"""What a term is called where people read of it, and what a form that was found stands for. A term's id is for the campaign file alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from itertools import takewhile
from typing import Literal

from msgspec import Struct

from tracker.model import Campaign, Term, TermEntry, TermKind
from tracker.text.folding import fold

_NEAR = {
    "sr-Latn": ("sr", "cnr", "bs", "hr"),
    "sr-Cyrl": ("sr", "cnr", "bs", "hr"),
    "bs": ("bs", "hr", "cnr", "sr"),
    "hr": ("hr", "bs", "cnr", "sr"),
    "cnr": ("cnr", "sr", "bs", "hr"),
}
"""Languages of spellings that a reader understands, the nearest first."""
SMALL_WORD = 3
"""Letters of the words that acronyms pass over: `i`, `e`, `za`, `for`, `and`."""
MOST_KEPT = 5000
"""Forms of which a glossary keeps what they stand for: those of some thousand items."""
FullNames = Mapping[str, tuple[str, str]]
_WORD = re.compile(r"[^\W_]+")


class Meaning(Struct, frozen=True):
    """What a form stands for. `kind`: it is the spelling itself, a form of the spelling `name`, short for it, or of a term that is called
    so (in another language, or as one of several institutions)."""

    kind: Literal["itself", "form", "short", "term"]
    name: str = ""
    language: str = ""


def term_names(campaign: Campaign, language: str) -> dict[str, tuple[str, str]]:
    """(name, language of the name) of each of the campaign's terms, by id, for a reader of this language."""
    return {term.id: _name(term, _understood(language)) for term in campaign.terms}


class Glossary:
    """What the forms of a campaign stand for, for readers of one language. It keeps what it has said: the same forms come again and again."""

    def __init__(self, campaign: Campaign, language: str) -> None:
        self._campaign, self._language = campaign, language
        self._known: dict[tuple[str, str], Meaning] = {}

    def meaning(self, term_id: str, form: str) -> Meaning:
        """As `meaning_of` says."""
        known = self._known.get((term_id, form))
        if known is None:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            known = self._known[term_id, form] = meaning_of(self._campaign, term_id, form, self._language, self._full_names)
        return known

    @cached_property
    def _full_names(self) -> FullNames:
        return full_names(self._campaign)


def meaning_of(campaign: Campaign, term_id: str, form: str, language: str, full: FullNames) -> Meaning:
    """What a form of a term stands for, as a reader of this language is told. `full`: the campaign's `full_names`. An acronym stands for the spelling of another term that has
    its initials; where none has, the term is told of which it is the acronym by its id (`regulator_acronym`)."""
    term = next((one for one in campaign.terms if one.id == term_id), None)
    if term is None:
        return Meaning("itself")
    entry = _nearest(term, form)
    if (entry.kind or term.kind) is TermKind.ACRONYM:
        if spelled_out := full.get(fold(entry.text)):
            return Meaning("short", *spelled_out)
        return Meaning("term", *parent) if (parent := _parent_name(campaign, term_id, language)) else Meaning("itself")
    same = fold(entry.text) == fold(form)
    if entry.language in (*_understood(language), "any"):
        return Meaning("itself") if same else Meaning("form", entry.text, entry.language)
    name, written = _name(term, _understood(language))
    return Meaning("itself") if fold(name) == fold(form) else Meaning("term", name, written)


def _understood(language: str) -> tuple[str, ...]:
    return (*_NEAR.get(language, (language,)), "any", "en")


def _name(term: Term, languages: tuple[str, ...]) -> tuple[str, str]:
    for language in languages:
        for entry in term.entries:
            if entry.language == language and not entry.alias:
                return entry.text, language
    first = term.entries[0]
    return first.text, first.language


def _nearest(term: Term, form: str) -> TermEntry:
    """The spelling of which it is a form: that whose words begin as its words do, and of these the shortest."""
    wanted = _WORD.findall(fold(form))

    def shared(entry: TermEntry) -> int:
        words = _WORD.findall(fold(entry.text))
        return sum(max((_common(word, one) for one in words), default=0) for word in wanted)

    return max(term.entries, key=lambda entry: (shared(entry), -len(entry.text)))


def _common(one: str, other: str) -> int:
    """How many letters they begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def full_names(campaign: Campaign) -> FullNames:
    """(spelling, its language) by initials, of all spellings of several words."""
    found: dict[str, tuple[str, str]] = {}
    for term in campaign.terms:
        for entry in term.entries:
            words = _WORD.findall(entry.text)
            long = [word for word in words if len(word) > SMALL_WORD or word[0].isupper()]
            for letters in (words, long):
                if len(letters) > 1:
                    found.setdefault(fold("".join(word[0] for word in letters)), (entry.text, entry.language))
    return found


def _parent_name(campaign: Campaign, term_id: str, language: str) -> tuple[str, str] | None:
    above = [one for one in campaign.terms if one.id != term_id and one.kind is not TermKind.ACRONYM and term_id.startswith(f"{one.id}_")]
    nearest = max(above, key=lambda one: len(one.id), default=None)
    return _name(nearest, _understood(language)) if nearest else None
