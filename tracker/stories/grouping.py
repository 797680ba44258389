"""Which articles are one story. The result depends on the texts alone, never on the order in which they came.

Two texts are the same news when one holds most of the other. What an outlet prints under all its articles says nothing and is
taken out first; a round-up that holds several stories joins none of them; texts too short to compare go by their headline; a bulletin
whose words are the same every day goes by its numbers."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise

from tracker.model import Story, StoryText
from tracker.stories.columns import column_days
from tracker.stories.fingerprint import (
    MOST_HOLDERS,
    VERSION_PERMUTATIONS,
    VERSION_ROWS,
    Shingles,
    candidate_pairs,
    folded_words,
    holding_pairs,
    shared_shingles,
    shingles_of,
)
from tracker.stories.headlines import TELLING_LETTERS, Headlines
from tracker.stories.pairs import ONE_DAY, SAME_NUMBERS, Likeness, Shared, is_worth_a_look, likeness, numbers_of

SHORT_SHINGLES = 20
"""With fewer, a shared sentence (a quotation, a name with its titles) already makes 60 %."""
TEASER_SHINGLES = 60
"""Shorter texts are a lead or a teaser, often cut at 300 letters: an equal headline says more than they do."""
HEADLINE_WORDS = 4
"""Equal headlines of fewer words ("Moti sot", "Vremenska prognoza") are columns, not news, unless the texts tell of the same."""
BRIEF_HEADLINE_WORDS = 3
"""Of so many words ("Preminuo Kornelije Kovač") a headline of one day counts where both texts have two of its telling words."""
HEADLINE_DAYS = 3
"""An equal headline this many days later is another event."""
TEMPLATE_TEXTS, TEMPLATE_AT_MOST, TEMPLATE_PART = 3, 5, 0.05
"""Words under so many different articles of one outlet are its template: three, and of an outlet with sixty and more a twentieth of them up to
five. With three alone a tenth of the copies among Albanian portals is lost to phrases and to the names of a week; with more than five, what
a party writes before each of its speeches makes one story of all."""
SCRAP_WORDS = 100
"""From so many words on, two texts are compared by their shingles only."""
OTHER_TEXT_WORDS = 8
"""Two texts of one outlet under one headline, each of so many words and with less than a fifth of them in common, are two articles."""
BULLETIN_NUMBERS = 5
"""A text with so many different numbers can be known by them."""
BULLETIN_PART = 0.5
"""Shared part of the shorter text of two bulletins that give the same numbers on the same day."""
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
    headlines = Headlines(ordered)
    sets, scraps = _read(ordered)
    templates = _templates(ordered, sets, headlines)
    sets = [_without(shingles, templates.get(text.outlet_id)) for text, shingles in zip(ordered, sets, strict=True)]
    groups = _Groups(column_days(ordered, headlines.words, [scraps.get(at, text.body) for at, text in enumerate(ordered)]))
    _join_by_text(groups, ordered, sets, headlines)
    if templates:
        _join_by_numbers(groups, ordered)
    _join_by_headline(groups, ordered, scraps, sets, headlines)
    stories = tuple(
        Story(key=f"story-{ordered[members[0]].article_id}", article_ids=tuple(ordered[member].article_id for member in members))
        for members in groups.members()
    )
    return Grouped(stories, templates)


def _read(texts: Sequence[StoryText]) -> tuple[list[Shingles], dict[int, str]]:
    """Shingles of each text, and by position the folded words of short ones; a few texts at a time, as words take fifty times their
    letters."""
    sets: list[Shingles] = []
    scraps: dict[int, str] = {}
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        words = [folded_words(text.body) for text in texts[start : start + TEXTS_AT_ONCE]]
        sets += shingles_of(words)
        scraps |= {start + at: " ".join(each) for at, each in enumerate(words) if len(each) < SCRAP_WORDS}
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


def _templates(texts: Sequence[StoryText], sets: Sequence[Shingles], headlines: Headlines) -> dict[str, frozenset[int]]:
    """For each outlet that has any the shingles that are its own and no article's. An article that is shown again is one; the same text
    under headlines of other subjects on other days is what the outlet prints under all of them."""
    outlets = Counter(text.outlet_id for text in texts)
    busy = [position for position, text in enumerate(texts) if outlets[text.outlet_id] >= TEMPLATE_TEXTS]
    versions = _Groups([None] * len(texts))
    for first, second in candidate_pairs([sets[position] for position in busy], VERSION_PERMUTATIONS, VERSION_ROWS):
        one, other = busy[first], busy[second]
        if texts[one].outlet_id == texts[other].outlet_id:
            shared = shared_shingles(sets[one], sets[other])
            alike = shared >= SAME_VERSION * (len(sets[one]) + len(sets[other]) - shared)
            if alike and (_of_one_day(texts[one], texts[other]) or headlines.agreed(one, other)):
                versions.join(one, other)
    printed: dict[str, list[list[int]]] = defaultdict(list)
    for members in versions.members():
        if outlets[texts[members[0]].outlet_id] >= TEMPLATE_TEXTS:
            printed[texts[members[0]].outlet_id].append(members)
    found = {outlet: _printed_often(sets, printed.pop(outlet), outlets[outlet]) for outlet in [*printed]}
    return {outlet: shingles for outlet, shingles in found.items() if shingles}


def _printed_often(sets: Sequence[Shingles], versions: Sequence[Sequence[int]], texts: int) -> frozenset[int]:
    """The shingles that stand in so many versions of an outlet with so many texts that they are its template."""
    counts: Counter[int] = Counter()
    for members in versions:
        counts.update(sets[members[0]] if len(members) == 1 else {shingle for member in members for shingle in sets[member]})
    least = max(TEMPLATE_TEXTS, min(TEMPLATE_PART * texts, TEMPLATE_AT_MOST))
    return frozenset(shingle for shingle, count in counts.items() if count >= least)


def _without(shingles: Shingles, template: Collection[int] | None) -> Shingles:
    return array("I", [shingle for shingle in shingles if shingle not in template]) if template else shingles


def _join_by_text(groups: _Groups, texts: Sequence[StoryText], sets: Sequence[Shingles], headlines: Headlines) -> None:
    """Joins texts that are the same news. A far longer one joins what it holds if all of that is one story, or if their headlines speak of
    the same: a round-up's does not."""
    comparable = [position for position, shingles in enumerate(sets) if len(shingles) >= SHORT_SHINGLES]
    holders: dict[int, list[int]] = defaultdict(list)
    compared = [sets[position] for position in comparable]
    for first, second in {**dict.fromkeys(candidate_pairs(compared)), **dict.fromkeys(holding_pairs(compared))}:
        short, long = sorted((comparable[first], comparable[second]), key=lambda position: len(sets[position]))
        both = shared_shingles(sets[short], sets[long])
        if not is_worth_a_look(both, len(sets[short])):
            continue
        apart, agreed = _apart(texts[short], texts[long]), headlines.agreed(short, long)
        shared = Shared(both, len(sets[short]), len(sets[long]), apart, agreed)
        found = likeness(shared, (numbers_of(texts[short].body), numbers_of(texts[long].body)))
        if found is Likeness.SAME:
            groups.join(short, long)
        elif found is Likeness.HELD:
            holders[long].append(short)
    of_one_story = [
        (long, held[0]) for long, held in holders.items() if len({groups.root(short) for short in held} - {groups.root(long)}) == 1
    ]
    for long, short in of_one_story:
        groups.join(long, short)


