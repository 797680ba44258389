"""Every occurrence of every term in one field of a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tracker.matching.acceptance import accepts, in_capitals, stands_in_address, starts_sentence, with_ending
from tracker.matching.scanning import Scan
from tracker.matching.vocabulary import AS_TYPED, Entry, Form, Vocabulary, Word
from tracker.model import TermKind

LENIENT_SLOP = 6
"""Words a screening may find between two words of a term beyond its own slop: visible text has captions and link texts in between."""

MAX_INITIAL_CHARS = 2
"""A full stop after so short a word is that of an abbreviation: St. Gallen, A. Hazizaj."""

_NO_GAP = re.compile(r"[.!?…]\s|\n\s*\n|[;|•]")
_NAME_GAP = re.compile(r"[\s/&+.,'’‘\"“”„«»()‐‑‒–—-]*")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A term in a field, in characters of the field's scan. `weak` says why it may not count on its own."""

    entry: Entry
    field: str
    start: int
    end: int
    rule: str
    weak: bool = False


class Field:
    """One field of a text while it is looked through."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.scan = Scan(text)


def occurrences(
    vocabulary: Vocabulary, field: Field, places: Iterable[tuple[int, int, int]], mask: int, *, text_is_bare: bool
) -> Iterator[Occurrence]:
    """Every entry that stands at one of the anchors found, whether or not another of its term stands there too."""
    for key, start, end in places:
        for entry in _standing(vocabulary.anchored[key], field.scan, (start, end), 2):
            found = _occurrence(vocabulary.keys[key], entry, field, (start, end), mask, text_is_bare=text_is_bare)
            if found is not None:
                yield found


def present(vocabulary: Vocabulary, text: str) -> set[str]:
    """The terms (and quoted words, in quotation marks) that some reading of the text may hold: forms of all groups, any case."""
    scan = Scan(text)
    found: set[str] = set()
    for key, start, end in vocabulary.find(scan.data):
        wanted = [entry for entry in vocabulary.anchored[key] if name_of(entry) not in found]
        for entry in _standing(wanted, scan, (start, end), LENIENT_SLOP):
            if _stands_leniently(entry, scan, (start, end)):
                found.add(name_of(entry))
    return found


def _standing(entries: Iterable[Entry], scan: Scan, span: tuple[int, int], more: int) -> Iterator[Entry]:
    """Without the entries whose next or last word is none of the words around: one look spares many entries their walk."""
    around: tuple[list[bytes], list[bytes]] | None = None
    for entry in entries:
        if len(entry.words) > 1:
            around = around or scan.neighbours(*span)
            reach = entry.slop + 1 + more
            if not (_within_reach(entry, -1, around[0], reach) and _within_reach(entry, 1, around[1], reach)):
                continue
        yield entry


def _within_reach(entry: Entry, step: int, words: list[bytes], reach: int) -> bool:
    number = entry.anchor + step
    if not 0 <= number < len(entry.words) or len(words) < reach:
        return True
    return not entry.words[number].forms.keys().isdisjoint(words[:reach])


def name_of(entry: Entry) -> str:
    """What a query calls the entry by."""
    return entry.term_id or f'"{entry.text}"'


def _occurrence(key: bytes, entry: Entry, field: Field, span: tuple[int, int], mask: int, *, text_is_bare: bool) -> Occurrence | None:
    scan = field.scan
    if entry.kind is TermKind.EXACT:
        return _exact(entry, field, span)
    anchor = entry.words[entry.anchor]
    form = accepts(entry, anchor, anchor.forms[key], scan, span, mask, text_is_bare=text_is_bare)
    if form is None:
        return None
    placed = Walk(entry, scan, mask, text_is_bare=text_is_bare).around(span, form)
    if placed is None:
        return None
    (start, end), forms = placed
    if (not entry.address and stands_in_address(scan.chars, start, end)) or (entry.hashtag and scan.chars[start - 1 : start] != "#"):
        return None
    end, ending = with_ending(scan.chars, end)
    rule = _rule(entry, forms, ending)
    return Occurrence(entry, field.name, start, end, rule, _is_weak(entry, scan.chars, start, end, ending))


def _rule(entry: Entry, forms: list[tuple[Word, Form]], ending: str) -> str:
    rules = [f"{form.spelled}: {form.rule}" if len(forms) > 1 else form.rule for _, form in forms if form.rule != AS_TYPED]
    if ending:
        rules.append(f"ending -{ending}")
    return "; ".join(rules) or AS_TYPED


def _is_weak(entry: Entry, chars: str, start: int, end: int, ending: str) -> bool:
    """A short acronym among capitals is a word in capitals as often as not (RAK KOŽE, AMA NUK ...)."""
    return entry.kind is TermKind.ACRONYM and not ending and len(entry.text) <= 3 and in_capitals(chars, start, end)


def _exact(entry: Entry, field: Field, span: tuple[int, int]) -> Occurrence | None:
    """The entry letter for letter; what stands before its first and after its last word belongs to it."""
    chars, original = field.scan.chars, field.scan.original
    wanted = unicodedata.normalize("NFC", entry.text)
    place = Walk(entry, field.scan, 0, text_is_bare=True).leniently(span, 0)
    if place is None:
        return None
    lead = re.match(r"[\W_]*", entry.text)
    tail = re.search(r"[\W_]*$", entry.text)
    start = place[0] - (lead.end() if lead else 0)
    end = place[1] + (len(tail.group()) if tail else 0)
    if start < 0 or end > len(chars):
        return None
    first, stop = field.scan.origin(start, end)
    return Occurrence(entry, field.name, start, end, AS_TYPED) if unicodedata.normalize("NFC", original[first:stop]) == wanted else None


def _stands_leniently(entry: Entry, scan: Scan, span: tuple[int, int]) -> bool:
    return len(entry.words) == 1 or Walk(entry, scan, 0, text_is_bare=True).leniently(span, entry.slop + LENIENT_SLOP) is not None


class Walk:
    """From an anchor outwards, word by word, to the other words of an entry."""

    def __init__(self, entry: Entry, scan: Scan, mask: int, *, text_is_bare: bool) -> None:
        self._entry, self._scan, self._mask, self._text_is_bare = entry, scan, mask, text_is_bare

    def around(self, span: tuple[int, int], form: Form) -> tuple[tuple[int, int], list[tuple[Word, Form]]] | None:
        words, anchor = self._entry.words, self._entry.anchor
        if len(words) == 1:
            return span, [(words[0], form)]
        before = self._on(anchor - 1, span, -1)
        after = self._on(anchor + 1, span, 1) if before is not None else None
        if before is None or after is None:
            return None
        forms = [*reversed(before[1]), (words[anchor], form), *after[1]]
        return (before[0][0], after[0][1]), forms

    def leniently(self, span: tuple[int, int], slop: int) -> tuple[int, int] | None:
        """The span of all words by their folded forms alone, at most `slop` words between two of them."""
        start, end = span
        for number in range(self._entry.anchor - 1, -1, -1):
            found = self._next_known(number, (start, end), -1, slop)
            if found is None:
                return None
            start = found[0]
        for number in range(self._entry.anchor + 1, len(self._entry.words)):
            found = self._next_known(number, (start, end), 1, slop)
            if found is None:
                return None
            end = found[1]
        return start, end

    def _next_known(self, number: int, span: tuple[int, int], step: int, slop: int) -> tuple[int, int] | None:
        forms = self._entry.words[number].forms
        place: tuple[int, int] | None = span
        for _ in range(slop + 1):
            place = self._neighbour(place, step) if place else None
            if place is not None and self._scan.key(*place) in forms:
                return place
        return None

    def _neighbour(self, span: tuple[int, int], step: int) -> tuple[int, int] | None:
        return self._scan.after(span[1]) if step > 0 else self._scan.before(span[0])

    def _on(self, number: int, span: tuple[int, int], step: int) -> tuple[tuple[int, int], list[tuple[Word, Form]]] | None:
        """The words from `number` on in one direction; the nearest reading that fits."""
        words = self._entry.words
        if not 0 <= number < len(words):
            return span, []
        word, passed, place = words[number], 0, span
        while passed <= self._entry.slop:
            neighbour = self._neighbour(place, step)
            if neighbour is None or not self._may_pass(place, neighbour, step, words[number - (step > 0)].gap if place is span else None):
                return None
            if forms := word.forms.get(self._scan.key(*neighbour)):
                form = accepts(self._entry, word, forms, self._scan, neighbour, self._mask, text_is_bare=self._text_is_bare)
                rest = self._on(number + step, neighbour, step) if form is not None else None
                if form is not None and rest is not None:
                    return rest[0], [(word, form), *rest[1]]
            passed += not self._is_ending(neighbour)
            place = neighbour
        return None

    def _may_pass(self, place: tuple[int, int], neighbour: tuple[int, int], step: int, typed: str | None) -> bool:
        """A name's words stand together, or as it was typed; a phrase does not go on over the end of a sentence or paragraph."""
        gap = self._scan.chars[place[1] : neighbour[0]] if step > 0 else self._scan.chars[neighbour[1] : place[0]]
        if gap in (" ", "-", "/", typed):
            return True
        first = place if step > 0 else neighbour
        if _NO_GAP.search(gap) and not (gap == ". " and first[1] - first[0] <= MAX_INITIAL_CHARS):
            return False
        return len(gap) <= 40 and (self._entry.kind is not TermKind.NAME or _NAME_GAP.fullmatch(gap) is not None)

    def _is_ending(self, neighbour: tuple[int, int]) -> bool:
        """The `-së` of `CRCA-së` is no word between."""
        start = neighbour[0] - 1
        return start > 0 and with_ending(self._scan.chars, start)[0] == neighbour[1]


__all__ = ["Field", "Occurrence", "name_of", "occurrences", "present", "starts_sentence"]
