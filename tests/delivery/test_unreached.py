"""Recipients who would never get a letter, or only empty ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.builders import a_campaign
from tests.cli.running import run
from tests.newsdesk import CAMPAIGN
from tracker.delivery.recipients import Recipient, read_recipients
from tracker.delivery.unreached import unreached

ONE = '[[recipients]]\nname = "Mira"\nemail = "mira@example.org"\nrole = "partner"\nlanguage = "sq"\nedition = "weekly"\n'


def a_recipient(folder: Path, more: str = "") -> Recipient:
    path = folder / "recipients.toml"
    path.write_text(ONE + more, "utf-8")
    (found,) = read_recipients(path)
    return found


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('campaigns = ["lakes"]\n', "gets no letter: there is no campaign 'lakes' (there are rivers)"),
        ('campaigns = ["rivers", "lakes"]\n', "there is no campaign 'lakes'"),
        ('countries = ["RS"]\n', "gets letters without items: no campaign of theirs covers RS"),
        ('campaigns = ["rivers"]\ncountries = ["RS", "ME"]\n', "covers RS, ME"),
    ],
)
def test_who_is_reached_by_no_campaign_is_named(tmp_path: Path, more: str, words: str) -> None:
    (line,) = unreached([a_recipient(tmp_path, more)], [replace(a_campaign(), countries=("AL", "XK"))])
    assert line.startswith("mira@example.org")
    assert words in line


@pytest.mark.parametrize("more", ["", "countries = []\n", "campaigns = []\n", 'countries = ["XK", "RS"]\n', 'campaigns = ["rivers"]\n'])
def test_an_empty_list_means_all_and_a_part_is_enough(tmp_path: Path, more: str) -> None:
    assert unreached([a_recipient(tmp_path, more)], [replace(a_campaign(), countries=("AL", "XK"))]) == ()


def test_without_any_edition_a_dry_run_reads_the_file_and_says_whom_no_letter_reaches(tmp_path: Path) -> None:
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "campaigns" / "rivers.toml").write_text(CAMPAIGN, "utf-8")
    a_recipient(tmp_path)
    told = run("-w", tmp_path, "send", "--dry-run")
    assert told.code == 0, told.err
    assert "mira@example.org" in told.out
    a_recipient(tmp_path, 'campaigns = ["lakes"]\n')
    told = run("-w", tmp_path, "send", "--dry-run")
    assert told.code == 1
    assert "there is no campaign 'lakes'" in told.out
    assert not (tmp_path / "coverage.db").exists()
    doctor = run("-w", tmp_path, "doctor")
    assert "there is no campaign 'lakes'" in doctor.out
    checked = run("-w", tmp_path, "campaign", "check")
    assert "there is no campaign 'lakes'" in checked.err
    (tmp_path / "recipients.toml").write_text(ONE + "countries = 7\n", "utf-8")
    assert run("-w", tmp_path, "send", "--dry-run").code == 2
