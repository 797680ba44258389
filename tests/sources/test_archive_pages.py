"""The next page of a section, and the days of what a page lists."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.sources.archive_pages import ListPage, page_of, read_list_page

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SITE = "https://vesti.example"
ARTICLE = '<h2><a href="/most-kod-sela-se-zatvara-1">Most kod sela se opet zatvara za promet</a></h2>'


def read(html: str, path: str = "/vijesti", *, wordpress: bool = False) -> ListPage:
    body = f"<html><head></head><body>{html}</body></html>".encode()
    return read_list_page(
        body, url=SITE + path, now=NOW, content_type="text/html; charset=utf-8", zone="Europe/Belgrade", wordpress=wordpress
    )


@pytest.mark.parametrize(
    ("path", "html", "following"),
    [
        ("/vijesti", '<link rel="next" href="/vijesti?strana=2">', "/vijesti?strana=2"),
        ("/vijesti", '<a rel="prev next" href="/vijesti/stare">starije</a>', "/vijesti/stare"),
        ("/vijesti", '<a href="?page=2">2</a><a href="?page=3">3</a>', "/vijesti?page=2"),
        ("/vijesti?tip=a", '<a href="/vijesti?page=2&tip=a">sledeća</a>', "/vijesti?page=2&tip=a"),
        ("/vijesti?page=2", '<a href="?page=1">1</a><a href="?page=3">3</a>', "/vijesti?page=3"),
        ("/vijesti?page=3", '<a href="?page=1">1</a><a href="?page=2">2</a>', ""),  # the last
        ("/vijesti?page=3", "", "/vijesti?page=4"),  # names none: a page that loads more
        ("/lajme/", '<a href="/lajme/faqe/2/">»</a>', "/lajme/faqe/2/"),
        ("/lajme/faqe/2/", '<a href="/lajme/faqe/3/">»</a>', "/lajme/faqe/3/"),
        ("/lajme/faqe/9/", "", "/lajme/faqe/10/"),
        ("/", '<a href="/page/2">2</a>', "/page/2"),
        ("/", '<a href="/вести/страница/2">2</a>', ""),  # another list's
        ("/вести", '<a href="/вести/страница/2">2</a>', "/вести/страница/2"),
        ("/vijesti", '<a href="/vijesti?page=1">2</a><a href="/vijesti?page=2">3</a>', "/vijesti?page=1"),  # counts from nought
        ("/vijesti", '<a href="/vijesti/2">2</a>', "/vijesti/2"),
        ("/vijesti/2", '<a href="/vijesti">1</a><a href="/vijesti/3">3</a>', "/vijesti/3"),
        ("/rubrika/12", '<a href="/rubrika/13">Sport</a>', ""),
        ("/rubrika/12", '<a href="/rubrika/12?page=2">2</a>', "/rubrika/12?page=2"),
        ("/vijesti", '<a href="/sport?page=2">2</a>', ""),
        ("/vijesti", '<a rel="next" href="https://other.example/?page=2">2</a>', ""),
        ("/vijesti", '<a rel="next" href="/vijesti/">2</a>', ""),
        ("/vijesti", '<img src="/wp-content/a.png">', "/vijesti/page/2/"),
        ("/vijesti", "", ""),
    ],
)
def test_the_next_page_is_what_the_page_itself_names(path: str, html: str, following: str) -> None:
    assert read(html, path).following == (SITE + following if following else "")


def test_wordpress_is_asked_for_its_second_page_unnamed() -> None:
    assert read("", wordpress=True).following == f"{SITE}/vijesti/page/2/"


@pytest.mark.parametrize(
    ("html", "days"),
    [
        (f"<li>{ARTICLE}<time datetime='2024-10-11T08:00:00+02:00'>pre</time></li>", (date(2024, 10, 11), date(2024, 10, 11))),
        (f"<li>{ARTICLE}<span class='post-date'>11. oktobar 2024.</span></li>", (date(2024, 10, 11), date(2024, 10, 11))),
        (f"<li>{ARTICLE}<div><p class=datum>11.10.2024 08:00</p></div></li>", (date(2024, 10, 11), date(2024, 10, 11))),
        (
            f"<ul>{ARTICLE}<a href=/drugi-most-kod-sela-2>Drugi most</a><a href=/a/3>3</a><time>11.10.2024</time></ul>",
            None,
        ),  # a whole list's
        (ARTICLE.replace("/most", "/2024/10/most"), (date(2024, 10, 1), date(2024, 10, 31))),
        (ARTICLE, None),
    ],
)
def test_an_article_has_the_day_that_stands_beside_it(html: str, days: tuple[date, date] | None) -> None:
    links = read(html).links
    assert [link.days for link in links if "most-kod-sela-se-zatvara-1" in link.url] == [days]


def test_an_address_is_a_page_of_its_list() -> None:
    assert page_of(f"{SITE}/vijesti/strana-3/") == page_of(f"{SITE}/vijesti?page=3") == (f"{SITE}/vijesti", 3)
    assert page_of(f"{SITE}/vijesti/2") == (f"{SITE}/vijesti/2", 0)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"<a href='{text}'>2</a><time>{text}</time>".encode()))
def test_any_bytes_are_read(body: bytes) -> None:
    read_list_page(body, url=f"{SITE}/vijesti?page=2", now=NOW)
