"""What a site names: read from its pages, without asking it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.sources.discovery import (
    filled,
    judge_feed,
    judge_sitemap,
    read_front,
    sitemaps_of_robots,
    templates_of_description,
    word_of,
)

HOME = "https://gazeta.example/"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_front_page_names_feeds_forms_sections_and_its_platform() -> None:
    page = b"""<html lang="sq-AL"><head><title>Gazeta e Lumit | Ballina</title><meta name="generator" content="WordPress 6.6">
    <link rel="alternate" type="application/rss+xml" href="/feed/"><link rel="alternate" type="application/rss+xml" href="/comments/feed/">
    <link rel="alternate" type="application/json+oembed" href="/wp-json/oembed/1.0/embed?url=x"><link rel="search" href="/os.xml"></head>
    <body><nav><a href="/lajme/">Lajme</a><a href="/sport/">Sport</a></nav><a href="/rss/kultura">RSS</a><a href="https://tjeter.example/rss">RSS</a>
    <form action="/"><input name="s"></form><form method="post"><input name="q"></form></body></html>"""
    front = read_front(page, url=HOME)
    assert (front.name, front.language, front.platform) == ("Gazeta e Lumit", "sq-al", "wordpress")
    assert front.feeds == (f"{HOME}feed/", f"{HOME}rss/kultura")
    assert front.searches == (f"{HOME}?s={{term}}",)
    assert front.descriptions == (f"{HOME}os.xml",)
    assert front.sections == (f"{HOME}lajme/", f"{HOME}sport/")


def test_robots_txt_names_sitemaps_in_any_spelling() -> None:
    body = b"User-agent: *\nsitemap:/a.xml\n SITEMAP : https://gazeta.example/b.xml\nSitemap: javascript:x\nSitemap: /a.xml\n"
    assert sitemaps_of_robots(body, f"{HOME}robots.txt") == [f"{HOME}a.xml", f"{HOME}b.xml"]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("/k?q={searchTerms}", ["https://gazeta.example/k?q={term}"]),
        ("/k?q={searchTerms}&amp;p={startPage?}", ["https://gazeta.example/k?q={term}"]),
        ("/k?p={startPage?}&amp;q={searchTerms}", ["https://gazeta.example/k?q={term}"]),
        ("/k", []),
        ("ftp://x/{searchTerms}", []),
    ],
)
def test_an_opensearch_document_gives_an_address_with_a_place_for_the_term(template: str, expected: list[str]) -> None:
    body = f'<OpenSearchDescription><Url type="text/html" template="{template}"/></OpenSearchDescription>'.encode()
    assert templates_of_description(body, f"{HOME}os.xml") == expected


def test_comments_are_no_feed_of_articles() -> None:
    body = b'<rss version="2.0"><channel><item><title>A</title><link>https://gazeta.example/a</link></item></channel></rss>'
    ask = {"why": "named", "content_type": "application/rss+xml", "now": NOW}
    assert judge_feed(body, url=f"{HOME}feed/", **ask)[0].kind == "feed"
    assert judge_feed(body, url=f"{HOME}comments/feed/", **ask)[0].kind == ""


def test_the_longest_word_of_the_headlines_is_searched_for() -> None:
    assert word_of(["Ura e vjetër mbyllet", "Bashkia kërkon ndihmesë"]) == "ndihmesë"
    assert word_of([]) == ""
    assert filled("https://gazeta.example/?s={term}&p={page}", "urë") == "https://gazeta.example/?s=ur%C3%AB&p=1"


@given(st.binary(max_size=300))
def test_any_bytes_are_a_finding_and_never_an_error(body: bytes) -> None:
    for read in (body, b"<html><link rel=alternate type='application/rss+xml' href='" + body + b"'><form><input name=q>"):
        assert read_front(read, url=HOME).platform
    assert sitemaps_of_robots(b"Sitemap: " + body, HOME) is not None
    assert templates_of_description(b'<Url template="' + body + b'{searchTerms}"/>', HOME) is not None
    assert judge_feed(body, url=HOME, why="x", content_type="", now=NOW)[0].address == HOME
    assert judge_sitemap(body, url=HOME, why="x", now=NOW).address == HOME