def _join_by_numbers(groups: _Groups, texts: Sequence[StoryText]) -> None:
    """Joins bulletins of one day that give the same numbers. Their words may be an outlet's template, as it prints them every day."""
    numbers = {at: found for at, text in enumerate(texts) if len(found := numbers_of(text.body)) >= BULLETIN_NUMBERS}
    holders: dict[str, list[int]] = defaultdict(list)
    for position, found in numbers.items():
        for number in found:
            holders[number].append(position)
    pairs = Counter(pair for held in holders.values() if len(held) <= MOST_HOLDERS for pair in combinations(held, 2))
    for (one, other), shared in pairs.items():
        fewer = min(len(numbers[one]), len(numbers[other]))
        if shared < 2 or not _of_one_day(texts[one], texts[other]) or len(numbers[one] & numbers[other]) < SAME_NUMBERS * fewer:
            continue
        first, second = shingles_of([folded_words(texts[one].body), folded_words(texts[other].body)])
        if shared_shingles(first, second) >= BULLETIN_PART * max(min(len(first), len(second)), SHORT_SHINGLES):
            groups.join(one, other)


def _apart(one: StoryText, other: StoryText) -> timedelta | None:
    """The time between two texts; None where one has none."""
    if one.published_at is None or other.published_at is None:
        return None
    return abs(_aware(one.published_at) - _aware(other.published_at))


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _of_one_day(one: StoryText, other: StoryText) -> bool:
    """Whether two texts may be of one day; one without a time may be of any."""
    apart = _apart(one, other)
    return apart is None or apart <= ONE_DAY


