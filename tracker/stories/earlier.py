"""Texts that appeared before: found in an archive of any size by a few numbers a text, and told by their words.

Stories look no further back than the days that are compared at once (`windows`). A text that comes again after months is found here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from tracker.model import StoryText
from tracker.stories.columns import column_day
from tracker.stories.order import span_of, surely_later
from tracker.stories.pairs import numbers_of, of_other_figures
from tracker.stories.prints import LEAST_SHINGLES
from tracker.stories.roles import AGAIN_AFTER, SAME_AGAIN
from tracker.stories.shingles import folded_words, shingles_of

LEAST_SHARED = 2
"""Prints that two texts must share to be compared."""
SURE_WITHOUT_TEXT = 6
"""Prints that tell of themselves where the earlier text was given up since."""


def earliest(text: StoryText, others: Sequence[StoryText], without_text: Collection[int] = ()) -> int | None:
    """The article of those among `others` that bore this text at least two days before; None where none surely did. `without_text`: those
    of the others that are known to be it though their text is kept no more."""
    if text.published_at is None or column_day(text) is not None:
        return None
    before = [other for other in others if surely_later(span_of(text), span_of(other)) >= AGAIN_AFTER]
    if not before:
        return None
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
