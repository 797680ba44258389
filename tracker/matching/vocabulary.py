"""A campaign's terms made ready to be searched: every entry word by word, every word with all its forms, one automaton over all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ahocorasick_rs import BytesAhoCorasick

from tracker.matching.forms import either_case, word_forms
from tracker.matching.grouping import BIT, EVERY_GROUP, GROUP_OF, GROUPS
from tracker.matching.respelling import counts_alone, inflects_respelt, is_doubtful, respellable, respelling_rule, respellings
from tracker.matching.spelling import is_bare, spellings
from tracker.model import Term, TermEntry, TermKind
from tracker.text.folding import hashtag_seams, latin

AS_TYPED = "as typed"
MIN_FORM_CHARS = 3
"""A form that rules made and that is shorter is a function word more often than not (`je`, `te`, `na`)."""

_WORD = re.compile(r"[^\W_]+")
_LINKING = ("e", "i", "të", "së", "te", "se")
_UNCHANGING = frozenset(
    "i e a u o na za po od do iz sa s k ka o ob pri pod nad pred među kroz bez te ili da se "
    "të së në për nga me dhe ose mbi nën pas para midis ndaj tek te ne per "
    "на во и за од до со без по при под над пред меѓу кон низ како у о из са с к ка међу кроз да се е "
    "the of in for and on at to a an or by with from".split()
)


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a word: in Latin letters and lower case, with the rule that made it and the language groups it is a form in."""

    spelled: str
    rule: str
    mask: int
    doubtful: bool = False
    """So short that it is another word as often: counts only with a capital that nothing else explains."""


@dataclass(frozen=True, slots=True)
class Word:
    typed: str
    forms: dict[bytes, tuple[Form, ...]]
    capital: bool
    caps: bool
    gap: str = " "
    """What stands between it and the entry's next word as it was typed."""

    @property
    def telling(self) -> bool:
        """No article or preposition."""
        return self.typed.lower() not in _UNCHANGING


@dataclass(frozen=True, slots=True)
class Entry:
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
    hashtag: bool = False
    """Counts only as a hashtag: `#TikTok` reads `Tik Tok` once hashtags are split by capitals."""
    address: bool = False
    """Typed as an address (Telegrafi.com), and so found inside one."""


class Vocabulary:
    """All entries of a campaign, and the automaton that finds their anchors."""

    def __init__(self, terms: Iterable[Term], literals: Iterable[str], *, possessives: bool) -> None:
        self._possessives = possessives
        terms = tuple(terms)
        self._typed_bare = all(is_bare(entry.text) for term in terms for entry in term.entries)
        self.entries: list[Entry] = []
        for term in terms:
            for entry in term.entries:
                respelt = term.respellings if entry.respellings is None else entry.respellings
                self._add(term.id, entry.text, entry.kind or term.kind, term.slop, _inflecting(entry), respelt=respelt)
        for literal in literals:
            self._add("", literal, TermKind.PHRASE, 0, ())
        anchored: defaultdict[bytes, list[Entry]] = defaultdict(list)
        for planned in self.entries:
            for key in planned.words[planned.anchor].forms:
                anchored[key].append(planned)
        self.keys = tuple(anchored)
        self.anchored = tuple(tuple(planned) for planned in anchored.values())
        self._automaton = BytesAhoCorasick([b" " + key + b" " for key in self.keys])

    def find(self, data: bytes) -> list[tuple[int, int, int]]:
        """Anchors in a `Scan`'s data: index into `keys`, and the span of the word in the scan's characters."""
        return [(key, start, end - 2) for key, start, end in self._automaton.find_matches_as_indexes(data, overlapping=True)]

    def _add(self, term_id: str, text: str, kind: TermKind, slop: int, groups: tuple[str, ...], *, respelt: bool = False) -> None:
        typed = _WORD.findall(text)
        respelt = respelt and kind is TermKind.NAME and respellable(typed)
        if len(typed) == 1 and kind is not TermKind.EXACT and len(parts := _hashtag_words(typed[0])) > 1:
            self._add_words(term_id, text, kind, slop, groups, parts, hashtag=True)
        self._add_words(term_id, text, kind, slop, groups, typed, respelt=respelt)

    def _add_words(
        self,
        term_id: str,
        text: str,
        kind: TermKind,
        slop: int,
        groups: tuple[str, ...],
        typed: list[str],
        *,
        hashtag: bool = False,
        respelt: bool = False,
    ) -> None:
        gaps = _WORD.split(text)[1:] if not hashtag else [" "] * len(typed)
        words = tuple(
            self._word(word, kind, groups, gap, alone=len(typed) == 1, respelt=respelt) for word, gap in zip(typed, gaps, strict=True)
        )
        anchor = max(
            range(len(words)), key=lambda number: (words[number].typed.lower() not in _UNCHANGING, len(words[number].typed), -number)
        )
        initials = (
            "".join(word[0] for word in map(latin, typed) if word not in _UNCHANGING and word not in _LINKING) if len(typed) > 1 else ""
        )
        address = re.search(r"\w\.\w|@|://", text) is not None
        self.entries.append(
            Entry(len(self.entries), term_id, text, kind, slop, words, anchor, self._typed_bare, initials, hashtag, address)
        )

    def _word(self, typed: str, kind: TermKind, groups: tuple[str, ...], gap: str, *, alone: bool, respelt: bool) -> Word:
        capital = kind is TermKind.NAME and typed[0].isupper() and not (alone and either_case(typed))
        caps = len(typed) > 1 and typed.isupper()
        if not alone and typed.lower() in _UNCHANGING:
            groups = ("linking",) if "sq" in groups and typed.lower() in _LINKING else ()
        forms = _forms(typed, kind, groups, self._possessives, part=not alone)
        if respelt:
            forms = _with_respellings(forms, typed, self._possessives, alone=alone)
        return Word(typed, forms, capital, caps, gap)


