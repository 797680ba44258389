"""English forms: numbers and possessives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.matching.forms import en
from tracker.model import TermKind


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("child", "child's children children's"),
        ("children", "child children's"),
        ("agency", "agencies agency's"),
        ("parents", "parent parents' parent's"),
        ("woman", "women women's woman's"),
        ("women's", "women"),
        ("campaign", "campaigns campaign's campaigns'"),
        ("crisis", "crises"),
        ("church", "churches"),
        ("news", "news's news'"),
        ("toy", "toys"),
        ("bus", "buses"),
        ("classes", "class"),
        ("policies", "policy"),
    ],
)
def test_a_word_has_its_other_number_and_its_possessives(typed: str, expected: str) -> None:
    found = en.inflect(typed, TermKind.WORD)
    assert [form for form in expected.split() if form not in found] == []


@pytest.mark.parametrize(("typed", "form"), [("TikTok", "TikTok's"), ("Albania", "Albania's"), ("Meta", "Meta's"), ("Balkans", "Balkans'")])
def test_a_name_has_its_possessive(typed: str, form: str) -> None:
    assert form in en.inflect(typed, TermKind.NAME)


@pytest.mark.parametrize(("typed", "unwanted"), [("TikTok", "TikToks"), ("Balkans", "Balkan"), ("AMA", "AMAs")])
def test_a_name_has_no_plural(typed: str, unwanted: str) -> None:
    assert unwanted not in en.inflect(typed, TermKind.NAME)


@pytest.mark.parametrize("word", ["the", "of", "online", "safety"])
def test_a_word_without_a_plural_stays_as_it_is(word: str) -> None:
    assert not any(form.endswith("s") and form != word for form in en.inflect(word, TermKind.PHRASE) if "'" not in form)


@pytest.mark.parametrize(("typed", "expected"), [("Child", "Children"), ("CHILD", "CHILDREN"), ("Agency", "Agencies")])
def test_forms_keep_the_capitals_of_what_was_typed(typed: str, expected: str) -> None:
    assert expected in en.inflect(typed, TermKind.WORD)


@given(st.text(max_size=10), st.sampled_from(list(TermKind)))
def test_any_text_is_taken_and_kept_as_a_form_of_itself(word: str, kind: TermKind) -> None:
    assert next(iter(en.inflect(word, kind))) == word
