from __future__ import annotations

import json

import pytest

from tests.extraction.pages import PARAGRAPHS, a_news_page, a_page
from tracker.extraction.byline import article_authors, names_in
from tracker.extraction.document import open_document


def authors_of(html: str, **fields: object) -> tuple[str, ...]:
    return article_authors(open_document(a_page(html, **fields)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Ana Anić", ("Ana Anić",)),
        ("Piše: Ana Anić", ("Ana Anić",)),
        ("Autor: Ana Anić, Boris Bojić", ("Ana Anić", "Boris Bojić")),
        ("Од: Марија Петровска", ("Марија Петровска",)),
        ("Nga Ana Leka", ("Ana Leka",)),
        ("Шкруан: Ана Анић", ("Шкруан: Ана Анић",)),
        ("Пишува: Ана Аневска", ("Ана Аневска",)),
        ("Ana Leka dhe Besa Gjoka", ("Ana Leka", "Besa Gjoka")),
        ("Ana Anić i Boris Bojić", ("Ana Anić", "Boris Bojić")),
        ("Ана Анић и Борис Бојић", ("Ана Анић", "Борис Бојић")),
        ("Ana Anić/Boris Bojić", ("Ana Anić", "Boris Bojić")),
        ("Ana Anić, urednica", ("Ana Anić",)),
        ("Ana Anić ana@rijeka.example", ("Ana Anić",)),
        ("Ana Anić @ana_anic", ("Ana Anić",)),
        ("Ana Anić | 12.03.2026.", ("Ana Anić",)),
        ("Ana Anić (dopisnica)", ("Ana Anić",)),
        ("https://social.example/ana", ()),
        ("admin", ()),
        ("", ()),
    ],
)
def test_names_come_without_roles_addresses_and_handles(text: str, expected: tuple[str, ...]) -> None:
    assert names_in([text], frozenset()) == expected


def test_a_name_given_twice_counts_once() -> None:
    assert names_in(["Ana Anić", "ANA ANIĆ", "Autor: Ana Anić"], frozenset()) == ("Ana Anić",)


def test_people_of_structured_data_come_first_and_its_agency_with_them() -> None:
    structured = {
        "@type": "NewsArticle",
        "headline": "x",
        "author": [{"@type": "Person", "name": "Ana Leka"}, {"@type": "Organization", "name": "ATSH"}],
    }
    assert authors_of(a_news_page(head=f'<script type="application/ld+json">{json.dumps(structured)}</script>')) == ("Ana Leka", "ATSH")


def test_the_outlet_itself_is_named_only_where_nobody_else_is() -> None:
    structured = {"@type": "NewsArticle", "headline": "x", "author": {"@type": "Organization", "name": "Zëri i Lumit"}}
    head = f'<script type="application/ld+json">{json.dumps(structured)}</script><meta property="og:site_name" content="Zëri i Lumit">'
    assert authors_of(a_news_page(head=head, above='<span class="author">Nga Ana Leka</span>')) == ("Ana Leka",)
    assert authors_of(a_news_page(head=head)) == ("Zëri i Lumit",)


@pytest.mark.parametrize(
    "above",
    [
        '<span class="td-post-author-name"><a href="/a">Ana Leka</a></span>',
        '<p itemprop="author"><span itemprop="name">Ana Leka</span></p>',
        '<a rel="author" href="/ana">Ana Leka</a>',
        '<div class="autor">Ana Leka</div>',
        "<p>Autor: Ana Leka</p>",
        "<div>Shkruan: Ana Leka</div>",
        "<p>Nga Ana Leka</p>",
        '<div class="byline">By Ana Leka | 12 mars 2026</div>',
    ],
)
def test_a_byline_on_the_page_is_found(above: str) -> None:
    assert authors_of(a_news_page(above=above)) == ("Ana Leka",)


def test_names_of_comments_and_other_articles_are_not_taken() -> None:
    below = '<div class="comments"><span class="author">Besa Gjoka</span></div><aside><span class="author">Dea Hoxha</span></aside>'
    assert authors_of(a_news_page(below=below)) == ()


def test_a_sentence_that_begins_with_nga_is_no_byline() -> None:
    assert authors_of(a_news_page(body=PARAGRAPHS + "<p>Nga Tirana nisën dje dy autobusë plot me nxënës.</p>")) == ()


def test_a_name_in_bold_under_the_text_signs_it() -> None:
    assert authors_of(a_news_page(body=PARAGRAPHS + "<p><strong>Ana Leka</strong></p>")) == ("Ana Leka",)


def test_the_sources_own_authors_are_the_last_resort() -> None:
    assert authors_of(a_news_page(), hint_authors=("Ana Leka",)) == ("Ana Leka",)
