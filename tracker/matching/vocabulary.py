"""A campaign's terms made ready to be searched: every entry word by word, every word with all its forms, one automaton over all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from ahocorasick_rs import BytesAhoCorasick

from tracker.matching import naming
from tracker.matching.forms import either_case, word_forms
from tracker.matching.grouping import BIT, EVERY_GROUP, GROUP_OF, GROUPS
from tracker.matching.respelling import counts_alone, inflects_respelt, is_doubtful, respellable, respelling_rule, respellings
from tracker.matching.scanning import pattern_bytes, readable
from tracker.matching.spelling import is_bare, spellings
from tracker.model import Term, TermEntry, TermKind
from tracker.text.folding import latin

AS_TYPED = "as typed"
MAX_TAG_WORDS = 6
"""Of a spelling that is looked for as a hashtag in one word; the longest hashtag of 22,321 posts of the region joins five."""
MIN_DOTTED_CHARS, MAX_DOTTED_CHARS = 3, 8
"""Of an acronym with full stops; two letters are a person's initials."""
MIN_FORM_CHARS = 3
"""A form that rules made and that is shorter is a function word more often than not (`je`, `te`, `na`)."""

_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"(?:[^\W\d_]\.){2,}[^\W\d_]?")
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
        return self.typed.lower() not in _UNCHANGING


class Written(StrEnum):
    """Which way of writing a spelling an entry stands for."""

    AS_ENTERED = "as entered"
    SPLIT = "a hashtag told apart by its capitals"
    APART = "a brand written apart"
    JOINED = "a hashtag or handle in one word"
    DOTTED = "an acronym with full stops"


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


