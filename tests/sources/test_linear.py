"""Readers over what outlets serve: 300 KB of any piece, repeated, take time that grows with them only; in `make soak` a megabyte."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.linear import grows_linearly
from tracker.sources.archive_pages import read_list_page
from tracker.sources.article_links import article_links
from tracker.sources.discovery import read_front, sitemaps_of_robots, templates_of_description
from tracker.sources.feeds.feed import read_feed
from tracker.sources.feeds.persons import person_name
from tracker.sources.plain_text import plain_summary, plain_title
from tracker.sources.sitemaps.sitemap import read_sitemap
from tracker.text.doctype import without_doctype
from tracker.text.references import mend_references

NOW = datetime(2026, 12, 1, tzinfo=UTC)
URL = "https://gazeta.example/"
READERS: dict[str, Callable[[str], object]] = {
    "robots": lambda text: sitemaps_of_robots(text.encode(), URL),
    "opensearch": lambda text: templates_of_description(text.encode(), URL),
    "references": mend_references,
    "doctype": without_doctype,
    "title": plain_title,
    "summary": plain_summary,
    "person": person_name,
    "feed": lambda text: read_feed(text.encode(), url=URL, now=NOW),
    "feed item": lambda text: read_feed(f"<rss><channel><item><title>{text}".encode(), url=URL, now=NOW),
    "feed subset": lambda text: read_feed(f"<!DOCTYPE rss [{text}".encode(), url=URL, now=NOW),
    "sitemap": lambda text: read_sitemap(f"<urlset><url><loc>{text}".encode(), url=URL, now=NOW),
    "sitemap text": lambda text: read_sitemap(f"https://gazeta.example/1\n{text}".encode(), url=URL, now=NOW),
}
PIECES = (
    "a",
    "1",
    " ",
    "\n",
    "\t",
    "<",
    ">",
    "&",
    ";",
    "&a",
    "&amp;",
    "&#1",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    '"',
    "'",
    "-",
    "_",
    ".",
    ":",
    "/",
    "?",
    "=",
    "@",
    "%",
    "<!--",
    "-->",
    "<?",
    "<!DOCTYPE ",
    "<![CDATA[",
    "]]>",
    "<!ENTITY a ",
    "<a ",
    "<a b=",
    "<Url ",
    "<x:Url ",
    "type=",
    "template='{a",
    "sitemap:",
    "sitemap ",
    "xmlns:",
    "a:b ",
    "https://",
    "feed=",
    "é",
    "\u200b",
)


@pytest.mark.parametrize("chars", [300_000, pytest.param(1_000_000, marks=pytest.mark.soak)])
@pytest.mark.parametrize("piece", PIECES)
def test_no_reader_is_slow_on_a_repeated_piece(piece: str, chars: int) -> None:
    slow = [name for name, read in READERS.items() if not grows_linearly(read, lambda chars: piece * (chars // len(piece)), chars)]
    assert slow == []


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        "<",
        "<a href=",
        "<a href='/x-1234'>",
        "<link rel=alternate type=",
        "<link rel=feed href='",
        "<form><input name=q>",
        "<time>",
        "<base href=/>",
    ],
)
def test_no_reader_of_pages_is_slow_on_a_repeated_piece(piece: str) -> None:
    readers: dict[str, Callable[[str], object]] = {
        "front": lambda text: read_front(text.encode(), url=URL),
        "links": lambda text: article_links(text.encode(), url=URL),
        "list": lambda text: read_list_page(text.encode(), url=URL, now=NOW),
    }
    slow = [name for name, read in readers.items() if not grows_linearly(read, lambda chars: piece * (chars // len(piece)), 30_000)]
    assert slow == []
