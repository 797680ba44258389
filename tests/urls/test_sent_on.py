"""Redirects to pages that cannot be the article, and redirects that lead to it."""

from __future__ import annotations

import pytest

from tracker.urls.sent_on import leads_elsewhere

ASKED = "https://gazeta.example/vijesti/pocela-gradnja-mosta-48213"


@pytest.mark.parametrize(
    ("final", "words"),
    [
        ("/", "the front page"),
        ("/#top", "the front page"),
        ("/?from=/vijesti/pocela-gradnja-mosta-48213", "the front page"),
        ("/?utm_source=a&x=1", "the front page"),
        ("/index.php", "the front page"),
        ("/Naslovna.aspx", "the front page"),
        ("/bs/", "the front page"),
        ("/sr-latn", "the front page"),
        ("/login?next=/vijesti/pocela-gradnja-mosta-48213", "/login"),
        ("/404.html", "/404.html"),
        ("/bs/not-found", "/not-found"),
        ("/vijesti/", "the section"),
        ("https://www.gazeta.example/", "the front page"),
    ],
)
def test_a_redirect_to_no_article_is_named(final: str, words: str) -> None:
    assert leads_elsewhere(ASKED, final if "://" in final else f"https://gazeta.example{final}") == words


@pytest.mark.parametrize(
    ("asked", "final"),
    [
        (ASKED, "https://gazeta.example/most-48213"),
        (ASKED, "https://m.gazeta.example/bs/vijesti/pocela-gradnja-mosta-48213"),
        (ASKED, "https://gazeta.example/?p=48213"),
        (ASKED, "https://druga.example/intervju"),
        (ASKED, "https://login.hotel.example/login?from=gazeta"),
        ("https://gazeta.example/?p=48213", "https://gazeta.example/vijesti/most"),
        ("https://gazeta.example/a/pocela-gradnja-mosta/komentari", "https://gazeta.example/a/pocela-gradnja-mosta"),
        ("https://gazeta.example/vijesti/most/2", "https://gazeta.example/vijesti/most"),
        ("https://gazeta.example/vijesti/404", "https://www.gazeta.example/vijesti/404"),
        ("https://gazeta.example/", "https://gazeta.example/bs/"),
        ("no address", "https://gazeta.example/"),
    ],
)
def test_a_redirect_that_may_lead_to_the_article_is_followed(asked: str, final: str) -> None:
    assert leads_elsewhere(asked, final) == ""
