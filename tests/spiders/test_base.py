"""Slow readers are given up, and what a feed's entry becomes."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

import pytest

from spiders import base
from spiders.articles import ArticlesSpider
from spiders.base import link_of_entry
from spiders.feeds import FeedsSpider
from tests.builders import a_source, an_outlet
from tracker.model import FrontierLink, Published, Watched
from tracker.sources.feeds.records import FeedEntry

WATCHED = Watched(a_source(), an_outlet())


def test_a_document_that_cannot_be_read_in_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "READING_SECONDS", 0.05)
    with pytest.raises(TimeoutError):
        asyncio.run(FeedsSpider().in_thread(lambda: time.sleep(0.5)))


def test_a_reader_s_answer_and_its_error_arrive() -> None:
    assert asyncio.run(FeedsSpider().in_thread(lambda: 7)) == 7
    with pytest.raises(ZeroDivisionError):
        asyncio.run(FeedsSpider().in_thread(lambda: 1 / 0))


def test_a_found_link_says_what_the_feed_said_and_who_said_it() -> None:
    published = Published(datetime(2026, 11, 22, tzinfo=UTC))
    entry = FeedEntry("1", "https://zeri-i-lumit.example/a", "Titulli", published, ("A. B.",), "Përmbledhje")
    link = link_of_entry(entry, WATCHED)
    assert (link.url, link.title, link.summary, link.published, link.authors) == (
        entry.url,
        "Titulli",
        "Përmbledhje",
        published,
        ("A. B.",),
    )
    assert (link.source_id, link.outlet_id, link.found_by) == ("zeri-i-lumit:feed:1", "zeri-i-lumit", "feed")


def test_a_page_is_asked_for_under_the_address_that_was_found() -> None:
    link = FrontierLink(3, "https://example.al/a", "http://www.example.al/a?utm_source=rss", "outlet")
    assert ArticlesSpider().page(link).url == link.url