def _join_by_headline(
    groups: _Groups, texts: Sequence[StoryText], scraps: Mapping[int, str], sets: Sequence[Shingles], headlines: Headlines
) -> None:
    """Joins texts with equal headlines of one time where one of two is no more than a teaser, and equal scraps of text."""
    named: dict[tuple[str, ...], list[int]] = defaultdict(list)
    equal: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, words in enumerate(headlines.words):
        if len(words) >= BRIEF_HEADLINE_WORDS:
            named[words].append(position)
        scrap = scraps.get(position)
        if scrap is not None and len(sets[position]) < SHORT_SHINGLES and len(words) + len(scrap.split()) >= HEADLINE_WORDS:
            equal[*words, "", scrap].append(position)
    telling = [
        positions if len(words) >= HEADLINE_WORDS else _telling_of_it(texts, words, positions)
        for words, positions in named.items()
        if len(positions) > 1 and not _heads_a_column(texts, scraps, positions)
    ]
    for positions in (*telling, *equal.values()):
        for cluster in _of_one_time(texts, _without_other_texts(texts, scraps, positions)):
            short = [position for position in cluster if len(sets[position]) < TEASER_SHINGLES]
            long = [position for position in cluster if len(sets[position]) >= TEASER_SHINGLES]
            _join_all(groups, short)
            if short and len({groups.root(position) for position in long}) == 1:
                groups.join(short[0], long[0])


def _telling_of_it(texts: Sequence[StoryText], headline: Sequence[str], positions: Sequence[int]) -> list[int]:
    """Those under a brief headline that tell of it, if all are of one day; else none."""
    stems = {word[:TELLING_LETTERS] for word in headline if len(word) >= TELLING_LETTERS}
    found = [at for at in positions if len(stems & {word[:TELLING_LETTERS] for word in folded_words(texts[at].body)}) >= 2]
    moments = sorted(_aware(moment) for at in found if (moment := texts[at].published_at) is not None)
    of_one_day = len(moments) == len(found) and (not moments or moments[-1] - moments[0] <= ONE_DAY)
    return found if of_one_day else []


def _without_other_texts(texts: Sequence[StoryText], scraps: Mapping[int, str], positions: Sequence[int]) -> list[int]:
    """The positions without those of outlets that have two texts of other words under this headline: it says nothing there."""
    if len(positions) < 2:
        return [*positions]
    by_outlet: dict[str, list[int]] = defaultdict(list)
    for position in positions:
        by_outlet[texts[position].outlet_id].append(position)
    for outlet_id, own in [*by_outlet.items()]:
        words = [frozenset(scraps[at].split() if at in scraps else folded_words(texts[at].body)) for at in own] if len(own) > 1 else []
        filled = [each for each in words if len(each) >= OTHER_TEXT_WORDS]
        if any(5 * len(one & other) < min(len(one), len(other)) for one, other in pairwise(filled)):
            del by_outlet[outlet_id]
    return sorted(position for own in by_outlet.values() for position in own)


def _heads_a_column(texts: Sequence[StoryText], scraps: Mapping[int, str], positions: Sequence[int]) -> bool:
    """Whether one outlet prints this headline over text after text."""
    different = {(texts[position].outlet_id, scraps.get(position, str(position))) for position in positions}
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
