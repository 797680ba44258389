"""Answers unpacked by what their bytes are, whatever the header says."""

from __future__ import annotations

import gzip
import zlib
from functools import partial

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response, TextResponse, XmlResponse
from scrapy.utils.test import get_crawler

from tracker.crawl.middlewares.requests import Compression
from tracker.crawl.outcomes import CUT, Unreadable, is_cut

zipped = partial(gzip.compress, mtime=0)
"""The same bytes whenever they are made: tests are named by them."""

PAGE = "<html><body><p>Fëmijët në internet</p></body></html>".encode()
TWICE = zipped(zipped(PAGE))


def unpack(body: bytes, encoding: str = "", url: str = "https://gazeta.example/1", kind: type[TextResponse] = HtmlResponse) -> Response:
    headers = {"Content-Type": "text/html; charset=utf-8"} | ({"Content-Encoding": encoding} if encoding else {})
    found = Compression.from_crawler(get_crawler()).process_response(Request(url), kind(url, body=body, headers=headers))
    assert isinstance(found, Response)
    return found


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (PAGE, ""),
        (PAGE, "gzip"),
        (PAGE, "x-gzip"),
        (PAGE, "br"),
        (PAGE, "deflate"),
        (b" \n" + PAGE, "zstd"),
        (zipped(PAGE), ""),
        (zipped(PAGE), "gzip"),
        (zipped(PAGE), "GZIP"),
        (TWICE, ""),
        (TWICE, "gzip"),
        (TWICE, "gzip, gzip"),
        (zlib.compress(PAGE), "deflate"),
    ],
)
@pytest.mark.parametrize("kind", [HtmlResponse, XmlResponse])
def test_a_page_comes_out_plain_whatever_its_header_says(body: bytes, encoding: str, kind: type[TextResponse]) -> None:
    found = unpack(body, encoding, kind=kind)
    assert found.body.strip() == PAGE
    assert b"Content-Encoding" not in found.headers


def test_a_file_that_is_an_archive_by_name_stays_one() -> None:
    assert unpack(zipped(PAGE), url="https://gazeta.example/sitemap.xml.gz").body.startswith(b"\x1f\x8b")


def test_an_answer_without_a_body_may_name_an_encoding() -> None:
    assert unpack(b"", "gzip").body == b""


@pytest.mark.parametrize(("body", "encoding"), [(b"\x1f\x8bno gzip", "gzip"), (b"\x1f\x8bno gzip", ""), (b"\xff" * 20, "deflate")])
def test_what_is_broken_is_unreadable(body: bytes, encoding: str) -> None:
    with pytest.raises(Unreadable):
        unpack(body, encoding)


LONG = b"<html><body>" + b"".join(f"<p>Rresht {number}".encode() for number in range(900))
GZ, DEFLATED = zipped(LONG), zlib.compress(LONG)


@pytest.mark.parametrize(("body", "encoding"), [(GZ[: len(GZ) // 2], "gzip"), (DEFLATED[: len(DEFLATED) // 2], "deflate")])
def test_a_page_whose_compression_stops_on_the_way_is_cut(body: bytes, encoding: str) -> None:
    found = unpack(body, encoding)
    assert CUT in found.flags
    assert is_cut(found)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (GZ, "gzip"),
        (GZ[:-8], "gzip"),
        (GZ[:-8] + b"checksum", "gzip"),
        (GZ + b"more", "gzip"),
        (DEFLATED, "deflate"),
        (DEFLATED[2:-4], "deflate"),
    ],
)
def test_a_page_whose_compression_ends_is_whole_with_or_without_its_checksum(body: bytes, encoding: str) -> None:
    assert CUT not in unpack(body, encoding).flags


def test_a_page_with_its_last_tags_is_whole_however_its_compression_ends() -> None:
    flushed = zlib.compressobj(wbits=31)
    found = unpack(flushed.compress(PAGE) + flushed.flush(zlib.Z_SYNC_FLUSH), "gzip")
    assert (found.body, is_cut(found)) == (PAGE, False)
