"""Notices, faults, guards and front pages within an outlet's whole template, served with 200 in an article's place; and short pages that are none."""

from __future__ import annotations

import re

import pytest

from tests.extraction.pages import a_page, an_outlet
from tests.linear import grows_linearly
from tracker.extraction import notices
from tracker.extraction.article import extract_article, screened_article
from tracker.extraction.screen import visible_text
from tracker.model import Article, Skipped

HEADLINE = "Ura e vjetër mbi lumë hapet pas tre vitesh pune"
_HEADLINES = (
    "Qeveria miraton buxhetin e vitit të ardhshëm", "Reshje shiu dhe erë e fortë në veri të vendit", "Skuadra e qytetit fiton derbin me penallti",
    "Čmimi i naftës ulet për herë të tretë", "Vozači oprez: radovi na putu do petka", "Shtyhet seanca për ish-drejtorin", "Мештани без воде већ трећи дан",
    "Kompania e re sjell njëqind vende pune", "Влада најави субвенции за земјоделците", "Nxënësit e gjimnazit fitojnë olimpiadën",
)  # fmt: skip
MENU = "".join(
    f'<li><a href="/k/{word}">{word}</a></li>'
    for word in "Ballina Aktualitet Politikë Ekonomi Sport Kulturë Rajoni Bota Opinione Video Kontakt Prijava".split()
)
CARDS = "".join(f'<div><a href="/l/{n}"><h4>{title}</h4></a><span>{n} orë më parë</span></div>' for n, title in enumerate(_HEADLINES * 3))
FOOT = "<p>© 2026 Portali. Të gjitha të drejtat e rezervuara. Redaksia, marketingu, kushtet e përdorimit dhe kontaktet tona në Tiranë.</p>"
GONE = (
    "Kërkojmë ndjesë, nuk e gjetëm atë që kërkoni", "Ky artikull është fshirë", "Përmbajtja që kërkoni është zhvendosur", "Traženi sadržaj je uklonjen", "Ups! Ova stranica više ne postoji",
    "Žao nam je, ali ne možemo pronaći stranicu koju tražite", "Članak je na zahtjev izvora povučen", "Тражени чланак не постоји", "Содржината повеќе не е достапна",
    "Жал ни е, страницата што ја барате не може да се најде", "Oops! That page can’t be found.", "This content is no longer available",
)  # fmt: skip
FAULTS = (
    "Greška pri povezivanju sa bazom podataka", "Gabim gjatë lidhjes me bazën e të dhënave", "Грешка при поврзување со базата", "Sajt je privremeno nedostupan",
    "Сајтот е моментално недостапен", "Faqja është përkohësisht jashtë funksionit", "Web server is down", "Site is offline for maintenance", "This account has been suspended",
)  # fmt: skip
GUARDS = (
    "Potvrdite da niste robot", "Verifikoni që jeni njeri", "Потврдете дека не сте робот", "Pristup odbijen", "Qasja juaj është bllokuar", "Приступ је забрањен",
    "Too many requests. Please slow down.", "Please complete the CAPTCHA to continue", "Nema rezultata", "Log in to your account", "Hyni në llogarinë tuaj", "Prijavite se na svoj nalog",
)  # fmt: skip

LONG = 24_000
"""A quadratic look at so many characters takes far longer than what is taken for noise."""


def both(html: str, hint: str = "", summary: str = "") -> list[Article | Skipped]:
    page = a_page(html, hint_title=hint, hint_summary=summary)
    return [extract_article(page, an_outlet()), screened_article(page, visible_text(page.body, "", hint, summary))]


def template(inside: str, title: str, kind: str = "") -> str:
    head = f"<meta property='og:type' content='{kind}'>" if kind else ""
    return f"<html><head><title>{title}</title>{head}</head><body><ul>{MENU}</ul><main>{inside}</main>{CARDS}{FOOT}</body></html>"


