"""What a change finds and loses is what the next night will find and lose."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW
from tests.newsdesk import CAMPAIGN, HELD, RIVER, WEATHER, Newsdesk, story_page
from tracker.matching.campaigns import parse_campaign
from tracker.matching.matcher import Matcher
from tracker.model import Campaign
from tracker.review.campaigns.effect import Effect, effect_of
from tracker.review.campaigns.terms import respellings_seen, term_of


def campaign(desk: Newsdesk, text: str) -> Campaign:
    return parse_campaign(text, desk.folder / "campaigns" / "rivers.toml")


def effect(desk: Newsdesk, text: str, days: int = 30) -> Effect:
    return effect_of(desk.parts.database, campaign(desk, CAMPAIGN), campaign(desk, text), NOW + timedelta(hours=1), days)


def titles(desk: Newsdesk) -> list[str]:
    found = {mention.article_id for mention in desk.mentions()}
    return sorted(article.title for article in desk.articles() if article.id in found)


CHANGES = {
    "a spelling more": (CAMPAIGN.replace('"lumë i pastër"]', '"lumë i pastër", "moti"]'), [WEATHER], [], []),
    "a term narrowed": (CAMPAIGN.replace('"lumë i pastër"]', '"deti i pastër"]'), [], [HELD, RIVER, RIVER], []),
    "a circle moved": (
        CAMPAIGN.replace("query = 'spokesperson'", "query = 'river or spokesperson'").replace(
            "query = 'river'\n", "query = 'minor and river'\n"
        ),
        [],
        [],
        [RIVER, RIVER],
    ),
    "nothing": (CAMPAIGN + "# a comment\n", [], [], []),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_effect_is_listed_and_the_next_match_agrees(desk: Newsdesk, name: str) -> None:
    text, gained, lost, moved = CHANGES[name]
    desk.night("match")
    before = titles(desk)
    told = effect(desk, text)
    assert sorted(one.title for one in told.gained) == gained
    assert sorted(one.title for one in told.lost) == lost
    assert sorted(one.title for one in told.moved) == moved
    assert titles(desk) == before, "nothing is stored"
    desk.write_campaign(text)
    desk.night("extract", "match")
    assert titles(desk) == sorted([*(title for title in before if title not in lost), *gained])


def test_only_the_days_asked_for_are_looked_at(desk: Newsdesk) -> None:
    desk.night("extract", "match")
    assert effect(desk, CAMPAIGN.replace('"lumë i pastër"]', '"deti"]'), days=0).lost == ()
    later = NOW + timedelta(days=31)
    assert effect_of(desk.parts.database, campaign(desk, CAMPAIGN), campaign(desk, CAMPAIGN), later).looked_at == 0


def test_every_spelling_is_shown_with_its_forms_by_language_and_its_uses(desk: Newsdesk) -> None:
    matcher = Matcher(campaign(desk, CAMPAIGN))
    river, person = term_of(matcher, "river"), term_of(matcher, "spokesperson")
    assert river is not None
    assert person is not None
    assert term_of(matcher, "nothing") is None
    assert [circle.name for circle in river.used_in] == ["The campaign"]
    (spelling,) = person.spellings
    assert spelling.language == "any"
    surname = dict(spelling.words[1].by_group)
    assert {"lumaj", "lumajt"} <= {*surname["sq"]}


def test_spellings_seen_in_items_are_offered(desk: Newsdesk) -> None:
    desk.published = 100
    desk.publish(story_page("Tjetra", "Nisma për një lumë të pastër. Fjalën e mori Arta Llumaj. Më pas foli Arta Llumaj."))
    desk.night("extract", "match")
    found = respellings_seen(desk.parts.database, campaign(desk, CAMPAIGN), Matcher(campaign(desk, CAMPAIGN)), NOW - timedelta(days=30))
    assert [(one.term_id, one.spelling) for one in found] == [("spokesperson", "Llumaj")]
