"""Pages served with 200 in an article's place, in forms of systems and guards that the patterns of `test_walls` do not name."""

from __future__ import annotations

import pytest

from tests.extraction.pages import MENU, a_news_page, a_page, an_outlet
from tracker.extraction.article import extract_article, screened_article
from tracker.extraction.screen import visible_text
from tracker.model import Article, Skipped, SkipReason

HEADLINE = "Ura e vjetër mbi lumë hapet pas tre vitesh pune"
FAULTS = [
    "<title>Maintenance</title><p>Briefly unavailable for scheduled maintenance. Check back in a minute.</p>",
    "<h1>We'll be back soon!</h1><p>Sorry. We're performing some maintenance at the moment.</p>",
    "<title>Održavanje</title><h1>Sajt je trenutno u fazi održavanja</h1>",
    "<title>Одржување</title><p>Страницата е привремено недостапна поради одржување.</p>",
    "<title>Portali</title><p>Faqja është në mirëmbajtje. Do të kthehemi së shpejti.</p>",
    "<title>WordPress &rsaquo; Error</title><p>There has been a critical error on this website.</p>",
    "<title>WordPress &rsaquo; Greška</title><p>Došlo je do kritične greške na vašoj stranici.</p>",
    "<p>Error displaying the error page: Application Instantiation Error: Could not connect to MySQL server.</p>",
    "<p>The website encountered an unexpected error. Please try again later.</p>",
    "<b>Fatal error</b>: Uncaught Error: Call to undefined function mysql_connect() in /var/www/index.php:12",
    "<h1>Database connection failed</h1>",
    "SQLSTATE[HY000] [2002] Connection refused",
    "<h1>Server Error in '/' Application.</h1><p>An application error occurred on the server.</p>",
    '{"error":"not found","code":404}',
    "<h1>Resource Limit Is Reached</h1>",
    "<title>Portal</title><noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>",
    "<title>You are being redirected...</title><noscript>Javascript is required. Please enable javascript before you are allowed to see this page.</noscript>",
    "<title>Making sure you&#39;re not a bot!</title><p>Loading...</p>",
]
QUESTIONS = [
    "<title>Portal</title><p>We and our 843 partners store and access personal data. Accept all. Reject all.</p>",
    "<title>Portal</title><p>Mi i naši partneri čuvamo podatke na vašem uređaju. Prihvatam sve. Odbij.</p>",
    "<title>Portal</title><p>Ne dhe partnerët tanë ruajmë të dhëna. Prano të gjitha.</p>",
]


def both(html: str, **fields: str) -> list[Article | Skipped]:
    page = a_page(html, **fields)
    return [extract_article(page, an_outlet()), screened_article(page, visible_text(html.encode(), "", page.hint_title, page.hint_summary))]


@pytest.mark.parametrize("hint", ["", HEADLINE])
@pytest.mark.parametrize("html", FAULTS)
def test_a_fault_served_as_a_page_is_no_article_and_is_asked_for_again(html: str, hint: str) -> None:
    for found in both(html, hint_title=hint):
        assert isinstance(found, Skipped)
        assert found.reason is SkipReason.ERROR_PAGE


@pytest.mark.parametrize("html", QUESTIONS)
def test_a_question_of_partners_is_a_cookie_wall(html: str) -> None:
    for found in both(html):
        assert isinstance(found, Skipped)
        assert found.reason is SkipReason.COOKIE_WALL


@pytest.mark.parametrize("notice", ["Ju lutemi prisni pak çaste.", "Zahvaljujemo na strpljenju.", "Nešto je pošlo po zlu"])
def test_a_short_page_that_shows_nothing_of_its_listed_headline_is_another_page(notice: str) -> None:
    html = f"<title>Zëri</title>{MENU}<p>{notice}</p>"
    found = both(html, hint_title=HEADLINE, hint_summary="Hapet pas tre vitesh.")
    assert [type(one) for one in found] == [Skipped, Skipped]


@pytest.mark.parametrize("html", ["<html></html>", "<title> </title><script>track()</script>"])
def test_a_page_without_text_is_none_also_under_a_short_headline(html: str) -> None:
    assert [type(one) for one in both(html, hint_title="Ura")] == [Skipped, Skipped]


@pytest.mark.parametrize(
    "html",
    [
        f"<title>{HEADLINE}",
        f"<title>{HEADLINE}</title><h1>{HEADLINE}</h1>",
        f"<title>{HEADLINE} - Zëri</title><h1>{HEADLINE}</h1>",
        f"<html><head><meta charset=utf-8><title>{HEADLINE}</title>",
    ],
)
def test_a_page_of_its_headline_alone_is_asked_for_again(html: str) -> None:
    for found in both(html, hint_title=HEADLINE):
        assert isinstance(found, Skipped)
        assert found.reason is SkipReason.TOO_SHORT
    for found in both(f"{html}</title><p>Bashkia njoftoi të martën se punimet mbaruan.</p>", hint_title=HEADLINE):
        assert isinstance(found, Article)


HEADLINES = [
    "Sajt opštine u fazi održavanja: građani bez usluga tri dana",
    "Radovi na održavanju mosta počinju u ponedjeljak",
    "Maintenance of the dam on the river begins on Monday",
    "Fatal error: how one bug cost the city a million",
    "Gabim kritik në sistem: pagat vonohen",
    "Одржување на патот кон Тетово од понеделник",
    "Connection timed out: passengers stranded as trains stop",
    "Faqja e bashkisë në mirëmbajtje, qytetarët presin",
]


@pytest.mark.parametrize("title", HEADLINES)
@pytest.mark.parametrize("listed", [True, False])
def test_news_of_such_words_stay_articles(title: str, listed: bool) -> None:
    for found in both(a_news_page(title=title), hint_title=title if listed else ""):
        assert isinstance(found, Article)


def test_an_article_under_a_headline_of_its_own_stays_one() -> None:
    for found in both(a_news_page(title="Tre vite pritje: më në fund kalohet ura"), hint_title=HEADLINE):
        assert isinstance(found, Article)
    for found in both(a_news_page(title="Krejt tjetër gjë", head='<meta property="og:type" content="article">'), hint_title=HEADLINE):
        assert isinstance(found, Article)
