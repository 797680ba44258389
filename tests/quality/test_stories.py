"""Floors of grouping on real texts of the region. Pairs are copies when they share more than half of their 5-word shingles together.

Measured 2026-11-23. Events: 11 of 11 copies found, no pair of two events joined. Albanian portals: 73 of 79 pairs; the six others are one
ministry's daily figures in one outlet, whose template is taken out on purpose. Posts: 1,193 of 1,202 headlines that two outlets or more share are one
story; the rest are columns ("This is a re-share of a post") or days apart."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from tracker.model import Story, StoryText
from tracker.stories.columns import column_day
from tracker.stories.fingerprint import folded_words
from tracker.stories.grouping import group_texts

EVENT_COPIES_FLOOR = 1.0
ALBANIAN_COPIES_FLOOR = 0.92
ALBANIAN_PRECISION_FLOOR = 0.87  # of joined pairs, those that share 60 % of the shorter text's 5-word shingles or more than half of both
HEADLINES_FLOOR = 0.99


def _lines(path: Path) -> list[dict[str, Any]]:
    content = path.read_bytes()
    return [json.loads(line) for line in (gzip.decompress(content) if path.suffix == ".gz" else content).splitlines()]


def _shared(texts: list[StoryText]) -> dict[tuple[int, int], tuple[float, float]]:
    """For pairs with any 5-word shingle in common: shared part of both together, and of the shorter."""
    shingles = {}
    for text in texts:
        words = folded_words(text.body)
        shingles[text.article_id] = {tuple(words[start : start + 5]) for start in range(len(words) - 4)}
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for article_id, own in shingles.items():
        for shingle in own:
            holders[shingle].append(article_id)
    counts = Counter(pair for ids in holders.values() if len(ids) < 200 for pair in combinations(ids, 2))
    size = {article_id: len(own) for article_id, own in shingles.items()}
    return {(a, b): (n / (size[a] + size[b] - n), n / min(size[a], size[b])) for (a, b), n in counts.items()}


def _joined(stories: tuple[Story, ...]) -> set[tuple[int, int]]:
    return {pair for story in stories for pair in combinations(story.article_ids, 2)}


def _posts(corpus: Path) -> list[StoryText]:
    posts = [post for path in sorted((corpus / "news-bosnia-posts").glob("*.jsonl.gz"))[:4] for post in _lines(path)]
    return [
        StoryText(
            number,
            post["outlet"],
            post["headline"] or "",
            post["description"] or "",
            datetime.fromisoformat(post["posted"][:19]).replace(tzinfo=UTC),
        )
        for number, post in enumerate(posts)
    ]


def test_copies_among_the_reports_of_one_event_are_found_and_events_kept_apart(corpus: Path) -> None:
    events = [
        (event["event"], article) for event in _lines(corpus / "news-bosnia-events" / "events.jsonl") for article in event["articles"]
    ]
    texts = [StoryText(number, article["outlet"], article["title"], article["body"] or "") for number, (_, article) in enumerate(events)]
    joined = _joined(group_texts(texts))
    copies = {pair for pair, (both, _) in _shared(texts).items() if both > 0.5}
    assert all(events[first][0] == events[second][0] for first, second in joined)
    assert len(copies & joined) >= EVENT_COPIES_FLOOR * len(copies)


def test_near_copies_of_albanian_portals_are_found_and_little_else(corpus: Path) -> None:
    rows = _lines(corpus / "news-albanian" / "articles.jsonl.gz")
    texts = [
        StoryText(
            number, row["outlet"] or "", row["title"] or "", row["body"] or "", datetime.fromisoformat(row["date"]).replace(tzinfo=UTC)
        )
        for number, row in enumerate(rows)
    ]
    joined, shared = _joined(group_texts(texts)), _shared(texts)
    copies = {pair for pair, (both, _) in shared.items() if both > 0.5}
    alike = {pair for pair, (both, shorter) in shared.items() if both > 0.5 or shorter > 0.45}
    assert len(copies & joined) >= ALBANIAN_COPIES_FLOOR * len(copies)
    assert len(joined & alike) >= ALBANIAN_PRECISION_FLOOR * len(joined)


def test_columns_of_two_days_are_never_one_story(corpus: Path) -> None:
    texts = _posts(corpus)
    days = {text.article_id: day for text in texts if (day := column_day(text)) is not None}
    assert len(days) > 50
    for story in group_texts(texts):
        assert len({days[one] for one in story.article_ids if one in days}) <= 1


def test_equal_headlines_of_two_outlets_over_short_texts_are_one_story(corpus: Path) -> None:
    texts = _posts(corpus)
    story = {article_id: one.key for one in group_texts(texts) for article_id in one.article_ids}
    by_headline: dict[str, list[StoryText]] = defaultdict(list)
    for text in texts:
        if text.title:
            by_headline[text.title].append(text)
    several = [same for same in by_headline.values() if len({text.outlet_id for text in same}) > 1]
    one_story = sum(len({story[text.article_id] for text in same}) == 1 for same in several)
    assert one_story >= HEADLINES_FLOOR * len(several)
    assert max(Counter(story.values()).values()) <= 40
