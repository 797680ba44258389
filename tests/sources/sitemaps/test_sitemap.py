from __future__ import annotations

import gzip
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.peers import times_of
from tracker.model import FetchOutcome
from tracker.sources.sitemaps.sitemap import SitemapDocument, read_sitemap

zipped = partial(gzip.compress, mtime=0)
"""The same bytes whenever they are made: tests are named by them."""

ORDINARY = b"<urlset>" + b"<url><loc>https://gazeta.example/news/1</loc></url>" * 20_000 + b"</urlset>"
"""A sitemap of a megabyte."""
MOST_TIMES = 20
NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
LIMIT = 8 * 1024 * 1024
PAGE = "<url><loc>https://gazeta.example/1</loc></url>"
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc> https://gazeta.example/a?x=1&amp;y=2 </loc>
<lastmod>2026-11-24</lastmod><image:image><image:loc>https://gazeta.example/i.jpg</image:loc><image:title>Foto</image:title></image:image>
<news:news><news:publication><news:name>G</news:name><news:language>sq</news:language></news:publication>
<news:publication_date>2026-11-23T08:00:00</news:publication_date><news:title>Fëmijët &amp;amp; rrjeti</news:title></news:news></url></urlset>"""


def read(body: bytes | str, hosts: tuple[str, ...] | None = None) -> SitemapDocument:
    raw = body.encode() if isinstance(body, str) else body
    return read_sitemap(raw, url="https://gazeta.example/sitemap.xml", now=NOW, zone="Europe/Tirane", max_bytes=LIMIT, hosts=hosts)


@pytest.mark.parametrize("pack", [lambda raw: raw, gzip.compress, lambda raw: zipped(zipped(raw))], ids=["plain", "gz", "gz twice"])
def test_a_news_sitemap_gives_address_title_language_and_both_dates(pack: object) -> None:
    page = read(pack(NEWS.encode())).pages[0]  # type: ignore[operator]
    assert (page.url, page.title, page.language) == ("https://gazeta.example/a?x=1&y=2", "Fëmijët & rrjeti", "sq")
    assert page.published is not None
    assert page.lastmod is not None
    assert (page.published.iso(), page.lastmod.iso()) == ("2026-11-23T08:00:00+01:00", "2026-11-24")


def test_an_index_gives_its_children() -> None:
    found = read("<sitemapindex><sitemap><loc>/1.xml.gz</loc><lastmod>2026-11-01T00:00:00Z</lastmod></sitemap></sitemapindex>")
    assert [child.url for child in found.children] == ["https://gazeta.example/1.xml.gz"]
    assert found.pages == ()


def test_a_list_of_addresses_is_a_sitemap() -> None:
    assert [page.url for page in read("https://gazeta.example/1\r\n\nhttps://gazeta.example/2\n").pages] == [
        "https://gazeta.example/1",
        "https://gazeta.example/2",
    ]


@pytest.mark.parametrize(
    "body",
    [
        f"<urlset xmlns='http://www.google.com/schemas/sitemap/0.84'>{PAGE}</urlset>",
        "<s:urlset xmlns:s='urn:x'><s:url><s:loc>https://gazeta.example/1</s:loc></s:url></s:urlset>",
        "<urlset><url><news:news><news:title>T</news:title></news:news><loc>https://gazeta.example/1</loc></url></urlset>",
        "<URLSET><URL><LOC>https://gazeta.example/1</LOC></URL></URLSET>",
        f"\n\n<?xml version='1.0'?><!-- made by hand --><urlset>{PAGE}<url><loc>https://gazeta",
        f"<urlset>{PAGE}{PAGE}</urlset>",
        f'<?xml version="1.0" encoding="utf-8"?><urlset>{PAGE}</urlset>'.encode("utf-16"),
    ],
    ids=["old namespace", "prefixed", "undeclared prefix", "capitals", "truncated", "doubled", "utf-16"],
)
def test_sloppy_sitemaps_are_read(body: str | bytes) -> None:
    assert [page.url for page in read(body).pages] == ["https://gazeta.example/1"]


def test_a_bare_ampersand_in_an_address_is_kept() -> None:
    assert read("<urlset><url><loc>https://gazeta.example/?a=1&b=2</loc></url></urlset>").pages[0].url == "https://gazeta.example/?a=1&b=2"


def test_what_is_no_web_address_or_on_another_host_is_left_out_and_said() -> None:
    locs = (
        "file:///etc/passwd",
        "javascript:1",
        "https://u:p@gazeta.example/",
        "https://tjeter.example/1",
        "https://sport.gazeta.example/2",
        "/3",
    )
    body = "<urlset>" + "".join(f"<url><loc>{loc}</loc></url>" for loc in locs) + "</urlset>"
    found = read(body, hosts=("gazeta.example",))
    assert [page.url for page in found.pages] == ["https://sport.gazeta.example/2", "https://gazeta.example/3"]
    assert found.detail.startswith("4 addresses left out")


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"", FetchOutcome.EMPTY),
        (b"\0" * 3000, FetchOutcome.EMPTY),
        (b"<urlset/>", FetchOutcome.EMPTY),
        (b"<!doctype html><html><body>x</body></html>", FetchOutcome.NOT_A_FEED),
        (b"<rss><channel/></rss>", FetchOutcome.NOT_A_FEED),
        (b"/etc/passwd", FetchOutcome.NOT_A_FEED),
        (b"\x1f\x8b\0\0nothing", FetchOutcome.PARSE_FAILED),
        (b'<!DOCTYPE u [<!ENTITY x "y">]><urlset/>', FetchOutcome.EMPTY),
        ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE u [<!ENTITY x "y">]><urlset/>'.encode("utf-16"), FetchOutcome.EMPTY),
        (b"<urlset>" + b"<url>" * 10_000 + b"</url>" * 10_000, FetchOutcome.PARSE_FAILED),
        (zipped(b"<urlset>" + b" " * 60_000_000), FetchOutcome.TOO_LARGE),
        (b"<urlset>" + b"<" * 2_000_000, FetchOutcome.PARSE_FAILED),
    ],
)
def test_what_is_no_sitemap_is_an_outcome_with_a_reason(body: bytes, outcome: FetchOutcome) -> None:
    found = read(body)
    assert (found.outcome, found.pages, bool(found.detail)) == (outcome, (), True)
    assert times_of(lambda: read(body), lambda: read(ORDINARY)) < MOST_TIMES


def test_a_truncated_gzip_gives_what_is_there() -> None:
    noise = "".join(f"<url><loc>https://gazeta.example/{number * 7919 % 10007}</loc></url>" for number in range(5000))
    raw = zipped(f"<urlset>{noise}</urlset>".encode())
    assert 1000 < len(read(raw[: len(raw) // 2]).pages) < 5000


def test_no_more_addresses_than_the_protocol_allows_are_read() -> None:
    found = read("<urlset>" + "".join(f"<url><loc>https://g.example/{number}</loc></url>" for number in range(50_100)) + "</urlset>")
    assert len(found.pages) == 50_000
    assert "50000" in found.detail


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_end_in_an_outcome(body: bytes, packed: bool) -> None:
    assert read(zipped(body) if packed else body).outcome in FetchOutcome