def _hashtag_words(word: str) -> list[str]:
    seams = [seam - 1 for seam in hashtag_seams(f"#{word}")]
    return [word[start:end] for start, end in pairwise([0, *seams, len(word)])]


def _inflecting(entry: TermEntry) -> tuple[str, ...]:
    return GROUPS if entry.language == "any" else (GROUP_OF[entry.language],)


@lru_cache(maxsize=20_000)
def _forms(typed: str, kind: TermKind, groups: tuple[str, ...], possessives: bool, *, part: bool = False) -> dict[bytes, tuple[Form, ...]]:
    masks: dict[tuple[str, str], int] = {(latin(typed), AS_TYPED): EVERY_GROUP}
    if groups == ("linking",):
        masks |= {(article, "linking article"): BIT["sq"] for article in _LINKING if article != latin(typed)}
    elif kind is not TermKind.EXACT:
        for group in groups:
            word = _for_group(typed, group)
            made = word_forms(word, kind, group)
            if part and kind is TermKind.NAME and group == "hbs" and word.istitle():
                made = word_forms(word.lower(), kind, group) | made  # most words of a long name are common ones: Nacionalni institut
            for spelled, rule in made.items():
                if _counts(spelled, rule, possessives):
                    known = latin(spelled), rule
                    masks[known] = masks.get(known, 0) | BIT[group]
    keys: defaultdict[bytes, list[Form]] = defaultdict(list)
    for (spelled, rule), mask in masks.items():
        for key in spellings(spelled, "hbs" if mask & ~BIT["sq"] else "sq") | (
            spellings(spelled, "mk") if mask & BIT["mk"] else frozenset()
        ):
            keys[key].append(Form(spelled, rule, mask))
    return {key: tuple(forms) for key, forms in keys.items()}


def _with_respellings(forms: dict[bytes, tuple[Form, ...]], typed: str, possessives: bool, *, alone: bool) -> dict[bytes, tuple[Form, ...]]:
    """The typed word's forms, and after them those of its respellings; a short one only beside the other words of a name."""
    found = defaultdict(tuple, forms)
    for respelling in respellings(typed):
        if not alone or counts_alone(respelling):
            doubtful = alone and is_doubtful(respelling)
            spelled = respelling.spelled.capitalize()
            groups = _PRESS[respelling.press]
            mask = sum(BIT[group] for group in groups)
            for key, more in _forms(spelled, TermKind.NAME, groups, possessives, part=not alone).items():
                found[key] += tuple(
                    Form(form.spelled, respelling_rule(spelled, "" if form.rule == AS_TYPED else form.rule), form.mask & mask, doubtful)
                    for form in more
                    if inflects_respelt(respelling.spelled, form.spelled, form.rule, respelling.press)
                )
    return {key: forms for key, forms in found.items() if forms}


_PRESS: dict[str, tuple[str, ...]] = {"hbs": ("hbs", "mk"), "sq": ("sq",), "": GROUPS}
"""The languages whose press a respelling belongs to, and in which it inflects."""


def _counts(form: str, rule: str, possessives: bool) -> bool:
    """Endings after a hyphen are read in the text; a form of one or two letters is only taken as it was typed."""
    if len(form) < MIN_FORM_CHARS or not form.isalnum():
        return False
    return possessives or "possessive" not in rule


def _for_group(typed: str, group: str) -> str:
    """Cyrillic goes to the rules of Macedonian as it is, to all others in Latin letters."""
    if group == "mk" or typed.isascii():
        return typed
    spelled = latin(typed)
    if spelled == typed.lower():
        return typed
    return spelled.upper() if typed.isupper() and len(typed) > 1 else spelled.capitalize() if typed[0].isupper() else spelled
