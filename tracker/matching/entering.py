"""What a person typed as entries: the other ways in which the press writes such a one, and all forms of every word."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace
from msgspec.structs import replace as changed

from tracker.matching import naming
from tracker.matching.forms import either_case, word_forms
from tracker.matching.grouping import BIT, EVERY_GROUP, GROUP_OF, GROUPS
from tracker.matching.respelling import counts_alone, inflects_respelt, is_doubtful, respellable, respelling_rule, respellings
from tracker.matching.scanning import pattern_bytes, readable
from tracker.matching.spelling import is_bare, spellings
from tracker.matching.vocabulary import AS_TYPED, UNCHANGING, Entry, Form, Word, Written
from tracker.model import Term, TermEntry, TermKind
from tracker.text.folding import latin

MAX_TAG_WORDS = 6
"""Of a spelling that is looked for as a hashtag in one word; the longest hashtag of 22,321 posts of the region joins five."""
MIN_DOTTED_CHARS, MAX_DOTTED_CHARS = 3, 8
"""Of an acronym with full stops; two letters are a person's initials."""
MIN_FORM_CHARS = 3
"""A form that rules made and that is shorter is a function word more often than not (`je`, `te`, `na`)."""

_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"(?:[^\W\d_]\.){2,}[^\W\d_]?")
_LINKING = ("e", "i", "të", "së", "te", "se")


def entries_of(terms: Iterable[Term], literals: Iterable[str], *, possessives: bool) -> tuple[Entry, ...]:
    """The entries of a campaign's terms, and of the words quoted in its queries."""
    return tuple(_Entering(tuple(terms), possessives).all(literals))


class _Entering:
    def __init__(self, terms: tuple[Term, ...], possessives: bool) -> None:
        self._terms = terms
        self._possessives = possessives
        self._typed_bare = all(is_bare(entry.text) for term in terms for entry in term.entries)
        self._entries: list[Entry] = []

    def all(self, literals: Iterable[str]) -> list[Entry]:
        for term in self._terms:
            for entry in term.entries:
                self._add(term, entry)
        for literal in literals:
            self._enter(_Plan("", literal, TermKind.PHRASE), readable(literal))
        return self._entries

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
        if any_order and (telling := [word for word in typed if word.lower() not in UNCHANGING]):
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
        self._entries.append(
            Entry(
                number=len(self._entries),
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
        if not alone and typed.lower() in UNCHANGING:
            groups = ("linking",) if "sq" in groups and typed.lower() in _LINKING else ()
        forms = _forms(typed, plan.kind, groups, self._possessives, part=not alone)
        if plan.respelt:
            forms = _with_respellings(forms, heard or typed, self._possessives, alone=alone)
        return Word(typed, forms, capital, len(typed) > 1 and typed.isupper(), gap)


class _Plan(Struct, frozen=True):
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


def _longest_word(words: tuple[Word, ...]) -> int:
    return max(range(len(words)), key=lambda number: (words[number].telling, len(words[number].typed), -number))


def _initials(typed: list[str]) -> str:
    return "".join(word[0] for word in map(latin, typed) if word not in UNCHANGING and word not in _LINKING)


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
            keys[key].append(changed(form, spelled=form.spelled[len(start) :]))
    return changed(word, forms={key: tuple(made) for key, made in keys.items()})


def _dotted(word: Word) -> Word:
    """`C.R.C.A.` as one word of the automaton: its full stops are single spaces in a `Scan`."""
    letters = latin(word.typed)
    key = b" ".join(pattern_bytes(letter) for letter in letters)
    return changed(word, typed=".".join(word.typed), forms={key: (Form(".".join(letters), "with full stops", EVERY_GROUP),)})


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
            made = word_forms(word, kind, group, possessives=possessives)
            if kind is TermKind.ACRONYM:
                made |= _grown_on(word, group, possessives)
            if part and kind is TermKind.NAME and group == "hbs" and word.istitle():
                made = (
                    word_forms(word.lower(), kind, group, possessives=possessives) | made
                )  # most words of a long name are common ones: Nacionalni institut
            for spelled, rule in made.items():
                if _counts(spelled):
                    known = latin(spelled), rule
                    masks[known] = masks.get(known, 0) | BIT[group]
    keys: defaultdict[bytes, list[Form]] = defaultdict(list)
    written_in = sum(BIT[group] for group in groups if group in BIT) or EVERY_GROUP  # gjak is no dak, as only Slavic letters could be
    for (spelled, rule), found_in in masks.items():
        mask = found_in & written_in
        for key in spellings(spelled, "hbs" if mask & ~BIT["sq"] else "sq") | (
            spellings(spelled, "mk") if mask & BIT["mk"] else frozenset()
        ):
            keys[key].append(Form(spelled, rule, found_in))
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


def _grown_on(acronym: str, group: str, possessives: bool) -> dict[str, str]:
    """Forms of an acronym with an ending that no hyphen sets off: Unicefom, Kfora, Uefine, HDZa."""
    spelled = acronym.lower()
    spoken = naming.is_spoken(acronym)
    if len(spelled) < MIN_FORM_CHARS or not spelled.isalpha() or (not spoken and (group != "hbs" or spelled[-1] in "aeiou")):
        return {}
    stem = spelled[:-1] if spoken and spelled[-1] == "a" else spelled
    as_a_word = word_forms(acronym.capitalize(), TermKind.NAME, group, possessives=possessives)
    made = {form.lower(): f"{rule}, written as a word" for form, rule in as_a_word.items()}
    made |= {f"{spelled}s": "genitive or plural, written as a word"} if spoken else {}
    return {
        form: rule
        for form, rule in made.items()
        if form.startswith(stem) and form != spelled and form.isalpha() and not naming.is_common(latin(form))
    }


def _counts(form: str) -> bool:
    """Endings after a hyphen are read in the text; a form of one or two letters is only taken as it was typed."""
    return len(form) >= MIN_FORM_CHARS and form.isalnum()


def _for_group(typed: str, group: str) -> str:
    """Cyrillic goes to the rules of Macedonian as it is, to all others in Latin letters."""
    if group == "mk" or typed.isascii():
        return typed
    spelled = latin(typed)
    if spelled == typed.lower():
        return typed
    return spelled.upper() if typed.isupper() and len(typed) > 1 else spelled.capitalize() if typed[0].isupper() else spelled
