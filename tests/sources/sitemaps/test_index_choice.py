from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import Published
from tracker.sources.sitemaps.index_choice import children_within, days_in_name, newest_children
from tracker.sources.sitemaps.sitemap import ChildSitemap

SINCE, UNTIL = date(2024, 10, 1), date(2024, 12, 31)


def child(name: str, on: str = "") -> ChildSitemap:
    moment = Published(datetime.fromisoformat(on).replace(tzinfo=UTC)) if on else None
    return ChildSitemap(f"https://gazeta.example/{name}", moment)


def names(children: list[ChildSitemap]) -> list[str]:
    return [one.url.removeprefix("https://gazeta.example/") for one in children]


@pytest.mark.parametrize(
    ("address", "days"),
    [
        ("sitemap-2024-10.xml", ("2024-10-01", "2024-10-31")),
        ("sitemap-pt-post-2024-02.xml", ("2024-02-01", "2024-02-29")),
        ("sitemap_20241011.xml.gz", ("2024-10-11", "2024-10-11")),
        ("sitemaps/2024/10/11/articles.xml", ("2024-10-11", "2024-10-11")),
        ("sitemap.xml?yyyy=2024&mm=10&dd=11", ("2024-10-11", "2024-10-11")),
        ("sitemap-2024.xml", ("2024-01-01", "2024-12-31")),
        ("post-sitemap12.xml", None),
        ("sitemap-2024-13.xml", ("2024-01-01", "2024-12-31")),
        ("a/1203944817.xml", None),
    ],
)
def test_the_days_an_address_names(address: str, days: tuple[str, str] | None) -> None:
    expected = days and tuple(map(date.fromisoformat, days))
    assert days_in_name(f"https://gazeta.example/{address}") == expected


def test_documents_by_month_are_opened_when_they_can_hold_the_days_wanted() -> None:
    months = [child(f"sitemap-2024-{month:02}.xml") for month in range(1, 13)] + [child("sitemap-2025-01.xml")]
    assert names(children_within(months, SINCE, UNTIL)) == ["sitemap-2024-12.xml", "sitemap-2024-11.xml", "sitemap-2024-10.xml"]


def test_a_document_that_changed_last_before_the_days_holds_none_of_them() -> None:
    children = [
        child("post-sitemap1.xml", "2023-05-01"),
        child("post-sitemap2.xml", "2024-10-02"),
        child("post-sitemap3.xml", "2026-11-22"),
    ]
    assert names(children_within(children, SINCE, UNTIL)) == ["post-sitemap3.xml", "post-sitemap2.xml"]


def test_the_order_of_wordpress_has_the_newest_last() -> None:
    children = [child(f"wp-sitemap-posts-post-{n}.xml") for n in (1, 2, 3)] + [
        child("wp-sitemap-taxonomies-category-1.xml"),
        child("wp-sitemap-users-1.xml"),
    ]
    assert names(newest_children(children, SINCE, limit=2)) == ["wp-sitemap-posts-post-3.xml", "wp-sitemap-posts-post-2.xml"]
    assert names(children_within(children, SINCE)) == [f"wp-sitemap-posts-post-{n}.xml" for n in (3, 2, 1)]


def test_an_index_of_categories_only_is_better_than_none() -> None:
    assert names(newest_children([child("category-sitemap.xml")], None)) == ["category-sitemap.xml"]


@pytest.mark.parametrize(
    "name", ["post_tag-sitemap.xml", "author-sitemap.xml", "page-sitemap.xml", "sitemap-pages-1.xml", "image-sitemap-2.xml"]
)
def test_lists_of_what_is_no_article_are_left(name: str) -> None:
    assert names(children_within([child(name), child("post-sitemap.xml")], SINCE)) == ["post-sitemap.xml"]


@given(st.lists(st.text(max_size=40)))
def test_no_name_is_too_odd(listed: list[str]) -> None:
    children = [ChildSitemap(f"https://gazeta.example/{name}") for name in listed]
    assert len(children_within(children, SINCE, UNTIL)) <= len(children)
