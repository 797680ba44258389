"""Why something was not found: the stage at which it stopped, and a remedy that mends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import NOW, a_source, an_outlet
from tests.newsdesk import CAMPAIGN, Addresses, Newsdesk, story_page
from tracker.errors import UsageError
from tracker.matching.campaigns import parse_campaign
from tracker.model import Campaign, SourceKind
from tracker.monitoring.recall import Stage
from tracker.pipeline.discover import Proposal
from tracker.review.asking import Answer, Remedy, watch, why_not_found
from tracker.review.campaigns.text_changes import AddSpelling, changed
from tracker.sources.discovery import Discovery
from tracker.store import registers

NEVER_LISTED = "https://zeri-i-lumit.example/lajme/never-listed"
STRANGER = "https://elsewhere.example/news/1"


@pytest.fixture
def read(grouped: Newsdesk) -> Newsdesk:
    return grouped


def campaign(text: str = CAMPAIGN) -> Campaign:
    return parse_campaign(text, Path("rivers.toml"))


def ask(desk: Newsdesk, url: str, text: str = CAMPAIGN) -> Answer:
    return why_not_found(desk.parts.database, campaign(text), url)


def remedies(answer: Answer) -> list[Remedy]:
    return [offer.remedy for offer in answer.offers]


@pytest.mark.parametrize(
    ("name", "stage", "offered"),
    [
        ("river", Stage.FOUND, [Remedy.LOOK]),
        ("held", Stage.HELD, [Remedy.LOOK]),
        ("weather", Stage.NO_MENTION, [Remedy.ADD]),
        ("nothing", Stage.NO_ARTICLE, [Remedy.TYPE_IN]),
        ("blocked", Stage.NOT_FETCHED, [Remedy.ADD, Remedy.TYPE_IN]),
    ],
)
def test_every_stage_has_its_remedies(read: Newsdesk, addresses: Addresses, name: str, stage: Stage, offered: list[Remedy]) -> None:
    answer = ask(read, getattr(addresses, name))
    assert (answer.stage, remedies(answer)) == (stage, offered)
    assert bool(answer.mention_id) == (Remedy.LOOK in offered)


def test_what_no_source_named_can_be_added_and_a_stranger_watched(read: Newsdesk) -> None:
    assert (ask(read, NEVER_LISTED).stage, remedies(ask(read, NEVER_LISTED))) == (Stage.NOT_NAMED, [Remedy.ADD, Remedy.TYPE_IN])
    stranger = ask(read, STRANGER)
    assert (stranger.stage, stranger.offers[0].remedy, stranger.offers[0].target) == (
        Stage.NOT_WATCHED,
        Remedy.WATCH,
        "https://elsewhere.example/",
    )


def test_an_outlet_that_was_switched_off_is_said_and_can_be_switched_on(read: Newsdesk) -> None:
    with read.parts.database.writing() as conn:
        registers.set_enabled(conn, "zeri-i-lumit", False, NOW)
    answer = ask(read, NEVER_LISTED)
    assert answer.why == "all sources of Zëri i Lumit are switched off"
    assert (answer.offers[0].remedy, answer.offers[0].target) == (Remedy.SWITCH_ON, "zeri-i-lumit")


def test_a_word_that_nearly_is_a_term_is_offered_as_its_spelling_and_taken_in_it_matches(read: Newsdesk) -> None:
    read.published = 100
    (url,) = read.publish(story_page("Tjetra", "Fjalën e mori Arta Llumaj, e cila foli gjatë."))
    read.night("extract", "match")
    answer = ask(read, url)
    offer = next(offer for offer in answer.offers if offer.remedy is Remedy.SPELLING)
    assert (answer.stage, offer.term_id, offer.target) == (Stage.NO_MENTION, "spokesperson", "Llumaj")
    text = changed(CAMPAIGN, [AddSpelling(offer.term_id, "aliases", offer.target)])
    after = ask(read, url, text)
    assert (remedies(after)[0], after.why) == (Remedy.WAIT, "the campaign as it is now finds it; the next run takes it in")


@pytest.mark.parametrize(
    ("sentence", "offered"),
    [
        ("Fjalën e mori Arta Llumaj, e cila foli gjatë.", True),
        ("Fjalën e mori Arta llumaj, e cila foli gjatë.", False),
        ("Llumaj foli gjatë.", False),
        ("Pranë Llumaj kaloi një llumaj tjetër.", False),
        ("Një lugë e pasterë dhe lulja e pestër.", False),
        ("Lumaj foli gjatë.", False),
    ],
)
def test_only_what_is_written_as_a_name_is_offered_as_a_spelling(read: Newsdesk, sentence: str, offered: bool) -> None:
    read.published = 200
    (url,) = read.publish(story_page("Tjetra", sentence))
    read.night("extract", "match")
    answer = ask(read, url)
    assert (Remedy.SPELLING in remedies(answer)) is offered
    assert remedies(answer)[0] is Remedy.ADD


def test_an_item_older_than_the_campaign_says_so(read: Newsdesk, addresses: Addresses) -> None:
    young = CAMPAIGN.replace("since = 2026-01-01", "since = 2026-12-01")
    read.write_campaign(young)
    read.night("match")
    assert ask(read, addresses.river, young).why == "it is older than the campaign, which begins on 2026-12-01"


@pytest.mark.parametrize("url", ["", "not an address", "javascript:alert(1)", "file:///etc/passwd", "https://", "x" * 5000, "http://[::1"])
def test_what_is_no_web_address_is_refused_in_words(read: Newsdesk, url: str) -> None:
    with pytest.raises(UsageError, match="no web address"):
        ask(read, url)


def test_a_site_is_watched_beside_all_that_is_watched_already(read: Newsdesk) -> None:
    outlet = an_outlet("elsewhere", name="Elsewhere", homepage="https://elsewhere.example/")
    source = a_source("elsewhere:feed:1", kind=SourceKind.FEED, address="https://elsewhere.example/feed")
    found = Discovery("https://elsewhere.example/")
    with read.parts.database.writing() as conn:
        registers.set_enabled(conn, "fjala-e-malit", False, NOW)
    assert watch(read.parts, Proposal(found, outlet, (source,), "", "")) == 1
    with read.parts.database.reading() as conn:
        states = {state.source.id: state for state in registers.states(conn)}
    assert {name: state.enabled for name, state in states.items()} == {
        "elsewhere:feed:1": True,
        "fjala-e-malit:feed:1": False,
        "zeri-i-lumit:feed:1": True,
    }
    with pytest.raises(UsageError, match="watched already"):
        watch(read.parts, Proposal(found, outlet, (source,), "", ""))
