"""What a form that was found is told to stand for: never a guess."""

from __future__ import annotations

import pytest

from tests.builders import a_campaign
from tracker.model import Campaign, Term, TermEntry, TermKind
from tracker.review.campaigns.names import Glossary, Meaning


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    commission = TermEntry("Komisioni i Pavarur i Mediave", "sq")
    return a_campaign(
        terms=(
            Term(
                "regulator",
                TermKind.NAME,
                (TermEntry("Audiovisual Authority", "en"), commission, TermEntry("Nezavisna komisija za medije", "sr")),
            ),
            Term("regulator_acronym", TermKind.ACRONYM, (TermEntry("KPM"), TermEntry("NKM"), TermEntry("XYZ"))),
            Term("lonely", TermKind.ACRONYM, (TermEntry("QWE"),)),
            Term("ban", TermKind.WORD, (TermEntry("ban", "en"), TermEntry("mbyllje", "sq"), TermEntry("zabrana", "sr"))),
            Term("platform", TermKind.NAME, (TermEntry("TikTok"), TermEntry("Tik Tok"))),
        )
    )


@pytest.mark.parametrize(
    ("term", "form", "language", "meaning"),
    [
        ("regulator_acronym", "KPM", "en", Meaning("short", "Komisioni i Pavarur i Mediave", "sq")),
        ("regulator_acronym", "НКМ", "sr-Cyrl", Meaning("short", "Nezavisna komisija za medije", "sr")),
        ("regulator_acronym", "XYZ", "en", Meaning("term", "Audiovisual Authority", "en")),
        ("regulator_acronym", "XYZ", "hr", Meaning("term", "Nezavisna komisija za medije", "sr")),
        ("lonely", "QWE", "en", Meaning("itself")),
        ("ban", "mbylljen", "sq", Meaning("form", "mbyllje", "sq")),
        ("ban", "mbylljen", "en", Meaning("term", "ban", "en")),
        ("ban", "mbylljen", "mk", Meaning("term", "ban", "en")),
        ("ban", "zabrane", "bs", Meaning("form", "zabrana", "sr")),
        ("ban", "Ban", "en", Meaning("itself")),
        ("platform", "TikTokut", "en", Meaning("form", "TikTok", "any")),
        ("platform", "ТикТок", "mk", Meaning("itself")),
        ("", "any words", "en", Meaning("itself")),
    ],
)
def test_a_form_stands_for_its_spelling_or_for_its_term(campaign: Campaign, term: str, form: str, language: str, meaning: Meaning) -> None:
    assert Glossary(campaign, language).meaning(term, form) == meaning
