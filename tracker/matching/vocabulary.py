"""A campaign's terms made ready to be searched: every entry word by word, every word with all its forms, one automaton over all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property

import msgspec
from ahocorasick_rs import BytesAhoCorasick

from tracker.model import TermKind

AS_TYPED = "as typed"
UNCHANGING = frozenset(
    "i e a u o na za po od do iz sa s k ka o ob pri pod nad pred među kroz bez te ili da se "
    "të së në për nga me dhe ose mbi nën pas para midis ndaj tek te ne per "
    "на во и за од до со без по при под над пред меѓу кон низ како у о из са с к ка међу кроз да се е "
    "the of in for and on at to a an or by with from".split()
)
"""Words that no rule inflects: articles, prepositions, conjunctions."""


class Form(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One form of a word: in Latin letters and lower case, with the rule that made it and the language groups it is a form in."""

    spelled: str
    rule: str
    mask: int
    doubtful: bool = False
    """So short that it is another word as often: counts only with a capital that nothing else explains."""


class Word(msgspec.Struct, frozen=True, array_like=True):
    """A word of an entry as it was typed, with every folded form of it and what the forms ask of the text."""

    typed: str
    forms: dict[bytes, tuple[Form, ...]]
    capital: bool
    caps: bool
    gap: str = " "
    """What stands between it and the entry's next word as it was typed."""

    @property
    def telling(self) -> bool:
        """No article or preposition."""
        return self.typed.lower() not in UNCHANGING


class Written(StrEnum):
    """Which way of writing a spelling an entry stands for."""

    AS_ENTERED = "as entered"
    SPLIT = "a hashtag told apart by its capitals"
    APART = "a brand written apart"
    JOINED = "a hashtag or handle in one word"
    DOTTED = "an acronym with full stops"


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One spelling of a term, word by word. `anchor` is the word the automaton looks for; `term_id` is empty for quoted words."""

    number: int
    term_id: str
    text: str
    kind: TermKind
    slop: int
    words: tuple[Word, ...]
    anchor: int
    typed_bare: bool
    initials: str = ""
    written: Written = Written.AS_ENTERED
    address: bool = False
    """Typed as an address (Telegrafi.com), and so found inside one."""
    loose: bool = False
    """Counts in small letters too."""
    spoken: bool = False
    """An acronym that is written as a word too: Unicef."""
    person: bool = False
    """A first name and a surname: the anchor is the surname."""
    initial_keys: frozenset[bytes] = frozenset()
    """How a person's first name may stand when it is shortened: A., Dž."""
    any_order: bool = False
    """A phrase whose words may stand in any order."""

    @property
    def hashtag(self) -> bool:
        """Whether it is another way of writing an entry that stands in the vocabulary itself."""
        return self.written is not Written.AS_ENTERED

    @property
    def alone(self) -> bool:
        """Whether it is one common word: neither its capital nor a neighbour tells it from another word."""
        return self.kind is TermKind.WORD and len(self.words) == 1


class Vocabulary:
    """All entries of a campaign, or of several, and the automaton that finds their anchors, built when first needed."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)

    @cached_property
    def _by_key(self) -> dict[bytes, list[Entry]]:
        anchored: defaultdict[bytes, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            for key in entry.words[entry.anchor].forms:
                anchored[key].append(entry)
        return anchored

    @cached_property
    def keys(self) -> tuple[bytes, ...]:
        """Every form of every anchor."""
        return tuple(self._by_key)

    @cached_property
    def anchored(self) -> tuple[tuple[Entry, ...], ...]:
        """Of each key the entries that it may be the anchor of."""
        return tuple(map(tuple, self._by_key.values()))

    @cached_property
    def _automaton(self) -> BytesAhoCorasick:
        return BytesAhoCorasick([b" " + key + b" " for key in self.keys])

    def find(self, data: bytes) -> list[tuple[int, int, int]]:
        """Anchors in a `Scan`'s data: index into `keys`, and the span of the word in the scan's characters."""
        return [(key, start, end - 2) for key, start, end in self._automaton.find_matches_as_indexes(data, overlapping=True)]


def is_linking(word: str) -> bool:
    """Whether a word of a text only links others: an article, a preposition, a conjunction."""
    return word.lower() in UNCHANGING
