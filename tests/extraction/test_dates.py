from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.extraction.pages import PARAGRAPHS, a_news_page, a_page, an_outlet
from tracker.extraction.dates import article_dating
from tracker.extraction.document import open_document
from tracker.model import Precision, Published


def date_of(html: str, country: str = "AL", **fields: object) -> str | None:
    found = article_dating(open_document(a_page(html, **fields)), an_outlet(country=country)).published
    return found.iso() if found else None


def structured(moment: str) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": "x", "datePublished": moment})}</script>'


def meta(moment: str) -> str:
    return f'<meta property="article:published_time" content="{moment}">'


@pytest.mark.parametrize(
    ("head", "above", "expected"),
    [
        (structured("2026-03-10T08:30:00+01:00") + meta("2026-03-09T10:00:00+01:00"), "", "2026-03-10T08:30:00+01:00"),
        (structured("2026-03-10T08:30:00"), "", "2026-03-10T08:30:00+01:00"),
        (structured("2026-03-10") + meta("2026-03-10T08:30:00+01:00"), "", "2026-03-10T08:30:00+01:00"),
        (structured("2026-03-10"), "", "2026-03-10"),
        (meta("2026-03-10T08:30:00+01:00"), "", "2026-03-10T08:30:00+01:00"),
        ("", '<time datetime="2026-03-10T08:30:00+01:00">para dy ditësh</time>', "2026-03-10T08:30:00+01:00"),
        ("", '<span class="datum">10.03.2026. 08:30</span>', "2026-03-10T08:30:00+01:00"),
        ("", '<span class="date">10 mars 2026</span>', "2026-03-10"),
        ("", '<div class="objavljeno">Objavljeno: 10. ožujka 2026. u 08:30</div>', "2026-03-10T08:30:00+01:00"),
        ("", '<div class="date">10 март 2026</div>', "2026-03-10"),
        (structured("2031-01-01T00:00:00Z"), '<span class="datum">10.03.2026.</span>', "2026-03-10"),
        (structured("1970-01-01T00:00:00Z"), "", None),
        ("", "", None),
    ],
)
def test_the_first_credible_rung_gives_the_date(head: str, above: str, expected: str | None) -> None:
    assert date_of(a_news_page(head=head, above=above)) == expected


@pytest.mark.parametrize(("country", "offset"), [("AL", "+01:00"), ("XK", "+01:00"), ("RS", "+01:00")])
def test_a_moment_without_zone_is_the_outlets_local_time(country: str, offset: str) -> None:
    assert date_of(a_news_page(head=structured("2026-03-10T08:30:00")), country) == f"2026-03-10T08:30:00{offset}"


def test_dates_of_other_articles_and_of_updates_are_left_out() -> None:
    above = '<span class="date">10.03.2026.</span><span class="updated date">12.03.2026.</span>'
    below = '<div class="related"><time datetime="2026-03-13">dje</time></div>'
    assert date_of(a_news_page(above=above, below=below)) == "2026-03-10"


def test_a_day_in_the_address_gives_way_to_the_clock_beside_the_headline() -> None:
    page = a_news_page(above='<time datetime="2026-03-11T00:20:00+01:00">11.3.</time>', body=PARAGRAPHS)
    assert date_of(page, final_url="https://zeri-i-lumit.example/2026/03/10/kanali") == "2026-03-11T00:20:00+01:00"


def test_a_future_date_is_refused_and_the_feeds_own_is_kept() -> None:
    hint = Published(datetime(2026, 3, 10, 8, tzinfo=UTC), Precision.MINUTE)
    assert date_of(a_news_page(head=structured("2030-03-10T08:30:00Z")), hint_published=hint) == "2026-03-10T08:00:00+00:00"
