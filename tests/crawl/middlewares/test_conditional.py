from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.http import Response

from tests.builders import a_source, an_outlet
from tracker.crawl.middlewares.conditional import ask_for_changes, validators
from tracker.model import Watched


def test_a_source_is_asked_for_changes_since_its_last_good_answer() -> None:
    request = Request("http://example.al/feed")
    ask_for_changes(request, Watched(a_source(), an_outlet(), etag='W/"a"', last_modified="Mon, 23 Nov 2026 02:00:00 GMT"))
    assert request.headers[b"If-None-Match"] == b'W/"a"'
    assert request.headers[b"If-Modified-Since"] == b"Mon, 23 Nov 2026 02:00:00 GMT"


def test_a_source_never_polled_is_asked_for_everything() -> None:
    request = Request("http://example.al/feed")
    ask_for_changes(request, Watched(a_source(), an_outlet(), etag="", last_modified=None))
    assert not request.headers


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({b"ETag": b'"a"', b"Last-Modified": b"yesterday"}, ('"a"', "yesterday")),
        ({}, (None, None)),
        ({b"ETag": b"x" * 600}, (None, None)),
        ({b"ETag": b"a\x00b", b"Last-Modified": b" "}, (None, None)),
        ({b"ETag": b"\xe8"}, ("\xe8", None)),
    ],
)
def test_only_validators_that_can_be_sent_back_are_kept(headers: dict[bytes, bytes], kept: tuple[str | None, str | None]) -> None:
    assert validators(Response("http://example.al/feed", headers=headers)) == kept
