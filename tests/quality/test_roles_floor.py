"""Floors of roles on a thousand simulated chains of copies with noisy times and credits, of a fixed seed.

Measured 2026-11-27: original 98.1 %, source of a copy 96.5 %, credit 100 %. What is missed has no credit and no time that tells."""

from __future__ import annotations

from tests.quality.chains import OUTLETS, chain
from tracker.model import StoryRole
from tracker.stories.newsrooms import Newsrooms
from tracker.stories.roles import parts_of

CHAINS = 1000
ORIGINAL_FLOOR = 0.97
SOURCE_FLOOR = 0.95
CREDIT_FLOOR = 0.99


def test_originals_sources_and_credits_of_a_thousand_chains_are_told() -> None:
    newsrooms = Newsrooms(OUTLETS)
    originals, sources, credited = [], [], []
    for seed in range(CHAINS):
        made = chain(seed)
        parts = {part.article_id: part for part in parts_of(made.story, made.texts, newsrooms)}
        originals.append([one for one, part in parts.items() if part.role is StoryRole.ORIGINAL] == [made.original])
        sources += [parts[one].carried_from == source for one, source in made.sources.items()]
        credited += [parts[one].gives_credit is given for one, given in made.credited.items()]
    assert sum(originals) >= ORIGINAL_FLOOR * CHAINS
    assert sum(sources) >= SOURCE_FLOOR * len(sources)
    assert sum(credited) >= CREDIT_FLOOR * len(credited)
