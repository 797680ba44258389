"""What a person says after an edition was made leaves it as it is; the next one tells it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW, a_mention, an_article, an_outlet
from tests.digests.test_editions import NEXT, campaign_of, make, say, shown, titles
from tests.newsdesk import ARTA, RIVER, Newsdesk
from tracker.digests.forms.view import read_digest
from tracker.digests.narrowing import narrowed
from tracker.digests.selection import regrouped_since
from tracker.locale.wording import wording
from tracker.model import LANGUAGES, Audience, Decision, Digest, EditionKind, Entry, Fact, Regrouped, Scope
from tracker.review import decisions
from tracker.store import digests

LATER = timedelta(hours=1)


@pytest.fixture
def week(grouped: Newsdesk) -> Newsdesk:
    """The story of the river in two outlets, and an item for staff."""
    return grouped


def river_items(desk: Newsdesk) -> list[str]:
    titled = {article.id for article in desk.articles() if article.title == RIVER}
    return [mention.id for mention in desk.mentions() if mention.article_id in titled]


def in_next(desk: Newsdesk, audience: Audience = Audience.STAFF) -> Digest:
    digest = shown(desk, make(desk, campaign_of(desk, "optional"), NEXT, at=timedelta(days=7)), audience)
    assert digest is not None
    return digest


@pytest.mark.parametrize(
    ("change", "stories"),
    [
        (lambda desk: decisions.split(desk.parts.database, river_items(desk)[:1], by="Arta", now=NOW + LATER), 1),
        (lambda desk: merged(desk), 2),
    ],
    ids=["split", "merged"],
)
def test_the_next_edition_says_in_one_line_that_stories_were_merged_or_split(week: Newsdesk, change: object, stories: int) -> None:
    first = make(week, campaign_of(week, "optional"))
    before = shown(week, first, Audience.STAFF)
    assert callable(change)
    change(week)
    assert shown(week, first, Audience.STAFF) == before
    digest = in_next(week)
    assert len(digest.regrouped) == stories
    for language in LANGUAGES:
        line = wording(language).say("regrouped", stories)
        assert read_digest(digest, language).changed == (line,)
        assert str(stories) in line
    assert "earlier edition" in read_digest(digest, "en").changed[0]


def merged(desk: Newsdesk) -> None:
    decisions.merge(desk.parts.database, [river_items(desk)[0], desk.mention_of(ARTA).id], by="Arta", now=NOW + LATER)


def test_a_split_that_was_taken_back_before_the_next_edition_is_not_told(week: Newsdesk) -> None:
    make(week, campaign_of(week, "optional"))
    decisions.split(week.parts.database, river_items(week)[:1], by="Arta", now=NOW + LATER)
    decisions.take_back_last(week.parts.database, by="Arta", now=NOW + 2 * LATER)
    assert in_next(week).regrouped == ()


def test_a_story_that_no_edition_has_shown_is_not_told(week: Newsdesk) -> None:
    decisions.split(week.parts.database, river_items(week)[:1], by="Arta", now=NOW - LATER)
    make(week, campaign_of(week, "optional"))
    assert in_next(week).regrouped == ()


def test_only_readers_of_its_countries_are_told(week: Newsdesk) -> None:
    make(week, campaign_of(week, "optional"))
    decisions.split(week.parts.database, river_items(week)[:1], by="Arta", now=NOW + LATER)
    digest = in_next(week)
    assert len(narrowed(digest, Scope(("XK",))).regrouped) == 1
    assert narrowed(digest, Scope(("RS",))).regrouped == ()


def entry(number: int, key: str) -> Entry:
    return Entry(a_mention(number), an_article(number, id=number), an_outlet(), key)


@pytest.mark.parametrize(
    ("earlier", "moved", "told"),
    [
        ([(1, "a"), (2, "a")], {1: "a", 2: "b"}, 1),
        ([(1, "a"), (2, "b")], {1: "a", 2: "a"}, 2),
        ([(1, "a")], {1: "a", 2: "a"}, 1),
        ([(1, "a"), (2, "a")], {1: "x", 2: "x"}, 0),
        ([(1, "a"), (2, "a"), (3, "c")], {3: "c"}, 0),
        ([(1, "")], {1: "a", 2: "a"}, 1),
        ([], {1: "a", 2: "a"}, 0),
    ],
)
def test_a_story_was_regrouped_when_its_items_parted_or_others_joined(
    earlier: list[tuple[int, str]], moved: dict[int, str], told: int
) -> None:
    assert len(regrouped_since([entry(*one) for one in earlier], moved)) == told
    assert regrouped_since([entry(1, "a"), entry(2, "a")], {1: "a", 2: "b"}) == (Regrouped((("AL", "sq", "zeri-i-lumit"),) * 2),)


def test_a_corrected_item_stays_in_a_made_edition_as_it_was_and_is_printed_corrected_in_the_next(week: Newsdesk) -> None:
    campaign = campaign_of(week, "optional")
    first = make(week, campaign)
    mention = week.mention_of(ARTA)
    said = {Fact.HEADLINE: "A year of work", Fact.OUTLET: "fjala-e-malit"}
    decisions.say(week.parts.database, mention.id, said, by="Arta", now=NOW + LATER)
    assert titles(shown(week, first, Audience.STAFF)) == sorted([RIVER, ARTA])
    report = shown(week, make(week, campaign, kind=EditionKind.REPORT, at=2 * LATER), Audience.STAFF)
    assert report is not None
    (item,) = (one for one in report.selection.shown if one.mention.id == mention.id)
    assert (item.article.title, item.outlet.country) == ("A year of work", "XK")
    (clip,) = (clip for clip in read_digest(report, "en").organisation if clip.id == mention.id)
    assert (clip.headline, clip.corrected) == ("A year of work", "corrected by hand")


def test_partners_are_not_told_that_an_item_was_corrected(week: Newsdesk) -> None:
    name = river_items(week)[0]
    decisions.say(week.parts.database, name, {Fact.HEADLINE: "The river rose"}, by="Arta", now=NOW)
    edition = make(week, campaign_of(week, "optional"), at=LATER)
    staff, partners = (shown(week, edition, audience) for audience in (Audience.STAFF, Audience.PARTNERS))
    assert staff is not None
    assert partners is not None
    clips = [next(clip for clip in read_digest(one, "sq").clips if clip.id == name) for one in (staff, partners)]
    assert [clip.headline for clip in clips] == ["The river rose"] * 2
    assert [clip.corrected for clip in clips] == ["korrigjuar nga ekipi", ""]


def test_an_acceptance_that_is_taken_back_withdraws_a_held_item_in_the_next_edition(week: Newsdesk) -> None:
    from tests.newsdesk import HELD

    say(week, HELD, Decision.ACCEPT)
    first = make(week, campaign_of(week, "optional"), at=LATER)
    assert HELD in titles(shown(week, first, Audience.PARTNERS))
    decisions.take_back(week.parts.database, mention_id=week.mention_of(HELD).id, by="Arta", now=NOW + 2 * LATER)
    assert HELD not in titles(shown(week, first, Audience.PARTNERS))
    digest = in_next(week, Audience.PARTNERS)
    assert [one.title for one in digest.withdrawn] == [""]
    with week.parts.database.reading() as conn:
        assert digests.reported(conn, "rivers")
