from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import a_campaign
from tracker.matching.campaigns import read_campaign
from tracker.matching.searchterms import search_terms
from tracker.model import Circle, Term, TermEntry, TermKind


def term(name: str, *texts: str, kind: TermKind = TermKind.NAME, language: str = "any") -> Term:
    return Term(name, kind, tuple(TermEntry(text, language) for text in texts))


TERMS = (
    term("agency", "Agjencia e Lumenjve"),
    term("short", "AL", kind=TermKind.ACRONYM),
    term("river", "lumë", kind=TermKind.WORD, language="sq"),
    term("pact", "Pakti për lumenj të pastër", kind=TermKind.PHRASE, language="sq"),
    term("region", "Shqipëria"),
)


def asked(query: str, *others: str) -> set[str]:
    circles = (Circle("campaign", "C", "partners", query), *(Circle(f"c{n}", "O", "staff", other) for n, other in enumerate(others)))
    return {text for _, text in search_terms([a_campaign(circles=circles, terms=TERMS)])}


@pytest.mark.parametrize(
    ("query", "others", "expected"),
    [
        ("pact", (), {"Pakti për lumenj të pastër"}),
        ("agency and river", (), {"Agjencia e Lumenjve"}),
        ("(agency or short) and river", ("agency or short",), {"Agjencia e Lumenjve", "AL"}),
        ("agency and not river", (), {"Agjencia e Lumenjve"}),
        ("river near/5 agency", (), {"Agjencia e Lumenjve"}),
        ("pact or (river and pact)", (), {"Pakti për lumenj të pastër"}),
        ('"tri fshatra" or pact', (), {"tri fshatra", "Pakti për lumenj të pastër"}),
        ("(river and region) or (short and not river)", ("short and not region",), {"Shqipëria", "AL"}),
    ],
)
def test_one_of_the_terms_stands_in_every_article_that_could_match(query: str, others: tuple[str, ...], expected: set[str]) -> None:
    assert asked(query, *others) == expected


def test_the_first_campaign_asks_for_its_names_and_no_country() -> None:
    campaign = read_campaign(Path(__file__).parents[2] / "campaigns" / "digital-safety.toml")
    texts = [text for _, text in search_terms([campaign])]
    assert {*texts} >= {"Altin Hazizaj", "CRCA", "TikTok"}
    assert not {"Albania", "Shqipëria", "Zapadni Balkan"} & {*texts}
    assert texts.index("Altin Hazizaj") < next(place for place, text in enumerate(texts) if text.startswith("Agjenda"))
