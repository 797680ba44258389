"""The donor's annex as DOCX: an outline, tables that repeat their heading, the reader's language, inert text, the same file each time."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.digests import samples
from tracker.digests.forms.docx import render_docx
from tracker.digests.forms.docx_parts import (
    CELL_MARGINS_MM,
    LETTER_MM,
    MOST_LETTERS,
    TEXT_WIDTH_MM,
    WordDocument,
    Words,
    fitted,
    longest_word,
)
from tracker.digests.forms.docx_parts import LANGUAGES as SPOKEN
from tracker.digests.forms.palette import palette
from tracker.digests.forms.view import read_digest
from tracker.locale.wording import wording
from tracker.model import LANGUAGES, Audience, Digest

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f0005050201a5f645400000000049454e44ae426082"
)


def made(digest: Digest, language: str = "en") -> bytes:
    return render_docx(read_digest(digest, language))


def opened(digest: Digest, language: str = "en") -> docx.document.Document:
    return docx.Document(io.BytesIO(made(digest, language)))


def text_of(document: docx.document.Document) -> str:
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in document.element.body.iter(qn("w:p")))


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode()


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 40)), min_size=1, max_size=12))
def test_columns_fill_the_text_and_break_no_word_where_all_fit(columns: list[tuple[int, int]]) -> None:
    shares, letters = [share for share, _ in columns], [count for _, count in columns]
    widths = fitted(shares, letters)
    assert sum(widths) == pytest.approx(TEXT_WIDTH_MM)
    least = [min(count, MOST_LETTERS) * LETTER_MM + CELL_MARGINS_MM for count in letters]
    if sum(least) <= TEXT_WIDTH_MM:
        assert all(width >= wanted - 1e-6 for width, wanted in zip(widths, least, strict=True))
    if all(TEXT_WIDTH_MM * share / sum(shares) >= wanted for share, wanted in zip(shares, least, strict=True)):
        assert widths == pytest.approx([TEXT_WIDTH_MM * share / sum(shares) for share in shares])


@pytest.mark.parametrize("language", ["sq", "sr-Cyrl", "mk"])
def test_a_table_of_tone_by_country_breaks_no_heading(language: str) -> None:
    week = samples.a_week()
    tone = wording(language).say("tone")
    (table,) = [one for one in opened(week, language).tables if one.cell(0, 0).text.casefold() == tone.casefold()]
    assert len(table.rows) > len(table.columns), "countries stand in rows: there are more of them than tones"
    for at, column in enumerate(table.columns):
        longest = longest_word([row.cells[at].text for row in table.rows])
        assert column.width >= Mm(int(min(longest, MOST_LETTERS) * LETTER_MM))


def test_an_annex_has_an_outline_in_the_order_of_the_digest() -> None:
    say = wording("en").say
    outline = [p.text for p in opened(samples.a_week()).paragraphs if p.style and p.style.name == "Heading 1"]
    keys = (
        "in_brief",
        "main_stories",
        "coverage_by_country",
        "key_messages",
        "spokespeople_named",
        "objectives",
        "in_figures",
        "context",
        "own_channels",
        "changed_since",
        "could_not_follow",
        "how_prepared",
    )
    assert outline == [say(key) for key in keys]


def test_an_annex_says_all_that_a_donor_asks_for() -> None:
    told = text_of(opened(samples.a_week()))
    for text in (
        "16–22 November 2026",
        "Approved by Mirela Kola",
        "8 stories, published as 24 items by 18 outlets in 6 countries.",
        "2 items withheld to protect a child",
        "Calls to the helpline: 312",
        "Radio Adriana",
        "Sources without usable results in this period: 4 of 1,320.",
        "We do not use advertising-value equivalents (AVE).",
        "Funded by the European Union.",
        "UNSCR 1244",
        "press@lumi.example",
        "17 November 2026, 09:07\u00a0CET",
        "Reach: 184,000",
        "An item was withdrawn to protect a child",
        "Kosovo*",
    ):
        assert text in told
    assert "Needs your attention" not in told
    assert "Needs your attention" in text_of(opened(samples.a_week("monthly", Audience.STAFF)))


def test_an_empty_edition_says_so_and_what_was_watched() -> None:
    told = text_of(opened(samples.empty()))
    assert "Nothing was found in this period." in told
    assert "All 1,320 sources answered." in told


def test_every_table_of_rows_repeats_its_heading_and_keeps_its_rows_whole() -> None:
    document = opened(samples.a_week())
    tables = [table for table in document.tables if table.style and table.style.name == "Digest Table"]
    assert len(tables) > 15
    for table in tables:
        assert table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert all(row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in table.rows)
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)  # type: ignore[union-attr]
    fields = [field.get(qn("w:instr")) for field in section.footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert section.footer.paragraphs[0].text.startswith("A Digital Safety Agenda in Western Balkans · 16–22 November 2026\tPage ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_annex_is_in_its_readers_language_and_says_which(language: str) -> None:
    content = made(samples.a_week("monthly", Audience.STAFF), language)
    assert {*re.findall(r'<w:lang [^>]*?w:val="([^"]+)"', part(content, "word/styles.xml"))} == {SPOKEN[language]}
    document = docx.Document(io.BytesIO(content))
    assert document.core_properties.language == SPOKEN[language]
    assert wording(language).say("could_not_follow") in [p.text for p in document.paragraphs]
    spoken = {element.get(qn("w:val")) for element in document.element.body.iter(qn("w:lang"))}
    assert {"sq-AL", "sr-Latn-RS", "sr-Cyrl-RS", "mk-MK"} <= spoken  # headlines are in the language of their outlet
    if language != "en":
        assert not re.search(r"\b(Headline|Outlet|Share|Items|Carried by|Stories)\b", text_of(document))


@pytest.mark.parametrize("audience", Audience)
def test_hostile_text_is_inert_and_stands_there_as_text(audience: Audience) -> None:
    content = made(samples.hostile(audience=audience))
    document = docx.Document(io.BytesIO(content))
    told = text_of(document)
    assert "<script>ran = 1; alert(1)</script>" in told
    assert "👩" in told
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", told)
    assert max(len(line) for line in told.splitlines()) < 1500
    targets = [one.target_ref for one in document.part.rels.values() if one.is_external]
    assert targets
    assert all(target.startswith(("http://", "https://")) for target in targets)
    assert not re.search(r"w:instr(Text)?=\"(?!PAGE|NUMPAGES)", part(content, "word/document.xml"))


def test_an_edition_written_twice_is_the_same_file() -> None:
    reading = read_digest(samples.a_week(), "cnr")
    content = render_docx(reading)
    assert content == render_docx(reading)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = part(content, "docProps/core.xml")
    assert core.count("2026-11-23T07:30:00Z") == 2
    assert "python" not in core


def test_pictures_of_the_campaign_stand_in_it_and_broken_ones_are_left_out() -> None:
    week = samples.a_week()
    branding = replace(week.facts.branding, logo="logo.png", marks=("a.png", "b.png", "c.svg"))
    pictures = (("logo.png", PNG), ("a.png", PNG[:20]), ("b.png", b"\x89PNG\r\n\x1a\n"), ("c.svg", b"<svg/>"))
    document = opened(replace(week, facts=replace(week.facts, branding=branding, pictures=pictures)))
    (shown,) = document.inline_shapes
    assert shown.height == Mm(14)


def test_a_link_that_does_not_lead_to_the_web_is_text() -> None:
    paper = WordDocument("en", palette())
    paper.paragraph(Words("here", link="javascript:alert(1)"), Words(" and \ufffe\x0b there", link="https://a.example/"))
    document = docx.Document(io.BytesIO(paper.content()))
    assert [link.address for paragraph in document.paragraphs for link in paragraph.hyperlinks] == ["https://a.example/"]
    assert text_of(document).strip() == "here and  there"


def test_the_first_story_and_the_items_stand_with_their_pictures_and_what_these_show() -> None:
    week = samples.a_week()
    shown = tuple((entry.article.id, samples.a_picture(number)) for number, entry in enumerate(week.selection.counted[:3]))
    content = made(replace(week, lead_pictures=shown))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        kept = [package.read(name) for name in package.namelist() if name.startswith("word/media/")]
    assert {picture.content for _, picture in shown} <= {*kept}
    described = re.findall(r'descr="([^"]+)"', part(content, "word/document.xml"))
    assert [text for text in described if not text.startswith("Picture with the item: ")] == []
    assert len(described) >= len(shown)
    assert "descr=" not in part(made(week), "word/document.xml")


def test_the_figures_stand_over_those_of_the_period_before() -> None:
    reading = read_digest(samples.a_week())
    told = text_of(opened(samples.a_week()))
    for tile in reading.tiles:
        assert tile.value in told
        assert tile.label in told
        assert tile.before in told
    assert reading.tone.sentence in told
