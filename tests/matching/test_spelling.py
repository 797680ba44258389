"""How a form may be spelt in a text, and when letters that look the same are not."""

from __future__ import annotations

import pytest

from tracker.matching.grouping import guess_group, guess_language
from tracker.matching.likeness import distance, skeleton
from tracker.matching.scanning import Scan
from tracker.matching.spelling import index_spellings, same_letters, spellings
from tracker.text.folding import fold

SPELT = [
    ("đorđe", "hbs", ["Đorđe", "Ђорђе", "Djordje", "Dorde", "ĐORĐE", "Dj\u00adordje", "Ðorđe"]),
    ("ljubljana", "hbs", ["Ljubljana", "Љубљана"]),
    ("džep", "hbs", ["džep", "џеп", "dzep", "ǆep"]),
    ("sjever", "hbs", ["sjever", "śever", "сјевер", "с\u0301евер"]),
    ("ǵorǵi", "mk", ["Ѓорѓи", "Gjorgji", "Gorgi", "Djordji"]),
    ("ḱosev", "mk", ["Ќосев", "Kjosev", "Kosev", "Ćosev"]),
    ("petrović", "hbs", ["Petrović", "Петровић", "Петровиќ", "Petrovic"]),
    ("shqipëri", "sq", ["Shqipëri", "Shqiperi", "Shqipe\u0308ri", "Shqipёri"]),
]


@pytest.mark.parametrize(("form", "group", "texts"), SPELT)
def test_every_spelling_of_a_form_is_searched_and_indexed(form: str, group: str, texts: list[str]) -> None:
    for text in texts:
        scan = Scan(text)
        assert scan.data.strip() in spellings(form, group), text
        assert fold(text) in index_spellings(form), text
        assert same_letters(form, scan.chars, text_is_bare=True, typed_bare=False), text


@pytest.mark.parametrize(
    ("form", "found", "text_is_bare", "typed_bare", "same"),
    [
        ("niš", "Niš", False, False, True),
        ("niš", "Nis", False, False, False),
        ("niš", "Nis", True, False, True),
        ("nis", "Niš", False, False, False),
        ("nis", "Niš", False, True, False),
        ("visegrad", "Višegrad", False, True, True),
        ("visegrad", "Višegrad", False, False, False),
        ("višegrad", "Visegrad", False, False, True),
        ("kuća", "kuca", False, False, False),
        ("çmim", "cmim", False, False, True),
        ("žena", "зена", False, False, False),
        ("lukaš", "Łukaś", False, False, False),
    ],
)
def test_letters_decide_where_the_text_has_them(form: str, found: str, text_is_bare: bool, typed_bare: bool, same: bool) -> None:
    assert same_letters(form, found, text_is_bare=text_is_bare, typed_bare=typed_bare) is same


@pytest.mark.parametrize(
    ("text", "group", "language"),
    [
        ("Kjo është një fjali për shtetin dhe për të gjithë që janë në qytet.", "sq", "sq"),
        ("Ова е реченица за државата која не е од вчера и ги има сите.", "mk", "mk"),
        ("This is a sentence about the state that was in the news.", "en", "en"),
        ("Ovo je rečenica koja nije o državi, ali su je svi čitali.", "hbs", "sr"),
        ("Ово је реченица која није о држави, али су је сви читали.", "hbs", "sr"),
        ("Djeca su ovdje, ali ih nije bilo koji dan ranije.", "hbs", "bs"),
        ("Što je tko rekao, nije važno, ali će se ovaj tjedan znati.", "hbs", "hr"),
        ("", "", ""),
        ("12345 !!!", "", ""),
    ],
)
def test_the_commonest_words_tell_the_language(text: str, group: str, language: str) -> None:
    assert guess_group(text) == group
    assert guess_language(text) == language


@pytest.mark.parametrize(("one", "other"), [("facebook", "fejsbuk"), ("lukasz", "lukas"), ("tiktok", "tictoc"), ("gabler", "gebler")])
def test_respellings_sound_alike(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other", "most", "away"),
    [("ecapt", "ecpat", 2, 1), ("abc", "abc", 1, 0), ("abc", "xyz", 2, None), ("a", "abcd", 2, None), ("hazizaj", "azizaj", 2, 1)],
)
def test_two_letters_swapped_are_one_step(one: str, other: str, most: int, away: int | None) -> None:
    assert distance(one, other, most) == away
