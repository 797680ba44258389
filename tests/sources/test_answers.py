from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.model import FetchOutcome
from tracker.sources.answers import answer_words, is_working

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AT = "https://lumi.example/feed/"


@pytest.mark.parametrize(
    ("outcome", "given", "words"),
    [
        (
            FetchOutcome.FETCHED,
            {"listed": 10, "newest_at": NOW, "oldest_at": NOW - timedelta(hours=14)},
            "works: 10 items, newest 2026-11-23 12:00 UTC, window 14 hours",
        ),
        (FetchOutcome.FETCHED, {"listed": 1, "newest_at": NOW, "oldest_at": NOW}, "works: 1 item, newest 2026-11-23 12:00 UTC"),
        (FetchOutcome.FETCHED, {"listed": 4}, "works: 4 items, without dates"),
        (FetchOutcome.FETCHED, {"listed": 4, "newest_at": NOW - timedelta(days=90)}, "stale since 2026-08-25: 4 items"),
        (FetchOutcome.UNCHANGED, {}, "works: unchanged since the last visit"),
        (
            FetchOutcome.NOT_A_FEED,
            {"detail": "a web page (HTML) instead of a feed"},
            "no feed: a web page (HTML) instead of a feed",
        ),
        (FetchOutcome.NOT_A_FEED, {"detail": "binary data instead of a feed"}, "no feed: binary data instead of a feed"),
        (FetchOutcome.BLOCKED, {"status": 403}, "blocked (HTTP 403)"),
        (FetchOutcome.CERTIFICATE, {"detail": "expired"}, "certificate not valid (expired)"),
        (FetchOutcome.NOT_FOUND, {"status": 404}, "not found (HTTP 404)"),
        (FetchOutcome.ROBOTS_REFUSED, {}, "robots refuse"),
        (FetchOutcome.DNS_FAILED, {}, "no such host"),
        (
            FetchOutcome.FETCHED,
            {"listed": 2, "asked": AT, "answered": "https://rijeka.example/rss"},
            "works: 2 items, without dates; moved to https://rijeka.example/rss",
        ),
        (FetchOutcome.FETCHED, {"listed": 2, "asked": AT, "answered": "http://www.lumi.example/feed"}, "works: 2 items, without dates"),
    ],
)
def test_the_finding_in_words(outcome: FetchOutcome, given: dict[str, object], words: str) -> None:
    assert answer_words(outcome, now=NOW, **given) == words  # type: ignore[arg-type]
    newest_at = given.get("newest_at")
    assert isinstance(newest_at, datetime | None)
    assert is_working(outcome, now=NOW, newest_at=newest_at) is words.startswith("works")


@pytest.mark.parametrize("outcome", list(FetchOutcome))
def test_every_outcome_has_words(outcome: FetchOutcome) -> None:
    assert "_" not in answer_words(outcome, now=NOW) or outcome is FetchOutcome.NOT_HTML