@pytest.mark.parametrize("words", [*GONE, *FAULTS])
def test_a_notice_within_the_outlets_template_is_no_article(words: str) -> None:
    for title in (words, "Portali", HEADLINE):
        for inside in (f"<h1>{words}</h1><p>{words}.</p>", f"<p>{words}.</p><p><a href='/'>Kthehu</a></p>"):
            for kind in ("", "article"):
                for hint in ("", HEADLINE):
                    assert not [one for one in both(template(inside, title, kind), hint) if isinstance(one, Article)], (title, inside, kind)


@pytest.mark.parametrize("words", GUARDS)
def test_a_guard_a_login_or_an_empty_search_is_none_where_it_is_the_headline(words: str) -> None:
    assert not [one for one in both(template(f"<h1>{words}</h1><form></form>", words)) if isinstance(one, Article)]


IN_ITS_PLACE = (
    *("Molimo sačekajte dok provjerimo da niste bot", "Ваш приступ овој страници је привремено ограничен", "Vërtetoni se nuk jeni robot", "Kerkesa juaj u bllokua nga sistemi"),
    *("Докажете дека сте човек", "Откриена е сомнителна активност", "Hold on, we are checking that you are a real person", "Potvrdite da ste covek"),
    *("Da biste pročitali ovaj članak, prijavite se", "Per te lexuar me shume kycuni ne llogarine tuaj", "Пријавите се да бисте прочитали цео текст"),
    *("За да продолжите со читање, најавете се", "You must be logged in to view this article", "Ky artikull është vetëm për abonentët"),
)  # fmt: skip


@pytest.mark.parametrize("words", IN_ITS_PLACE)
def test_a_guard_or_a_login_where_the_article_should_begin_is_none(words: str) -> None:
    for inside in (f"<h1>{HEADLINE}</h1><p>{words}</p>", f"<h1>{HEADLINE}</h1><span>12.03.2026</span><div>{words}.</div><form></form>"):
        for kind in ("", "article"):
            for hint in ("", HEADLINE):
                assert not [one for one in both(template(inside, HEADLINE, kind), hint) if isinstance(one, Article)], (inside, kind, hint)


HARDLY_ANY_TEXT = (
    "<iframe src=x></iframe><p>Prijavite se</p><p>Pretplatite se</p>",
    "<iframe src=x></iframe><p>Abonohuni në kanalin tonë</p>",
    "<p>Create account or Sign in</p><img src=x>",
    "<p>Pristup plaži zabranjen do septembra</p><iframe src=x></iframe>",
    "<p>Samo registrovani birači mogu da glasaju u nedjelju, kaže komisija.</p>",
    "<p>Policia bllokoi hyrjen në qytet.</p><img src=x><p>Foto 1 nga 12</p>",
    "<img src=x><p>Lini një koment</p><p>Hyni në llogarinë tuaj për të lexuar komentet</p>",
    "<p>Snimak pokazuje robota</p><iframe src=x></iframe><p>Ostavite komentar</p><label>Potvrdite da niste robot</label>",
)


@pytest.mark.parametrize("inside", HARDLY_ANY_TEXT)
def test_a_film_or_pictures_with_a_line_of_text_are_an_article(inside: str) -> None:
    html = template(f"<h1>{HEADLINE}</h1>{inside}", HEADLINE, "article")
    assert isinstance(screened_article(a_page(html, hint_title=HEADLINE), visible_text(html.encode(), "", HEADLINE)), Article)


def test_a_front_page_in_place_of_a_listed_article_is_none_however_long_its_lists_summary_was() -> None:
    front = template("", "Portali - lajmet e fundit", "website")
    assert not [one for one in both(front, HEADLINE, "Pas tre vitesh pune ura e vjetër hapet. " * 12) if isinstance(one, Article)]


BRIEF = "Komuna njoftoi sot se ura e vjetër mbi lumë hapet të premten, pas tre vitesh pune. Kalimi do të jetë falas për këmbësorët."


