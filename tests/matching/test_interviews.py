"""Answers of interviews, in the layouts of the region's press. All names and texts are invented."""

from __future__ import annotations

import pytest

from tests.matching.test_quotes import quotes, said
from tracker.matching.interviews import MOST_ANSWERS, MOST_CHARS

INTERVIEWS = {
    "sq: names": (
        "Siguria në rrjet\nGazeta: Çfarë ndryshon për fëmijët?\nArben Dushku: Fëmijët do të kenë një hapësirë më të sigurt në internet.\n"
        "Gazeta: Kur fillon?\nArben Dushku: Në mars, bashkë me shkollat e gjashtë vendeve."
    ),
    "sr: names, then the surname": (
        "Novinar: Šta se menja za decu?\nArben Dushku: Deca će imati bezbedniji prostor na internetu nego danas.\n"
        "Novinar: A roditelji?\nDushku: Roditelji će dobiti obuke u svakoj školi."
    ),
    "mk: names": (
        "Новинар: Што се менува за децата?\nАрбен Душку: Децата ќе имаат побезбеден простор на интернет од денес.\n"
        "Новинар: А родителите?\nАрбен Душку: Родителите ќе добијат обуки во секое училиште."
    ),
    "en: an office behind the name": (
        "Ledger: What changes for children?\nArben Dushku, executive director: Children will have a safer place on the internet.\n"
        "Ledger: And parents?\nArben Dushku: Parents will be trained in every single school."
    ),
    "sq: questions above answers": (
        "Intervistë me Arben Dushkun për sigurinë në internet.\nÇfarë ndryshon për fëmijët?\n"
        "Fëmijët do të kenë një hapësirë më të sigurt në internet.\nKur fillon programi?\nProgrami fillon në mars, bashkë me shkollat e gjashtë vendeve."
    ),
    "hr: questions above answers": (
        "Razgovarali smo s izvršnim direktorom. Arben Dushku vodi kampanju.\nŠto se mijenja za djecu?\nDjeca će imati sigurniji prostor na internetu nego danas.\n"
        "A što je s roditeljima?\nRoditelji će dobiti obuke u svakoj školi već u ožujku."
    ),
    "sr-Cyrl: questions and answers by their names": (
        "Интервју: Арбен Душку\nПитање: Шта се мења за децу?\nОдговор: Деца ће имати безбеднији простор на интернету.\n"
        "Питање: А родитељи?\nОдговор: Родитељи ће добити обуке у свакој школи."
    ),
}


@pytest.mark.parametrize("name", INTERVIEWS)
def test_answers_are_the_words_of_who_was_asked(name: str) -> None:
    found = quotes(INTERVIEWS[name])
    assert [quote.speaker for quote in found] == ["Arben Dushku"] * 2
    for quote in found:
        assert INTERVIEWS[name][quote.start : quote.end] == quote.text
        assert quote.text.endswith(".")
        assert not quote.text.startswith(("Arben", "Dushku", "Арбен", "Одговор"))


NONE = {
    "a headline": "Dushku: Deca moraju da budu bezbedna na internetu\nSkup je otvorio Arben Dushku.",
    "captions": "Foto: Deca uče na internetu\nArben Dushku: na otvaranju skupa u Tirani prošle nedelje\nIzvor: Agencija",
    "questions to readers": "Arben Dushku vodi kampanju.\nDa li su deca bezbedna?\nMnoga deca nisu bezbedna na internetu.\nŠta da rade roditelji?\nRoditelji treba da pitaju.",
    "two are asked": (
        "Intervju: Arben Dushku i Mira Perić govore o deci.\nŠta se menja za decu?\nDeca će imati bezbedniji prostor na internetu.\n"
        "A roditelji?\nRoditelji će dobiti obuke u svakoj školi već u martu."
    ),
    "another answers": (
        "Arben Dushku je vodio razgovor.\nNovinar: Šta se menja?\nMira Perić: Deca će imati bezbedniji prostor na internetu.\n"
        "Novinar: A roditelji?\nMira Perić: Roditelji će dobiti obuke u svakoj školi."
    ),
    "one rhetorical question": "Razgovor: Arben Dushku\nŠta se menja za decu?\nDeca će imati bezbedniji prostor na internetu nego danas.",
}


@pytest.mark.parametrize("name", NONE)
def test_what_is_no_interview_with_a_spokesperson_gives_no_answer(name: str) -> None:
    assert said(NONE[name]) == []


def test_of_a_long_interview_the_first_answers_are_taken_each_to_a_whole_sentence() -> None:
    turn = "Novinar: Šta se menja?\nArben Dushku: " + "Deca će imati bezbedniji prostor na internetu nego danas. " * 30
    found = quotes("\n".join([turn] * 8))
    assert len(found) == MOST_ANSWERS
    assert all(len(quote.text) <= MOST_CHARS and quote.text.endswith("danas.") for quote in found)


def test_words_that_an_answer_repeats_of_somebody_are_not_found_a_second_time() -> None:
    text = INTERVIEWS["sq: names"].replace("Në mars,", "Ministrja tha: “Fillojmë me të gjitha shkollat”. Në mars,")
    assert len(quotes(text)) == 2
