"""What the program says in English has its sentence in every language, and no English is left in it."""

from __future__ import annotations

import ast
import importlib
import tomllib
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tracker
from tracker.locale.program import program_words
from tracker.model import LANGUAGES

FOLDER = Path(tracker.__file__).parent / "locale" / "program"
OTHERS = [language for language in LANGUAGES if language != "en"]
SPEAKERS = {
    "matching.explain": "returned",
    "matching.grammar": "raised",
    "matching.campaign_file": "raised",
    "matching.campaigns": "raised",
    "config.schema": "raised",
    "config.faults": "raised",
    "config.toml_text": "raised",
    "config.toml_positions": "raised",
    "spreadsheets.read": "raised",
    "spreadsheets.xlsx_read": "raised",
    "review.manual.sheet_rows": "raised",
    "review.manual.sheet_import": "raised",
    "review.values": "raised",
    "review.story_edits": "raised",
    "review.campaigns.text_changes": "raised",
    "review.campaigns.versions": "raised",
    "monitoring.recall": "raised",
    "delivery.proof": "raised",
    "delivery.reconcile": "raised",
    "delivery.correcting": "raised",
    "digests.editions": "raised",
    "digests.numbers": "raised",
}
"""Modules whose words reach the desk."""
RAISING = frozenset(
    "ConfigError UsageError SheetError QueryError Wrong Refused Fault DeliveryRefused _fault error ValueError StaleDecision".split()
)
NOT_FOR_THE_DESK = (
    *("no correction", " has not got the item of correction", "nobody has got item", "does not exist", "no campaign", "no version"),
    *("the campaign has circles; name", "give a query, without", "must be a table"),  # of commands alone
    *("cannot be read:", "is no file", "is not UTF-8 text; save it as CSV"),  # of a path; the desk writes its files itself
    *("reach date", "unknown time zone"),  # a column; told below
)


def said_by(name: str) -> Iterator[ast.expr]:
    """Every sentence that a module may say, as it stands in its source."""
    module = importlib.import_module(f"tracker.{name}")
    tree = ast.parse(Path(module.__file__ or "").read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in RAISING:
            yield from (one for one in node.args if isinstance(one, ast.Constant | ast.JoinedStr))
        if (
            SPEAKERS[name] == "returned"
            and isinstance(node, ast.FunctionDef)
            and node.name in ("_refusal", "_lacking", "_near_note", "_choice_note", "_reference_note")
        ):
            for one in ast.walk(node):
                yield from _texts(one.value) if isinstance(one, ast.Return) and one.value else ()


def _texts(value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(value, ast.IfExp):
        yield from (*_texts(value.body), *_texts(value.orelse))
    elif isinstance(value, ast.Constant | ast.JoinedStr):
        yield value


def examples(name: str, text: ast.expr) -> list[str]:
    """The sentence with values in its places: numbers, words, nothing."""
    if isinstance(text, ast.Constant):
        return [text.value] if isinstance(text.value, str) else []
    assert isinstance(text, ast.JoinedStr)
    places = [one for one in text.values if isinstance(one, ast.FormattedValue)]
    filled = []
    for values in product(("7", "'x'", ""), repeat=min(len(places), 4)):
        rest = iter((*values, *["'x'"] * len(places)))
        filled.append(
            "".join(str(one.value) if isinstance(one, ast.Constant) else _constant(name, one) or next(rest) for one in text.values)
        )
    return filled


def _constant(name: str, place: ast.expr) -> str:
    """The text of a place that holds a constant of the module."""
    named = place.value if isinstance(place, ast.FormattedValue) else place
    found = getattr(importlib.import_module(f"tracker.{name}"), named.id, "") if isinstance(named, ast.Name) else ""
    return found if isinstance(found, str) else ""


SENTENCES = sorted(
    {
        (name, min(examples(name, text), key=len), tuple(examples(name, text)))
        for name in SPEAKERS
        for text in said_by(name)
        if examples(name, text)
    }
)


@pytest.mark.parametrize(("name", "said", "filled"), SENTENCES, ids=lambda value: value[:60] if isinstance(value, str) else "")
def test_every_sentence_that_reaches_the_desk_has_a_translation(name: str, said: str, filled: tuple[str, ...]) -> None:
    if " " not in said.strip() or any(part in said for part in NOT_FOR_THE_DESK):
        return  # a column, a key; or nothing that a page says
    assert any(program_words("sq").say(f"{begin}{one}") is not None for one in filled for begin in ("", "key ")), (name, said)


def forms(language: str) -> dict[str, dict[str, str]]:
    table = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    return {key: {"": value} if isinstance(value, str) else value for key, value in table.items()}


def places(form: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(form) if name}


@pytest.mark.parametrize("language", sorted({*LANGUAGES} - {"sr-Cyrl", "en"}))
def test_a_language_has_every_sentence_and_no_place_that_english_lacks(language: str) -> None:
    english, own = forms("en"), forms(language)
    assert own.keys() == english.keys()
    for key, table in own.items():
        known = set().union(*map(places, english[key].values()))
        assert all(places(form) <= known for form in table.values()), key
        assert not {*table.values()} & {*english[key].values()} or key in ("wanted_text", "fact_tone"), key


TOLD = [
    ("2 letters away from 'hazizaj', definite (from 'Hazizaj')", "sr-Latn", "2 slova razlike od „hazizaj“ (iz „Hazizaj“)"),
    ("1 letter away from 'hazizaj', definite (from 'Hazizaj')", "mk", "1 буква разлика од „hazizaj“ (од „Hazizaj“)"),
    (
        "query: '(' cannot stand here; expected one of a term, not (character 4 of the query)",
        "hr",
        "upit: „(” ne može stajati ovdje; očekuje se: pojam, not (znak 4 u upitu)",
    ),
    (
        "the other words of 'A B' do not all stand beside it: no Lazaj (here 'Azaj'?)",
        "sq",
        "fjalët e tjera të “A B” nuk janë të gjitha pranë saj: mungon Lazaj (këtu “Azaj”?)",
    ),
    (
        "query: `not` cannot stand beside near: say `a and not (b near/5 c)` instead (character 1 of the query)",
        "sr-Cyrl",
        "упит: `not` не може стајати уз near: напишите `a and not (b near/5 c)` (знак 1 у упиту)",
    ),
    ("kind must be one of name, word, not 'x'", "bs", "kind: potrebno je jedno od: name, word, a ne „x“"),
    ("is not valid TOML: Unclosed array", "cnr", "nije ispravan TOML: lista bez ] na kraju"),
    (
        "unknown key 'kid' in the campaign file (did you mean 'id'?); known are id, any",
        "sr-Latn",
        "nepoznat ključ „kid“, datoteka kampanje (da li ste mislili „id“?); poznati su: id, any",
    ),
    (
        "unknown time zone 'Europe/Pristina'; for Kosovo write Europe/Belgrade",
        "mk",
        "непозната временска зона „Europe/Pristina“; за Косово напишете Europe/Belgrade",
    ),
    ("a form in Albanian, but the text is in another language", "hr", "oblik za jezik: albanski, a tekst je na drugom jeziku"),
]


@pytest.mark.parametrize(("english", "language", "told"), TOLD)
def test_a_sentence_is_said_with_its_values_in_the_readers_language(english: str, language: str, told: str) -> None:
    assert program_words(language).say(english) == told


@given(st.text())
def test_any_other_text_has_none_and_harms_nothing(text: str) -> None:
    for language in LANGUAGES:
        said = program_words(language).say(f"<b>{text}")
        assert said is None
        program_words(language).say(text)
