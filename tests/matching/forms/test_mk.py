"""Forms of Macedonian words, as a person who reads the press would list them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.matching.forms import stop_forms, word_forms
from tracker.matching.forms.mk_letters import cyrillic, is_cyrillic
from tracker.model import TermKind

NAMES = {
    "Хазизај": "Хазизаја Хазизаев Хазизаевиот Хазизаева",
    "Јован": "Јована Јоване Јованов Јованова Јовановиот",
    "Бранко": "Бранка Бранков Бранкова Бранковата",
    "Марија": "Маријо Маријин Маријината",
    "Милица": "Милице Миличин",
    "Ѓорѓе": "Ѓорѓета",
    "ТикТок": "ТикТокот ТикТоков ТикТокон ТикТок-от",
    "TikTok": "TikTokot TikTok-ot",
    "Македонец": "Македонецот Македонци Македонците",
    "Западен": "Западниот Западна Западната",
    "Независна": "Независната",
    "Обединети": "Обединетите",
    "Македонски": "Македонскиот Македонските",
    "Агенција": "Агенцијата Агенции Агенциите",
    "Агенцијата": "Агенција Агенции",
    "УНИЦЕФ": "УНИЦЕФ-от УНИЦЕФ-ов УНИЦЕФ-овиот",
    "Skopje": "Skopjeto",
}
WORDS = {
    "човек": "човекот човеков човекон луѓе луѓето",
    "дете": "детето детево детено деца децата",
    "брат": "братот браќа браќата",
    "око": "окото очи очите",
    "рака": "раката раце рацете",
    "ден": "денот дена денови деновите дни",
    "град": "градот градов градон градови градовите града",
    "број": "бројот броеви броевите",
    "случај": "случајот случаи случаите",
    "министер": "министерот министри министрите министре",
    "центар": "центарот центри центрите",
    "учебник": "учебникот учебници учебниците",
    "геолог": "геологот геолози геолозите",
    "податок": "податокот податоци податоците",
    "момок": "момокот момци",
    "тероризам": "тероризмот",
    "економија": "економијата економијава економии економиите",
    "земја": "земјата земји земјите",
    "судија": "судијата судии судиите",
    "радост": "радоста радости радостите",
    "ноќ": "ноќта ноќва ноќи ноќите",
    "место": "местото местово места местата",
    "прашање": "прашањето прашања прашањата",
    "училиште": "училиштето училишта училиштата",
    "здружение": "здружението здруженија здруженијата",
    "море": "морето мориња морињата",
    "име": "името имиња имињата",
    "евро": "еврото евра",
    "такси": "таксито таксија",
    "татко": "таткото татковци татковците",
    "нов": "нова ново нови новиот новата новото новите",
    "дигитален": "дигитална дигитално дигитални дигиталниот дигиталната",
    "значаен": "значајна значајни значајниот",
    "низок": "ниска ниски нискиот",
    "bezbednost": "bezbednosta bezbednosti",
}
PHRASE_WORDS = {"децата": "деца", "правата": "права", "родителите": "родители", "медиуми": "медиумите", "дигитални": "дигиталните"}
NEVER = {"море": "мора", "име": "има", "збор": "збори", "град": "гради", "вид": "види", "изјава": "изјави"}
letters = st.text(alphabet="абвгдѓежзѕијклљмнњопрстќуфхцчџшabckjšž-' .1", min_size=1, max_size=14)


@pytest.mark.parametrize("word", NAMES)
def test_a_name_has_all_its_forms(word: str) -> None:
    assert set(NAMES[word].split()) - set(word_forms(word, TermKind.NAME, "mk")) == set()


@pytest.mark.parametrize("word", WORDS)
def test_a_word_has_all_its_forms(word: str) -> None:
    assert set(WORDS[word].split()) - set(word_forms(word, TermKind.WORD, "mk")) == set()


@pytest.mark.parametrize("word", PHRASE_WORDS)
def test_a_word_of_a_phrase_may_be_typed_with_its_article_or_as_plural(word: str) -> None:
    assert set(PHRASE_WORDS[word].split()) - set(word_forms(word, TermKind.PHRASE, "mk")) == set()


@pytest.mark.parametrize("word", NEVER)
def test_a_word_has_no_form_that_is_a_more_frequent_word(word: str) -> None:
    assert set(NEVER[word].split()) & set(word_forms(word, TermKind.WORD, "mk")) == set()


def test_the_answer_is_in_the_script_that_was_typed() -> None:
    assert all(is_cyrillic(form) for form in word_forms("Тирана", TermKind.NAME, "mk"))
    assert not any(is_cyrillic(form) for form in word_forms("Tirana", TermKind.NAME, "mk"))


@pytest.mark.parametrize(
    ("typed", "letter"),
    [("gjorgje", "ѓорѓе"), ("ǵorǵe", "ѓорѓе"), ("kjerka", "ќерка"), ("džez", "џез"), ("noќ", "ноќ"), ("učenje", "учење")],
)
def test_latin_spellings_are_read_as_macedonian_letters(typed: str, letter: str) -> None:
    assert cyrillic(typed) == letter


def test_a_surname_keeps_the_gender_it_was_typed_in() -> None:
    forms = set(word_forms("Груевски", TermKind.NAME, "mk"))
    assert {"Груевска", "Груевското"} & forms == set()


def test_possessives_can_be_switched_off() -> None:
    assert {"Јовановиот", "Јована"} <= word_forms("Јован", TermKind.NAME, "mk").keys()
    without = word_forms("Јован", TermKind.NAME, "mk", possessives=False)
    assert ("Јовановиот" in without, "Јована" in without) == (False, True)


def test_an_acronym_takes_endings_after_a_hyphen_only() -> None:
    assert all(form == "АВМУ" or form.startswith("АВМУ-") for form in word_forms("АВМУ", TermKind.ACRONYM, "mk"))


def test_frequent_words_are_known() -> None:
    assert {"има", "мора"} <= stop_forms("mk")


@given(letters, st.sampled_from(TermKind))
def test_whatever_is_typed_gets_forms_that_hold_it(word: str, kind: TermKind) -> None:
    forms = word_forms(word, kind, "mk")
    assert forms[word] == "as typed"
    assert all(form and rule for form, rule in forms.items())
