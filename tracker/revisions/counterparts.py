"""What of one reading answers to what of the other: paragraphs, short lines, headings. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.revisions.blocks import Block, key_of
from tracker.revisions.words import is_mark_of_media, is_moving_line, without_numbers

ALIKE = 0.35
"""Share of words that two versions of one paragraph have in common, at least."""


def partner(block: Block, new: Sequence[Block], places: range, taken: set[int]) -> int | None:
    """The block in which a paragraph goes on, changed; None where it was taken out."""
    words = set(block.key.split())
    best, chosen = ALIKE, None
    for place in places:
        if place in taken:
            continue
        other = set(new[place].key.split())
        alike = 2 * len(words & other) / max(len(words) + len(other), 1)
        if alike > best:
            best, chosen = alike, place
    return chosen


def only_counts(old: Block, new: Block) -> bool:
    """Whether two versions of a short line differ in numbers alone, as counters and dates do."""
    return without_numbers(old.key) == without_numbers(new.key) and is_moving_line(old.text)


def holds(text: str, key: str) -> bool:
    """Whether a text has these words in a row."""
    return f" {key} " in f" {key_of(text)} "


def is_part(text: str, title: str) -> bool:
    """Whether a heading is most of a headline, whose kicker stands elsewhere."""
    key = key_of(text)
    return 2 * len(key) > len(title) and f" {key} " in f" {title} "


def less(now: str, before: str, title: str) -> str:
    """A heading less what stood around the headline in it before: a section, the outlet's name."""
    start = before.find(title)
    if start < 0:
        return now
    head, tail = before[:start], before[start + len(title) :]
    if head and now.startswith(head):
        now = now[len(head) :]
    if tail and now.endswith(tail):
        now = now[: -len(tail)]
    return now.strip()


def says_the_same(heading: str, title: str) -> bool:
    """Whether a heading is the headline of this key, alone or with a mark of media or a counter beside it."""
    key = key_of(heading)
    if f" {title} " not in f" {key} ":
        return False
    rest = " ".join(f" {key} ".replace(f" {title} ", " ", 1).split())
    return is_mark_of_media(rest) or is_moving_line(rest)
