"""What stands first in a digest: a person's star, outlets, tier, place, recency; the order is the same on every day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.digests import samples
from tracker.digests.figures import story_groups
from tracker.digests.forms.clips import reason
from tracker.digests.ranking import UNRATED, Rank, is_starred, prominence, rank_of, ranked, top_stories
from tracker.locale.wording import wording
from tracker.model import LANGUAGES, Entry, Hit, Precision, Prominence, Published

NOW = samples.MONDAY
LOWEST = Rank(False, 1, UNRATED, "portal", None, NOW)


@dataclass(frozen=True)
class Starred:
    """A verdict with a star, whatever else it says."""

    starred: bool = True
    prominence: str = ""


def an_entry(number: int = 1, **given: Any) -> Entry:
    made = samples.entry(number, given.pop("outlet_id", "vala"), given.pop("story", f"s{number}"), NOW, "Headline", "x platforma")
    return replace(
        made,
        outlet=replace(made.outlet, tier=given.pop("tier", 2), kind=given.pop("kind", "portal")),
        article=replace(made.article, published=Published(NOW - timedelta(hours=given.pop("hours_ago", 0)), Precision.MINUTE)),
        mention=replace(made.mention, hits=given.pop("hits", made.mention.hits)),
        **given,
    )


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (replace(LOWEST, starred=True), replace(LOWEST, outlets=40, tier=1, prominence=Prominence.HEADLINE)),
        (replace(LOWEST, outlets=2), replace(LOWEST, tier=1, prominence=Prominence.HEADLINE)),
        (replace(LOWEST, tier=1), replace(LOWEST, tier=2, prominence=Prominence.HEADLINE)),
        (replace(LOWEST, tier=3), LOWEST),
        (replace(LOWEST, prominence=Prominence.HEADLINE), replace(LOWEST, prominence=Prominence.LEAD)),
        (replace(LOWEST, prominence=Prominence.LEAD), replace(LOWEST, prominence=Prominence.TEXT)),
        (replace(LOWEST, prominence=Prominence.TEXT), replace(LOWEST, prominence=Prominence.PASSING)),
        (replace(LOWEST, prominence=Prominence.PASSING), LOWEST),
        (replace(LOWEST, newest=NOW + timedelta(minutes=1)), LOWEST),
    ],
)
def test_star_outlets_tier_place_and_recency_count_in_this_order(better: Rank, worse: Rank) -> None:
    assert better.key < worse.key


def test_a_story_has_the_best_of_its_items() -> None:
    items = (an_entry(1, tier=3, kind="local"), an_entry(2, outlet_id="korabi", tier=1, kind="daily", hours_ago=5), an_entry(3, tier=0))
    rank = rank_of(items)
    assert (rank.outlets, rank.tier, rank.kind, rank.newest) == (2, 1, "daily", NOW)
    assert rank_of([an_entry(tier=0)]).tier == UNRATED


def test_a_star_is_that_of_a_persons_verdict() -> None:
    assert is_starred(an_entry(verdict=Starred()))
    assert not is_starred(an_entry(verdict=Starred(starred=False)))
    assert not is_starred(an_entry())


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ((), None),
        ((("title", 0),), Prominence.HEADLINE),
        ((("body", 20), ("title", 0)), Prominence.HEADLINE),
        ((("body", 20),), Prominence.LEAD),
        ((("body", 900), ("body", 1200)), Prominence.TEXT),
        ((("body", 900),), Prominence.PASSING),
    ],
)
def test_where_the_campaign_is_named_counts(places: tuple[tuple[str, int], ...], expected: Prominence | None) -> None:
    assert prominence(an_entry(hits=tuple(Hit("t", at, at + 3, "abc", field) for field, at in places))) == expected


@given(st.permutations(range(24)))
def test_the_order_of_arrival_does_not_show(order: list[int]) -> None:
    entries = list(samples.week_entries())
    shuffled = [entries[place] for place in order]
    first = [{entry.article.id for entry in group.entries} for group in ranked(story_groups(entries))]
    assert [{entry.article.id for entry in group.entries} for group in ranked(story_groups(shuffled))] == first
    assert [group.key for group in top_stories(shuffled, 3)] == [group.key for group in ranked(story_groups(entries))[:3]]


def test_the_reason_is_printed() -> None:
    words = wording("en")
    assert reason(Rank(False, 1, 1, "daily", Prominence.HEADLINE, NOW), words) == "leading daily, in the headline"
    assert reason(Rank(True, 5, 1, "local", Prominence.LEAD, NOW), words) == "chosen by the team, in 5 outlets, leading outlet, in the lead"
    assert reason(Rank(False, 1, 2, "portal", None, NOW), words) == "portal"
    assert reason(Rank(False, 1, UNRATED, "other", None, NOW), words) == ""
    assert reason(Rank(False, 1, 1, "daily", Prominence.HEADLINE, NOW), wording("sr-Cyrl")) == "водећи дневни лист, у наслову"
    assert reason(Rank(False, 1, 1, "agency", Prominence.LEAD, NOW), wording("sq")) == "agjenci kryesore lajmesh, në hyrje"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "kind", ["agency", "broadcaster", "daily", "weekly", "portal", "investigative", "radio", "local", "specialist", "regional", "no such"]
)
def test_every_kind_of_leading_outlet_has_words(language: str, kind: str) -> None:
    words = wording(language)
    assert words.leading(kind).strip()
    assert "_" not in words.leading(kind)
