"""What `campaign check` warns of: allowed, and most likely not meant."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.cli.running import run
from tracker.matching.campaigns import read_campaign
from tracker.matching.campaignwarnings import campaign_warnings
from tracker.matching.matcher import Matcher

TODAY = date(2026, 6, 22)
CAMPAIGN = Path(__file__).parent.parent.parent / "campaigns" / "digital-safety.toml"
HEAD = 'id = "lumi"\nname = "Lumi"\ncountries = ["AL"]\nsince = 2024-01-01\ntime_zone = "Europe/Tirane"\n'
PLAIN = HEAD + 'query = \'lumi\'\n[terms.lumi]\nkind = "name"\nany = ["Valbona"]\n'


def warnings_of(tmp_path: Path, content: str) -> tuple[str, ...]:
    path = tmp_path / "lumi.toml"
    path.write_text(content, "utf-8")
    return campaign_warnings(Matcher(read_campaign(path)), TODAY)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (PLAIN + '[terms.deti]\nkind = "name"\nany = ["Adriatik"]\n', "terms.deti is used by no circle"),
        (PLAIN.replace('"Valbona"', '"Valbona", "V"'), '"V" has one letter'),
        (PLAIN.replace('"Valbona"', '"Valbona", "Ш."'), '"Ш." has one letter'),
        (PLAIN.replace('"Valbona"', '"Valbona", "Valbona"'), '"Valbona" stands twice'),
        (PLAIN.replace("2024-01-01", "2026-06-23"), "since is 2026-06-23, which is still to come"),
        (
            PLAIN.replace("query = 'lumi'\n", "[[circles]]\nid = \"a\"\nquery = 'lumi'\n[[circles]]\nid = \"b\"\nquery = ' lumi '\n"),
            "circle b has the query of circle a",
        ),
        (
            PLAIN.replace('name = "Lumi"\n', 'name = "Lumi"\nnames.sr-Latn = "Kampanja Safer Tech Foundation"\n'),
            "keeps Tech, Foundation in Latin",
        ),
    ],
)
def test_what_is_most_likely_not_meant_is_said_in_one_line(tmp_path: Path, content: str, words: str) -> None:
    (warning,) = warnings_of(tmp_path, content)
    assert words in warning


@pytest.mark.parametrize(
    "used",
    [
        "[[labels]]\nid = \"x\"\nquery = 'deti'\n",
        '[[key_messages]]\nid = "x"\nname = "X"\nquery = \'lumi or title:deti\'\n',
        '[[spokespeople]]\nname = "X"\nterms = ["deti"]\nrole = "y"\n',
    ],
)
def test_a_term_counts_as_used_wherever_it_is_used(tmp_path: Path, used: str) -> None:
    assert warnings_of(tmp_path, PLAIN + '[terms.deti]\nkind = "name"\nany = ["Adriatik"]\n' + used) == ()


def test_a_plain_file_and_a_first_day_of_today_give_no_warning(tmp_path: Path) -> None:
    assert warnings_of(tmp_path, PLAIN.replace("2024-01-01", "2026-06-22")) == ()


def test_the_shipped_campaign_gives_no_warning() -> None:
    assert campaign_warnings(Matcher(read_campaign(CAMPAIGN)), TODAY) == ()


def test_the_check_warns_on_standard_error_and_ends_well(tmp_path: Path) -> None:
    path = tmp_path / "lumi.toml"
    path.write_text(PLAIN.replace("2024-01-01", "2999-01-01"), "utf-8")
    outcome = run("-w", tmp_path, "campaign", "check", path)
    assert outcome.code == 0
    assert outcome.err.startswith(f"tracker: warning: {path}: since is 2999-01-01")
    assert outcome.err.count("\n") == 1
    assert f"{path}: lumi, 1 terms" in outcome.out
