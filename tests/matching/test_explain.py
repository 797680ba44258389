"""What a communications officer is told about a match and about a miss."""

from __future__ import annotations

import pytest

from tracker.matching.campaigns import read_campaign
from tracker.matching.explain import explain, forms_of_term, lines
from tracker.matching.matcher import Matcher
from tracker.matching.suggest import suggest

FILE = """\
id = "x"
name = "X"
countries = ["AL"]
since = 2024-10-01
time_zone = "Europe/Tirane"
query = 'organisation and platform near/3 hazizaj and not ban'
[terms.organisation]
kind = "name"
any = ["CRCA/ECPAT Albania", { text = "CRCA", kind = "acronym" }]
[terms.platform]
kind = "name"
any = ["TikTok"]
[terms.hazizaj]
kind = "name"
any = ["Altin Hazizaj"]
[terms.ban]
kind = "phrase"
slop = 1
en = ["TikTok ban"]
[terms.regulator]
kind = "acronym"
any = ["AMA"]
[terms.city]
kind = "word"
sr = ["grad"]
[terms.town]
kind = "name"
any = ["Tirana"]
[terms.harm]
kind = "word"
sq = ["dëm"]
[terms.site]
kind = "exact"
any = ["isigurt.al"]
"""


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    path = tmp_path_factory.mktemp("campaign") / "x.toml"
    path.write_text(FILE, encoding="utf-8")
    return Matcher(read_campaign(path))


MISSES = [
    ("en", "Pictures from tiktok.com are here.", "platform", "part of an address"),
    ("en", "They met in tirana today.", "town", "written small"),
    ("en", "All on TicToc now.", "platform", "sounds like it"),
    ("en", "All on Tictok now.", "platform", "1 letter away"),
    ("sq", "crca tha", "organisation", "counts only in the capitals"),
    ("en", "ECAPT Albania says", "organisation", "ECPAT (here 'ECAPT'?)"),
    ("sq", "Altin Azizaj tha", "hazizaj", "1 letter"),
    ("sq", "Altin u takua me Hazizaj", "hazizaj", "more than 0 other words"),
    ("sq", "AMA NUK PRANON ASGJË", "regulator", "among words in capitals"),
    ("sq", "ata në grada", "city", "a form in Bosnian, Croatian, Montenegrin, Serbian"),
    ("sq", "Në Tiranë flet Demi për këtë.", "harm", "other letters than 'dëmi'"),
    ("en", "See ISIGURT.AL", "site", "written exactly 'isigurt.al'"),
]


@pytest.mark.parametrize(("language", "text", "term_id", "words"), MISSES)
def test_a_near_miss_says_why(matcher: Matcher, language: str, text: str, term_id: str, words: str) -> None:
    misses = [miss for miss in explain(matcher, text, language).misses if miss.term_id == term_id]
    assert any(words in miss.reason for miss in misses), misses
    assert all(text[miss.start : miss.start + len(miss.found)] == miss.found for miss in misses)


def test_every_clause_has_its_answer(matcher: Matcher) -> None:
    seen = explain(matcher, "CRCA and TikTok, one two three four, Altin Hazizaj. And so on and on, the TikTok ban.", "en")
    (circle, clause), *_ = seen.circles
    assert (circle, clause.holds) == ("x", False)
    assert clause.note == "lacks platform near/3 hazizaj, not ban"
    assert [(part.text, part.holds) for part in clause.parts] == [
        ("organisation", True),
        ("platform near/3 hazizaj", False),
        ("not ban", False),
    ]
    assert "more than 3 words apart" in clause.parts[1].note


def test_a_match_is_explained_in_lines_that_fit_a_terminal(matcher: Matcher) -> None:
    shown = lines(explain(matcher, "TikTok-ut dhe Altin Hazizajt: CRCA-së", "sq"))
    assert shown[0] == "Campaign x: matches, circle 'x'"
    assert "Forms applied: Albanian" in shown
    assert any("'TikTok-ut'" in line and "ending -ut" in line for line in shown)
    assert all("\n" not in line and len(line) < 200 for line in shown)


def test_a_word_leads_to_the_terms_that_have_it(matcher: Matcher) -> None:
    uses = forms_of_term(matcher, "Hazizajt")
    assert {(use.term_id, use.typed) for use in uses} == {("hazizaj", "Hazizaj")}
    assert all("sq" in use.groups for use in uses)
    assert forms_of_term(matcher, "Хазизају")[0].term_id == "hazizaj"
    assert forms_of_term(matcher, "nothing") == ()


def test_a_text_in_every_script_and_none_is_explained(matcher: Matcher) -> None:
    for text in ("", "\x00", "😀" * 50, "ТикТoк " * 50, "\n\n"):
        assert lines(explain(matcher, text))


def test_a_respelling_is_suggested_with_count_and_example(matcher: Matcher) -> None:
    texts = [
        "Drejtori Altin Azizaj foli sot.",
        "Tha Azizaj, drejtues.",
        "Video u hap në Tik Tok dje, në Tik Tok prapë.",
        "Altin Hazizaj dhe TikTok",
    ]
    found = {one.spelling: one for one in suggest(matcher, texts)}
    assert (found["Azizaj"].term_id, found["Azizaj"].count, found["Azizaj"].texts) == ("hazizaj", 2, 2)
    assert found["Tik Tok"].term_id == "platform"
    assert "Azizaj" in found["Azizaj"].example
    assert "Hazizaj" not in found
    assert "TikTok" not in found


def test_a_common_word_in_small_letters_is_no_suggestion(matcher: Matcher) -> None:
    assert suggest(matcher, ["ai e tha tiktak dhe tiktak, Tiktak u dëgjua, dhe Tiktak", "tiktak tiktak"]) == ()
