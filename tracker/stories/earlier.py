"""Texts that appeared before: found in an archive of any size by a few numbers a text, and told by their words.

Stories look no further back than the days that are compared at once (`windows`). A text that comes again after months is found here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from zlib import crc32

from tracker.model import StoryText
from tracker.stories.columns import column_day
from tracker.stories.order import span_of, surely_later
from tracker.stories.pairs import numbers_of, of_other_figures
from tracker.stories.roles import AGAIN_AFTER, SAME_AGAIN
from tracker.stories.shingles import folded_words, shingles_of

PRINTS = 8
"""Kept a text: the lowest of its shingles (bottom-k, Broder 1997). Of two texts that share two thirds of all their shingles fewer than two
are the same in one of 600 cases."""
LOOKED_AT = 4
"""One shingle in so many is hashed at all, by its first word: every text of the archive is read, a third of the time for each."""
LEAST_SHINGLES = 40
"""A shorter text is a formula or a teaser: that it appeared before says nothing."""
LONG_WORDS = 400
"""A text of so many words has LEAST_SHINGLES, whatever it repeats; what repeats one line has few prints all the same."""
LEAST_SHARED = 2
"""Prints that two texts must share to be compared."""
SURE_WITHOUT_TEXT = 6
"""Prints that tell of themselves where the earlier text was given up since."""
_BITS = (1 << 31) - 1


def prints_of(texts: Sequence[str]) -> list[tuple[int, ...]]:
    """Of each text its prints, 31 bits each; none of one too short to be known by them."""
    return [_prints(folded_words(text)) for text in texts]


def _prints(words: Sequence[str]) -> tuple[int, ...]:
    first = {word for word in {*words} if crc32(word.encode()) % LOOKED_AT == 0}
    shingles = zip(words, words[1:], words[2:], strict=False)
    looked_at = {shingle for shingle in shingles if shingle[0] in first}
    if len(words) < LONG_WORDS and len({*zip(words, words[1:], words[2:], strict=False)}) < LEAST_SHINGLES:
        return ()
    return tuple(sorted({crc32(" ".join(shingle).encode()) & _BITS for shingle in looked_at})[:PRINTS])


def earliest(text: StoryText, others: Sequence[StoryText], without_text: Collection[int] = ()) -> int | None:
    """The article of those among `others` that bore this text at least two days before; None where none surely did. `without_text`: those
    of the others that are known to be it though their text is kept no more."""
    if text.published_at is None or column_day(text) is not None:
        return None
    before = [other for other in others if surely_later(span_of(text), span_of(other)) >= AGAIN_AFTER]
    mine, *theirs = (frozenset(found) for found in shingles_of([folded_words(one.body) for one in (text, *before)]))
    again = [
        other for other, held in zip(before, theirs, strict=True) if other.article_id in without_text or _is_again(text, mine, other, held)
    ]
    return min(((span_of(one).first, one.article_id) for one in again), default=(None, None))[1]


def _is_again(text: StoryText, mine: frozenset[int], other: StoryText, theirs: frozenset[int]) -> bool:
    fewer = min(len(mine), len(theirs))
    if fewer < LEAST_SHINGLES or len(mine & theirs) < SAME_AGAIN * fewer:
        return False
    return not of_other_figures(timedelta.max, numbers_of(text.body), numbers_of(other.body))
