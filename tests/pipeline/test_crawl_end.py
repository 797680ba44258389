"""What a person is told of a crawl that failed: why, as far as its process said it."""

from __future__ import annotations

import pytest

from tracker.crawl.plan import CrawlProgress
from tracker.locale.said import Said
from tracker.pipeline.crawl_end import CrawlEnd

AGAIN = Said("need_crawl_again", log="crawl.log")


@pytest.mark.parametrize(
    ("ended", "code", "words", "told"),
    [
        ("the disk is full", 75, "", "the disk is full"),
        ("", 1, "ModuleNotFoundError: No module named 'x'", "code 1 ModuleNotFoundError: No module named 'x'"),
        ("", -9, "", "code -9"),
    ],
)
def test_a_failed_crawl_says_why_as_far_as_it_is_known(ended: str, code: int, words: str, told: str) -> None:
    (trouble,) = CrawlEnd(CrawlProgress(ended=ended), code, 1.0, words).troubles(AGAIN)
    assert isinstance(trouble, Said)
    assert trouble.values["words"] == told


def test_a_crawl_that_is_done_has_no_trouble_whatever_it_wrote_to_its_errors() -> None:
    assert CrawlEnd(CrawlProgress(ended="finished"), 0, 1.0, "a warning").troubles(AGAIN) == []


@pytest.mark.parametrize(
    ("progress", "key", "number", "values"),
    [
        (CrawlProgress(ended="finished", lost=2), "need_not_all_stored", 2, {"more": AGAIN}),
        (CrawlProgress(ended="finished", sources=3), "need_crawl_ended", None, {"words": "3 of 3 sources have no outcome", "more": AGAIN}),
    ],
)
def test_a_crawl_that_came_to_its_end_says_what_it_lacks(
    progress: CrawlProgress, key: str, number: int | None, values: dict[str, str]
) -> None:
    (trouble,) = CrawlEnd(progress, 3, 1.0).troubles(AGAIN)
    assert isinstance(trouble, Said)
    assert (trouble.key, trouble.number, trouble.values) == (key, number, values)
    assert "see crawl.log, and run the night again" in trouble
