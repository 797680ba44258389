"""A change touches what it names and nothing else."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.newsdesk import CAMPAIGN
from tracker.errors import UsageError
from tracker.matching.campaigns import parse_campaign
from tracker.review.campaigns.text_changes import AddSpelling, Change, RemoveSpelling, SetQuery, changed
from tracker.review.campaigns.versions import difference

FILE = ROOT / "campaigns" / "digital-safety.toml"
COMMENTED = (
    CAMPAIGN
    + '\n# about fish\n[terms.fish]   # a note\nkind = "word"  # inflected\nsq = [\n  "peshk",  # one\n  "troftë", # two\n]\n\n# the end\n'
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (AddSpelling("fish", "sq", "krap"), ['+  "krap",']),
        (AddSpelling("fish", "mk", "риба"), ['+mk = ["риба"]']),
        (AddSpelling("river", "sq", 'lumi "i kaltër"'), ['-sq = ["lumë i pastër"]', '+sq = ["lumë i pastër", "lumi \\"i kaltër\\""]']),
        (AddSpelling("lake", "hr", "jezero", "word"), ["+", "+[terms.lake]", '+kind = "word"', '+hr = ["jezero"]']),
        (RemoveSpelling("fish", "sq", "peshk"), ['-  "peshk",  # one']),
        (RemoveSpelling("spokesperson", "any", "Arta Lumaj"), ['-any = ["Arta Lumaj"]']),
        (SetQuery("circles", "campaign", "river or fish"), ["-query = 'river'", "+query = 'river or fish'"]),
        (SetQuery("labels", "child_case", "minor\r\nor fish"), ["-query = 'minor'", "+query = '''", "+minor", "+or fish", "+'''"]),
    ],
)
def test_a_change_touches_the_lines_that_it_names(change: Change, expected: list[str]) -> None:
    after = changed(COMMENTED, [change])
    lines = [line for line in difference(COMMENTED, after) if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert [line.rstrip() for line in lines] == expected


@pytest.mark.parametrize(
    "change",
    [
        AddSpelling("nobody", "sq", "x"),
        AddSpelling("nobody", "sq", "x", kind="poem"),
        AddSpelling("fish", "klingon", "x"),
        AddSpelling("fish", "sq", "  "),
        AddSpelling("fish", "sq", "peshk"),
        RemoveSpelling("fish", "sq", "shark"),
        RemoveSpelling("nobody", "sq", "shark"),
        SetQuery("circles", "nobody", "river"),
        SetQuery("terms", "river", "river"),
        SetQuery("query", "", "river"),
        SetQuery("circles", "campaign", "river ''' evil"),
        SetQuery("circles", "campaign", "river \x00"),
        SetQuery("circles", "campaign", "  "),
    ],
)
def test_a_change_of_what_is_not_there_is_refused(change: Change) -> None:
    with pytest.raises(UsageError):
        changed(COMMENTED, [change])


def test_a_text_that_is_no_toml_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot be changed from here"):
        changed("a = [", [AddSpelling("fish", "sq", "x")])


def test_the_shipped_campaign_takes_a_spelling_in_every_language_and_stays_a_campaign() -> None:
    before = FILE.read_text("utf-8")
    for language in ("any", "sq", "sr", "hr", "bs", "cnr", "mk", "en", "aliases"):
        after = changed(before, [AddSpelling("organisation", language, "ЕКПАД Shqipëria e Re")])
        campaign = parse_campaign(after, FILE)
        assert (
            sum(len(term.entries) for term in campaign.terms) == sum(len(term.entries) for term in parse_campaign(before, FILE).terms) + 1
        )
        gone = [line for line in difference(before, after) if line.startswith("-")]
        assert len(gone) <= 1, "no comment and no other line is lost"


@given(
    text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40), language=st.sampled_from(["sq", "mk", "aliases"])
)
def test_any_text_comes_back_as_it_was_given(text: str, language: str) -> None:
    spelling = " ".join(text.split())
    if not spelling or spelling in ("peshk", "troftë"):
        return
    after = changed(COMMENTED, [AddSpelling("fish", language, text)])
    assert spelling in tomllib.loads(after)["terms"]["fish"][language]
    assert changed(after, [RemoveSpelling("fish", language, spelling)]).count("\n") <= after.count("\n")
    assert [comment for comment in ("# about fish", "# a note", "# two", "# the end") if comment not in after] == []
