"""Serbian Latin into Cyrillic: digraphs, seams, and what stays in Latin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.locale.cyrillic import latin_words, to_cyrillic
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
        "Google",
        "Save the Children",
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


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Google i Save the Children International podržavaju kampanju.", "Google и Save the Children International подржавају кампању."),
        ("Łukasz Gabler i Al Jazeera", "Łukasz Gabler и Al Jazeera"),
        ("Sa TikToka, TikTok-u, TikTokom, TikTokov, Facebooku", "Са TikTok-а, TikTok-у, TikTok-ом, TikTok-ов, Facebook-у"),
        ("Kaže Djokovic, online", "Каже Djokovic, online"),
        ("Organizacija Save the Children. Fondacija Bill Gates.", "Организација Save the Children. Фондација Bill Gates."),
        ("Radionica „Safe Kids Online“ i „Think before you share“", "Радионица „Safe Kids Online“ и „Think before you share“"),
        ("„TikTok štiti decu“, „TikTok ne brani decu“", "„TikTok штити децу“, „TikTok не брани децу“"),
        ("Dom Shell Foundation, faza II", "Дом Shell Foundation, фаза II"),
    ],
)
def test_foreign_names_stay_as_they_are_typed(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    "word",
    "prethodni koordinacija zoološki samoodbrana pooštriti shvatiti shodno rashodi ishrana ishod neefikasan reemitovanje najjači vannastavne"
    " poddirektor preddiplomski naddržavni mikroorganizam kooperacija vakuum interreligijski posttraumatski transseksualac bastion stadion"
    " potpothvat kocka pothranjen antiimperijalni odjek podjednako zaangažovan teleemisija".split(),
)
def test_serbian_words_with_pairs_at_a_seam_are_written_in_cyrillic(word: str) -> None:
    assert latin_words(word) == []


def test_a_person_can_see_what_stays_in_latin() -> None:
    text = "Google i Save the Children, press@ngo.example, {n} objava"
    assert latin_words(text) == ["Google", "Save", "the", "Children"]
    assert latin_words("Kampanja o bezbednosti dece") == []


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


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_any_text_is_converted_without_an_error(text: str) -> None:
    to_cyrillic(text)
    latin_words(text, keep=("Meta", ""))
