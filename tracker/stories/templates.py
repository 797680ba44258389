"""What an outlet prints under its articles: the shingles that stand in many of them and are no article's own."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from tracker.model import StoryText
from tracker.stories.fingerprint import VERSION_PERMUTATIONS, VERSION_ROWS, candidate_pairs, repeated
from tracker.stories.groups import Groups
from tracker.stories.headlines import Headlines
from tracker.stories.many_shingles import shared_shingles
from tracker.stories.order import of_one_day
from tracker.stories.shingles import Shingles, distinct

TEMPLATE_TEXTS, TEMPLATE_AT_MOST, TEMPLATE_PART = 3, 5, 0.05
"""Words under so many different articles of one outlet are its template: three, and of an outlet with sixty and more a twentieth of them up to
five. With three alone a tenth of the copies among Albanian portals is lost to phrases and to the names of a week; with more than five, what
a party writes before each of its speeches makes one story of all."""
SAME_VERSION = 0.8
"""Shared part of both texts together at which two articles of one outlet count as one when its template is looked for."""
LEARNED_FROM = 2000
"""Texts of one outlet from which its template is learned at once; of more by so many. It takes 15 KB a text."""


def without_templates(
    texts: Sequence[StoryText], runs: Sequence[Shingles], headlines: Headlines
) -> tuple[list[Shingles], dict[str, frozenset[int]]]:
    """The distinct shingles of each text that are its own; and of each outlet that has any those that are its template.

    An article that is shown again is one; the same text under headlines of other subjects on other days is what the outlet prints under all
    of them. `runs`: the shingles of each text as it gives them.
    """
    own, templates = [*runs], defaultdict[str, set[int]](set)
    outlets: dict[str, list[int]] = defaultdict(list)
    for position, text in enumerate(texts):
        outlets[text.outlet_id].append(position)
    for outlet_id, positions in outlets.items():
        for start in range(0, len(positions), LEARNED_FROM):
            templates[outlet_id] |= _learned(texts, own, headlines, positions[start : start + LEARNED_FROM])
        if template := templates[outlet_id]:
            for position in positions:
                own[position] = _without(own[position], template)
    return own, {outlet_id: frozenset(template) for outlet_id, template in templates.items() if template}


def _learned(texts: Sequence[StoryText], own: list[Shingles], headlines: Headlines, positions: Sequence[int]) -> set[int]:
    """The template of these texts of one outlet; makes the shingles of each of them distinct on the way."""
    again = repeated([own[position] for position in positions])
    for position, found in zip(positions, again, strict=True):
        if len(set(found)) < len(found):
            own[position] = distinct(own[position])
    if len(positions) < TEMPLATE_TEXTS:
        return set()
    counts: Counter[int] = Counter()
    for members in _versions(texts, own, headlines, positions):
        counts.update({shingle for member in members for shingle in again[member]})
    least = max(TEMPLATE_TEXTS, min(TEMPLATE_PART * len(positions), TEMPLATE_AT_MOST))
    return {shingle for shingle, count in counts.items() if count >= least}


def _versions(texts: Sequence[StoryText], own: Sequence[Shingles], headlines: Headlines, positions: Sequence[int]) -> list[list[int]]:
    """By their place among the positions the texts that are one article."""
    versions = Groups([None] * len(positions))
    for first, second in candidate_pairs([own[position] for position in positions], VERSION_PERMUTATIONS, VERSION_ROWS):
        one, other = positions[first], positions[second]
        shared = shared_shingles(own[one], own[other])
        alike = shared >= SAME_VERSION * (len(own[one]) + len(own[other]) - shared)
        if alike and (of_one_day(texts[one], texts[other]) or headlines.agreed(one, other)):
            versions.join(first, second)
    return versions.members()


def _without(shingles: Shingles, template: Collection[int]) -> Shingles:
    kept = [shingle for shingle in shingles if shingle not in template]
    return shingles if len(kept) == len(shingles) else array("I", kept)
