"""Feeds for partners' own sites: accepted mentions only, in words that any reader takes."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import feedparser
import pytest
from lxml import etree

from tests.builders import NOW, a_campaign, a_mention, a_verdict, an_article, an_outlet
from tests.conftest import ROOT
from tests.digests import samples
from tracker.digests.feeds import MOST_ITEMS, render_json_feed, render_rss
from tracker.model import Circle, Decision, Entry, Published

CAMPAIGN = a_campaign(
    own_domains=("own.example",),
    circles=(Circle("campaign", "The campaign", "partners", "river"), Circle("organisation", "Us", "staff", "river")),
)
TEMPLATES = ROOT / "templates"


def an_entry(number: int, decision: Decision | None = Decision.ACCEPT, *, circle: str = "campaign", **fields: object) -> Entry:
    verdict = a_verdict(number, decision) if decision else None
    article = an_article(number, id=number, published=Published(NOW))
    return replace(Entry(a_mention(number, circle=circle), article, an_outlet(), "", verdict), **fields)  # type: ignore[arg-type]


def titles(entries: list[Entry]) -> list[str]:
    rss = feedparser.parse(io.BytesIO(render_rss(CAMPAIGN, entries, TEMPLATES)))
    assert not rss.bozo
    told = [item["title"] for item in json.loads(render_json_feed(CAMPAIGN, entries))["items"]]
    assert told == [entry.title for entry in rss.entries]
    return told


def test_only_accepted_items_of_the_campaign_are_in_a_feed() -> None:
    own = an_entry(7)
    own = replace(own, article=replace(own.article, canonical_url="https://own.example/1"))
    others = [
        an_entry(2, None), an_entry(3, Decision.REJECT), an_entry(4, Decision.SENSITIVE), an_entry(5, sensitive=True),
        an_entry(6, circle="organisation"), own,
    ]  # fmt: skip
    assert titles([an_entry(1), *others]) == [an_entry(1).article.title]


def test_the_newest_come_first_and_no_more_than_a_site_shows() -> None:
    told = titles([an_entry(number) for number in range(1, MOST_ITEMS + 20)])
    assert len(told) == MOST_ITEMS
    assert told[0].endswith(str(MOST_ITEMS + 19))


@pytest.mark.parametrize("language", ["sq", "sr-Cyrl", "en"])
def test_hostile_text_is_text_in_a_feed(language: str) -> None:
    hostile = samples.hostile().selection.counted
    entries = [replace(entry, verdict=a_verdict(entry.article.id)) for entry in hostile]
    rss = render_rss(CAMPAIGN, entries, TEMPLATES, language)
    tree = etree.fromstring(rss)
    assert {element.tag.rpartition("}")[2] for element in tree.iter()} <= {
        "rss", "channel", "title", "link", "description", "language", "item", "guid", "pubDate", "creator", "category",
    }  # fmt: skip
    assert not [link.text for link in tree.iter("link") if not (link.text or "").startswith(("http://", "https://"))]
    items = json.loads(render_json_feed(CAMPAIGN, entries, language))["items"]
    assert len(items) == len(entries)
    assert all(item.get("url", "https://").startswith("http") for item in items)
