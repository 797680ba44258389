"""From the anchor of an entry outwards to its other words: in the order typed, in any order, or as people are named."""

from __future__ import annotations

import re
from collections.abc import Set

from tracker.matching.acceptance import accepts, with_ending
from tracker.matching.grouping import Paragraphs
from tracker.matching.scanning import Scan
from tracker.matching.vocabulary import Entry, Form, Word, is_linking
from tracker.model import TermKind

LENIENT_SLOP = 6
"""Words a screening may find between two words of a term beyond its own slop: visible text has captions and link texts in between."""

MAX_INITIAL_CHARS = 2
"""A full stop after so short a word is that of an abbreviation: St. Gallen, A. Hazizaj."""

MAX_GAP_CHARS = 40
"""Quotation marks, dashes and spaces between two words; more of them are a rule or a table."""

MAX_NICKNAME_WORDS = 2
""""Tini", "Stari lisac": nicknames of more words were not met in the corpus."""

_NO_GAP = re.compile(r"[.!?…]\s|\n\s*\n|[;|•]")
_NAME_GAP = re.compile(r"[\s/&+.,'’‘\"“”„«»()‐‑‒–—_-]*")
_NICKNAME = re.compile(r"\s+[\"“”„«»'’‘‹›(\[]+[^\W\d_]{2,20}(?:[ -][^\W\d_]{2,20})?[\"“”„«»'’‘‹›)\]]+\s+")
_MIDDLE_INITIAL = re.compile(r"\s+[^\W\d_]{1,2}\.?\s*")
_INITIAL_GAPS = frozenset({". ", ".", ".\n"})
Found = tuple[tuple[int, int], list[tuple[Word, Form]]]


class Walk:
    """One look at an entry whose anchor stands somewhere in a text."""

    def __init__(self, entry: Entry, scan: Scan, paragraphs: Paragraphs, *, text_is_bare: bool) -> None:
        self._entry, self._scan, self._paragraphs, self._text_is_bare = entry, scan, paragraphs, text_is_bare

    def around(self, span: tuple[int, int], form: Form) -> Found | None:
        """The span of all words and the form of each, with the anchor's `form` at `span`; None where the entry does not stand there."""
        if self._entry.any_order:
            return self._in_any_order(span, form)
        found = self._in_order(span, form)
        return self._as_person(span, form) if found is None and self._entry.person else found

    # --- in the order typed

    def _in_order(self, span: tuple[int, int], form: Form) -> Found | None:
        words, anchor = self._entry.words, self._entry.anchor
        before = self._on(anchor - 1, span, -1)
        after = self._on(anchor + 1, span, 1) if before is not None else None
        if before is None or after is None:
            return None
        forms = [*reversed(before[1]), (words[anchor], form), *after[1]]
        return (before[0][0], after[0][1]), forms

    def _on(self, number: int, span: tuple[int, int], step: int) -> Found | None:
        """The words from `number` on in one direction; the nearest reading that fits."""
        words = self._entry.words
        if not 0 <= number < len(words):
            return span, []
        word, passed, place = words[number], 0, span
        while passed <= self._entry.slop:
            neighbour = _neighbour(self._scan, place, step)
            if neighbour is None or not self._may_pass(place, neighbour, step, words[number - (step > 0)].gap if place is span else None):
                return None
            if (form := self._accepted(word, neighbour)) is not None:
                rest = self._on(number + step, neighbour, step)
                if rest is not None:
                    return rest[0], [(word, form), *rest[1]]
            passed += not self._is_ending(neighbour)
            place = neighbour
        return None

    def _accepted(self, word: Word, place: tuple[int, int]) -> Form | None:
        forms = word.forms.get(self._scan.key(*place))
        if not forms:
            return None
        return accepts(self._entry, word, forms, self._scan, place, self._paragraphs, text_is_bare=self._text_is_bare)

    def _may_pass(self, place: tuple[int, int], neighbour: tuple[int, int], step: int, typed: str | None) -> bool:
        """A name's words stand together, or as it was typed; a phrase does not go on over the end of a sentence or paragraph."""
        gap = self._scan.chars[place[1] : neighbour[0]] if step > 0 else self._scan.chars[neighbour[1] : place[0]]
        if gap in (" ", "-", "/", typed):
            return True
        first = place if step > 0 else neighbour
        if _NO_GAP.search(gap) and not (gap == ". " and first[1] - first[0] <= MAX_INITIAL_CHARS):
            return False
        return len(gap) <= MAX_GAP_CHARS and (self._entry.kind is not TermKind.NAME or _NAME_GAP.fullmatch(gap) is not None)

    def _is_ending(self, neighbour: tuple[int, int]) -> bool:
        """The `-së` of `CRCA-së` is no word between."""
        start = neighbour[0] - 1
        return start > 0 and with_ending(self._scan.chars, start)[0] == neighbour[1]

    # --- in any order

    def _in_any_order(self, span: tuple[int, int], form: Form) -> Found | None:
        """Every other word at its nearest place, with no more than `slop` words between that are neither of the phrase nor linking words."""
        words = self._entry.words
        tokens = [*reversed(self._tokens(span, -1)), span, *self._tokens(span, 1)]
        centre = tokens.index(span)
        order = sorted((number for number in range(len(tokens)) if number != centre), key=lambda number: abs(number - centre))
        taken: dict[int, tuple[Word, Form]] = {centre: (words[self._entry.anchor], form)}
        for number, word in enumerate(words):
            if number == self._entry.anchor:
                continue
            for place in order:
                accepted = None if place in taken else self._accepted(word, tokens[place])
                if accepted is not None:
                    taken[place] = (word, accepted)
                    break
            else:
                return None
        first, last = min(taken), max(taken)
        between = [tokens[place] for place in range(first, last) if place not in taken]
        strange = sum(not is_linking(self._scan.chars[start:end]) and not self._is_ending((start, end)) for start, end in between)
        if strange > self._entry.slop:
            return None
        return (tokens[first][0], tokens[last][1]), [taken[place] for place in sorted(taken)]

    def _tokens(self, span: tuple[int, int], step: int) -> list[tuple[int, int]]:
        """The words on one side that may belong to the phrase, nearest first."""
        found: list[tuple[int, int]] = []
        place = span
        while len(found) < any_order_reach(self._entry, 0):
            neighbour = _neighbour(self._scan, place, step)
            if neighbour is None or not self._may_pass(place, neighbour, step, None):
                break
            found.append(neighbour)
            place = neighbour
        return found

    # --- as people are named

    def _as_person(self, span: tuple[int, int], form: Form) -> Found | None:
        """`A. Hazizaj`, `Altin "Tini" Hazizaj`, `Altin B. Hazizaj`, `Hazizaj Altin`."""
        given, surname = self._entry.words
        chars = self._scan.chars
        if (before := self._scan.before(span[0])) is not None:
            gap = chars[before[1] : span[0]]
            if gap in _INITIAL_GAPS and chars[before[0]].isupper() and self._scan.key(*before) in self._entry.initial_keys:
                return (before[0], span[1]), [(given, Form(chars[slice(*before)], f"initial of {given.typed}", form.mask)), (surname, form)]
            place: tuple[int, int] | None = before
            for passed in range(1, MAX_NICKNAME_WORDS + 1):
                place = self._scan.before(place[0]) if place else None
                if place is None:
                    break
                between = chars[place[1] : span[0]]
                if (_NICKNAME.fullmatch(between) or (passed == 1 and _MIDDLE_INITIAL.fullmatch(between))) and (
                    accepted := self._accepted(given, place)
                ) is not None:
                    return (place[0], span[1]), [(given, accepted), (surname, form)]
        after = self._scan.after(span[1])
        if after is not None and chars[span[1] : after[0]] == " " and (accepted := self._accepted(given, after)) is not None:
            return (span[0], after[1]), [(surname, form), (given, accepted)]
        return None


