"""Edits in lists, quotes and order, notices and walls in other words than the outlet next door uses, advertisements within the text."""

from __future__ import annotations

import pytest

from tests.revisions.test_compare import PARAGRAPHS, TITLE, kept, markup, opened, seen
from tracker.model import ItemText, Seen
from tracker.revisions.compare import Kept, compare, compare_whole
from tracker.revisions.words import stands_for_the_rest

NOTICES = (
    "Faqja që po kërkoni nuk ekziston",
    "Ky artikull është tërhequr nga redaksia",
    "Ky lajm nuk është më i disponueshëm",
    "Përmbajtja nuk është e disponueshme",
    "Kjo faqe nuk mund të gjendet",
    "Artikulli u largua",
    "Stranica koju tražite ne postoji ili je premještena",
    "Traženi članak više nije dostupan",
    "Vest je na zahtev izvora povučena",
    "Sadržaj koji tražite nije pronađen",
    "Чланак који тражите више није доступан",
    "Текст је на захтев породице уклоњен",
    "Страната што ја барате не постои",
    "Објавата е отстранета",
    "Статијата повеќе не е достапна",
    "The page you are looking for does not exist",
    "Content not available",
)
WALLS = (
    "Ky artikull është vetëm për abonentët. Abonohu tani.",
    "Për pjesën tjetër të tekstit duhet të identifikoheni.",
    "Nastavak teksta dostupan je pretplatnicima.",
    "Za čitanje cijelog teksta potrebna je pretplata.",
    "За наставак читања потребно је да се пријавите.",
    "Остатокот од текстот е достапен за претплатници.",
    "To read the rest of this article, log in or subscribe.",
)
NO_WALLS = (
    "Abonohuni në buletinin tonë.",
    "Prijavite se za bilten.",
    "Samo za vas: popust od 20 posto.",
    "Pretplatnici su oduševljeni.",
    "Sign up for our newsletter.",
    "Nastavak slijedi.",
)


@pytest.mark.parametrize(
    "added",
    [
        "<ul><li>Treća mera predviđa kazne od pet hiljada evra za portale.</li></ul>",
        "<ol><li>Prvo, škole dobijaju po dva psihologa do kraja godine.</li></ol>",
        "<blockquote><p>Nikada nisam izgovorio tu rečenicu, poručio je on kasnije.</p></blockquote>",
        "<blockquote>Nikada nisam izgovorio tu rečenicu, poručio je on kasnije.</blockquote>",
    ],
)
def test_an_item_or_a_quote_that_is_added_is_an_edit(added: str) -> None:
    found = seen(markup(within=added))
    assert found.seen is Seen.EDITED
    assert found.after is not None
    assert len(found.after.body.split("\n")) == len(PARAGRAPHS) + 1


@pytest.mark.parametrize(
    "within", ["<ul><li>Facebook 12</li><li>X 3</li></ul>", "<ul><li><a href='/a'>Treća mera predviđa kazne za portale.</a></li></ul>"]
)
def test_lists_of_links_and_counters_are_none(within: str) -> None:
    assert seen(markup(within=within)).seen is Seen.UNCHANGED


def test_paragraphs_that_changed_places_are_an_edit_told_in_both_orders() -> None:
    for look in (compare, compare_whole):
        order = (PARAGRAPHS[0], PARAGRAPHS[2], PARAGRAPHS[1], PARAGRAPHS[3])
        found = look(kept(), opened(markup(paragraphs=order)))
        assert found.seen is Seen.EDITED
        assert found.before is not None
        assert found.after is not None
        assert tuple(found.before.body.split("\n")) == PARAGRAPHS
        assert tuple(found.after.body.split("\n")) == order


def test_a_text_that_a_template_prints_twice_has_no_order() -> None:
    twice = markup(beside="".join(f"<div class='tekst'><p>{one}</p></div>" for one in reversed(PARAGRAPHS)))
    assert compare(kept(twice), opened(twice.replace("Glas</a>", "Glas 7</a>"))).seen is Seen.UNCHANGED


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_in_an_articles_place_is_known(notice: str) -> None:
    filler = "<p>Portal Glas, redakcija, kontakt i uslovi korišćenja. Sva prava zadržana, 2026. Marketing i oglašavanje na telefonu redakcije.</p>"
    for html in (
        f"<html><head><title>Glas</title></head><body><a href='/'>Glas</a><h1>{notice}</h1><p>{notice}.</p></body></html>",
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{notice}.</p>{filler}</body></html>",
    ):
        assert compare(kept(), opened(html)).seen is Seen.GONE


@pytest.mark.parametrize("words", WALLS)
def test_a_wall_after_the_first_paragraph_is_told_in_other_words_too(words: str) -> None:
    long = tuple(f"{paragraph} {paragraph}" for paragraph in PARAGRAPHS)
    before = Kept(opened(markup(paragraphs=long)), ItemText(TITLE, "\n".join(long)), kept().final_url)
    html = markup(paragraphs=(*long[:2],), within=f"<div class='b'><p>{words}</p></div>")
    assert compare(before, opened(html)).seen is Seen.GONE


@pytest.mark.parametrize("words", NO_WALLS)
def test_a_cut_text_beside_a_sign_up_is_an_edit(words: str) -> None:
    assert not stands_for_the_rest(words)
    assert seen(markup(paragraphs=PARAGRAPHS[:2], within=f"<div class='b'><p>{words}</p></div>")).seen is Seen.EDITED


@pytest.mark.parametrize(
    "line",
    [
        "Sponzorisano: kredit bez kamate do kraja maja u svim poslovnicama",
        "REKLAMË - Verë në Ksamil nga 29 euro nata",
        "Промо: лаптоп и глушец само 399 евра",
    ],
)
def test_an_advertisement_that_names_itself_is_no_text(line: str) -> None:
    other = markup(within="<p>Oglas: tri telefona po ceni jednog do nedelje u svim radnjama</p>")
    assert compare(kept(other), opened(markup(within=f"<p>{line}</p>"))).seen is Seen.UNCHANGED


@pytest.mark.parametrize(
    "line", ["Osnovna škola u Gornjem Polju sa 210 đaka", "Shkolla në fshatin Lumas me 210 nxënës", "Основна школа у Доњем Пољу, 210 ђака"]
)
@pytest.mark.parametrize("markup_of", ["<ul><li>{}</li></ul>", "<table><tr><td>{}</td></tr></table>", "<h3>{}</h3>"])
def test_a_number_in_a_line_of_a_list_or_table_is_no_counter(line: str, markup_of: str) -> None:
    before = markup(within=markup_of.format(line))
    text = ItemText(TITLE, "\n".join((*PARAGRAPHS[:2], line, *PARAGRAPHS[2:])))
    for look in (compare, compare_whole):
        found = look(Kept(opened(before), text, kept().final_url), opened(before.replace("210", "310")))
        assert found.seen is Seen.EDITED


@pytest.mark.parametrize(
    "line",
    [
        "Lexuar 210 herë",
        "210 pregleda | pre 12 minuta",
        "Објавено пред 210 минути",
        "Objavljeno: petak, 27. novembar 2026. u 14:35",
        "Views: 210",
        "27.11.2026 21:05",
        "210 ljudi čita ovo",
    ],
)
def test_a_counter_that_moves_within_the_text_is_no_edit(line: str) -> None:
    before = markup(within=f"<p>{line}</p>")
    text = ItemText(TITLE, "\n".join((*PARAGRAPHS[:2], line, *PARAGRAPHS[2:])))
    assert compare(Kept(opened(before), text, kept().final_url), opened(before.replace("21", "31"))).seen is Seen.UNCHANGED
