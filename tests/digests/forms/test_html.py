"""The forms of a digest: all say the same, all fit, nothing that came from outside does anything in them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace
from PIL import Image

from tests.digests import samples
from tests.digests.forms.printed import Page
from tests.digests.full_samples import a_mark
from tracker.digests.forms.branding import mail_marks, mark_of, not_in_mails
from tracker.digests.forms.clips import Clip
from tracker.digests.forms.html import MOST_MAIL_BYTES, render_digest, render_report
from tracker.digests.forms.letter import Letter, letter_of
from tracker.digests.forms.pictures import content_id, named_in
from tracker.digests.forms.view import Reading, read_digest
from tracker.model import LANGUAGES, Audience, Branding, Digest, EditionKind, Picture, RenderedDigest, Selection
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
    """Texts that every form must bear, as they are printed."""
    yield from (reading.campaign, reading.title, reading.period, reading.made, reading.approved, *reading.attention, *reading.told.own)
    yield from (reading.hidden, reading.kosovo_note, reading.funding)
    yield from reading.changed


def facts_of_the_report(reading: Reading) -> Iterator[str]:
    """What the report alone has room for."""
    yield from (line.name for line in (*reading.objectives, *reading.messages))
    yield from (text for line in reading.objectives for text in (line.target, *line.outcomes))
    yield from (reading.contact, *reading.not_followed, *reading.method)
    for clip in (*reading.clips, *reading.organisation, *reading.context, *reading.own_channels):
        yield from (clip.headline, clip.outlet, clip.published, clip.country)
    for clip in (one for one in reading.clips if one.by_hand):
        yield from (clip.medium, clip.programme, clip.place, clip.reach, clip.by_hand, clip.tone, clip.prominence)
    yield from (one.who for one in reading.troubles)
    yield from (one.name for one in reading.quoted)
    yield from (line.why for line in reading.troubles)


def shown(letter: Letter) -> list[Clip]:
    """The items that a mail names."""
    lines = [*letter.answers, *(line for one in letter.countries for line in one.lines), *letter.night]
    lines += [line for _, rows in letter.hours for line in rows]
    return [*([letter.top.first] if letter.top else []), *letter.carriers, *(line.clip for line in lines)]


def facts_of_the_mail(reading: Reading) -> Iterator[str]:
    letter = letter_of(reading)
    yield from (line.name for line in (*letter.objectives, *letter.messages))
    yield from (text for line in letter.objectives for text in (line.target, *line.outcomes))
    yield from (*letter.lead, *letter.remarks, letter.sources, *letter.more, reading.contact, reading.unsubscribe)
    yield from (text for tile in reading.tiles for text in (tile.value, tile.label, tile.before))
    yield from (reading.tone.base, *(segment.shown for segment in reading.tone.segments))
    yield from (text for country in letter.countries for text in (country.name, country.counted))
    yield from (letter.top.reason if letter.top else "", reading.say("open_report"))
    for clip in shown(letter):
        yield clip.outlet
    for line in (*letter.answers, *(line for one in letter.countries for line in one.lines)):
        yield from (line.clip.headline, line.clip.translation, line.also, line.decide, line.clip.by_hand, line.clip.release)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", Audience)
def test_the_mails_two_parts_say_all_facts(language: str, audience: Audience) -> None:
    digest = samples.a_week(audience=audience)
    made, reading = mail(digest, language), read_digest(digest, language)
    forms = {"html": one_line(Page(made.html).text), "text": one_line(made.text)}
    for form, text in forms.items():
        assert [fact for fact in (*facts(reading), *facts_of_the_mail(reading)) if one_line(fact) not in text] == [], form


@pytest.mark.parametrize("kind", EditionKind)
@pytest.mark.parametrize("make", [samples.a_week, samples.empty])
def test_the_mails_two_parts_have_the_same_numbers_and_links(kind: EditionKind, make: object) -> None:
    made = mail(make(kind))  # type: ignore[operator]
    html = Page(made.html)
    in_text = re.sub(r"https?://\S+", " ", made.text)
    assert sorted(set(re.findall(r"\d[\d,.:]*\d|\d", in_text))) == sorted(set(re.findall(r"\d[\d,.:]*\d|\d", html.text)))
    assert {*re.findall(r"https?://\S+", made.text)} == {*html.links}


@pytest.mark.parametrize("kind", ["weekly", "nightly", "situation"])
def test_what_a_mail_names_is_linked_in_both_parts_and_all_in_the_report(kind: str) -> None:
    digest = samples.a_week(kind)
    made, reading = mail(digest), read_digest(digest)
    for clip in shown(letter_of(reading)):
        assert clip.link in made.text.split()
        assert clip.link in Page(made.html).links
    assert {clip.link for clip in reading.clips} <= {*Page(report(digest)).links}


def test_sections_stand_in_their_order_and_what_a_person_must_do_before_all() -> None:
    digest = samples.a_week(audience=Audience.STAFF)
    digest = replace(digest, trend=(digest.before,), selection=replace(digest.selection, counted=digest.selection.counted))
    keys = "needs_attention top_story worth_answer coverage_by_country key_messages objectives trend_weekly changed_since".split()
    made, reading = mail(digest), read_digest(digest)
    headings = [reading.say(key) for key in keys]
    assert [line for line in Page(made.html).text.splitlines() if line in headings] == headings
    assert [line for line in made.text.splitlines() if line in [one.upper() for one in headings]] == [one.upper() for one in headings]


def test_an_edition_for_partners_asks_nothing_of_them() -> None:
    made = mail(samples.a_week())
    assert "Needs your attention" not in made.html + made.text + report(samples.a_week())


def test_empty_sections_are_left_out_but_not_what_could_not_be_followed() -> None:
    for text in (Page(mail(samples.empty()).html).text, mail(samples.empty()).text, Page(report(samples.empty())).text):
        assert "Nothing was found in this period." in text
        assert "All 1,320 sources answered." in text
        assert not re.search("main stories|top story|by country|in figures|key messages|changed since|objectives:", text, re.IGNORECASE)
    assert "full report" not in mail(samples.empty()).text
    assert not mail(samples.empty()).shortened


def test_a_night_on_which_little_happened_is_five_lines() -> None:
    week = samples.a_week("nightly", Audience.STAFF)
    one = replace(week.selection, counted=week.selection.counted[:1], organisation=(), context=(), own_channels=())
    quiet = replace(week, selection=one, facts=samples.empty().facts, sentences=(), withdrawn=(), approved_by="")
    lines = [
        line for line in mail(quiet).text.split("NEEDS YOUR ATTENTION")[1].splitlines() if line and not line.startswith(("-----", "  "))
    ]
    assert len([line for line in lines if "write to" not in line and "Funded" not in line and "campaign and not" not in line]) <= 9
    assert "coverage by country" not in mail(quiet).text.lower()


def test_a_night_says_of_each_item_what_to_decide_and_partners_are_asked_nothing() -> None:
    week = samples.a_week("nightly", Audience.STAFF)
    text = mail(week).text
    waiting = [entry for entry in week.selection.counted if entry.verdict is None and entry.hand is None]
    assert text.count("To decide: accept or reject") == len(waiting) > 0
    assert "To decide" not in mail(samples.a_week("nightly")).text + mail(samples.a_week("nightly")).html


def test_a_night_is_ranked_and_a_situation_shows_the_newest_first() -> None:
    night, situation = mail(samples.a_week("nightly")), mail(samples.a_week("situation"))
    assert "COVERAGE BY COUNTRY" not in night.text
    assert "leading daily, in the lead" in night.text
    reading = read_digest(samples.a_week("nightly"))
    ordered = [
        night.text.index(clip.link)
        for story in reading.ranked
        for clip in sorted(story.clips, key=lambda one: one.rank.key)
        if clip.link in night.text
    ]
    assert ordered == sorted(ordered)
    links = [clip.link for clip in read_digest(samples.a_week("situation")).newest]
    places = [situation.text.index(link) for link in links[:3]]
    assert places == sorted(places)


@pytest.mark.parametrize("language", ["en", "mk"])
@pytest.mark.parametrize("digest", [samples.huge(), samples.hostile(), samples.huge(kind="situation"), samples.huge(120, "nightly")])
def test_a_mail_is_never_cut_off(digest: Digest, language: str) -> None:
    assert len(mail(digest, language).html.encode()) < MOST_MAIL_BYTES


def test_what_a_mail_leaves_out_is_said_and_stands_in_the_report() -> None:
    digest = samples.huge()
    made, page = mail(digest), Page(report(digest))
    named = len({clip.id for clip in shown(letter_of(read_digest(digest)))})
    for part in (Page(made.html).text, made.text):
        assert f"{500 - named} more items in the report" in part
        assert "500 items by" in part
        assert "Open the full report" in part
    assert made.shortened
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


def test_a_report_holds_its_pictures_and_a_mail_names_those_that_go_with_it() -> None:
    branding = Branding("#0b4f6c", "logo.png", ("mark.png", "../etc.png"))
    week = samples.a_week()
    digest = replace(week, facts=replace(week.facts, branding=branding, pictures=(("logo.png", a_png()), ("mark.png", b"<svg xmlns=''/>"))))
    sources = [found["src"] for tag, found in Page(report(digest, logo=PNG, mark=b"<svg xmlns=''/>")).elements if tag == "img"]
    assert [str(source).split(",")[0] for source in sources] == ["data:image/png;base64", "data:image/svg+xml;base64"]
    assert "<img" not in report(digest, logo=b"<html>no picture")
    assert "<img" not in report(digest)
    html = mail(digest).html
    (source,) = [found["src"] for tag, found in Page(html).elements if tag == "img"]
    (picture,) = named_in(html, [("branding", one) for one in mail_marks(digest)[:1] if isinstance(one, Picture)]) or ()
    assert source == f"cid:{content_id(picture)}"
    assert picture.content.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"\x89PNG broken", b"\xff\xd8\xff", b"GIF89a"])
def test_a_logo_that_is_no_png_or_jpeg_is_left_out_of_a_mail(content: bytes) -> None:
    assert mark_of(content) is None


def a_png(size: tuple[int, int] = (900, 300)) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", size, (200, 20, 20, 120)).save(out, "PNG")
    return out.getvalue()


def test_a_logo_is_made_small_and_stands_on_white() -> None:
    picture = mark_of(a_png())
    assert picture is not None
    assert (picture.width, picture.height) == (336, 112)
    assert len(picture.content) < 10_000


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


def test_a_logo_that_no_mail_can_show_is_named_with_what_to_do() -> None:
    branding = Branding(logo="art/logo.svg", marks=("eu.png", "broken.png", "eu.png"))
    files = {"art/logo.svg": b"<svg/>", "eu.png": a_mark(90, 60, (0, 51, 153)), "broken.png": PNG}
    assert not_in_mails(branding, files.__getitem__) == (
        "art/logo.svg stands in reports alone: mail programs and Word show no SVG; give a PNG of the same mark",
        "broken.png stands in reports alone: it cannot be opened as a PNG or JPEG",
    )
    assert not_in_mails(Branding(), files.__getitem__) == ()
