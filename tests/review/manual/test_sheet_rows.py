"""What people type into a row, and what is made of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.builders import NOW, an_outlet
from tracker.model import Medium, Precision
from tracker.review.manual.sheet_rows import COLUMNS, HandRow, check_rows
from tracker.spreadsheets.rows import Sheet, SheetRow

REGISTER = [
    an_outlet("zeri", name="Zëri i Lumit", country="AL"),
    an_outlet("n1-ba", name="N1", country="BA"),
    an_outlet("n1-rs", name="N1", country="RS"),
]
GIVEN = {"medium": "print", "outlet": "Zëri i Lumit", "date": "2026-03-01", "headline": "Titulli"}


def rows(*given: dict[str, Any]) -> Sheet:
    listed = [SheetRow(number, {name: value for name, value in row.items() if value != ""}) for number, row in enumerate(given, 4)]
    return Sheet(tuple(listed), COLUMNS, day_zero=date(1899, 12, 30))


def read(**cells: Any) -> HandRow:
    checked = check_rows(rows(GIVEN | cells), REGISTER, NOW)
    assert not checked.faults
    return checked.items[0]


def faults(**cells: Any) -> list[str]:
    return [str(fault) for fault in check_rows(rows(GIVEN | cells), REGISTER, NOW).faults]


def test_a_full_row_is_read_whole() -> None:
    item = read(
        medium="TV",
        outlet="zeri i lumit",
        country="Albania",
        date="1. mart 2026, 19:30",
        programme=" Lajmet  e\nmbrëmjes",
        text="a\nb",
        link="https://a.example/v?id=1",
        picture="https://a.example/p.png",
        language="SQ",
        author="A. Lumi; B. Mali",
        tone="Positive",
        reach="120.000",
        note="n",
        **{"time or page": "19:30", "reach source": "Ipsos", "reach date": 46000},
    )
    assert (item.medium, item.outlet.id, item.programme, item.text, item.authors) == (
        Medium.TELEVISION,
        "zeri",
        "Lajmet e mbrëmjes",
        "a\nb",
        ("A. Lumi", "B. Mali"),
    )
    assert item.published.iso() == "2026-03-01T19:30:00+01:00"
    assert (item.reach, item.reach_source, item.reach_on, item.tone, item.language) == (120000, "Ipsos", "2025-12-09", "positive", "sq")


@pytest.mark.parametrize("typed", ["2026-03-01", "1.3.2026", "01/03/2026", "1 mars 2026", date(2026, 3, 1), 46082, "1.3.2026."])
def test_a_day_may_be_typed_in_many_ways(typed: Any) -> None:
    item = read(date=typed)
    assert (item.published.iso(), item.published.precision) == ("2026-03-01", Precision.DAY)


@pytest.mark.parametrize("typed", ["2027-01-01", "dje", "mars", "1.3.26", "2026", 2026, "31.2.2026", "x" * 200, "1850-01-01"])
def test_what_is_no_day_of_the_past_is_refused(typed: Any) -> None:
    assert [fault.split(": ")[0] for fault in faults(date=typed)] == ["row 4, column date"]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"medium": "carrier pigeon"}, "column medium: 'carrier pigeon' is none of online, print, television, radio, social"),
        ({"medium": ""}, "column medium: is empty; choose one of online"),
        ({"headline": ""}, "column headline: is empty"),
        ({"headline": "x" * 1001}, "column headline: has 1001 characters; 1000 at most"),
        ({"outlet": ""}, "column outlet: is empty"),
        ({"outlet": "Radio Bregu"}, "column country: is empty, and the register has no outlet 'Radio Bregu'"),
        ({"outlet": "N1"}, "the register has several N1 (n1-ba, n1-rs)"),
        ({"country": "RS"}, "the register has Zëri i Lumit in AL, not in RS"),
        ({"country": "Germany"}, "column country: 'Germany' is none of AL, BA, XK, ME, MK, RS, XB"),
        ({"date": ""}, "column date: is empty"),
        ({"link": "javascript:alert(1)"}, "column link: 'javascript:alert(1)' is no web address"),
        ({"picture": "C:\\scans\\1.png"}, "column picture: "),
        ({"medium": "online"}, "column link: is empty; an item of medium online has an address"),
        ({"tone": "great"}, "column tone: 'great' is none of positive, neutral, negative, mixed"),
        ({"tier": "5"}, "column tier: '5' is none of 1, 2, 3"),
        ({"language": "de"}, "column language: 'de' is none of sq"),
        ({"reach": "120000"}, "column reach source: is empty; a reach stands only with its source and its date"),
        ({"reach": "many", "reach source": "x", "reach date": "2026-01-01"}, "column reach: 'many' is no whole number"),
        ({"reach": "1.5", "reach source": "x", "reach date": "2026-01-01"}, "column reach: '1.5' is no whole number"),
        ({"reach": 5, "reach source": "x", "reach date": "last year"}, "column reach date: 'last year' is no day"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(cells: dict[str, Any], words: str) -> None:
    assert any(words in fault for fault in faults(**cells)), faults(**cells)


def test_all_faults_of_a_row_are_told_at_once() -> None:
    assert len(faults(medium="x", tone="y", date="z", headline="")) == 4


def test_an_outlet_that_the_register_lacks_is_new_unwatched_and_one_for_all_rows() -> None:
    first = GIVEN | {"outlet": "Радио Брег", "country": "MK", "medium": "radio"}
    one, other = check_rows(rows(first, first | {"headline": "b", "outlet": "Radio Breg", "country": ""}), REGISTER, NOW).items
    assert one.outlet is other.outlet
    assert (one.outlet.id, one.outlet.name, one.outlet.country, one.outlet.tier, one.outlet.kind) == (
        "hand-radio-breg-mk",
        "Радио Брег",
        "MK",
        0,
        "radio",
    )
    assert one.outlet_is_new
    assert not read().outlet_is_new
    assert read(outlet="N1", country="BA").outlet.id == "n1-ba"
    assert read(outlet="R1", country="ME", tier=2).outlet.tier == 2


def test_the_same_item_has_the_same_identity_however_it_is_typed() -> None:
    same = read(date=46082, headline="TITULLI ", text="a summary", reach=5, **{"reach source": "x", "reach date": "2026-01-01"})
    assert same.identity == read().identity
    others = [read(headline="Tjetër"), read(programme="B"), read(outlet="N1", country="BA"), read(date="2026-03-02"), read(medium="radio")]
    assert len({item.identity for item in [same, *others]}) == 6


def test_the_example_of_the_template_is_skipped() -> None:
    checked = check_rows(rows(GIVEN | {"note": "Example: so"}, GIVEN), REGISTER, NOW)
    assert (checked.examples, len(checked.items)) == ((4,), 1)


@pytest.mark.parametrize(
    ("days", "asked"),
    [
        (["11/23/2024", "11/05/2024"], [5]),
        (["11/05/2024", "11/23/2024", "05/05/2024"], [4]),
        (["11-23-2024", "3.4.2024"], [5]),
        (["23/11/2024", "11/05/2024"], []),
        (["11/05/2024", "12/05/2024"], []),
        (["11/23/2024", "11/5/2024 10:00 AM"], []),
        (["11/23/2024", "2024-11-05"], []),
    ],
)
def test_days_of_one_column_that_contradict_each_other_are_asked_back(days: list[str], asked: list[int]) -> None:
    checked = check_rows(rows(*(GIVEN | {"date": day, "headline": f"Titulli {day}"} for day in days)), REGISTER, NOW)
    assert [fault.row for fault in checked.faults] == asked
    assert {fault.column for fault in checked.faults} <= {"date"}
    assert len(checked.items) == len(days) - len(asked)