class Vocabulary:
    """All entries of a campaign, and the automaton that finds their anchors."""

    def __init__(self, terms: Iterable[Term], literals: Iterable[str], *, possessives: bool) -> None:
        self._possessives = possessives
        terms = tuple(terms)
        self._typed_bare = all(is_bare(entry.text) for term in terms for entry in term.entries)
        self.entries: list[Entry] = []
        for term in terms:
            for entry in term.entries:
                self._add(term, entry)
        for literal in literals:
            self._enter(_Plan("", literal, TermKind.PHRASE), readable(literal))
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

    def _add(self, term: Term, entry: TermEntry) -> None:
        """The spelling as it was entered, and the other ways in which the press writes such a one."""
        kind = entry.kind or term.kind
        plan = _Plan(term.id, entry.text, kind, term.slop, _inflecting(entry, kind), entry.capital, term.order == "any")
        text = readable(entry.text)
        if kind is TermKind.ACRONYM and _DOTTED.fullmatch(text):
            text = text.replace(".", "")
        typed = _WORD.findall(text)
        if len(typed) == 1 and kind is not TermKind.EXACT:
            self._add_apart(plan, typed[0])
        respelt = term.respellings if entry.respellings is None else entry.respellings
        self._enter(replace(plan, respelt=respelt and kind is TermKind.NAME and respellable(typed)), text)
        if kind is not TermKind.EXACT and 1 < len(typed) <= MAX_TAG_WORDS:
            self._enter(replace(plan, written=Written.JOINED, groups=()), "".join(typed))
        if kind is TermKind.ACRONYM and len(typed) == 1 and MIN_DOTTED_CHARS <= len(typed[0]) <= MAX_DOTTED_CHARS and typed[0].isalpha():
            self._enter(replace(plan, written=Written.DOTTED), typed[0])

    def _add_apart(self, plan: _Plan, word: str) -> None:
        parts = naming.apart(word) if plan.kind is TermKind.NAME and plan.capital != "typed" else ()
        if parts:
            self._enter(replace(plan, written=Written.APART), " ".join(parts))
        elif len(seams := naming.seams_of(word)) > 1:
            self._enter(replace(plan, written=Written.SPLIT), " ".join(seams))

    def _enter(self, plan: _Plan, text: str) -> None:
        typed, gaps = _WORD.findall(text), _WORD.split(text)[1:]
        name, any_order = plan.kind is TermKind.NAME, plan.any_order and plan.kind is TermKind.PHRASE
        if any_order and (telling := [word for word in typed if word.lower() not in _UNCHANGING]):
            typed, gaps = telling, [" "] * len(telling)
        as_entered = plan.written is Written.AS_ENTERED
        person = name and as_entered and naming.is_person(typed, ["", *gaps])
        loose = self._is_loose(plan, typed)
        printed = _WORD.findall(plan.text) if plan.respelt else typed
        heard = printed if len(printed) == len(typed) else typed  # marks that the code page has not still tell the name's language
        words = tuple(
            self._word(plan, word, gap, alone=len(typed) == 1, loose=loose, heard=own)
            for word, gap, own in zip(typed, gaps, heard, strict=True)
        )
        if plan.written is Written.APART:
            words = (*words[:-1], _tail(words[-1], "".join(typed[:-1]), self._word(plan, "".join(typed), " ", alone=True, loose=True)))
        elif plan.written is Written.DOTTED:
            words = (_dotted(words[0]),)
        self.entries.append(
            Entry(
                number=len(self.entries),
                term_id=plan.term_id,
                text=plan.text,
                kind=plan.kind,
                slop=plan.slop,
                words=words,
                anchor=1 if person else _longest_word(words),
                typed_bare=self._typed_bare,
                initials=_initials(typed) if as_entered and len(typed) > 1 else "",
                written=plan.written,
                address=re.search(r"\w\.\w|@|://", plan.text) is not None,
                loose=loose,
                spoken=plan.kind is TermKind.ACRONYM and as_entered and plan.capital != "typed" and naming.is_spoken(typed[0]),
                person=person,
                initial_keys=_initial_keys(typed[0]) if person else frozenset(),
                any_order=any_order,
            )
        )

    @staticmethod
    def _is_loose(plan: _Plan, typed: list[str]) -> bool:
        if plan.written in (Written.JOINED, Written.APART) or plan.capital == "any":
            return True
        if plan.kind is not TermKind.NAME or plan.capital == "typed":
            return False
        return naming.is_brand(typed[0]) if len(typed) == 1 else naming.is_institution(typed)

    def _word(self, plan: _Plan, typed: str, gap: str, *, alone: bool, loose: bool, heard: str = "") -> Word:
        capital = plan.kind is TermKind.NAME and typed[0].isupper() and not loose and not (alone and either_case(typed))
        groups = plan.groups
        if not alone and typed.lower() in _UNCHANGING:
            groups = ("linking",) if "sq" in groups and typed.lower() in _LINKING else ()
        forms = _forms(typed, plan.kind, groups, self._possessives, part=not alone)
        if plan.respelt:
            forms = _with_respellings(forms, heard or typed, self._possessives, alone=alone)
        return Word(typed, forms, capital, len(typed) > 1 and typed.isupper(), gap)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be entered, and how."""

    term_id: str
    text: str
    kind: TermKind
    slop: int = 0
    groups: tuple[str, ...] = ()
    capital: str = ""
    any_order: bool = False
    written: Written = Written.AS_ENTERED
    respelt: bool = False


def is_linking(word: str) -> bool:
    """Whether a word of a text only links others: an article, a preposition, a conjunction."""
    return word.lower() in _UNCHANGING


def _longest_word(words: tuple[Word, ...]) -> int:
    return max(range(len(words)), key=lambda number: (words[number].telling, len(words[number].typed), -number))


def _initials(typed: list[str]) -> str:
    return "".join(word[0] for word in map(latin, typed) if word not in _UNCHANGING and word not in _LINKING)


@lru_cache(maxsize=4096)
def _initial_keys(given: str) -> frozenset[bytes]:
    return frozenset(key for initial in naming.initials_of(given) for key in spellings(initial, "hbs"))


def _tail(word: Word, head: str, whole: Word) -> Word:
    """The last part of a brand written apart, inflected as the whole is: tok, toku, tokut."""
    start = latin(head)
    forms = {form for made in whole.forms.values() for form in made if form.spelled.startswith(start) and len(form.spelled) > len(start)}
    keys: defaultdict[bytes, list[Form]] = defaultdict(list)
    for form in sorted(forms, key=lambda form: (form.rule != AS_TYPED, form.spelled)):
        for key in spellings(form.spelled[len(start) :], "hbs"):
            keys[key].append(replace(form, spelled=form.spelled[len(start) :]))
    return replace(word, forms={key: tuple(made) for key, made in keys.items()})


def _dotted(word: Word) -> Word:
    """`C.R.C.A.` as one word of the automaton: its full stops are single spaces in a `Scan`."""
    letters = latin(word.typed)
    key = b" ".join(pattern_bytes(letter) for letter in letters)
    return replace(word, typed=".".join(word.typed), forms={key: (Form(".".join(letters), "with full stops", EVERY_GROUP),)})


def _inflecting(entry: TermEntry, kind: TermKind) -> tuple[str, ...]:
    """A name is inflected by the rules of whichever language it stands in; a word or phrase by those of its own."""
    if entry.language == "any" or kind in (TermKind.NAME, TermKind.ACRONYM):
        return GROUPS
    return (GROUP_OF[entry.language],)


@lru_cache(maxsize=20_000)
def _forms(typed: str, kind: TermKind, groups: tuple[str, ...], possessives: bool, *, part: bool = False) -> dict[bytes, tuple[Form, ...]]:
    masks: dict[tuple[str, str], int] = {(latin(typed), AS_TYPED): EVERY_GROUP}
    if groups == ("linking",):
        masks |= {(article, "linking article"): BIT["sq"] for article in _LINKING if article != latin(typed)}
    elif kind is not TermKind.EXACT:
        for group in groups:
            word = _for_group(typed, group)
            made = word_forms(word, kind, group)
            if kind is TermKind.ACRONYM:
                made |= _grown_on(word, group)
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
            doubtful = alone and is_doubtful(respelling) and not naming.is_brand(typed)
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


def _grown_on(acronym: str, group: str) -> dict[str, str]:
    """Forms of an acronym with an ending that no hyphen sets off: Unicefom, Kfora, Uefine, HDZa."""
    spelled = acronym.lower()
    spoken = naming.is_spoken(acronym)
    if len(spelled) < MIN_FORM_CHARS or not spelled.isalpha() or (not spoken and (group != "hbs" or spelled[-1] in "aeiou")):
        return {}
    stem = spelled[:-1] if spoken and spelled[-1] == "a" else spelled
    made = {form.lower(): f"{rule}, written as a word" for form, rule in word_forms(acronym.capitalize(), TermKind.NAME, group).items()}
    made |= {f"{spelled}s": "genitive or plural, written as a word"} if spoken else {}
    return {
        form: rule
        for form, rule in made.items()
        if form.startswith(stem) and form != spelled and form.isalpha() and not naming.is_common(latin(form))
    }


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
