"""Two texts compared by sentence, for people to read."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct

from tracker.model import ItemText
from tracker.revisions.blocks import key_of
from tracker.text.sentences import sentence_breaks

MOST_ALONE = 6
"""Sentences shown of a text that is gone or back: enough to know it by."""
MAX_SENTENCES = 1500
"""A bound on the work: a book's chapter. What comes after is shown as it stands."""


class Side(StrEnum):
    """On which side of a difference a sentence stands. GAP: sentences of both sides that are not shown."""

    GAP = "gap"
    BOTH = "both"
    BEFORE = "before"
    AFTER = "after"


class Sentence(Struct, frozen=True):
    """One sentence of a difference. `words`: its words with whether each stands on this side alone, where it has a counterpart."""

    side: Side
    text: str
    words: tuple[tuple[str, bool], ...] = ()


def difference(before: ItemText | None, after: ItemText | None) -> tuple[Sentence, ...]:
    """Sentences of both texts in reading order, the headline first; what was taken out comes before what stands in its place."""
    old, new = sentences(before), sentences(after)
    matcher = SequenceMatcher(None, [*map(key_of, old)], [*map(key_of, new)], autojunk=False)
    return tuple(_sentences(old, new, matcher))


def changed_sentences(before: ItemText | None, after: ItemText | None) -> tuple[Sentence, ...]:
    """What of a difference is on one side alone."""
    return tuple(one for one in difference(before, after) if one.side is not Side.BOTH)


def shown_difference(before: ItemText | None, after: ItemText | None) -> tuple[Sentence, ...]:
    """What changed with one sentence around it; a gap in place of the rest. Of a text that stands on one side alone its beginning."""
    whole = difference(before, after)
    if before is None or after is None:
        return (*whole[:MOST_ALONE], *([Sentence(Side.GAP, "")] if len(whole) > MOST_ALONE else []))
    near = {place + step for place, one in enumerate(whole) if one.side is not Side.BOTH for step in (-1, 0, 1)}
    shown: list[Sentence] = []
    for place, one in enumerate(whole):
        if place in near:
            shown.append(one)
        elif not shown or shown[-1].side is not Side.GAP:
            shown.append(Sentence(Side.GAP, ""))
    return tuple(shown)


def sentences(text: ItemText | None) -> list[str]:
    """The sentences of a headline and a text."""
    if text is None:
        return []
    found = [text.title] if text.title else []
    for line in text.body.split("\n"):
        breaks = [0, *sentence_breaks(line), len(line)]
        found += [part for start, end in pairwise(breaks) if (part := line[start:end].strip())]
    return found[:MAX_SENTENCES]


def _sentences(old: list[str], new: list[str], matcher: SequenceMatcher[str]) -> Iterator[Sentence]:
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield from (Sentence(Side.BOTH, text) for text in new[j1:j2])
            continue
        for number in range(max(i2 - i1, j2 - j1)):
            before = old[i1 + number] if i1 + number < i2 else ""
            after = new[j1 + number] if j1 + number < j2 else ""
            if before:
                yield Sentence(Side.BEFORE, before, _marked(before, after))
            if after:
                yield Sentence(Side.AFTER, after, _marked(after, before))


def _marked(text: str, other: str) -> tuple[tuple[str, bool], ...]:
    """The words of a sentence, each with whether its counterpart lacks it; none where they have little in common."""
    words, others = text.split(), other.split()
    if not others or len(words) > 400 or len(others) > 400:
        return ()
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    if matcher.ratio() < 0.4:
        return ()
    kept = {place for start, _, size in matcher.get_matching_blocks() for place in range(start, start + size)}
    return tuple((word, place not in kept) for place, word in enumerate(words))
