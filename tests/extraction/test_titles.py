from __future__ import annotations

import pytest

from tests.extraction.pages import a_page
from tracker.extraction.document import open_document
from tracker.extraction.titles import MAX_TITLE_CHARS, article_title


def title_of(html: str, **fields: object) -> str:
    return article_title(open_document(a_page(html, **fields)))


CASES = [
    # og:title, h1, title, expected
    ("Hapet kanali i ri i qytetit", "", "", "Hapet kanali i ri i qytetit"),
    ("Hapet kanali i ri i qytetit - Zëri i Lumit", "Hapet kanali i ri i qytetit", "", "Hapet kanali i ri i qytetit"),
    ("Hapet kanali i ri i qytetit | Zëri i Lumit", "", "", "Hapet kanali i ri i qytetit"),
    ("", "Otvoren novi kanal u gradu", "Otvoren novi kanal u gradu - Rečni glasnik", "Otvoren novi kanal u gradu"),
    ("", "Rečni glasnik", "Otvoren novi kanal u gradu | Vesti | Rečni glasnik", "Otvoren novi kanal u gradu"),
    ("", "", "Отворен нов канал во градот - Речен гласник", "Отворен нов канал во градот"),
    ("Most: stari i novi izgled grada", "Most: stari i novi izgled grada", "", "Most: stari i novi izgled grada"),
    ("Novi kanal otvoren pred hiljadama…", "Novi kanal otvoren pred hiljadama građana", "", "Novi kanal otvoren pred hiljadama građana"),
    ("Zëri i Lumit: Hapet kanali i ri i qytetit", "", "", "Hapet kanali i ri i qytetit"),
    ("Zëri i Lumit:Hapet kanali i ri i qytetit", "Hapet kanali", "", "Hapet kanali i ri i qytetit"),
    ("SkupÅ¡tina usvojila plan", "", "", "Skupština usvojila plan"),
    ("Ura &amp; lumi", "", "", "Ura & lumi"),
]


@pytest.mark.parametrize(("shared", "heading", "window", "expected"), CASES)
def test_the_headline_comes_without_site_and_section(shared: str, heading: str, window: str, expected: str) -> None:
    meta = f'<meta property="og:title" content="{shared}"><meta property="og:site_name" content="Zëri i Lumit">' if shared else ""
    assert title_of(f"<title>{window}</title>{meta}<body><h1>{heading}</h1><p>x") == expected


def test_a_kicker_goes_where_all_other_titles_do_without_it() -> None:
    html = '<meta property="og:title" content="KANALI: Hapet shtegu i ri pranë ujit"><meta name="twitter:title" content="Hapet shtegu i ri pranë ujit"><h1>Hapet shtegu i ri pranë ujit</h1>'
    assert title_of(html) == "Hapet shtegu i ri pranë ujit"


def test_a_title_that_is_only_the_sites_name_is_no_headline() -> None:
    html = '<title>Zëri i Lumit</title><meta property="og:title" content="Zëri i Lumit"><meta property="og:site_name" content="Zëri i Lumit"><h1>Hapet kanali i ri</h1>'
    assert title_of(html) == "Hapet kanali i ri"


def test_the_sources_own_headline_is_the_last_resort() -> None:
    assert title_of("<p>x", hint_title="Nga burimi") == "Nga burimi"


def test_endless_titles_are_cut_and_read_in_bounded_time() -> None:
    assert len(title_of("<title>" + "a - " * 100_000 + "</title>")) <= MAX_TITLE_CHARS + 1
    assert len(title_of(f'<meta property="og:title" content="{"fjalë " * 5000}">')) <= MAX_TITLE_CHARS + 1
