"""Branding, objectives, spokespeople and names in the readers' languages: read whole, and refused with line and column."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tracker.errors import ConfigError
from tracker.matching.campaigns import MAX_PICTURE_BYTES, read_campaign
from tracker.model import Branding, Campaign, Objective, Outcome, PressRelease, Spokesperson

BASE = """\
id = "x"
name = "A campaign"
countries = ["AL"]
since = 2024-10-01
time_zone = "Europe/Tirane"
query = 'director'
[terms.director]
kind = "name"
any = ["Arta Lumi"]
"""

EXTRAS = """
[[key_messages]]
id = "m"
name = "A message"
names = { sq = "Një mesazh", sr-Latn = "Poruka" }
query = 'director'
[branding]
colour = "#1A5276"
logo = "art/logo.svg"
marks = ["donor.png", "art/second.JPG"]
contact = "press@example.org"
funding = { en = "Supported by a donor", sq = "Mbështetur nga një donator" }
[[objectives]]
name = "Six countries"
names.sq = "Gjashtë vende"
measure = "countries"
target = 6
[[objectives.outcomes]]
name = "Calls"
value = 412
source = "Register"
on = 2024-12-31
[[objectives.outcomes]]
name = "Parents who know the helpline"
value = "38 %"
source = "Survey"
on = 2025-03-01
[[objectives]]
name = "Attendance"
[[spokespeople]]
name = "Arta Lumi"
terms = ["director"]
role = "Director"
roles = { sq = "drejtoreshë" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "campaigns" / "art").mkdir(parents=True)
    for name in ("art/logo.svg", "donor.png", "art/second.JPG", "../secret.png"):
        (tmp_path / "campaigns" / name).write_bytes(b"a picture")
    return tmp_path / "campaigns"


def read(folder: Path, content: str) -> Campaign:
    path = folder / "campaign.toml"
    path.write_text(content, "utf-8")
    return read_campaign(path)


def test_everything_that_digests_print_is_read(folder: Path) -> None:
    campaign = read(folder, BASE + EXTRAS)
    assert campaign.key_messages[0].names == (("sq", "Një mesazh"), ("sr-Latn", "Poruka"))
    assert campaign.branding == Branding(
        "#1a5276",
        "art/logo.svg",
        ("donor.png", "art/second.JPG"),
        (("en", "Supported by a donor"), ("sq", "Mbështetur nga një donator")),
        "press@example.org",
    )
    outcomes = (
        Outcome("Calls", "412", "Register", "2024-12-31"),
        Outcome("Parents who know the helpline", "38 %", "Survey", "2025-03-01"),
    )
    assert campaign.objectives == (
        Objective("Six countries", (("sq", "Gjashtë vende"),), "countries", 6, outcomes),
        Objective("Attendance"),
    )
    assert campaign.spokespeople == (Spokesperson("Arta Lumi", ("director",), "Director", (("sq", "drejtoreshë"),)),)


def test_a_campaign_without_them_is_neutral(folder: Path) -> None:
    campaign = read(folder, BASE)
    assert (campaign.branding, campaign.objectives, campaign.spokespeople) == (Branding(), (), ())


