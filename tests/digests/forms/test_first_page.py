"""The first A4 of a report tells the whole story: it fits in every language, with all that may stand on it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tests.conftest import lacking
from tests.digests import samples
from tests.digests.forms.printed import Page
from tests.digests.full_samples import pictured
from tracker.digests.forms.html import render_report
from tracker.digests.forms.view import read_digest
from tracker.digests.selection import cells_of
from tracker.model import LANGUAGES, Audience, Digest, Period, UnreadNight, Window
from tracker.workspace import shipped_folder

TEMPLATES = shipped_folder("templates")
A_LINE = 24.0
"""Pixels, 6 mm: a heading's margin and the space below a chart."""
SENTENCE = "Teachers, not platforms, were the loudest voice: outlets in four countries asked for training in every school. " * 3


def full(audience: Audience) -> Digest:
    """A week with a long sentence, pictures, a trend, four messages, marks, a funding statement, and what needs a person."""
    week = samples.a_week(audience=audience)
    cells = cells_of(week.selection.counted)
    before = tuple(
        Period(Window(samples.MONDAY - timedelta(days=7 * n), samples.MONDAY - timedelta(days=7 * n - 7)), 24, cells=cells)
        for n in range(7, 0, -1)
    )
    counted = tuple(
        replace(
            entry,
            verdict=replace(entry.verdict, key_messages=("safe-space", "local-partners", "literacy", "exchange"))
            if entry.verdict
            else None,
        )
        for entry in week.selection.counted
    )
    week = pictured(week)
    facts = replace(
        week.facts,
        unread_nights=(UnreadNight("2026-11-18", 20, 3),),
        nights=7,
    )
    sentences = tuple((language, SENTENCE) for language in LANGUAGES)
    return replace(
        week, facts=facts, sentences=sentences, before=before[-1], trend=before, selection=replace(week.selection, counted=counted)
    )


def report(digest: Digest, language: str) -> str:
    return render_report(digest, TEMPLATES, language, dict(digest.facts.pictures))


def laid_out(html: str, *, before: str = "") -> Any:
    """WeasyPrint's document; clippings are cut to their heading, as they stand behind the first page, and so is all that follows
    where a section is named that it is to end `before`."""
    try:
        import weasyprint
    except OSError as error:
        lacking(str(error))
    shorter = re.sub(r"<article class=\"clip.*?</article>", "", html, flags=re.S)
    if before:
        shorter = shorter[: shorter.index(f'<section id="{before}">')]
    return weasyprint.HTML(string=shorter).render()


def pages_of(html: str, *, before: str = "") -> list[set[str]]:
    """The anchors of each page."""
    return [set(page.anchors) for page in laid_out(html, before=before).pages]


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_fits_a4_in_every_language(language: str, audience: Audience) -> None:
    html = report(full(audience), language)
    assert html.count('class="lead-picture"') == (audience is Audience.PARTNERS)  # what needs a person takes its room
    first, second, *_ = pages_of(html, before="messages")
    assert "in-brief" in first
    assert "clippings" in second


@pytest.mark.parametrize("language", ["en", "mk"])
def test_a_first_week_shows_its_outlets_where_no_trend_is_known_and_fits(language: str) -> None:
    """Beside four stories; beside one or two they would be the longer column."""
    week = replace(full(Audience.PARTNERS), before=None, trend=())
    assert 'id="first-outlets' not in report(week, language)
    places = {one.mention.id: place for place, one in enumerate(week.selection.counted)}
    counted = tuple(replace(one, story_key=f"s{places[one.mention.id] // 5}") for one in week.selection.counted)
    html = report(replace(week, selection=replace(week.selection, counted=counted)), language)
    assert 'id="first-outlets' in html
    first, second, *_ = pages_of(html, before="messages")
    assert "in-brief" in first
    assert "clippings" in second


def test_no_hole_is_left_below_the_two_columns_in_print() -> None:
    """The key messages stand right below the longer column."""
    page = laid_out(report(full(Audience.PARTNERS), "mk"), before="messages").pages[0]
    boxes = {box.element.get("class"): box for box in page._page_box.descendants() if box.element is not None and box.element_tag == "div"}
    gap = boxes["kept"].position_y - max(bottom(boxes["wide-part"]), bottom(boxes["narrow-part"]))
    assert 0 <= gap < A_LINE


def bottom(box: Any) -> float:
    """Of the lowest words or picture inside."""
    drawn = [one for one in box.descendants() if type(one).__name__ in ("TextBox", "BlockReplacedBox", "InlineReplacedBox")]
    return float(max(one.position_y + one.height for one in drawn))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_holds_what_a_reader_asks_first(language: str) -> None:
    digest = full(Audience.PARTNERS)
    reading = read_digest(digest, language)
    page = Page(report(digest, language).split('<div class="rest">')[0]).text
    for told in (
        reading.campaign,
        reading.period,
        *reading.summary,
        reading.tone.base,
        reading.main_title,
        reading.trend.title,
        reading.funding,
    ):
        assert told in page
    for tile in reading.tiles:
        assert all(one.replace("\u00a0", " ") in page for one in (tile.value, tile.label, tile.before))
    for story in reading.main:
        assert story.first.headline in page
    for bar in reading.by_country:
        assert f"{bar.label} {bar.shown}" in " ".join(page.split())


@pytest.mark.parametrize(("name", "section", "page"), [("empty", "not-followed", 0), ("hostile", "clippings", 1)])
def test_an_empty_and_a_hostile_edition_have_a_first_page_too(name: str, section: str, page: int) -> None:
    """Where nothing was found, what could not be read follows at once."""
    digest: Digest = getattr(samples, name)()
    pages = pages_of(report(digest, "en"))
    assert "in-brief" in pages[0]
    assert next(number for number, anchors in enumerate(pages) if section in anchors) == page
