"""Headlines as they are compared: without what an outlet prints in all of its own ("| BN", "- BL Portal"), and what they speak of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from enum import IntEnum

from tracker.model import StoryText
from tracker.stories.shingles import folded_words

TELLING_LETTERS = 5
"""Words of so many letters tell of a subject; endings may differ behind these letters."""
SUBJECT_WORDS = 2
"""Headlines that share so many telling words tell of one subject."""
SAME_HEADLINE = 0.5
"""Shared part of the fewer telling words from which two headlines say the same."""
SIGNATURE_TITLES = 5
"""From so many headlines on it is looked at what an outlet prints in them."""
SIGNATURE_PART = 0.5
"""In so many of an outlet's headlines the same words stand first or last when they are its signature."""
SIGNATURE_WORDS = 4
"""Longest signature that is looked for."""
COMMON_PART = 0.3
"""Words in so many of an outlet's headlines tell nothing."""


class Agreed(IntEnum):
    """How far two headlines speak of the same; each holds what stands before it."""

    ON_NOTHING = 0
    ON_A_WORD = 1
    ON_A_SUBJECT = 2
    ON_MOST = 3


class Headlines:
    """The headlines of texts, by the texts' positions."""

    def __init__(self, texts: Sequence[StoryText]) -> None:
        self.words: list[tuple[str, ...]] = [tuple(folded_words(text.title)) for text in texts]
        by_outlet: dict[str, list[int]] = defaultdict(list)
        for position, text in enumerate(texts):
            by_outlet[text.outlet_id].append(position)
        self._common: dict[str, frozenset[str]] = {}
        self._outlets = [text.outlet_id for text in texts]
        for outlet_id, positions in by_outlet.items():
            if len(positions) >= SIGNATURE_TITLES:
                self._learn(outlet_id, positions)

    def _learn(self, outlet_id: str, positions: Sequence[int]) -> None:
        titles = [self.words[position] for position in positions]
        first = _signature(title[:SIGNATURE_WORDS] for title in titles)
        last = _signature(title[: -SIGNATURE_WORDS - 1 : -1] for title in titles)[::-1]
        for position in positions:
            self.words[position] = _cut(self.words[position], first, last)
        counts = Counter(stem for position in positions for stem in _stems(self.words[position]))
        common = frozenset(stem for stem, count in counts.items() if count >= max(SIGNATURE_TITLES, COMMON_PART * len(positions)))
        if common:
            self._common[outlet_id] = common

    def telling(self, position: int) -> frozenset[str]:
        """The beginnings of the headline's telling words."""
        return _stems(self.words[position]) - self._common.get(self._outlets[position], frozenset())

    def agreed(self, one: int, other: int) -> Agreed:
        """How far two headlines speak of the same."""
        first, second = self.telling(one), self.telling(other)
        shared = len(first & second)
        if shared < SUBJECT_WORDS:
            return Agreed.ON_A_WORD if shared else Agreed.ON_NOTHING
        return Agreed.ON_MOST if shared >= SAME_HEADLINE * min(len(first), len(second)) else Agreed.ON_A_SUBJECT


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word[:TELLING_LETTERS] for word in words if len(word) >= TELLING_LETTERS)


def _signature(beginnings: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The longest run of words that most of these begin with."""
    some = [*beginnings]
    for length in range(SIGNATURE_WORDS, 0, -1):
        (run, count), *_ = [*Counter(words[:length] for words in some if len(words) >= length).most_common(1), ((), 0)]
        if run and count >= max(SIGNATURE_TITLES, SIGNATURE_PART * len(some)):
            return run
    return ()


def _cut(words: tuple[str, ...], first: Collection[str], last: Collection[str]) -> tuple[str, ...]:
    """The words without what stands before and behind; a headline that would have nothing left is as it was."""
    start = len(first) if first and words[: len(first)] == tuple(first) else 0
    end = len(words) - len(last) if last and words[-len(last) :] == tuple(last) else len(words)
    return words[start:end] or words