BAD = [
    ('sr-Latn = "Poruka"', 'sr = "Poruka"', 14, 30, "unknown 'sr' in names"),
    ('sr-Latn = "Poruka"', "sr-Latn = 3", 14, 30, "text"),
    ('names = { sq = "Një mesazh", sr-Latn = "Poruka" }', 'names = "Poruka"', 14, 1, "one text for each language"),
    ('"Një mesazh"', '"Një\\u202Emesazh"', 14, 11, "cannot be printed"),
    ('"Një mesazh"', '"' + "a" * 501 + '"', 14, 11, "500 characters at most"),
    ("colour =", "color =", 17, 1, "unknown key 'color' in [branding]"),
    ("#1A5276", "red", 17, 1, "colour must be written as"),
    ("#1A5276", "#1A527", 17, 1, "colour must be written as"),
    ("#1A5276", "#1A5276;}", 17, 1, "colour must be written as"),
    ("art/logo.svg", "art/none.svg", 18, 1, "no such picture"),
    ("art/logo.svg", "art", 18, 1, "no picture that can be printed"),
    ("art/logo.svg", "../secret.png", 18, 1, "inside the folder"),
    ("art/logo.svg", "/etc/logo.png", 18, 1, "inside the folder"),
    ("art/logo.svg", "https://example.org/logo.png", 18, 1, "inside the folder"),
    ("art/logo.svg", "art/logo.svg\\u0000.png", 18, 1, "no picture"),
    ("art/logo.svg", "a" * 3000 + ".png", 18, 1, "cannot be read"),
    ('"art/second.JPG"', "7", 19, 23, "must be text"),
    ('"art/second.JPG"', '"art/second.gif"', 19, 23, "png, .svg, .jpg"),
    ('["donor.png", "art/second.JPG"]', '"donor.png"', 19, 1, "list"),
    ('["donor.png", "art/second.JPG"]', str(["donor.png"] * 9), 19, 1, "8 pictures at most"),
    ("press@example.org", "Press <press@example.org>", 20, 1, "one e-mail address"),
    ("press@example.org", "press@example.org\\r\\nBcc: all@example.org", 20, 1, "one e-mail address"),
    ('en = "Supported', 'de = "Supported', 21, 13, "unknown 'de' in branding.funding"),
    ('measure = "countries"', 'measure = "reach"', 25, 1, "measure must be one of stories"),
    ('measure = "countries"\n', "", 25, 1, "needs a measure"),
    ("target = 6", "target = 0", 26, 1, "above 0"),
    ("target = 6", "target = true", 26, 1, "above 0"),
    ("target = 6", "target = 6\nsum = 1", 27, 1, "unknown key 'sum' in [[objectives]]"),
    ("value = 412\n", "", 27, 14, "needs value"),
    ("value = 412", "value = true", 29, 1, "text"),
    ('source = "Register"\n', "", 27, 14, "needs source"),
    ("on = 2024-12-31", 'on = "2024-12-31"', 31, 1, "without quotes"),
    ("on = 2024-12-31", "on = 2024-12-31\nby = 'x'", 32, 1, "unknown key 'by' in [[objectives.outcomes]]"),
    ('name = "Attendance"', 'name = "Six countries"', 38, 1, "twice"),
    ("[[objectives]]", "[objectives]", 22, 2, "[[objectives]]"),
    ('terms = ["director"]', 'terms = ["directr"]', 41, 10, "did you mean 'director'?"),
    ('terms = ["director"]\n', "", 39, 3, "needs terms"),
    ('role = "Director"', 'rule = "Director"', 42, 1, "unknown key 'rule'"),
]


@pytest.mark.parametrize(("old", "new", "line", "column", "words"), BAD)
def test_a_fault_is_named_with_its_place(folder: Path, old: str, new: str, line: int, column: int, words: str) -> None:
    content = EXTRAS
    if new == "[objectives]":
        content = content[: content.index("[[objectives.outcomes]]")] + content[content.index("[[spokespeople]]") :]
    assert old in content
    with pytest.raises(ConfigError) as caught:
        read(folder, BASE + content.replace(old, new, 1))
    assert words in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)
    assert "\n" not in str(caught.value)


def test_a_link_that_leads_out_of_the_folder_is_no_picture(folder: Path) -> None:
    (folder / "art" / "link.png").symlink_to(folder.parent / "secret.png")
    (folder / "art" / "loop.png").symlink_to(folder / "art" / "loop.png")
    with pytest.raises(ConfigError, match="leads out of the folder"):
        read(folder, BASE + EXTRAS.replace("art/logo.svg", "art/link.png"))
    with pytest.raises(ConfigError, match=r"art/loop\.png"):
        read(folder, BASE + EXTRAS.replace("art/logo.svg", "art/loop.png"))


def test_a_picture_that_no_report_should_carry_is_refused(folder: Path) -> None:
    (folder / "donor.png").write_bytes(bytes(MAX_PICTURE_BYTES + 1))
    with pytest.raises(ConfigError, match="larger than 1024 KiB"):
        read(folder, BASE + EXTRAS)


def test_releases_are_texts_with_a_title_and_a_bad_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(BASE + '[[releases]]\ntitle = "Opening"\ntext = """One\ntwo."""\n', "utf-8")
    assert read_campaign(path).releases == (PressRelease("Opening", (("", "One\ntwo."),)),)
    by_language = "sent_on = 2024-10-11\nnames.mk = 'Отворање'\n[releases.texts]\nsq = 'Një.'\nmk = 'Еден.'\n"
    path.write_text(f"{BASE}[[releases]]\ntitle = 'Opening'\n{by_language}", "utf-8")
    texts = (("sq", "Një."), ("mk", "Еден."))
    assert read_campaign(path).releases == (PressRelease("Opening", texts, date(2024, 10, 11), (("mk", "Отворање"),)),)
    for bad, words in (
        ("text = 3", "text"),
        ("", "has no text"),
        ("text = 'a'\ntexts.sq = 'b'", "both text and texts"),
        ("texts.sr-Latn = 'b'", "sr-Latn"),
        ("texts.sq = ' '", "texts"),
        (f"texts.sq = '{'a' * 40_001}'", "40000"),
        ("text = 'a'\nsent_on = 'monday'", "sent_on"),
        ("text = 'a'\nlanguage = 'sq'", "unknown key 'language'"),
        (f"text = '{'a' * 40_001}'", "40000"),
    ):
        path.write_text(f"{BASE}[[releases]]\ntitle = 'Opening'\n{bad}\n", "utf-8")
        with pytest.raises(ConfigError, match=words):
            read_campaign(path)
