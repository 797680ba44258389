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


HINT = Published(datetime(2026, 3, 10, 8, tzinfo=UTC), Precision.MINUTE)


@pytest.mark.parametrize(
    "page",
    [
        a_news_page(body=PARAGRAPHS + "<p>Shoqata u themelua në vitin 1997.</p>"),
        a_news_page(body=PARAGRAPHS + "<p>Shoqata u themelua më 5 maj 1997 në Tiranë dhe që atëherë punon çdo ditë për lumin.</p>"),
        a_news_page(head='<script type="application/ld+json">{"@type":"Organization","foundingDate":"1997-05-05"}</script>'),
        a_news_page().replace("<footer><p>", "<footer><p>© 2009-2026 "),
        a_news_page(below='<div class="copyright">Copyright © 2009 - 2026</div>'),
        a_news_page(head='<script type="application/ld+json">{"@type":"Event","startDate":"2026-01-01T10:00"}</script>'),
        a_news_page(below='<div class="event"><time datetime="2025-05-01">1 maj 2025</time></div>'),
        a_news_page(
            below='<div itemscope itemtype="https://schema.org/Event"><time itemprop="startDate" datetime="2025-05-01">1 maj 2025</time></div>'
        ),
        a_news_page(head='<script type="application/ld+json">{"@type":"VideoObject","uploadDate":"2019-05-01"}</script>'),
        a_news_page(below='<ol class="commentlist"><li><time datetime="2019-05-01">1 maj 2019</time><p>Bravo</p></li></ol>'),
        a_news_page(below='<div itemscope itemtype="https://schema.org/Review"><time datetime="2019-05-01">1 maj 2019</time></div>'),
        a_news_page(below='<section class="koment"><span class="date">1.5.2019</span> Bravo</section>'),
        a_news_page().replace("<nav>", '<div class="top-date">E shtunë, 14 Mars 2026</div><nav>'),
        a_news_page().replace("<nav>", '<header><h1>Zëri i Lumit</h1><span class="date">14.03.2026</span></header><nav>'),
        a_news_page(below='<aside><h3>Më të lexuarat</h3><time datetime="2019-01-05">5 janar 2019</time></aside>'),
        a_news_page(below='<div class="sidebar"><span class="date">05.01.2019</span></div>'),
    ],
)
def test_dates_of_other_things_are_not_the_articles(page: str) -> None:
    assert date_of(page) is None
    assert date_of(page, hint_published=HINT) == HINT.iso()


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (a_news_page(above="<p>Përditësuar 24.02.2026 18:00 | Publikuar 21.02.2026 10:00</p>"), "2026-02-21T10:00:00+01:00"),
        (
            a_news_page(
                above='<p>Përditësuar: <time datetime="2026-02-24T18:00">24.2.</time> Publikuar: <time datetime="2026-02-21T10:00">21.2.</time></p>'
            ),
            "2026-02-21T10:00:00+01:00",
        ),
        (
            a_news_page(above='<span class="date">Ажурирано 24.02.2026.</span><span class="date">21.02.2026. 10:00</span>'),
            "2026-02-21T10:00:00+01:00",
        ),
        (a_news_page(above="<p>Tiranë, 21 shkurt 2026 10:00</p>"), "2026-02-21T10:00:00+01:00"),
        (a_news_page(above='<ul class="meta"><li>Ana Leka</li><li>21.02.2026</li></ul>'), "2026-02-21"),
        (a_news_page().replace("<h1>", '<div class="info">Politikë | 21.02.2026 10:00</div><h1>'), "2026-02-21T10:00:00+01:00"),
        (
            a_news_page(
                above='<time itemprop="dateModified" datetime="2026-02-24">24.2.</time><time itemprop="datePublished" datetime="2026-02-21">21.2.</time>'
            ),
            "2026-02-21",
        ),
        (
            a_news_page(
                head='<script type="application/ld+json">{"@type":"WebPage","url":"'
                + "https://zeri-i-lumit.example/lajme/kanali-i-ri-1234"
                + '","datePublished":"2026-02-21"}</script>'
            ),
            "2026-02-21",
        ),
    ],
)
def test_the_dated_byline_is_read_with_its_labels(page: str, expected: str) -> None:
    assert date_of(page) == expected


def readings_of(html: str, **fields: object) -> list[str]:
    dating = article_dating(open_document(a_page(html, **fields)), an_outlet())
    return [f"{reading.source} {reading.published.iso()[:10]}" for reading in dating.readings]


def test_dates_that_differ_by_more_than_two_days_are_all_named() -> None:
    assert readings_of(a_news_page(head=structured("2019-01-05")), hint_published=HINT) == ["json_ld 2019-01-05", "listing 2026-03-10"]
    assert readings_of(a_news_page(head=structured("2026-03-08T10:00:00Z")), hint_published=HINT) == []
    assert readings_of(a_news_page(above="<p>Përditësuar 24.02.2026 18:00</p>")) == ["update 2026-02-24"]
    assert readings_of(a_news_page(below='<div class="foot"><p>21.02.2026 10:00</p></div>')) in (["text 2026-02-21"], [])
