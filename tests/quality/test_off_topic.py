"""No text of the corpora is about the shipped campaign: 36,000 articles, posts and sentences of 2012 to 2022, none of them coverage.

Measured: 0 in circle `campaign`, 0 in `organisation`, 10 in `context` (7 of them the debate about the platform).
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker.matching.campaigns import read_campaign
from tracker.matching.matcher import Matcher

ROOT = Path(__file__).parent.parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
MOST_CONTEXT = 15
pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of news texts is not beside this checkout")


def _texts() -> Iterator[tuple[str, str]]:
    with gzip.open(CORPUS / "news-albanian" / "articles.jsonl.gz", "rt", encoding="utf-8") as file:
        yield from (("sq", f"{row['title']}\n{row['body']}") for row in map(json.loads, file))
    for path in sorted((CORPUS / "news-bosnia-posts").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield from (
                ("bs", "\n".join(row[key] or "" for key in ("headline", "description", "message"))) for row in map(json.loads, file)
            )
    with gzip.open(CORPUS / "news-sentences" / "dslcc.tsv.gz", "rt", encoding="utf-8") as file:
        yield from ((language, text) for language, _, text in (line.rstrip("\n").partition("\t") for line in file) if language != "bg")


def test_no_text_on_another_topic_is_campaign_coverage() -> None:
    matcher = Matcher(read_campaign(ROOT / "campaigns" / "digital-safety.toml"))
    circles: Counter[str] = Counter()
    for language, text in _texts():
        circles[matcher.match(body=text, language=language).circle if matcher.screen(text) else ""] += 1
    assert circles.total() > 30_000
    assert circles["campaign"] == 0
    assert circles["context"] <= MOST_CONTEXT, circles
