"""The manual's page about the campaign file: every file in it is read, every example does what its table says."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tracker.matching.campaign_file import CampaignFile, SpellingTable, TermTable
from tracker.matching.campaigns import read_campaign
from tracker.matching.matcher import Matcher
from tracker.model import TermKind

PAGE = (ROOT / "docs" / "campaign-file.md").read_text("utf-8")
HEAD = 'id = "x"\nname = "X"\ncountries = ["AL"]\nsince = 2024-01-01\ntime_zone = "Europe/Tirane"\n'
_EXAMPLE = re.compile(r"```toml\n(.*?)```\n\n\| text \| language \| (\w+) \|\n\|[-|]+\|\n((?:\|[^\n]*\|\n)+)", re.DOTALL)


def examples() -> list[tuple[int, str, str, str, str]]:
    """(number of the file, what is told, text, language, told) for every row of every example."""
    found = []
    for number, (_, column, rows) in enumerate(_EXAMPLE.findall(PAGE)):
        for row in rows.splitlines():
            text, language, told = (cell.strip() for cell in row.strip("|").split("|"))
            found.append((number, column, text, language, told))
    return found


@cache
def matcher(number: int, folder: Path) -> Matcher:
    content = _EXAMPLE.findall(PAGE)[number][0]
    if "time_zone" not in content:
        terms = " or ".join(re.findall(r"\[terms\.(\w+)\]", content))
        content = HEAD + ("" if "[[circles]]" in content else f"query = '{terms}'\n") + content
    path = folder / f"{number}.toml"
    path.write_text(content, "utf-8")
    return Matcher(read_campaign(path))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("campaigns")


@pytest.mark.parametrize(("number", "column", "text", "language", "told"), examples(), ids=lambda value: str(value)[:40])
def test_an_example_of_the_manual_does_what_it_says(folder: Path, number: int, column: str, text: str, language: str, told: str) -> None:
    found = matcher(number, folder).match(body=text, language=language)
    there = {
        "found": sorted({hit.term_id for hit in found.hits}),
        "labels": sorted(found.labels),
        "circle": [found.circle] if found.circle else [],
    }[column]
    assert there == sorted(filter(None, told.split(", ")))


def test_every_file_of_the_page_is_an_example_with_a_table() -> None:
    assert PAGE.count("```toml") == len(_EXAMPLE.findall(PAGE)) > 4


def test_the_page_names_every_kind_and_every_key_of_the_file() -> None:
    assert all(f"`{kind}`" in PAGE for kind in TermKind)
    keys = {*CampaignFile.__struct_fields__, *TermTable.__struct_fields__, *SpellingTable.__struct_fields__}
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", PAGE)] == []


def test_the_headline_is_asked_for_by_title(folder: Path) -> None:
    number = next(number for number, (content, _, _) in enumerate(_EXAMPLE.findall(PAGE)) if "title:river" in content)
    assert "headline" in matcher(number, folder).match(title="A river", body="Text.", language="en").labels
    assert "headline" not in matcher(number, folder).match(title="Text", body="A river.", language="en").labels