# --- by folded letters alone


def leniently(entry: Entry, scan: Scan, span: tuple[int, int], slop: int) -> tuple[int, int] | None:
    """The span of all words in the order typed by their folded forms alone, at most `slop` words between two of them."""
    start, end = span
    for number in range(entry.anchor - 1, -1, -1):
        found = _next_known(entry, scan, number, (start, end), -1, slop)
        if found is None:
            return None
        start = found[0]
    for number in range(entry.anchor + 1, len(entry.words)):
        found = _next_known(entry, scan, number, (start, end), 1, slop)
        if found is None:
            return None
        end = found[1]
    return start, end


def may_stand(entry: Entry, scan: Scan, span: tuple[int, int]) -> bool:
    """Whether some reading of the text may hold the entry there: never refuses what `Walk.around` finds."""
    if len(entry.words) == 1:
        return True
    if entry.any_order:
        around = _keys(scan, span, any_order_reach(entry, LENIENT_SLOP))
        return all(number == entry.anchor or not word.forms.keys().isdisjoint(around) for number, word in enumerate(entry.words))
    if leniently(entry, scan, span, entry.slop + LENIENT_SLOP) is not None:
        return True
    if not entry.person:
        return False
    before = scan.before(span[0])
    if before is not None and scan.key(*before) in entry.initial_keys:
        return True
    return not entry.words[0].forms.keys().isdisjoint(_keys(scan, span, MAX_NICKNAME_WORDS + 1 + LENIENT_SLOP))


def may_stand_among(entry: Entry, words: Set[bytes]) -> bool:
    """Whether `may_stand` may hold at some place of a text with these words, beside one of the entry's anchors."""
    return all(
        number == entry.anchor
        or not word.forms.keys().isdisjoint(words)
        or (entry.person and number == 0 and not entry.initial_keys.isdisjoint(words))
        for number, word in enumerate(entry.words)
    )


def any_order_reach(entry: Entry, more: int) -> int:
    """How many words to either side of the anchor a phrase in any order may reach: each of its words may bring two linking words."""
    return 3 * (len(entry.words) - 1) + entry.slop + more


def _keys(scan: Scan, span: tuple[int, int], reach: int) -> set[bytes]:
    found: set[bytes] = set()
    for step in (-1, 1):
        place: tuple[int, int] | None = span
        for _ in range(reach):
            place = _neighbour(scan, place, step) if place else None
            if place is None:
                break
            found.add(scan.key(*place))
    return found


def _next_known(entry: Entry, scan: Scan, number: int, span: tuple[int, int], step: int, slop: int) -> tuple[int, int] | None:
    forms = entry.words[number].forms
    place: tuple[int, int] | None = span
    for _ in range(slop + 1):
        place = _neighbour(scan, place, step) if place else None
        if place is not None and scan.key(*place) in forms:
            return place
    return None


def _neighbour(scan: Scan, span: tuple[int, int], step: int) -> tuple[int, int] | None:
    return scan.after(span[1]) if step > 0 else scan.before(span[0])
