"""Circle `context` of the shipped campaign, on passages written in the style of the region's press (`cases/campaigns/context.tsv`).

The query found 7 of the first 50 before it was mended. Each later part was written without the query in view and measured once before
the query was mended further: third 11 of 24, fourth 16 of 24, fifth 18 of 20. A new part is the honest way to measure again.
"""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tracker.matching.campaigns import read_campaign
from tracker.matching.matcher import Matcher

CASES = Path(__file__).parent.parent / "cases" / "campaigns" / "context.tsv"
CAMPAIGN = Path(__file__).parent.parent.parent / "campaigns" / "digital-safety.toml"
FLOOR = 0.95
"""Of each language; the issue asks for 0.90."""

CELEBRITY = [
    ("sq", "Këngëtarja publikoi vallëzimin e ri në TikTok dhe u bë virale."),
    ("sq", "Receta e byrekut që po bën xhiron në TikTok."),
    ("sr", "Pevačica nasmejala pratioce snimkom na TikToku."),
    ("sr", "Трик за чишћење рерне који је обишао ТикТок."),
    ("bs", "Novi ples osvojio TikTok, pogledajte kako ga plešu turisti."),
    ("hr", "Glumica na TikToku pokazala novu frizuru."),
    ("cnr", "Ljetnji hit sa Jadrana milionski gledan na TikToku."),
    ("mk", "Познатата пејачка објави ново видео на ТикТок."),
    ("en", "The singer's new dance is all over TikTok."),
    ("en", "Follow us on TikTok for more recipes."),
]


@cache
def _matcher() -> Matcher:
    return Matcher(read_campaign(CAMPAIGN))


def _rows() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("language", ["sq", "sr", "bs", "hr", "cnr", "mk", "en"])
def test_the_debate_about_the_platform_is_found_in_every_language(language: str) -> None:
    rows = [row for row in _rows() if row["language"] == language]
    missed = [row["text"] for row in rows if _matcher().match(body=row["text"], language=language).circle != "context"]
    assert len(rows) >= 14
    assert len(missed) <= (1 - FLOOR) * len(rows) + 1, missed


def test_nearly_every_passage_is_context_and_none_is_campaign_coverage() -> None:
    circles = Counter(_matcher().match(body=row["text"], language=row["language"]).circle for row in _rows())
    assert circles["campaign"] == 0
    assert circles["context"] >= FLOOR * circles.total()


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["id"])
def test_a_headline_counts_as_the_text_does(row: dict[str, str]) -> None:
    matcher = _matcher()
    found = matcher.match(body="", title=row["text"], language=row["language"]).circle
    assert found == matcher.match(body=row["text"], language=row["language"]).circle


@pytest.mark.parametrize(("language", "text"), CELEBRITY)
def test_other_news_of_the_platform_belongs_to_no_circle(language: str, text: str) -> None:
    found = _matcher().match(body=text, language=language)
    assert found.circle == "", [(hit.term_id, hit.form) for hit in found.hits]
