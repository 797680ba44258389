from __future__ import annotations

import json

import pytest

from tests.extraction.pages import PARAGRAPHS, SENTENCES, a_news_page, a_page
from tracker.extraction.bodies import article_body
from tracker.extraction.document import open_document
from tracker.extraction.screen import visible_text

TEXT = "\n".join(SENTENCES)
TITLE = "Hapet kanali i ri"


def body_of(html: str, title: str = TITLE) -> str:
    return article_body(open_document(a_page(html)), title)


def test_the_text_of_an_article_comes_without_menu_headline_and_footer() -> None:
    assert body_of(a_news_page()) == TEXT


@pytest.mark.parametrize(
    "extra",
    [
        "<p>Lexo edhe: <a href='/a'>Ura e vjetër u mbyll për riparim</a></p>",
        "<p><strong>Pročitajte još:</strong> <a href='/a'>Stari most zatvoren zbog popravke</a></p>",
        "<p>Прочитајте и: <a href='/a'>Стариот мост затворен поради поправка</a></p>",
        "<ul><li><a href='/a'>Ura e vjetër u mbyll</a></li><li><a href='/b'>Lumi u pastrua</a></li></ul>",
        "<p class='tags'>#lajme #lumi</p>",
        "<p>Tags: lumi, kanali, ura</p>",
        "<p>Ndiqni Zërin e Lumit në rrjetet sociale</p>",
        "<p>Ova stranica koristi kolačiće.</p>",
        "<p>© Zëri i Lumit 2026</p>",
    ],
)
def test_prompts_tags_and_notices_under_the_text_are_left_out(extra: str) -> None:
    assert body_of(a_news_page(body=PARAGRAPHS + extra)) == TEXT


def test_a_lead_beside_the_text_is_put_before_it() -> None:
    lead = "Pas tre vitesh pritjeje, qyteti ka sërish një rrugë që ndjek ujin."
    head = f'<meta property="og:description" content="{lead}">'
    for above in (f'<div class="lead">{lead}</div>', f"<h2>{lead}</h2>", f"<div><strong>{lead}</strong></div>"):
        assert body_of(a_news_page(head=head, above=above)).split("\n")[0] == lead


def test_a_caption_or_a_date_above_the_text_is_no_lead() -> None:
    above = '<figure><figcaption class="intro">Foto: Besa Gjoka, pamje e kanalit nga ajri në mëngjes</figcaption></figure><p>10.03.2026 08:30</p>'
    assert body_of(a_news_page(above=above)) == TEXT


def test_line_breaks_in_a_layout_table_make_paragraphs() -> None:
    others = "".join(f"<li><a href='/{n}'>Lajm tjetër numër {n} i ditës</a></li>" for n in range(9))
    text = "<br><br>".join(SENTENCES)
    html = f"<html><title>{TITLE}</title><body><table><tr><td><ul>{others}</ul></td><td><h2>{TITLE}</h2><small>2026-03-10</small><div>{text}</div></td><td>{others}</td></tr></table>"
    assert body_of(html) == TEXT


@pytest.mark.parametrize(
    "html",
    [
        f"<article><h1>{TITLE}</h1><p>{SENTENCES[0]}</p></article>",
        f"<div class='news-item'><div class='naslov'><h1>{TITLE}</h1><span class='datum'>10.03.2026.</span></div><div class='txt'><p>{SENTENCES[0]}</p></div></div>",
        f"<table><tr><td><ul><li><a href='/'>Lajme</a></li></ul></td><td><h2>{TITLE}</h2><small>2026-03-10</small><div>{SENTENCES[0]}</div></td></tr></table>",
        f"<div class='entry-content'><h1 class='entry-title'>{TITLE}</h1><p>{SENTENCES[0]}</p><p class='tags'>#lajme</p></div>",
    ],
)
def test_news_of_one_sentence_keep_it(html: str) -> None:
    assert body_of(f"<html><title>{TITLE}</title><body>{html}</body></html>") == SENTENCES[0]


def test_the_structured_body_stands_in_for_a_text_that_the_page_hides() -> None:
    structured = {
        "@type": "NewsArticle",
        "headline": TITLE,
        "articleBody": "".join(f"<p>{sentence}</p>" for sentence in SENTENCES).replace("ë", "&euml;"),
    }
    head = f'<script type="application/ld+json">{json.dumps(structured)}</script>'
    assert body_of(a_news_page(head=head, body="<p>Artikulli po ngarkohet</p>")) == TEXT


def test_tables_of_figures_stay_in_the_text() -> None:
    table = "<table><tr><th>Viti</th><th>Vizitorë</th></tr><tr><td>2024</td><td>15200</td></tr><tr><td>2025</td><td>18750</td></tr></table>"
    assert "18750" in body_of(a_news_page(body=PARAGRAPHS + table + PARAGRAPHS.replace("premten", "shtunën")))


def test_a_text_kept_in_a_script_is_found_and_screened() -> None:
    pushed = json.dumps([1, json.dumps({"content": PARAGRAPHS.replace("<p>", "<p class=x>")})]).replace("<", "\\u003c")
    html = f"<title>{TITLE}</title><meta property='og:title' content='{TITLE}'><body><div id=app></div><script>self.__next_f.push({pushed})</script>"
    assert body_of(html) == TEXT
    assert all(sentence in visible_text(html.encode()).text for sentence in SENTENCES)
