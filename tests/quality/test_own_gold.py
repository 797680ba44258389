"""Precision and recall over our own labelled sentences, per file of `tests/cases/matching` (its README says how to add a row).

Rules may be written with the first half of the rows (by hash of the id) in view; the second half is only counted. The floor holds for each half.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tracker.matching.matcher import Matcher
from tracker.model import Campaign, Circle, Term, TermEntry, TermKind

CASES = Path(__file__).resolve().parent.parent / "cases" / "matching"
FLOOR = 98.0
SLOP = 2
FEWEST_ROWS = {"hbs": 400, "mk": 300, "sq": 300, "en": 0}

Row = dict[str, str]


def _rows(group: str) -> list[Row]:
    with (CASES / f"{group}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _half(row: Row) -> int:
    return hashlib.sha256(row["id"].encode()).digest()[0] % 2


def _found(row: Row) -> Counter[str]:
    kind = TermKind(row["term_kind"])
    language = "any" if kind in (TermKind.NAME, TermKind.ACRONYM, TermKind.EXACT) else row["language"]
    term = Term(
        id="term", kind=kind, entries=(TermEntry(text=row["term"], language=language),), slop=SLOP if kind is TermKind.PHRASE else 0
    )
    circle = Circle(id="all", name="All", audience="staff", query="term")
    campaign = Campaign(
        id="gold",
        name="Gold",
        countries=("RS",),
        since=date(2024, 1, 1),
        time_zone="Europe/Belgrade",
        review="optional",
        circles=(circle,),
        terms=(term,),
    )
    return Counter(hit.form for hit in Matcher(campaign).match(body=row["text"], language=row["language"]).hits)


def _score(rows: list[Row]) -> tuple[float, float, list[str]]:
    right = false = missed = 0
    wrong = []
    for row in rows:
        found, expected = _found(row), Counter(filter(None, row["expected"].split("|")))
        right += (found & expected).total()
        false += (found - expected).total()
        missed += (expected - found).total()
        if found != expected:
            wrong.append(
                f"{row['id']} {row['term']}: {row['text']} found {sorted(found.elements())} expected {sorted(expected.elements())}"
            )
    return 100 * right / max(right + false, 1), 100 * right / max(right + missed, 1), wrong


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("group", sorted(path.stem for path in CASES.glob("*.tsv")))
def test_precision_and_recall_over_own_sentences_hold_the_floor(group: str, half: int) -> None:
    precision, recall, wrong = _score([row for row in _rows(group) if _half(row) == half])
    assert precision >= FLOOR, wrong
    assert recall >= FLOOR, wrong


@pytest.mark.parametrize("group", sorted(path.stem for path in CASES.glob("*.tsv")))
def test_the_rows_are_many_and_half_of_them_are_look_alikes(group: str) -> None:
    rows = _rows(group)
    look_alikes = sum(not row["expected"] for row in rows)
    assert len(rows) >= FEWEST_ROWS[group]
    assert len({row["id"] for row in rows}) == len(rows)
    assert 0.4 <= look_alikes / len(rows) <= 0.6


@pytest.mark.parametrize("group", sorted(path.stem for path in CASES.glob("*.tsv")))
def test_every_expected_form_stands_in_its_text(group: str) -> None:
    assert [row["id"] for row in _rows(group) if any(form not in row["text"] for form in row["expected"].split("|"))] == []
