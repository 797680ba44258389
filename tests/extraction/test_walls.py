from __future__ import annotations

import pytest

from tests.extraction.pages import MENU, PARAGRAPHS, SENTENCES, URL, a_news_page, a_page, an_outlet
from tracker.extraction.article import extract_article, screened_article
from tracker.extraction.screen import visible_text
from tracker.model import Article, Skipped, SkipReason

LINKS = "".join(f"<li><a href='/lajme/{n}'>Titulli i lajmit numër {n} nga qyteti dhe lumi</a></li>" for n in range(60))


def outcome(html: str, **fields: object) -> Article | Skipped:
    return extract_article(a_page(html, **fields), an_outlet())


WALLS = [
    ("", SkipReason.UNREADABLE),
    ("<html><head><script src='/x.js'></script></head><body></body></html>", SkipReason.UNREADABLE),
    ("<title>Just a moment...</title><h1>Verifying you are human. This may take a few seconds.</h1>", SkipReason.BOT_WALL),
    ("<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>", SkipReason.BOT_WALL),
    ("<script src='/_Incapsula_Resource?x=1'></script><body></body>", SkipReason.BOT_WALL),
    ("<title>Zëri</title><p>Enable JavaScript and cookies to continue</p>", SkipReason.BOT_WALL),
    ("<title>404 - Zëri i Lumit</title><p>Kërkoni diçka tjetër.</p>", SkipReason.ERROR_PAGE),
    ("<title>Faqja nuk u gjet - Zëri i Lumit</title><h1>Oops! Faqja nuk u gjet.</h1>" + MENU, SkipReason.ERROR_PAGE),
    ("<title>Stranica nije pronađena | Glasnik</title><p>Pokušajte ponovo.</p>" + LINKS, SkipReason.ERROR_PAGE),
    ("<title>Страница није пронађена</title><p>Покушајте поново.</p>", SkipReason.ERROR_PAGE),
    ("<title>Страницата не е пронајдена - Гласник</title><p>Обидете се повторно.</p>", SkipReason.ERROR_PAGE),
    ("<title>Greška 404</title><p>Tražena stranica ne postoji.</p>", SkipReason.ERROR_PAGE),
    ("<title>Page not found</title><p>Nothing here.</p>", SkipReason.ERROR_PAGE),
    ("<title>Error establishing a database connection</title>", SkipReason.ERROR_PAGE),
    (
        "<title>Before you continue</title><p>We use cookies and data. Accept all cookies or reject all cookies. Consent settings.</p>",
        SkipReason.COOKIE_WALL,
    ),
    ("<title>Prijava - Glasnik</title><h1>Prijava</h1><form><input name=u><input type=password name=p></form>", SkipReason.LOGIN_WALL),
    (f"<title>Lajme</title><p>Prijavite se da biste pročitali članak.</p>{MENU}", SkipReason.LOGIN_WALL),
    (f"<title>Të gjitha lajmet</title><body><ul>{LINKS}</ul>", SkipReason.LISTING),
    (
        '<title>Fotot e ditës</title><script type="application/ld+json">{"@type":"ImageGallery"}</script><h1>Fotot e ditës</h1><img src=a><img src=b><p>Foto 1 nga 12</p>',
        SkipReason.GALLERY,
    ),
    ("<title>Titull</title><h1>Titull</h1>", SkipReason.TOO_SHORT),
]


@pytest.mark.parametrize(("html", "reason"), WALLS)
def test_what_is_no_article_is_skipped_with_a_reason_in_words(html: str, reason: SkipReason) -> None:
    found = outcome(html)
    assert isinstance(found, Skipped)
    assert found.reason is reason
    assert found.detail


ARTICLES = [
    a_news_page(title="404 vite nga themelimi i qytetit, festë e madhe në shesh"),
    a_news_page(title="Access denied: what the regulator's ruling means for children online"),
    a_news_page(title="Kolačići i privatnost: šta sajtovi znaju o deci", body=PARAGRAPHS.replace("lumit", "cookie")),
    a_news_page(title="Prijava za upis u prvi razred počinje u ponedeljak"),
    a_news_page(title="Faqja nuk u gjet", head='<meta property="og:type" content="article">'),
    a_news_page(body=f"<p>{SENTENCES[0]}</p>"),
    a_news_page(body="<p>Kanali është hapur.</p>"),
    a_news_page(below=f"<ul>{LINKS}</ul>"),
    a_news_page(head='<script type="application/ld+json">{"@type":"ImageGallery"}</script>'),
    a_news_page(below='<form><input type="password"></form>'),
    f'<title>Videoja e ditës</title><meta property="og:type" content="article"><meta property="og:description" content="{SENTENCES[0]}"><h1>Videoja e ditës</h1><iframe src=x></iframe>',
]


@pytest.mark.parametrize("html", ARTICLES)
def test_articles_that_look_like_walls_or_are_short_stay_articles(html: str) -> None:
    assert isinstance(outcome(html), Article)


def test_an_address_that_leads_to_the_front_page_is_a_list() -> None:
    found = outcome(a_news_page(body="<p>Mirë se vini</p>"), final_url="https://zeri-i-lumit.example/")
    assert isinstance(found, Skipped)
    assert found.reason is SkipReason.LISTING


@pytest.mark.parametrize(
    ("html", "reason"), [wall for wall in WALLS if wall[1] in (SkipReason.BOT_WALL, SkipReason.ERROR_PAGE, SkipReason.COOKIE_WALL)]
)
def test_screening_sees_the_same_walls(html: str, reason: SkipReason) -> None:
    found = screened_article(a_page(html), visible_text(html.encode()))
    assert isinstance(found, Skipped)
    assert found.reason is reason


@pytest.mark.parametrize(
    ("content", "forwards"),
    [
        ("0;url=https://zeri-i-lumit.example/lajme/tjeter-88", True),
        ("0; URL='/lajme/tjeter-88'", True),
        ('5,url="/lajme/tjeter-88"', True),
        ("300", False),
        (f"60;url={URL}", False),
        ("0;url=javascript:alert(1)", False),
        ("0;url=http://[bad", False),
    ],
)
def test_a_page_that_only_forwards_is_named(content: str, forwards: bool) -> None:
    html = f"<html><head><title>Po ridrejtohet</title><meta http-equiv='Refresh' content=\"{content.replace(chr(34), '&quot;')}\"></head><body><p>Prisni</p></body></html>"
    found = extract_article(a_page(html), an_outlet())
    assert (isinstance(found, Skipped) and found.reason is SkipReason.FORWARDS) is forwards
