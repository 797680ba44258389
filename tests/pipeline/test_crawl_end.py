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
