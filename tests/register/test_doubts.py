"""Slips in a register that are said and not refused."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.builders import a_source, an_outlet
from tracker.register.catalog import Catalogue, shipped
from tracker.register.doubts import doubts


@pytest.mark.parametrize(
    ("language", "meant"), [("alb", "write sq"), ("srp", "write sr"), ("rs", "write sr"), ("xx", "ISO 639-1"), ("qqq", "ISO 639-1")]
)
def test_a_language_that_is_none_is_named_once_with_what_is_meant(language: str, meant: str) -> None:
    outlets = (an_outlet("a", languages=("sq", language)), an_outlet("b", homepage="https://b.example/", languages=(language,)))
    (line,) = doubts(Catalogue(outlets))
    assert f"languages: {language!r} of a and 1 more is no known language" in line
    assert meant in line


@pytest.mark.parametrize(
    ("language", "meant"), [("ba", "is Bashkir; write bs"), ("ks", "is Kashmiri; write sq"), ("si", "is Sinhala; write sl")]
)
def test_a_language_of_elsewhere_is_named_with_what_is_meant_here(language: str, meant: str) -> None:
    (line,) = doubts(Catalogue((an_outlet("a", languages=(language,)),)))
    assert meant in line


@pytest.mark.parametrize("other", ["https://a.example/", "http://www.a.example", "https://m.a.example/?utm_source=x"])
def test_two_outlets_with_one_homepage_are_named(other: str) -> None:
    (line,) = doubts(Catalogue((an_outlet("a", homepage="https://a.example/"), an_outlet("b", homepage=other))))
    assert line.startswith("homepage: b and a have the same")


def test_one_feed_twice_is_named_across_outlets_and_spellings() -> None:
    one = a_source("a:feed:1", outlet_id="a", address="https://a.example/feed/")
    again = replace(one, id="b:feed:1", outlet_id="b", address="http://www.a.example/feed")
    outlets = (an_outlet("a", homepage="https://a.example/"), an_outlet("b", homepage="https://b.example/"))
    (line,) = doubts(Catalogue(outlets, (one, again)))
    assert line.startswith("feed: b:feed:1 and a:feed:1 are the same address")


def test_of_the_shipped_register_only_two_shared_feeds_are_in_doubt() -> None:
    assert [line.partition(":")[0] for line in doubts(shipped())] == ["feed", "feed"]
