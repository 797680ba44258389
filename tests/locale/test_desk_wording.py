"""What the review desk says, in eight languages: complete, with the same values, in the forms that each language asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

import tracker.locale.wording
from tests.conftest import ROOT
from tests.locale.test_wording import FILES, SAME_WORD, fields, texts
from tracker.locale.wording import desk_wording
from tracker.model import LANGUAGES, Role

FOLDER = Path(tracker.locale.wording.__file__).parent / "review"
PARTS = {path.stem for path in (FOLDER / "en").glob("*.toml")}
SAID = re.compile(r"""\b(?:say|told)\(\s*["'](\w+)["']\s*[,)]""")
MADE = re.compile(r"""\b(?:say|told)\(\s*(?:["'](\w+_)["']\s*~|f"(\w+_)\{)""")
"""A sentence of a family: `say("role_" ~ role)` in a template, `say(f"role_{role}")` in a module."""


def sentences(language: str) -> dict[str, Any]:
    return {
        key: text for path in sorted((FOLDER / language).glob("*.toml")) for key, text in tomllib.loads(path.read_text("utf-8")).items()
    }


SAME_IN_THE_DESK = {"administrator", "Filter"}
DESK = {language: sentences(language) for language in FILES}


@pytest.mark.parametrize("language", sorted(FILES))
def test_every_language_says_all_of_it_part_by_part(language: str) -> None:
    assert {path.stem for path in (FOLDER / language).glob("*.toml")} == PARTS
    for part in PARTS:
        own, english = (tomllib.loads((FOLDER / one / f"{part}.toml").read_text("utf-8")) for one in (language, "en"))
        assert own.keys() == english.keys(), part
    assert all(text.strip() for _, text in texts(DESK[language]))


def test_no_sentence_stands_twice_or_takes_the_place_of_one_of_the_digests() -> None:
    count = sum(len(tomllib.loads(path.read_text("utf-8"))) for path in (FOLDER / "en").glob("*.toml"))
    assert count == len(DESK["en"])
    assert not DESK["en"].keys() & FILES["en"]["sentences"].keys()


@pytest.mark.parametrize("language", sorted(FILES))
def test_every_sentence_names_the_same_values_in_the_forms_of_its_language(language: str) -> None:
    tags = Locale.parse(FILES[language]["babel"]).plural_form.tags | {"other"}
    for key, english in DESK["en"].items():
        own = DESK[language][key]
        assert isinstance(own, dict) == isinstance(english, dict), key
        if isinstance(own, dict):
            assert {*own} == tags, key
            assert all(fields(text) - {"n"} == fields(english["other"]) - {"n"} for text in own.values()), key
        else:
            assert fields(own) == fields(english), key


@pytest.mark.parametrize("language", sorted({*FILES} - {"en"}))
def test_nothing_is_left_in_english(language: str) -> None:
    english = {text for _, text in texts(DESK["en"])}
    for path, text in texts(DESK[language]):
        assert text not in english - SAME_WORD - SAME_IN_THE_DESK, path
        assert not re.search(r"\b(the|of|and|not|was|is|source|outlet)\b", re.sub(r"\{\w+\}", " ", text)), path


def test_every_sentence_that_the_desk_says_is_written_and_none_is_left_over() -> None:
    sources = [*(ROOT / "tracker" / "review").rglob("*.py"), *(ROOT / "templates" / "review").glob("**/*.html")]
    written = "\n".join(path.read_text("utf-8") for path in sources)
    known = DESK["en"].keys() | FILES["en"]["sentences"].keys()
    assert {key for key in SAID.findall(written) if key not in known} == set()
    families = tuple(one for pair in MADE.findall(written) for one in pair if one)
    named = {*re.findall(r"""["'](\w+)["']""", written)}
    assert {key for key in DESK["en"] if key not in named and not key.startswith((*families, "error_"))} == set()


def test_serbian_is_written_in_both_scripts_and_every_language_is_served() -> None:
    assert desk_wording("sr-Cyrl").say("log_in") == "Пријава"
    for language in LANGUAGES:
        assert {desk_wording(language).say(f"role_{role}") for role in Role}
    with pytest.raises(KeyError):
        desk_wording("de")
