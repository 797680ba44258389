"""The donor's annex: a document that opens, holds what the mail holds, and is the same file each time."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from lxml import etree

from tests.digests import samples
from tracker.digests.documents import render_docx
from tracker.digests.reading import Reading, read_digest
from tracker.locale import LANGUAGES
from tracker.model import Digest


def text_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        tree = etree.fromstring(package.read("word/document.xml"))
    words = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
    return "\n".join("".join(paragraph.itertext()) for paragraph in tree.iterfind(".//w:p", words))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_document_says_what_the_reading_says(language: str) -> None:
    reading: Reading = read_digest(samples.a_week(), language)
    text = squeezed(text_of(render_docx(reading)))
    told = [*reading.summary, reading.campaign, reading.period, *reading.method, *reading.not_followed, reading.hidden]
    told += [fact for clip in reading.clips for fact in (clip.headline, clip.outlet, clip.published)]
    told += [bar.label for bars in (reading.by_country, reading.by_outlet, reading.by_week) for bar in bars]
    told += [line.why for line in reading.troubles] + [line.name for line in reading.messages]
    assert not [fact for fact in told if squeezed(fact).strip() not in text]


def test_links_lead_to_articles_only() -> None:
    reading = read_digest(samples.a_week())
    document = docx.Document(io.BytesIO(render_docx(reading)))
    links = {one.target_ref for one in document.part.rels.values() if one.is_external}
    assert links == {clip.link for clip in reading.clips if clip.link}


@pytest.mark.parametrize("digest", [samples.a_week(), samples.empty(), samples.hostile()], ids=["week", "empty", "hostile"])
def test_the_same_edition_is_the_same_file(digest: Digest) -> None:
    reading = read_digest(digest)
    first = render_docx(reading)
    assert render_docx(reading) == first
    assert docx.Document(io.BytesIO(first)).paragraphs


def test_headings_are_headings_and_tables_repeat_theirs() -> None:
    document = docx.Document(io.BytesIO(render_docx(read_digest(samples.a_week()))))
    assert {p.style.name for p in document.paragraphs if p.style} >= {"Title", "Heading 1", "Heading 2"}
    for table in document.tables:
        assert "w:tblHeader" in table.rows[0]._tr.xml


def test_hostile_text_is_text() -> None:
    content = render_docx(read_digest(samples.hostile()))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        relations = package.read("word/_rels/document.xml.rels").decode()
        assert "javascript:" not in relations
        assert b"w:instrText" not in package.read("word/document.xml")
    assert "<script>" in text_of(content)
