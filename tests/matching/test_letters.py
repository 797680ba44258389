"""Every letter that a name may be typed with is found as it was typed, in every kind, however the text encodes it."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.matching.test_matcher import campaign, found, term
from tracker.matching.matcher import Matcher
from tracker.matching.scanning import readable, unsearchable
from tracker.text.folding import fold
from tracker.text.letters import base_of

ENCODINGS = ("NFD", "NFKC", "NFKD")
"""In the fourth, NFC, the words stand as they are."""
PLANES = 0x20000
"""Letters stand in the first two planes, Chinese ones apart."""


@cache
def latin() -> list[str]:
    letters = (chr(code) for code in range(PLANES))
    return [one for one in letters if unicodedata.category(one)[0] == "L" and "LATIN " in unicodedata.name(one, "")]


@cache
def lettered() -> dict[str, str]:
    """A word for every Latin letter: a capital in front, so that it is a name, and the letter inside."""
    return {letter: f"Zov{letter}rin" for letter in latin()}


@cache
def encoded(form: str) -> dict[str, str]:
    """The words that this normal form, and none before it, writes in other code points."""
    before = [dict[str, str](), *(encoded(one) for one in ENCODINGS[: ENCODINGS.index(form)])]
    words = {letter: unicodedata.normalize(form, word) for letter, word in lettered().items()}  # type: ignore[arg-type]
    return {
        letter: word for letter, word in words.items() if word != lettered()[letter] and not any(one.get(letter) == word for one in before)
    }


@lru_cache(maxsize=2)
def _compiled(kind: str, typed: tuple[tuple[str, str], ...]) -> Matcher:
    return Matcher(campaign(*(term(f"t{ord(letter)}", kind, text) for letter, text in typed)))


def _matched(kind: str, typed: dict[str, str], texts: dict[str, str]) -> list[str]:
    """The letters whose word, typed as a term, is not found in its text; one campaign for all of them."""
    matcher = _compiled(kind, tuple(typed.items()))
    missed = []
    for letter, text in texts.items():
        hits = {hit.term_id for hit in matcher.match(body=f"one {text} two", language="en").hits}
        if f"t{ord(letter)}" not in hits:
            missed.append(letter)
    return missed


def test_every_normal_form_writes_some_letters_in_its_own_way() -> None:
    assert len(latin()) > 1200
    assert all(unicodedata.is_normalized("NFC", word) for word in lettered().values())
    assert [form for form in ENCODINGS if not encoded(form)] == []


def test_no_latin_letter_is_called_unsearchable() -> None:
    assert [letter for letter in latin() if unsearchable(f"Zov{letter}rin")] == []


@pytest.mark.parametrize("kind", ["name", "word", "phrase", "exact"])
def test_a_word_with_any_latin_letter_finds_itself(kind: str) -> None:
    assert _matched(kind, lettered(), lettered()) == []


@pytest.mark.parametrize("form", ENCODINGS)
def test_it_is_found_in_every_normal_form(form: str) -> None:
    texts = encoded(form)
    plain = {letter: lettered()[letter] for letter in texts}
    assert _matched("name", plain, texts) == []
    assert _matched("name", texts, plain) == []


def test_an_acronym_with_any_capital_latin_letter_finds_itself() -> None:
    words = {letter: f"ZV{letter}RN" for letter in latin() if letter.isupper()}
    assert _matched("acronym", words, words) == []


def test_a_phrase_with_any_latin_letter_finds_itself_and_its_bare_spelling() -> None:
    words = {letter: f"zov{letter}rin za decu" for letter in latin() if letter.islower()}
    assert _matched("phrase", words, words) == []
    assert _matched("phrase", words, {letter: fold(text) for letter, text in words.items() if not set(text) & set("đḱǵ")}) == []


def test_every_latin_letter_folds_to_a_to_z() -> None:
    assert [letter for letter in latin() if not fold(letter)[0].isascii()] == []
    assert base_of("ə") == "e"
    assert base_of("ŧ") == "t"
    assert base_of("я") == ""


NAMES = [
    ("Recep Tayyip Erdoğan", ["Recep Tayyip Erdoğan", "Recepom Tayyipom Erdoganom", "RECEP TAYYIP ERDOĞAN", "Recep Tayyip Erdog\u0306an"]),
    ("Ana Brnabić", ["Ane Brnabić", "ANA BRNABIĆ", "Ana Brnabic\u0301", "Ани Брнабић"]),
    ("Jørgen Ångström", ["Jørgen Ångström", "Jorgena Angstroma", "JØRGEN ÅNGSTRÖM"]),
    ("Franz Strauß", ["Franz Strauß", "Franza Straussa", "FRANZ STRAUSS", "FRANZ STRAUẞ"]),
    ("Klaus Iohannis Băsescu", ["Klaus Iohannis Băsescu", "Klaus Iohannis Basescu"]),
    ("Țiriac", ["Țiriac", "Tiriacu", "T\u0326iriac"]),
    ("Wałęsa", ["Wałęsa", "Walesa", "Wałe\u0328sa"]),
    ("Jiří Řezníček", ["Jiří Řezníček", "Jiri Reznicek"]),
    ("Ľubomír", ["Ľubomír", "Lubomir"]),
    ("Győző", ["Győző", "Gyozo"]),
    ("Ýmir São", ["Ýmir São", "Ymir Sao"]),
    ("İlham Əliyev", ["İlham Əliyev", "ILHAM ƏLIYEV"]),
    ("ﬁnanca", ["ﬁnanca", "financa"]),
    ("Ｎｅｘｔａ", ["Nexta", "Ｎｅｘｔａ"]),
    ("𝐍𝐞𝐱𝐭𝐚", ["Nexta"]),
]


@pytest.mark.parametrize(("typed", "texts"), NAMES)
def test_names_of_abroad_are_found_as_the_press_writes_them(typed: str, texts: list[str]) -> None:
    one = Matcher(campaign(term("n", "name", typed)))
    assert [text for text in texts if not found(one, f"tha {text} sot", "sq")] == []


def test_an_exact_spelling_stays_exact() -> None:
    one = term("e", "exact", "Erdoğan.tr")
    assert found(one, "në Erdoğan.tr, Erdogan.tr dhe Erdog\u0306an.tr", "sq") == ["Erdoğan.tr", "Erdog\u0306an.tr"]


@given(st.deferred(lambda: st.text(alphabet=st.sampled_from(latin()), min_size=3, max_size=12)))
def test_any_word_of_latin_letters_finds_itself(word: str) -> None:
    assert not unsearchable(word)
    if any(letter.isalnum() for letter in readable(word)):
        assert found(term("w", "phrase", word), f"( {word} )", "en")


@pytest.mark.parametrize("text", ["Μητσοτάκης", "抖音", "תל אביב"])
def test_letters_that_no_text_is_searched_for_are_named(text: str) -> None:
    assert unsearchable(text)
