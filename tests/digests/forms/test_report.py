"""The report says all there is: the first page, the clippings, then annex and method; charts stay with their headings."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from tests.digests import samples
from tests.digests.forms.printed import Page
from tests.digests.forms.test_html import one_line, report
from tracker.digests.forms.view import Reading, read_digest
from tracker.model import LANGUAGES, Audience, Digest, Outlet


def facts(reading: Reading) -> list[str]:
    """Texts that a report must bear, as they are printed."""
    said = [reading.campaign, reading.title, reading.period, reading.made, reading.approved, *reading.attention, *reading.summary]
    said += [word for tile in reading.tiles for word in (tile.value, tile.label, tile.before)]
    said += [reading.hidden, reading.kosovo_note, reading.funding, reading.contact, *reading.not_followed, *reading.method]
    for clip in (*reading.clips, *reading.organisation, *reading.context, *reading.own_channels):
        said += [clip.headline, clip.outlet, clip.published, clip.country]
    for clip in (one for one in reading.clips if one.by_hand):
        said += [clip.medium, clip.programme, clip.place, clip.reach, clip.by_hand, clip.tone, clip.prominence]
    said += [reading.tone.base, *(segment.shown for segment in reading.tone.segments)]
    said += [story.reason for story in reading.main]
    said += [text for line in reading.troubles for text in (line.who, line.why, line.country)]
    said += [text for line in reading.quoted for text in (line.name, line.role, line.counted)]
    said += [text for line in reading.objectives for text in (line.name, line.target, *line.outcomes)]
    said += [text for line in reading.messages for text in (line.name, line.sentence, line.since_start)]
    return [*said, *reading.changed]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", Audience)
def test_the_report_says_all_facts(language: str, audience: Audience) -> None:
    digest = samples.a_week(audience=audience)
    text = one_line(Page(report(digest, language)).text)
    assert [fact for fact in facts(read_digest(digest, language)) if one_line(fact) not in text] == []


def test_first_the_story_then_clippings_then_annex_and_method() -> None:
    page = Page(report(samples.a_week(audience=Audience.STAFF)))
    order = [found["id"] for tag, found in page.elements if tag in ("main", "section")]
    assert order == [
        *("in-brief", "clippings", "messages", "quoted", "objectives", "figures"),
        *("organisation", "context", "own-channels", "changed", "not-followed", "prepared"),
    ]
    linked = [link.removeprefix("#") for link in page.links if link.startswith("#")]
    assert linked == [one for one in order[1:] if one not in ("organisation", "context", "own-channels", "changed")]


def of_one_outlet() -> Digest:
    week = samples.a_week()
    one = Outlet("one", "Gazeta Korabi", "https://korabi.example/", "AL", ("sq",), kind="daily", tier=1)
    counted = tuple(
        replace(entry, outlet=one, article=replace(entry.article, language="sq"), hand=None) for entry in week.selection.counted
    )
    return replace(week, selection=replace(week.selection, counted=counted))


def test_a_chart_of_one_bar_is_a_sentence() -> None:
    html = report(of_one_outlet())
    assert "<svg" not in html
    text = Page(html).text
    for sentence in (
        "Items by country: Albania (24)",
        "Items by outlet: Gazeta Korabi (24)",
        "By tier: leading national (24)",
        "By medium: online (24)",
    ):
        assert sentence in text


def test_every_chart_stands_in_one_figure_with_its_heading() -> None:
    html = report(samples.a_week())
    found = re.findall(r"<figure><figcaption>([^<]+)</figcaption>(.*?)</figure>", html, re.S)
    assert [title for title, _ in found] == ["Items by country", "Items by country", "Items by outlet"]
    assert sum(drawn.count("<svg") for _, drawn in found) == html.count("<svg") == 5
    assert "figure { margin: 0 0 26px; break-inside: avoid; }" in html


def test_shares_of_every_table_add_up_to_a_hundred() -> None:
    tables = re.findall(r"<table class=\"short\">(.*?)</table>", report(samples.a_week()), re.S)
    assert len(tables) == 3
    for table in tables:
        assert sum(int(share) for share in re.findall(r">(\d+)\s?%<", table)) == 100
