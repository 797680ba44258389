"""Feeds for partners' own sites: accepted items only, readable by any reader, inert whatever a site does with their text."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest
from lxml import etree
from msgspec.structs import replace

from tests.builders import a_campaign, a_hand_item, a_mention, a_verdict, an_article, an_outlet
from tests.digests import samples
from tracker.digests.forms.feeds import MOST_ITEMS, render_json_feed, render_rss
from tracker.digests.selection import select_entries
from tracker.locale.wording import wording
from tracker.model import LANGUAGES, Audience, Campaign, Circle, Decision, Entry, Published
from tracker.workspace import shipped_folder

TEMPLATES = shipped_folder("templates")
CAMPAIGN = a_campaign(
    review="required",
    own_domains=("rivers.example",),
    kosovo_note="eu",
    circles=(Circle("campaign", "The campaign", "partners", "river"), Circle("organisation", "Us", "staff", "river")),
)
AT = datetime(2026, 3, 13, 9, 5, tzinfo=UTC)


def an_entry(number: int = 1, decision: Decision | None = Decision.ACCEPT, **fields: Any) -> Entry:
    mention = {name: fields.pop(name) for name in ("circle", "held") if name in fields}
    entry_fields = {name: fields.pop(name) for name in ("sensitive", "hand", "outlet") if name in fields}
    article = an_article(number, **{"id": number, "published": Published(AT + timedelta(hours=number))} | fields)
    verdict = a_verdict(number, decision) if decision else None
    return Entry(
        **{"mention": a_mention(number, **mention), "article": article, "outlet": an_outlet(), "story_key": "", "verdict": verdict}
        | entry_fields
    )


def rss(entries: list[Entry], language: str = "en", campaign: Campaign = CAMPAIGN) -> feedparser.FeedParserDict:
    content = render_rss(campaign, entries, TEMPLATES, language)
    etree.fromstring(content)
    read = feedparser.parse(io.BytesIO(content))
    assert not read.bozo, read.get("bozo_exception")
    return read


def json_feed(entries: list[Entry], language: str = "en", campaign: Campaign = CAMPAIGN) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(render_json_feed(campaign, entries, language))
    return read


SHUT_OUT = {
    "nobody has looked at it": an_entry(decision=None),
    "rejected": an_entry(decision=Decision.REJECT),
    "unsure": an_entry(decision=Decision.UNSURE),
    "sensitive": an_entry(decision=Decision.SENSITIVE),
    "sensitive in another campaign": an_entry(sensitive=True),
    "held": an_entry(decision=None, held=True),
    "for staff": an_entry(circle="organisation"),
    "on the campaign's own site": an_entry(canonical_url="https://www.rivers.example/news/1"),
}


@pytest.mark.parametrize("why", SHUT_OUT)
def test_an_item_stays_out_of_the_feeds_that_is(why: str) -> None:
    entries = [SHUT_OUT[why], an_entry(2)]
    assert [item["id"] for item in json_feed(entries)["items"]] == ["urn:tracker:mention:rivers-2"]
    assert [item.id for item in rss(entries).entries] == ["urn:tracker:mention:rivers-2"]


def test_an_accepted_item_is_told_with_all_that_a_site_shows() -> None:
    entry = an_entry(outlet=an_outlet(name="Fjala & Mali", country="XK"))
    (item,) = rss([entry], "sq").entries
    assert (item.title, item.link, item.author) == ("Lumi doli nga shtrati 1", "https://zeri-i-lumit.example/lajme/1", "Fjala & Mali")
    assert (item.source.title, item.source.href) == ("Fjala & Mali", "https://zeri-i-lumit.example/")
    assert (item.published_parsed[:5], item.tags[0].term) == ((2026, 3, 13, 10, 5), "Kosova*")
    assert b"<dc:language>sq</dc:language>" in render_rss(CAMPAIGN, [entry], TEMPLATES, "en")
    assert item.summary == "Banorët e fshatit panë ujin të ngrihej gjatë natës."
    told = json_feed([entry], "sq")
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert told["language"] == "sq"
    assert told["home_page_url"] == "https://rivers.example/"
    assert told["items"] == [
        {
            "id": "urn:tracker:mention:rivers-1",
            "url": "https://zeri-i-lumit.example/lajme/1",
            "title": "Lumi doli nga shtrati 1",
            "content_text": "Banorët e fshatit panë ujin të ngrihej gjatë natës.",
            "date_published": "2026-03-13T10:05:00+00:00",
            "authors": [{"name": "Fjala & Mali", "url": "https://zeri-i-lumit.example/"}],
            "tags": ["Kosova*"],
            "language": "sq",
        }
    ]
    assert told["description"].endswith(wording("sq").say("kosovo_eu"))


def test_what_was_entered_by_hand_has_no_link_and_what_has_no_date_has_none() -> None:
    entry = an_entry(hand=a_hand_item(), canonical_url="hand:rivers:1", published=None)
    (item,) = rss([entry]).entries
    assert "link" not in item
    assert "published" not in item
    assert item.guidislink is False
    assert not {"url", "date_published"} & {*json_feed([entry])["items"][0]}


def test_the_newest_hundred_are_shown_the_newest_first() -> None:
    entries = [an_entry(number) for number in range(1, MOST_ITEMS + 21)]
    ids = [item["id"] for item in json_feed(entries)["items"]]
    assert ids == [f"urn:tracker:mention:rivers-{number}" for number in range(MOST_ITEMS + 20, 20, -1)]
    assert [item.id for item in rss(entries).entries] == ids


HOSTILE = (
    *samples.HOSTILE,
    "]]><item><title>x</title></item>",
    "\x00\x01\x0b\x1f\x7f\ufffe\uffff",
    "&lt;script&gt;ran=1&lt;/script&gt;",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "]]>&#0;&x;",
    "Të gjitha <b>lumenjtë</b> & 'të tjerët' \"në\" rregull",
    "\ud800",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_inert_in_every_feed(text: str) -> None:
    entries = [
        an_entry(1, title=text, body=text, canonical_url=f"javascript:{text}", outlet=an_outlet(name=text, homepage=text)),
        an_entry(2, title="Tjetri"),
    ]
    read, told = rss(entries, campaign=replace(CAMPAIGN, name=f"Lumi {text[:50]}")), json_feed(entries)
    assert [item.title for item in read.entries][:1] == ["Tjetri"]
    assert len(read.entries) == len(told["items"]) == 2
    item, plain = read.entries[1], told["items"][1]
    assert "link" not in item
    assert "url" not in plain
    for said in (plain["title"], plain["content_text"], plain["authors"][0]["name"]):
        assert not {"<", ">", "\0", "\r", "\n", "\u202e", "\ufffe"} & {*said}
        assert len(said) <= 300
    for said in (item.get("title", ""), item.get("summary", ""), item.get("author", "")):
        assert "<" not in said.replace("&lt;", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_feed_is_in_its_readers_language(language: str) -> None:
    read = rss([an_entry()], language)
    assert read.feed.language == json_feed([], language)["language"] == language
    assert read.feed.title == f"Clean rivers: {wording(language).say('press_coverage')}"
    assert read.entries[0].title == "Lumi doli nga shtrati 1"


def test_a_feed_without_items_is_a_feed_and_the_same_on_any_day() -> None:
    assert rss([]).entries == json_feed([])["items"] == []
    assert render_rss(CAMPAIGN, [an_entry()], TEMPLATES) == render_rss(CAMPAIGN, [an_entry()], TEMPLATES)


@pytest.mark.parametrize("review", ["required", "optional"])
def test_feeds_hold_what_partners_digests_count_and_a_person_has_accepted(review: str) -> None:
    """Sites of partners are public: what nobody has looked at is not in their feeds, also where partners may read it."""
    campaign = replace(CAMPAIGN, review=review)
    entries = [*SHUT_OUT.values(), an_entry(2), an_entry(3, hand=a_hand_item(3)), an_entry(4, decision=None, hand=a_hand_item(4))]
    entries = [replace(one, mention=replace(one.mention, id=f"m{place}")) for place, one in enumerate(entries)]
    counted = select_entries(campaign, entries, audience=Audience.PARTNERS).counted
    accepted = {entry.mention.id for entry in counted if entry.verdict is not None}
    assert {item["id"].rpartition(":")[2] for item in json_feed(entries, campaign=campaign)["items"]} == accepted
    assert len(counted) - len(accepted) == 2 * (review == "optional")


def test_a_feed_bears_the_campaigns_name_in_its_language() -> None:
    campaign = replace(CAMPAIGN, names=(("sr-Latn", "Čiste reke"), ("sq", "Lumenj të pastër")))
    titles = {language: json_feed([], language, campaign)["title"] for language in ("sq", "sr-Cyrl", "en")}
    assert titles == {
        "sq": "Lumenj të pastër: Pasqyrimi në media",
        "sr-Cyrl": "Чисте реке: Објаве у медијима",
        "en": f"{CAMPAIGN.name}: Press coverage",
    }
