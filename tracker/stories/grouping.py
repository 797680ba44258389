"""Which articles are one story. The result depends on the texts alone, never on the order in which they came.

Two texts are the same news when one holds most of the other. What an outlet prints under all its articles says nothing and is
taken out first; a round-up that holds several stories joins none of them; texts too short to compare go by their headline; a bulletin
whose words are the same every day goes by its numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import combinations, pairwise

from msgspec import Struct

from tracker.model import Story, StoryText
from tracker.stories.columns import column_days
from tracker.stories.fingerprint import MOST_HOLDERS, candidate_pairs, holding_pairs
from tracker.stories.groups import Groups
from tracker.stories.headlines import TELLING_LETTERS, Headlines
from tracker.stories.many_shingles import read_texts, shared_shingles
from tracker.stories.order import ONE_DAY, aware, of_one_day, time_apart
from tracker.stories.pairs import SAME_NUMBERS, Likeness, Shared, is_worth_a_look, likeness, numbers_of
from tracker.stories.shingles import Shingles, folded_words, shingles_of
from tracker.stories.templates import TEMPLATE_TEXTS, without_templates

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
SCRAP_WORDS = 100
"""From so many words on, two texts are compared by their shingles only."""
OTHER_TEXT_WORDS = 8
"""Two texts of one outlet under one headline, each of so many words and with less than a fifth of them in common, are two articles."""
BULLETIN_NUMBERS = 5
"""A text with so many different numbers can be known by them."""
BULLETIN_PART = 0.5
"""Shared part of the shorter text of two bulletins that give the same numbers on the same day."""


class Grouped(Struct, frozen=True):
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
    runs, scraps = _read(ordered)
    sets, templates = without_templates(ordered, runs, headlines)
    groups = Groups(column_days(ordered, headlines.words, [scraps.get(at, text.body) for at, text in enumerate(ordered)]))
    _join_by_text(groups, ordered, sets, headlines)
    if templates:
        _join_by_numbers(groups, ordered)
    _join_by_headline(groups, ordered, scraps, sets, headlines)
    stories = tuple(
        Story(key=f"story-{ordered[members[0]].article_id}", article_ids=tuple(ordered[member].article_id for member in members))
        for members in groups.members()
    )
    return Grouped(stories, templates)


def templates_of(texts: Sequence[StoryText]) -> Mapping[str, frozenset[int]]:
    """For each outlet that has any the shingles of what it prints under its articles; nothing is grouped."""
    return without_templates(texts, _read(texts)[0], Headlines(texts))[1]


def _read(texts: Sequence[StoryText]) -> tuple[list[Shingles], dict[int, str]]:
    """Shingles of each text as it gives them, and by position the folded words of short ones."""
    runs: list[Shingles] = []
    scraps: dict[int, str] = {}
    for position, (words, count, shingles) in enumerate(read_texts(text.body for text in texts)):
        runs.append(shingles)
        if count < SCRAP_WORDS:
            scraps[position] = b" ".join(words.split()).decode()
    return runs, scraps


def _join_by_text(groups: Groups, texts: Sequence[StoryText], sets: Sequence[Shingles], headlines: Headlines) -> None:
    """Joins texts that are the same news. A far longer one joins what it holds if all of that is one story, or if their headlines speak of
    the same: a round-up's does not."""
    comparable = [position for position, shingles in enumerate(sets) if len(shingles) >= SHORT_SHINGLES]
    holders: dict[int, list[int]] = defaultdict(list)
    compared = [sets[position] for position in comparable]
    for first, second in {**dict.fromkeys(candidate_pairs(compared)), **dict.fromkeys(holding_pairs(compared))}:
        if groups.root(comparable[first]) == groups.root(comparable[second]):
            continue
        short, long = sorted((comparable[first], comparable[second]), key=lambda position: len(sets[position]))
        both = shared_shingles(sets[short], sets[long])
        if not is_worth_a_look(both, len(sets[short])):
            continue
        apart, agreed = time_apart(texts[short], texts[long]), headlines.agreed(short, long)
        shared = Shared(both, len(sets[short]), len(sets[long]), apart, agreed)
        found = likeness(shared, (numbers_of(texts[short].body), numbers_of(texts[long].body)))
        if found is Likeness.SAME:
            groups.join(short, long)
        elif found is Likeness.HELD:
            holders[long].append(short)
    others = {
        long: {groups.root(short): short for short in held if groups.root(short) != groups.root(long)} for long, held in holders.items()
    }
    for long, stories in others.items():
        if len(stories) == 1:
            groups.join(long, *stories.values())


def _join_by_numbers(groups: Groups, texts: Sequence[StoryText]) -> None:
    """Joins bulletins of one day that give the same numbers. Their words may be an outlet's template, as it prints them every day."""
    numbers = {at: found for at, text in enumerate(texts) if len(found := numbers_of(text.body)) >= BULLETIN_NUMBERS}
    holders: dict[str, list[int]] = defaultdict(list)
    for position, found in numbers.items():
        for number in found:
            holders[number].append(position)
    pairs = Counter(pair for held in holders.values() if len(held) <= MOST_HOLDERS for pair in combinations(held, 2))
    for (one, other), shared in pairs.items():
        fewer = min(len(numbers[one]), len(numbers[other]))
        if shared < 2 or not of_one_day(texts[one], texts[other]) or len(numbers[one] & numbers[other]) < SAME_NUMBERS * fewer:
            continue
        first, second = shingles_of([folded_words(texts[one].body), folded_words(texts[other].body)])
        if shared_shingles(first, second) >= BULLETIN_PART * max(min(len(first), len(second)), SHORT_SHINGLES):
            groups.join(one, other)


def _join_by_headline(
    groups: Groups, texts: Sequence[StoryText], scraps: Mapping[int, str], sets: Sequence[Shingles], headlines: Headlines
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
    moments = sorted(aware(moment) for at in found if (moment := texts[at].published_at) is not None)
    together = len(moments) == len(found) and (not moments or moments[-1] - moments[0] <= ONE_DAY)
    return found if together else []


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


def _join_all(groups: Groups, positions: Sequence[int]) -> None:
    for first, second in pairwise(positions):
        groups.join(first, second)