@pytest.mark.parametrize("beside", [f"<form><label>{words}</label></form>" for words in GUARDS])
def test_a_brief_beside_forms_that_use_such_words_is_an_article(beside: str) -> None:
    for hint in ("", HEADLINE):
        assert all(isinstance(one, Article) for one in both(template(f"<h1>{HEADLINE}</h1><p>{BRIEF}</p>{beside}", HEADLINE), hint))


HEADLINES = (
    "Stranica istorije: kako je grad dobio most",
    "Članak 12 zakona o medijima povlači se iz procedure",
    "Artikulli i fundit i shkrimtarit botohet pas vdekjes së tij",
    "Lajmi i mirë për pensionistët vjen në janar",
    "Вест која је обрадовала цело село",
    "Server is down, and with it the whole city's trams",
    "Pristup informacijama od javnog značaja i dalje težak",
    "Qasja në drejtësi mbetet e vështirë",
    "Prijava štete od nevremena moguća do petka",
    "Provjeravamo: da li je snimak stvaran",
    "404 studentë përfituan bursa këtë vit",
)


@pytest.mark.parametrize("headline", HEADLINES)
def test_a_headline_that_begins_like_a_notice_stays_above_its_text(headline: str) -> None:
    text = "".join(
        f"<p>{BRIEF} Kjo u tha në takimin numër {number}, ku ishin të pranishëm edhe banorët e lagjes.</p>" for number in range(3)
    )
    assert all(isinstance(one, Article) for one in both(template(f"<h1>{headline}</h1>{text}", headline), headline))


ABOUT_GUARDS = {
    "Trafik i pazakontë në Tiranë": "Qindra makina mbetën për orë të tëra në unazën e madhe, tha policia rrugore.",
    "Provjera sigurnosti na mostu u Goraždu": "Most preko Drine zatvoren je danas zbog pregleda nosača i ograde.",
    "Проверка на безбедноста на браната Козјак": "Инженерите ја прегледаа браната и најавија поправки до крајот на годината.",
    "Безбедносна провера на аеродрому у Нишу": "Путници чекају дуже него обично, саопштила је управа аеродрома.",
    "Unusual activity recorded under Skadar Lake": "Seismologists noted forty weak tremors since Monday, the institute said.",
    "Potvrda da niste osuđivani sada se traži online": "Uvjerenje se od danas izdaje preko portala uprave, kažu u ministarstvu.",
}
"""News whose headlines begin with what guards say."""


@pytest.mark.parametrize(("headline", "text"), ABOUT_GUARDS.items())
def test_a_brief_whose_headline_begins_like_a_guard_is_an_article(headline: str, text: str) -> None:
    for inside in (f"<h1>{headline}</h1><p>{text}</p>", f"<h1>{headline}</h1><p>27.11.2026 | E. Hoxha</p><p>{text}</p>"):
        for page in (
            template(inside, f"{headline} - Portali"),
            f"<html><head><title>{headline}</title></head><body>{inside}</body></html>",
        ):
            assert all(isinstance(one, Article) for one in both(page)), both(page)


@pytest.mark.parametrize("name", sorted(name for name, value in vars(notices).items() if isinstance(value, re.Pattern)))
@pytest.mark.parametrize("sign", [" ", "a ", "sorry ", "stranica ", "faqja ", "the ", "404 ", ".", "\n"])
def test_no_expression_goes_back_over_a_long_line(name: str, sign: str) -> None:
    assert grows_linearly(getattr(notices, name).match, lambda chars: sign * (chars // len(sign)), chars=LONG)


@pytest.mark.parametrize(("expression", "sign"), [(r"(?:sorry\W*)*\W*(?:sorry\W*)*!", "sorry "), (r"(?:\w+\s+)*?(?:\w+\s+)*!", "a ")])
def test_an_expression_that_does_is_told(expression: str, sign: str) -> None:
    assert not grows_linearly(re.compile(expression).match, lambda chars: sign * (chars // len(sign)), chars=LONG // 3)
