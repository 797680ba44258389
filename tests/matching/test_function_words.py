"""What language a text's function words speak for, counted in bytes and, where a letter is not on the code page, in characters."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.matching.function_words import FunctionWords
from tracker.text.folding import MIXED_SCRIPT, PAGE, mixed_words

WORDS = FunctionWords({"të": "sq", "dhe": "sq", "što": "hbs", "није": "hbs", "што": "mk", "the": "en"})


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("Të gjithë DHE the end.", ["sq", None, "sq", "en", None]),
        ("ŠTO/НИЈЕ—Што", ["hbs", "hbs", "mk"]),
        ("të5dhe_the", ["sq", "sq", "en"]),
        ("dhe? the?", ["sq", "en"]),
        ("dhe 😀 the", ["sq", "en"]),
        ("dheΣ the", [None, "en"]),
        ("", []),
    ],
)
def test_words_are_found_whole_in_any_case_and_beside_any_sign(text: str, groups: list[str | None]) -> None:
    assert WORDS.groups(text) == groups


@given(st.text(st.sampled_from(PAGE.replace("\ufffe", "") + "😀™ẚΣ")))
def test_counting_in_bytes_finds_what_an_expression_over_characters_finds(text: str) -> None:
    known = {"të": "sq", "dhe": "sq", "što": "hbs", "није": "hbs", "што": "mk", "the": "en"}
    assert WORDS.groups(text) == [known.get(word) for word in re.findall(r"[^\W\d_]+", text.lower())]


def test_a_word_that_the_code_page_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="Σας"):
        FunctionWords({"Σας": "el"})


@given(st.text(st.sampled_from("aëžABс нАЈ-.\u200b"), max_size=40))
def test_words_in_two_scripts_are_where_the_expression_finds_them(text: str) -> None:
    found = list(mixed_words(text))
    assert {at for start, word in found for at in range(start, start + len(word))} >= {seam.start() for seam in MIXED_SCRIPT.finditer(text)}
    assert all(text[start : start + len(word)] == word and MIXED_SCRIPT.search(word) for start, word in found)
