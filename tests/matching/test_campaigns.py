"""The campaign file: everything in it is checked, and every fault is named with its line and column."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tracker.errors import ConfigError
from tracker.locale.program import program_words
from tracker.matching.campaigns import read_campaign
from tracker.model import Branding, TermEntry, TermKind

GOOD = """\
id = "x"
name = "A campaign"
countries = ["AL", "RS"]
since = 2024-10-01
time_zone = "Europe/Tirane"
query = 'a and not b'
[terms.a]
kind = "name"
any = ["CRCA Albania", { text = "CRCA", kind = "acronym" }]
aliases = ["Qendra"]
[terms.b]
kind = "phrase"
slop = 2
sr = ["bezbednost dece"]
"""

FULL = (
    GOOD
    + """
[[labels]]
id = "held"
hold = true
query = 'b'
[[key_messages]]
id = "m"
name = "Message"
query = 'a near/5 b'
[branding]
colour = "#123456"
[[partners]]
name = "A partner"
"""
)


def read(tmp_path: Path, content: str) -> object:
    path = tmp_path / "campaign.toml"
    path.write_text(content, encoding="utf-8")
    return read_campaign(path)


def test_a_good_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "campaign.toml"
    path.write_text(FULL, encoding="utf-8")
    campaign = read_campaign(path)
    assert campaign.since == date(2024, 10, 1)
    assert [(circle.id, circle.name, circle.audience) for circle in campaign.circles] == [("x", "A campaign", "partners")]
    assert campaign.terms[0].entries == (
        TermEntry("CRCA Albania"),
        TermEntry("CRCA", kind=TermKind.ACRONYM),
        TermEntry("Qendra", alias=True),
    )
    assert campaign.terms[1].slop == 2
    assert campaign.labels[0].hold
    assert campaign.key_messages[0].name == "Message"
    assert campaign.possessives
    assert campaign.branding == Branding(colour="#123456")
    assert campaign.partners == ((("name", "A partner"),),)


def test_the_circle_of_a_query_alone_has_the_campaigns_name_in_each_language(tmp_path: Path) -> None:
    path = tmp_path / "campaign.toml"
    path.write_text(GOOD.replace("countries", 'names.mk = "Кампања"\nnames.sr-Latn = "Kampanja"\ncountries'), encoding="utf-8")
    campaign = read_campaign(path)
    (circle,) = campaign.circles
    assert circle.names == campaign.names == (("mk", "Кампања"), ("sr-Latn", "Kampanja"))


def test_the_version_changes_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "campaign.toml"
    path.write_text(GOOD, encoding="utf-8")
    first = read_campaign(path).version
    assert read_campaign(path).version == first
    path.write_text(GOOD.replace("Qendra", "Qendrat"), encoding="utf-8")
    assert read_campaign(path).version != first


BAD = [
    ('id = "x"', 'id = "x"\nidd = 1', 2, 1, "unknown key 'idd'"),
    ('id = "x"', 'id = "1 x"', 1, 1, "a letter first"),
    ('id = "x"\n', "", None, None, "needs id"),
    ('name = "A campaign"', 'name = ""', 2, 1, "not empty"),
    ('name = "A campaign"', "name = 3", 2, 1, "text"),
    ('"RS"]', '"XX"]', 3, 20, "unknown 'XX' in countries"),
    ('"RS"]', '"AL"]', 3, 20, "twice"),
    ('["AL", "RS"]', '"AL"', 3, 1, "list"),
    ('"RS"]', '"\u0425\u041a"]', 3, 20, "it has Cyrillic letters: type XK in Latin ones"),
    ('"RS"]', '"KS"]', 3, 20, "did you mean 'XK'"),
    ('"RS"]', '"Kosovo"]', 3, 20, "did you mean 'XK'"),
    ('"RS"]', '"xk"]', 3, 20, "did you mean 'XK'"),
    ("'a and not b'", "'\u0430 and not b'", 6, 10, "no term '\u0430'; it has Cyrillic letters: type 'a' in Latin ones"),
    ("'a and not b'", "'a and \u201cnot b\u201d'", 6, 16, "cannot stand here; write straight quotation marks"),
    ("'a and not b'", "'a\u200b and not b'", 6, 11, "a character that is not seen stands here"),
    (
        "[terms.b]",
        "[terms.c]\nkind='name'\nany=['x']\nown_domains=['a.al']\n[terms.b]",
        14,
        1,
        "it belongs above the first line in brackets",
    ),
    ("2024-10-01", '"2024-10-01"', 4, 1, "without quotes"),
    ("2024-10-01", "2024-10-01T10:00:00", 4, 1, "a day"),
    ("Europe/Tirane", "Europe/Pristina", 5, 1, "Europe/Belgrade"),
    ("Europe/Tirane", "../etc/passwd", 5, 1, "unknown time zone"),
    ("'a and not b'", "''", 6, 10, "empty"),
    ("'a and not b'", "'a and nott'", 6, 16, "no term 'nott'"),
    ("'a and not b'", "'a and'", 6, 15, "the end"),
    ("'a and not b'", "'not a'", 6, 10, "exclusions only"),
    ("'a and not b'", '"""\na and\n  (b or zz)"""', 8, 9, "no term 'zz'"),
    ("'a and not b'", "3", 6, 1, "query must be an expression"),
    ("query = 'a and not b'\n", "", None, None, "neither a query nor"),
    ('kind = "name"\nany', 'kind = "nam"\nany', 8, 1, "kind must be one of"),
    ('kind = "name"\nany', "any", 7, 8, "needs kind: one of name"),
    ('any = ["CRCA Albania"', 'anny = ["CRCA Albania"', 9, 1, "unknown key 'anny'"),
    ('any = ["CRCA Albania"', 'any = [3, "CRCA Albania"', 9, 8, "must be text, or {"),
    ('any = ["CRCA Albania"', 'any = ["...", "CRCA Albania"', 9, 8, "letter or digit"),
    (
        '{ text = "CRCA", kind = "acronym" }',
        '{ text = "CRCA", kin = "acronym" }',
        9,
        41,
        "unknown key 'kin' in [[terms.a.any]] (did you mean 'kind'?); known are text, kind",
    ),
    ('{ text = "CRCA", kind = "acronym" }', '{ text = "CRCA", kind = "acro" }', 9, 41, "kind must be one of"),
    ('{ text = "CRCA", kind = "acronym" }', '{ kind = "acronym" }', 9, 24, "needs text"),
    ("slop = 2", "slop = -1", 13, 1, "whole number"),
    ("slop = 2", "slop = true", 13, 1, "whole number"),
    ('sr = ["bezbednost dece"]', "sr = []", 11, 8, "no spelling"),
    ("[terms.b]", "[terms.and]", 11, 8, "cannot be a term's id"),
    ('sr = ["bezbednost dece"]', 'sr = ["' + "a " * 200 + '"]', 14, 7, "at most"),
    ("[terms.a]", "review = 'maybe'\n[terms.a]", 7, 1, "review must be one of required, optional"),
    ("[terms.a]", "possessives = 'no'\n[terms.a]", 7, 1, "true or false"),
    ("[terms.a]", "kosovo_note = 'x'\n[terms.a]", 7, 1, "none, eu, un"),
    (
        "[terms.a]",
        "own_domains = ['https://crca.al']\n[terms.a]",
        7,
        16,
        "a domain as in crca.al, without https:// and path, not 'https://crca.al'",
    ),
    ("[terms.a]", "[[circles]]\nid = 'c'\nquery = 'a'\n[terms.a]", 6, 1, "both a query and"),
    ("[terms.a]", "[[labels]]\nid = 'c'\nquery = 'a'\nholds = 1\n[terms.a]", 10, 1, "unknown key 'holds'"),
    ("[terms.a]", "[[labels]]\nid = 'c'\nquery = 'a'\n[[labels]]\nid = 'c'\nquery = 'a'\n[terms.a]", 11, 1, "twice"),
    ("[terms.a]", "[[labels]]\nid = ['c']\nquery = 'a'\n[terms.a]", 8, 1, "text"),
    ("[terms.a]", "labels = 3\n[terms.a]", 7, 1, "[[labels]]"),
    ("[terms.a]", "[[partners]]\nname = ['x']\n[terms.a]", 8, 1, "one value"),
    ("[terms.b]", "[terms.c]\nkind='name'\nany=['x']\nany=['y']\n[terms.b]", 14, None, "TOML"),
]


@pytest.mark.parametrize(("old", "new", "line", "column", "words"), BAD)
def test_a_fault_is_named_with_its_place(tmp_path: Path, old: str, new: str, line: int | None, column: int | None, words: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert words in caught.value.message
    assert caught.value.line == line
    assert column is None or caught.value.column == column
    assert "\n" not in str(caught.value)
    if "TOML" not in words:
        assert program_words("mk").say(caught.value.message) is not None


def test_circles_have_their_own_ids_and_audiences(tmp_path: Path) -> None:
    circles = "[[circles]]\nid = 'one'\nquery = 'a'\n[[circles]]\nid = 'two'\naudience = 'staff'\nquery = 'b'\n"
    campaign = read(tmp_path, GOOD.replace("query = 'a and not b'\n", circles))
    assert [(circle.id, circle.audience) for circle in campaign.circles] == [("one", "partners"), ("two", "staff")]  # type: ignore[attr-defined]
    with pytest.raises(ConfigError, match="audience must be one of"):
        read(tmp_path, GOOD.replace("query = 'a and not b'\n", circles.replace("staff", "public")))
    with pytest.raises(ConfigError, match="twice"):
        read(tmp_path, GOOD.replace("query = 'a and not b'\n", circles.replace("two", "one")))


@pytest.mark.parametrize("content", ["", "terms = 3\nid='x'", "[terms]\n", "[[terms]]\nid='x'"])
def test_a_file_without_terms_says_so(tmp_path: Path, content: str) -> None:
    with pytest.raises(ConfigError, match=r"terms(:| must be) tables such as \[terms\."):
        read(tmp_path, content)


def test_capital_stands_with_a_term_or_an_entry_and_order_with_a_phrase(tmp_path: Path) -> None:
    file = GOOD.replace('kind = "name"', 'kind = "name"\ncapital = "any"').replace(
        'kind = "acronym" }', 'kind = "acronym", capital = "typed" }'
    )
    path = tmp_path / "campaign.toml"
    path.write_text(file.replace("slop = 2", 'slop = 2\norder = "any"'), encoding="utf-8")
    named, phrase = read_campaign(path).terms
    assert [entry.capital for entry in named.entries] == ["any", "typed", "any"]
    assert (phrase.order, named.order) == ("any", "typed")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('kind = "name"', 'kind = "name"\ncapital = "small"', "capital must be one of any, typed"),
        ('kind = "name"', 'kind = "name"\norder = "any"', "is for phrases"),
        ("slop = 2", 'order = "free"', "order must be one of"),
        ('"Qendra"', '"Μητσοτάκης"', "no text is searched for"),
    ],
)
def test_a_wrong_way_of_writing_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        read(tmp_path, GOOD.replace(old, new))
