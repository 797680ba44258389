"""The forms of a digest: all say the same, all fit, nothing that came from outside does anything in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from tests.digests import samples
from tests.digests.forms.printed import Page
from tracker.digests.forms.html import MOST_MAIL_BYTES, render_digest, render_report
from tracker.digests.forms.shortening import shortened
from tracker.digests.forms.view import Reading, read_digest
from tracker.model import LANGUAGES, Audience, Branding, Digest, EditionKind, RenderedDigest, Selection
from tracker.workspace import shipped_folder

TEMPLATES = shipped_folder("templates")
PNG = b"\x89PNG\r\n\x1a\n0000"


def mail(digest: Digest, language: str = "en") -> RenderedDigest:
    return render_digest(digest, TEMPLATES, language)


def report(digest: Digest, language: str = "en", **pictures: bytes) -> str:
    return render_report(digest, TEMPLATES, language, {f"{name}.png": content for name, content in pictures.items()})


def one_line(text: str) -> str:
    return " ".join(text.split()).casefold()


def facts(reading: Reading) -> Iterator[str]:
    """Texts that a mail and a report must bear, as they are printed."""
    yield from (reading.campaign, reading.title, reading.period, reading.made, reading.approved, *reading.attention, *reading.summary)
    yield from (word for number in reading.numbers for word in (number.value, number.label))
    yield from (reading.hidden, reading.kosovo_note, reading.funding, reading.contact, *reading.not_followed, *reading.method)
    for clip in (*reading.clips, *reading.organisation, *reading.context, *reading.own_channels):
        yield from (clip.headline, clip.outlet, clip.published, clip.country)
    for clip in (one for one in reading.clips if one.by_hand):
        yield from (clip.medium, clip.programme, clip.place, clip.reach, clip.by_hand, clip.tone, clip.prominence)
    for line in (*reading.troubles, *reading.quoted, *reading.objectives, *reading.messages):
        yield getattr(line, "who", "") or getattr(line, "name", "")
    yield from (line.why for line in reading.troubles)
    yield from (text for line in reading.objectives for text in (line.target, *line.outcomes))
    yield from reading.changed


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", Audience)
def test_the_mails_two_parts_say_all_facts(language: str, audience: Audience) -> None:
    digest = samples.a_week(audience=audience)
    made, reading = mail(digest, language), read_digest(digest, language)
    forms = {"html": one_line(Page(made.html).text), "text": one_line(made.text)}
    for form, text in forms.items():
        assert [fact for fact in facts(reading) if one_line(fact) not in text] == [], form


@pytest.mark.parametrize("kind", EditionKind)
@pytest.mark.parametrize("make", [samples.a_week, samples.empty])
def test_the_mails_two_parts_have_the_same_numbers_and_links(kind: EditionKind, make: object) -> None:
    made = mail(make(kind))  # type: ignore[operator]
    html = Page(made.html)
    in_text = re.sub(r"https?://\S+", " ", made.text)
    assert sorted(set(re.findall(r"\d[\d,.:]*\d|\d", in_text))) == sorted(set(re.findall(r"\d[\d,.:]*\d|\d", html.text)))
    assert {*re.findall(r"https?://\S+", made.text)} == {*html.links}


def test_every_item_is_linked_in_both_parts_and_in_the_report() -> None:
    digest = samples.a_week()
    made = mail(digest)
    for clip in read_digest(digest).clips:
        assert clip.link in made.text.split()
        assert clip.link in Page(made.html).links
        assert clip.link in Page(report(digest)).links


def test_sections_stand_in_their_order_and_what_a_person_must_do_before_all() -> None:
    digest = samples.a_week(audience=Audience.STAFF)
    keys = "needs_attention in_brief main_stories coverage_by_country key_messages spokespeople_named in_figures objectives organisation context_counted own_channels changed_since could_not_follow how_prepared contact".split()
    made = mail(digest)
    reading = read_digest(digest)
    headings = [reading.say(key) for key in keys]
    assert [line for line in Page(made.html).text.splitlines() if line in headings] == headings[:-1]
    assert [line for line in made.text.splitlines() if line in [one.upper() for one in headings]] == [one.upper() for one in headings]


def test_an_edition_for_partners_asks_nothing_of_them() -> None:
    made = mail(samples.a_week())
    assert "Needs your attention" not in made.html + made.text + report(samples.a_week())


def test_empty_sections_are_left_out_but_not_what_could_not_be_followed() -> None:
    for text in (Page(mail(samples.empty()).html).text, mail(samples.empty()).text, Page(report(samples.empty())).text):
        assert "Nothing was found in this period." in text
        assert "All 1,320 sources answered." in text
        assert not re.search("main stories|by country|in figures|key messages|changed since|objectives:", text, re.IGNORECASE)


def test_a_night_is_short_and_a_situation_shows_the_newest_first() -> None:
    night, situation = mail(samples.a_week("nightly")), mail(samples.a_week("situation"))
    assert "IN FIGURES" not in night.text + situation.text
    assert "COVERAGE BY COUNTRY" in night.text
    headlines = [clip.headline for clip in read_digest(samples.a_week("situation")).newest]
    places = [situation.text.split("NEWEST ITEMS")[1].index(headline) for headline in headlines[:3]]
    assert places == sorted(places)


@pytest.mark.parametrize("language", ["en", "mk"])
@pytest.mark.parametrize("digest", [samples.huge(), samples.hostile(), samples.huge(kind="situation"), samples.huge(120, "nightly")])
def test_a_mail_is_never_cut_off(digest: Digest, language: str) -> None:
    assert len(mail(digest, language).html.encode()) < MOST_MAIL_BYTES


@pytest.mark.parametrize("most", [1, 3, 20])
def test_what_a_shortened_reading_leaves_out_is_said_with_its_number(most: int) -> None:
    whole = read_digest(samples.huge())
    short = shortened(whole, most)

    def number(words: str) -> int:
        return int(re.sub(r"\D", "", words) or 0)

    for country in short.countries:
        printed = sum(len(story.clips) + number(story.more) for story in country.stories)
        assert printed + number(country.more) == country.items
    assert len(short.troubles) + number(short.more["troubles"]) == len(whole.troubles)
    assert (short.figures, short.numbers, short.by_country) == (whole.figures, whole.numbers, whole.by_country)


def test_what_a_mail_leaves_out_stands_in_the_report() -> None:
    digest = samples.huge()
    made, page = mail(digest), Page(report(digest))
    for part in (Page(made.html).text, made.text):
        assert re.search(r"\d+ more items in the report", part)
        assert "500 items by" in part
    assert {clip.link for clip in read_digest(digest).clips} <= {*page.links}


@pytest.mark.parametrize("kind", ["weekly", "nightly", "situation"])
def test_what_came_from_outside_is_inert(kind: str) -> None:
    digest = samples.hostile(kind)
    made, whole = mail(digest), report(digest)
    for html in (made.html, whole):
        page = Page(html)
        assert not {tag for tag, _ in page.elements} & {"script", "img", "iframe", "object", "form", "link", "base"}
        assert not [name for _, found in page.elements for name in found if name.startswith("on")]
        assert not re.search(r"@import|javascript:", "".join(re.findall(r"<style.*?</style>|(?:href|src|style)=\"[^\"]*", html, re.DOTALL)))
        assert all(urlsplit(link).scheme in ("http", "https") and urlsplit(link).netloc for link in page.links if not link.startswith("#"))
        assert "49" not in page.text.replace("249", "")
    for text in (made.subject, made.text, made.html, whole):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00-\x08]", text)
    assert "\n" not in made.subject
    assert not [line for line in made.text.splitlines() if line.startswith("Bcc:")]


@pytest.mark.parametrize("digest", [samples.a_week(), samples.hostile()])
def test_a_mail_fetches_nothing(digest: Digest) -> None:
    html = mail(digest).html
    assert not re.search(r"\ssrc=|url\(|<link|@import|@font-face", re.sub(r"&[a-z#0-9]+;.*?<", "<", html.replace(samples.HOSTILE[11], "")))


def test_a_report_holds_its_pictures_and_a_mail_has_none() -> None:
    branding = Branding("#0b4f6c", "logo.png", ("mark.png", "../etc.png"))
    week = samples.a_week()
    digest = replace(week, facts=replace(week.facts, branding=branding))
    sources = [found["src"] for tag, found in Page(report(digest, logo=PNG, mark=b"<svg xmlns=''/>")).elements if tag == "img"]
    assert [str(source).split(",")[0] for source in sources] == ["data:image/png;base64", "data:image/svg+xml;base64"]
    assert "<img" not in report(digest, logo=b"<html>no picture")
    assert "<img" not in report(digest)
    assert "<img" not in mail(digest).html


@pytest.mark.parametrize("language", ["en", "sr-Cyrl"])
def test_the_same_edition_is_the_same_in_every_form(language: str) -> None:
    assert mail(samples.a_week(), language) == mail(samples.a_week(), language)
    assert report(samples.a_week(), language) == report(samples.a_week(), language)


def test_a_clip_without_a_link_is_printed_without_one() -> None:
    week = samples.a_week()
    (one, *_) = week.selection.counted
    bare = replace(week, selection=Selection((replace(one, article=replace(one.article, canonical_url="javascript:x")),)))
    assert Page(mail(bare).html).links == []
    assert one.article.title in Page(mail(bare).html).text
    assert one.article.title in Page(report(bare)).text
