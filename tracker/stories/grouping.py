"""Which articles are one story. The result depends on the texts alone, never on the order in which they came.

Two texts are the same news when one holds most of the other. What an outlet prints under all its articles says nothing and is
taken out first; a round-up that holds several stories joins none of them; texts too short to compare go by their headline."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from tracker.model import Story, StoryText
from tracker.stories.columns import column_day
from tracker.stories.fingerprint import Shingles, candidate_pairs, folded_words, holding_pairs, shared_shingles, shingles_of

SAME_STORY = 0.6
"""Shared part of the shorter text's shingles. design.md 7: precision and recall 100/100 on synthetic copies; measure again with
tests/quality/test_stories.py."""
LONGER_BY_FAR = 3.0
"""A text so many times longer than the one it holds may be a round-up of several stories."""
SHORT_SHINGLES = 20
"""With fewer, a shared sentence (a quotation, a name with its titles) already makes 60 %."""
TEASER_SHINGLES = 60
"""Shorter texts are a lead or a teaser, often cut at 300 letters: an equal headline says more than they do."""
HEADLINE_WORDS = 4
"""Equal headlines of fewer words ("Moti sot", "Vremenska prognoza") are columns, not news."""
HEADLINE_DAYS = 3
"""An equal headline this many days later is another event."""
TEMPLATE_TEXTS = 3
"""Words under so many different articles of one outlet are its template."""
SCRAP_WORDS = 100
"""From so many words on, two texts are compared by their shingles only."""
TELLING_LETTERS, TELLING_WORDS = 5, 2
"""Headlines that share so many words of so many letters tell of one subject; endings may differ behind these letters."""
TEXTS_AT_ONCE = 200
"""Texts whose words are in memory at once: 200 of 5 KB take some 50 MB as lists of words."""
SAME_VERSION = 0.8
"""Shared part of both texts together at which two articles of one outlet count as one when its template is looked for."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """Stories, and for each outlet that has any the shingles of what it prints under its articles."""

    stories: tuple[Story, ...]
    templates: Mapping[str, frozenset[int]]


def group_texts(texts: Sequence[StoryText]) -> tuple[Story, ...]:
    """Every text in exactly one story, singletons included, ordered by the lowest article id. An article id given twice is one text.
    A story's key derives from its lowest article id, so that it stays when copies join later."""
    return group_in_full(texts).stories


def group_in_full(texts: Sequence[StoryText]) -> Grouped:
    """What `group_texts` gives, and the templates that were found on the way."""
    ordered = [text for _, text in sorted({text.article_id: text for text in reversed(texts)}.items())]
    sets, scraps = _read(ordered)
    templates = _templates(ordered, sets)
    sets = [_without(shingles, templates.get(text.outlet_id)) for text, shingles in zip(ordered, sets, strict=True)]
    groups = _Groups([column_day(text) for text in ordered])
    _join_by_text(groups, ordered, sets)
    _join_by_headline(groups, ordered, scraps, sets)
    stories = tuple(
        Story(key=f"story-{ordered[members[0]].article_id}", article_ids=tuple(ordered[member].article_id for member in members))
        for members in groups.members()
    )
    return Grouped(stories, templates)


def _read(texts: Sequence[StoryText]) -> tuple[list[Shingles], list[str]]:
    """Shingles of each text, and the folded words of short ones; a few texts at a time, as words take fifty times their letters."""
    sets: list[Shingles] = []
    scraps: list[str] = []
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        words = [folded_words(text.body) for text in texts[start : start + TEXTS_AT_ONCE]]
        sets += shingles_of(words)
        scraps += [" ".join(each) if len(each) < SCRAP_WORDS else f"text {start + at}" for at, each in enumerate(words)]
    return sets, scraps


