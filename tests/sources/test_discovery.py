"""What a site names: read from its pages, without asking it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linear import grows_linearly
from tracker.sources.discovery import (
    filled,
    judge_feed,
    judge_sitemap,
    read_front,
    sitemaps_of_robots,
    templates_of_description,
    word_of,
)
from tracker.sources.link_header import MAX_CHARS, header_links

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


@pytest.mark.parametrize(
    "named",
    [
        '<link rel="ALTERNATE" type="APPLICATION/RSS+XML" href="/lajme/rss">',
        '<link rel="Alternate Home" type="application/atom+xml; charset=utf-8" href="/lajme/rss">',
        '<link rel="feed" href="/lajme/rss">',
        '<link rel="FEED" type="text/html" href="https://gazeta.example/lajme/rss">',
        '<link rel="alternate" type="application/feed+json" href="/lajme/rss">',
        '<base href="https://gazeta.example/lajme/"><link rel="alternate" type="application/rss+xml" href="rss">',
        '<link rel="alternate" type="application/rss+xml" href="rss"><base href="/lajme/">',
        '<link rel="alternate" type="application/rss+xml" href="feed:https://gazeta.example/lajme/rss">',
        '<a rel="alternate" type="application/rss+xml" href="/lajme/rss">lajme</a>',
        *(
            f'<link rel="alternate" type="{odd}" href="/lajme/rss">'
            for odd in (
                "application/x-rss+xml",
                "text/rss",
                "text/rss+xml",
                "application/rss",
                "application/xml",
                "RSS",
                "application/x.atom+xml",
                "text/xml",
            )
        ),
    ],
)
def test_a_page_may_name_its_feed_in_many_ways(named: str) -> None:
    assert read_front(f"<html><head>{named}</head><body></body></html>".encode(), url=HOME).feeds == (f"{HOME}lajme/rss",)


@pytest.mark.parametrize(
    ("header", "feeds"),
    [
        ('</lajme/rss>; rel="alternate"; type="application/rss+xml"', ["lajme/rss"]),
        ("<rss>;rel=feed", ["rss"]),
        (
            '<https://gazeta.example/wp-json/>; rel="https://api.w.org/", </a,b>; type="application/atom+xml"; title="x, <y>"; rel=Alternate',
            ["a,b"],
        ),
        ("<style.css>; rel=preload; as=style, <rss>; REL=FEED; rel=preload", ["rss"]),
        ("</comments/feed/>; rel=feed", []),
        ("rss; rel=feed", []),
        ("<<<>;rel=feed;;;=", []),
    ],
)
def test_a_feed_may_be_named_in_the_headers_of_the_page(header: str, feeds: list[str]) -> None:
    page = b'<html><base href="/other/"></html>'
    assert read_front(page, url=HOME, link_headers=[header]).feeds == tuple(HOME + feed for feed in feeds)


@pytest.mark.parametrize("piece", ["<", ">", "<>", ";", " ", ",", '"', "<a>;", "<a>;rel", "<a>;rel=", '<a>;rel="', ";a=b", "<a>;rel=feed;"])
def test_a_header_of_any_length_takes_time_that_grows_with_it_only(piece: str) -> None:
    assert grows_linearly(lambda text: [*header_links(text)], lambda chars: piece * (chars // len(piece)))
    assert grows_linearly(lambda text: [[*header_links(text)] for _ in range(50)], lambda chars: piece * (chars // len(piece)), MAX_CHARS)


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
