"""Serbian Latin into Cyrillic: digraphs, seams, and what stays in Latin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.locale.cyrillic import to_cyrillic
from tracker.text.folding import LATIN_OF

SERBIAN = "абвгдђежзијклљмнњопрстћуфхцчџш"


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("ljubav", "љубав"),
        ("Ljubljana", "Љубљана"),
        ("LJUBAV", "ЉУБАВ"),
        ("Njegoš", "Његош"),
        ("džep", "џеп"),
        ("DŽEP", "ЏЕП"),
        ("unjkav", "уњкав"),
        ("đak", "ђак"),
        ("što češće", "што чешће"),
        ("poljoprivreda", "пољопривреда"),
        ("budžet", "буџет"),
        ("podnožje", "подножје"),
    ],
)
def test_two_latin_letters_become_one(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("injekcija", "инјекција"),
        ("Injekciju", "Инјекцију"),
        ("INJEKCIJA", "ИНЈЕКЦИЈА"),
        ("reinjekcija", "реинјекција"),
        ("konjunktura", "конјунктура"),
        ("konjugacija", "конјугација"),
        ("konjektura", "конјектура"),
        ("nadživeti", "надживети"),
        ("nadžnjeti", "наджњети"),
        ("odživeti", "одживети"),
        ("podžanr", "поджанр"),
        ("Tanjug", "Танјуг"),
        ("vanjezički", "ванјезички"),
        ("predživot", "предживот"),
    ],
)
def test_letters_that_only_meet_at_a_seam_stay_two(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("kanjon", "кањон"),
        ("konj", "коњ"),
        ("konjušar", "коњушар"),
        ("odžak", "оџак"),
        ("inje", "иње"),
        ("sinji", "сињи"),
        ("nadžak", "наџак"),
        ("Panjević", "Пањевић"),
    ],
)
def test_words_that_only_look_like_a_seam_are_written_with_one_letter(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    "kept",
    [
        "TikTok",
        "CRCA/ECPAT",
        "isigurt.al",
        "press@ngo.example",
        "https://news.example/a-b?c=d",
        "www.rts.rs",
        "robots.txt",
        "{outlet}",
        "CRCA",
        "ECPAT",
        "Facebook",
        "tracker digest approve",
        "New York",
        "X",
        "Windows",
        "CET",
        "CEST",
        "2024",
        "11/2024",
    ],
)
def test_names_addresses_and_fields_stay_as_they_are(kept: str) -> None:
    assert to_cyrillic(f"Objave ({kept}), {kept}.") == f"Објаве ({kept}), {kept}."


def test_a_kept_name_takes_an_ending_of_the_sentence() -> None:
    assert to_cyrillic("Konjunktura TikTok-a i CRCA/ECPAT-a: {n} objava na press@ngo.example.") == (
        "Конјунктура TikTok-а и CRCA/ECPAT-а: {n} објава на press@ngo.example."
    )


def test_a_name_is_kept_only_as_a_whole_word() -> None:
    assert to_cyrillic("Blic i blicevi", keep=("Blic",)) == "Blic и блицеви"


def test_a_sentence_keeps_its_stops_and_numbers() -> None:
    assert to_cyrillic("Odgovorilo je 9 od 10 izvora.Kraj") == "Одговорило је 9 од 10 izvora.Kraj"
    assert to_cyrillic("Nađeno: 12, od 22. juna 2026.") == "Нађено: 12, од 22. јуна 2026."


@given(st.text(SERBIAN + SERBIAN.upper() + " .,", max_size=40))
def test_cyrillic_goes_through_unchanged(text: str) -> None:
    assert to_cyrillic(text) == text


@given(st.text("abvgdđežzijklmnoprstćufhcčš ", max_size=40))
def test_every_word_of_serbian_letters_comes_back_the_same_in_latin(text: str) -> None:
    assert "".join(LATIN_OF.get(letter, letter) for letter in to_cyrillic(text)) == text