class _Groups:
    """Positions 0..n-1 in groups that can be joined. `days`: of a column its day, None for everything else."""

    def __init__(self, days: Sequence[date | None]) -> None:
        self._parents = list(range(len(days)))
        self._days = {position: day for position, day in enumerate(days) if day is not None}

    def root(self, position: int) -> int:
        while self._parents[position] != position:
            self._parents[position] = self._parents[self._parents[position]]
            position = self._parents[position]
        return position

    def join(self, first: int, second: int) -> None:
        """Makes the groups of both one; columns of two days stay apart."""
        low, high = sorted((self.root(first), self.root(second)))
        if low == high:
            return
        days = {self._days[root] for root in (low, high) if root in self._days}
        if len(days) > 1:
            return
        self._parents[high] = low
        if days:
            self._days[low] = days.pop()

    def members(self) -> list[list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for position in range(len(self._parents)):
            found[self.root(position)].append(position)
        return list(found.values())


def _templates(texts: Sequence[StoryText], sets: Sequence[Shingles]) -> dict[str, frozenset[int]]:
    """For each outlet that has any the shingles that are its own and no article's."""
    outlets = Counter(text.outlet_id for text in texts)
    busy = [position for position, text in enumerate(texts) if outlets[text.outlet_id] >= TEMPLATE_TEXTS]
    versions = _Groups([None] * len(texts))
    for first, second in candidate_pairs([sets[position] for position in busy]):
        one, other = busy[first], busy[second]
        if texts[one].outlet_id == texts[other].outlet_id:
            shared = shared_shingles(sets[one], sets[other])
            if shared >= SAME_VERSION * (len(sets[one]) + len(sets[other]) - shared):
                versions.join(one, other)
    printed: dict[str, Counter[int]] = defaultdict(Counter)
    for members in versions.members():
        if outlets[texts[members[0]].outlet_id] >= TEMPLATE_TEXTS:
            printed[texts[members[0]].outlet_id].update({shingle for member in members for shingle in sets[member]})
    found = {
        outlet: frozenset(shingle for shingle, count in counts.items() if count >= TEMPLATE_TEXTS) for outlet, counts in printed.items()
    }
    return {outlet: shingles for outlet, shingles in found.items() if shingles}


def _without(shingles: Shingles, template: Collection[int] | None) -> Shingles:
    return array("Q", [shingle for shingle in shingles if shingle not in template]) if template else shingles


def _join_by_text(groups: _Groups, texts: Sequence[StoryText], sets: Sequence[Shingles]) -> None:
    """Joins texts of like length at once. A far longer one joins what it holds if all of that is one story, or if their headlines speak of
    the same: a round-up's does not."""
    comparable = [position for position, shingles in enumerate(sets) if len(shingles) >= SHORT_SHINGLES]
    holders: dict[int, list[int]] = defaultdict(list)
    compared = [sets[position] for position in comparable]
    for first, second in {**dict.fromkeys(candidate_pairs(compared)), **dict.fromkeys(holding_pairs(compared))}:
        short, long = sorted((comparable[first], comparable[second]), key=lambda position: len(sets[position]))
        if shared_shingles(sets[short], sets[long]) < SAME_STORY * len(sets[short]):
            continue
        if len(sets[long]) <= LONGER_BY_FAR * len(sets[short]) or _of_one_subject(texts[short].title, texts[long].title):
            groups.join(short, long)
        else:
            holders[long].append(short)
    of_one_story = [
        (long, held[0]) for long, held in holders.items() if len({groups.root(short) for short in held} - {groups.root(long)}) == 1
    ]
    for long, short in of_one_story:
        groups.join(long, short)


def _of_one_subject(one: str, other: str) -> bool:
    """Whether two headlines share long words, whatever their endings: names above all."""
    stems = [{word[:TELLING_LETTERS] for word in folded_words(title) if len(word) >= TELLING_LETTERS} for title in (one, other)]
    return len(stems[0] & stems[1]) >= TELLING_WORDS


def _join_by_headline(groups: _Groups, texts: Sequence[StoryText], scraps: Sequence[str], sets: Sequence[Shingles]) -> None:
    """Joins texts with equal headlines of one time where one of two is no more than a teaser, and equal scraps of text."""
    headlines: dict[tuple[str, ...], list[int]] = defaultdict(list)
    equal: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, text in enumerate(texts):
        headline = tuple(folded_words(text.title))
        if len(headline) >= HEADLINE_WORDS:
            headlines[headline].append(position)
        if len(sets[position]) < SHORT_SHINGLES and len(headline) + len(scraps[position].split()) >= HEADLINE_WORDS:
            equal[*headline, "", scraps[position]].append(position)
    named = [positions for positions in headlines.values() if not _heads_a_column(texts, scraps, positions)]
    for positions in (*named, *equal.values()):
        for cluster in _of_one_time(texts, positions):
            short = [position for position in cluster if len(sets[position]) < TEASER_SHINGLES]
            long = [position for position in cluster if len(sets[position]) >= TEASER_SHINGLES]
            _join_all(groups, short)
            if short and len({groups.root(position) for position in long}) == 1:
                groups.join(short[0], long[0])


def _heads_a_column(texts: Sequence[StoryText], scraps: Sequence[str], positions: Sequence[int]) -> bool:
    """Whether one outlet prints this headline over text after text."""
    different = {(texts[position].outlet_id, scraps[position]) for position in positions}
    return max(Counter(outlet_id for outlet_id, _ in different).values(), default=0) >= TEMPLATE_TEXTS


def _of_one_time(texts: Sequence[StoryText], positions: Iterable[int]) -> Iterator[list[int]]:
    """The positions cut where more than some days lie between; undated ones belong where there is no choice."""
    dated = sorted((moment, position) for position in positions if (moment := texts[position].published_at) is not None)
    undated = [position for position in positions if texts[position].published_at is None]
    clusters: list[list[int]] = [[dated[0][1]]] if dated else []
    for (before, _), (moment, position) in pairwise(dated):
        if moment - before > timedelta(days=HEADLINE_DAYS):
            clusters.append([])
        clusters[-1].append(position)
    if len(clusters) == 1:
        clusters[0] += undated
    elif undated:
        clusters.append(undated)
    yield from clusters


def _join_all(groups: _Groups, positions: Sequence[int]) -> None:
    for first, second in pairwise(positions):
        groups.join(first, second)
