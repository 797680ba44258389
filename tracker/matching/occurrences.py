"""Every occurrence of every term in one field of a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from tracker.matching import naming
from tracker.matching.acceptance import HYPHENS, accepts, in_capitals, starts_sentence, with_ending
from tracker.matching.addresses import stands_in_address
from tracker.matching.grouping import Paragraphs
from tracker.matching.scanning import Scan, readable
from tracker.matching.vocabulary import AS_TYPED, Entry, Form, Vocabulary, Word, Written
from tracker.matching.walking import LENIENT_SLOP, Walk, leniently, may_stand
from tracker.model import TermKind

T = TypeVar("T", bound=Hashable)

SHORT_ACRONYM = 3
"""Letters of an acronym that is a word or a person's initials as often as not."""


class Occurrence(NamedTuple):
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
    vocabulary: Vocabulary, field: Field, places: Iterable[tuple[int, int, int]], paragraphs: Paragraphs, *, text_is_bare: bool
) -> Iterator[Occurrence]:
    """Every entry that stands at one of the anchors found, whether or not another of its term stands there too."""
    for key, start, end in places:
        for entry in _standing(vocabulary.anchored[key], field.scan, (start, end), 2):
            found = _occurrence(vocabulary.keys[key], entry, field, (start, end), paragraphs, text_is_bare=text_is_bare)
            if found is not None:
                yield found


def name_of(entry: Entry) -> str:
    """What a query calls the entry by."""
    return entry.term_id or f'"{entry.text}"'


def present(vocabulary: Vocabulary, scan: Scan, naming: Callable[[Entry], T] = name_of) -> set[T]:  # type: ignore[assignment]
    """The terms (and quoted words, in quotation marks) that some reading of the text may hold: forms of all groups, any case.

    `naming`: what is said of an entry in place of its term."""
    found: set[T] = set()
    sought: dict[int, Sequence[Entry]] = {}  # of an anchor, the entries not found yet: a page repeats its words
    for key, start, end in vocabulary.find(scan.data):
        wanted = sought.get(key)
        if wanted is None:
            wanted = sought[key] = [entry for entry in vocabulary.anchored[key] if naming(entry) not in found]
        if not wanted:
            continue
        before = len(found)
        for entry in _standing(wanted, scan, (start, end), LENIENT_SLOP):
            if may_stand(entry, scan, (start, end)):
                found.add(naming(entry))
        if len(found) > before:
            sought[key] = [entry for entry in wanted if naming(entry) not in found]
    return found


def _standing(entries: Sequence[Entry], scan: Scan, span: tuple[int, int], more: int) -> Iterator[Entry]:
    """Without the entries whose next or last word is none of the words around: one look spares many entries their walk."""
    around: tuple[list[bytes], list[bytes]] | None = None
    for entry in entries:
        if len(entry.words) > 1 and not entry.any_order:
            if around is None:
                around = scan.neighbours(*span, max(one.slop for one in entries) + 1 + more)
            if entry.person:
                first, before = entry.words[0].forms.keys(), around[0]
                if (
                    first.isdisjoint(before[: more + 1])
                    and first.isdisjoint(around[1][: more + 1])
                    and (not before or before[0] not in entry.initial_keys)
                ):
                    continue
            elif not (
                _within_reach(entry, -1, around[0], entry.slop + 1 + more) and _within_reach(entry, 1, around[1], entry.slop + 1 + more)
            ):
                continue
        yield entry


def _within_reach(entry: Entry, step: int, words: list[bytes], reach: int) -> bool:
    number = entry.anchor + step
    if not 0 <= number < len(entry.words) or len(words) < reach:
        return True
    return not entry.words[number].forms.keys().isdisjoint(words[:reach])


def _occurrence(
    key: bytes, entry: Entry, field: Field, span: tuple[int, int], paragraphs: Paragraphs, *, text_is_bare: bool
) -> Occurrence | None:
    scan = field.scan
    if entry.kind is TermKind.EXACT:
        return _exact(entry, field, span)
    anchor = entry.words[entry.anchor]
    form = accepts(entry, anchor, anchor.forms[key], scan, span, paragraphs, text_is_bare=text_is_bare)
    if form is None:
        return None
    (start, end), forms = span, [(anchor, form)]
    if len(entry.words) > 1:
        placed = Walk(entry, scan, paragraphs, text_is_bare=text_is_bare).around(span, form)
        if placed is None:
            return None
        (start, end), forms = placed
    if (entry.hashtag and not _is_written_so(entry, scan.chars, start, end)) or (
        not entry.address and stands_in_address(scan.chars, start, end)
    ):
        return None
    if entry.written is Written.DOTTED and with_ending(scan.chars, end + 1)[1]:
        end += 1
    end, ending = with_ending(scan.chars, end)
    rule = _rule(entry, forms, ending)
    return Occurrence(entry, field.name, start, end, rule, _is_weak(entry, scan.chars, start, end, ending))


def _is_written_so(entry: Entry, chars: str, start: int, end: int) -> bool:
    """Whether what stands there is the way of writing that the entry is made for."""
    if entry.written is Written.SPLIT:
        return chars[start - 1 : start] == "#"
    if entry.written is Written.DOTTED:
        return chars[start:end].isupper() and chars[start - 1 : start] != "."
    if entry.written is Written.APART:
        first, second = re.match(r"\w+([^\w]+)(\w)", chars[start:end]), entry.words
        gap = first.group(1) if first is not None else ""
        sign = gap.strip()
        if first is None or len(second) < 2 or sign not in ("", *HYPHENS) or gap.count("\n") > 1:
            return False
        capitals = chars[start].isupper() and (first.group(2).isupper() or not starts_sentence(chars, start))
        return sign != "" or capitals or naming.is_listed(readable(entry.text))
    return True


def _rule(entry: Entry, forms: list[tuple[Word, Form]], ending: str) -> str:
    rules = [f"{form.spelled}: {form.rule}" if len(forms) > 1 else form.rule for _, form in forms if form.rule != AS_TYPED]
    if ending:
        rules.append(f"ending -{ending}")
    return "; ".join(rules) or AS_TYPED


def _is_weak(entry: Entry, chars: str, start: int, end: int, ending: str) -> bool:
    """A short acronym among capitals is a word in capitals as often as not (RAK KOŽE, AMA NUK ...); with full stops it may be initials."""
    if entry.kind is not TermKind.ACRONYM or ending or len(entry.text) > SHORT_ACRONYM:
        return False
    return entry.written is Written.DOTTED or in_capitals(chars, start, end)


def _exact(entry: Entry, field: Field, span: tuple[int, int]) -> Occurrence | None:
    """The entry letter for letter; what stands before its first and after its last word belongs to it."""
    chars, original = field.scan.chars, field.scan.original
    wanted = unicodedata.normalize("NFC", entry.text)
    place = leniently(entry, field.scan, span, 0)
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


__all__ = ["Field", "Occurrence", "name_of", "occurrences", "present", "starts_sentence"]
