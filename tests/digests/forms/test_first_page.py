"""The first A4 of a report tells the whole story: it fits in every language, with all that may stand on it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import lacking
from tests.digests import samples
from tests.digests.forms.printed import Page
from tracker.digests.forms.html import render_report
from tracker.digests.forms.view import read_digest
from tracker.digests.selection import cells_of
from tracker.model import LANGUAGES, Audience, Digest, Period, UnreadNight, Window
from tracker.workspace import shipped_folder

TEMPLATES = shipped_folder("templates")
SENTENCE = "Teachers, not platforms, were the loudest voice: outlets in four countries asked for training in every school. " * 3
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc00000030101001ab7f6a20000000049454e44ae426082"
)


def full(audience: Audience) -> Digest:
    """A week with a long sentence, a trend, four messages, marks, a funding statement, and what needs a person."""
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
    branding = replace(week.facts.branding, logo="logo.png", marks=("a.png", "b.png"))
    facts = replace(
        week.facts,
        branding=branding,
        pictures=tuple((name, PIXEL) for name in ("logo.png", "a.png", "b.png")),
        unread_nights=(UnreadNight("2026-11-18", 20, 3),),
        nights=7,
    )
    sentences = tuple((language, SENTENCE) for language in LANGUAGES)
    return replace(
        week, facts=facts, sentences=sentences, before=before[-1], trend=before, selection=replace(week.selection, counted=counted)
    )


def report(digest: Digest, language: str) -> str:
    return render_report(digest, TEMPLATES, language, dict(digest.facts.pictures))


def pages_of(html: str, *, before: str = "") -> list[set[str]]:
    """The anchors of each page; clippings are cut to their heading, as they stand behind the first page, and so is all that follows
    where a section is named that it is to end `before`."""
    try:
        import weasyprint
    except OSError as error:
        lacking(str(error))
    shorter = re.sub(r"<article class=\"clip.*?</article>", "", html, flags=re.S)
    if before:
        shorter = shorter[: shorter.index(f'<section id="{before}">')]
    return [set(page.anchors) for page in weasyprint.HTML(string=shorter).render().pages]


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_fits_a4_in_every_language(language: str, audience: Audience) -> None:
    first, second, *_ = pages_of(report(full(audience), language), before="messages")
    assert "in-brief" in first
    assert "clippings" in second


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
