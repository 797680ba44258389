"""Sheets of every kind and condition: read, or refused in one line; never a traceback."""

from __future__ import annotations

import random
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from datetime import time as clock
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.sheets import repacked, table, workbook
from tracker.errors import ConfigError
from tracker.spreadsheets import xlsx_read
from tracker.spreadsheets.read import read_sheet
from tracker.spreadsheets.rows import MOST_ROWS, Sheet

HEAD = ("outlet", "date", "headline")
KNOWN = (*HEAD, "note")
EVENING = datetime(2026, 3, 1, 19, 30)  # noqa: DTZ001 (a workbook's moments have no zone)
ROW = ("Zëri", "2026-03-01", "Titulli")


def read(path: Path, most_rows: int = MOST_ROWS) -> Sheet:
    return read_sheet(path, needed=HEAD, known=KNOWN, also={"title": "headline"}, beside=("lists",), most_rows=most_rows)


def refused(path: Path, words: str, most_rows: int = MOST_ROWS) -> None:
    with pytest.raises(ConfigError) as told:
        read(path, most_rows)
    assert words in str(told.value)
    assert str(told.value).startswith(str(path))
    assert "\n" not in str(told.value)


def test_rows_stand_below_the_headings_wherever_those_are(tmp_path: Path) -> None:
    given = [["Internal"], [], ["Note ", "TITLE *", "Outlet", None, "date", "mood"], ["n", "Titulli", "Zëri", None, date(2026, 3, 1), "x"]]
    sheet = read(workbook(tmp_path / "a.xlsx", [*given, [], [None, "Tjetri", "Zëri", None, 45000]]))
    assert [row.number for row in sheet.rows] == [4, 6]
    first, second = sheet.rows
    assert {name: first.text(name) for name in KNOWN} == {"outlet": "Zëri", "date": "2026-03-01", "headline": "Titulli", "note": "n"}
    assert sheet.day(first.values["date"]) == date(2026, 3, 1)
    assert sheet.day(second.values["date"]) == date(2023, 3, 15)
    assert second.text("note") == ""
    assert sheet.notes == ("columns not known and not read: mood",)


def test_values_come_as_people_see_them(tmp_path: Path) -> None:
    sheet = read(workbook(tmp_path / "a.xlsx", [HEAD, (12.0, clock(19, 30), True), (3.5, EVENING, "  a\n b ")]))
    assert [[row.text(name) for name in HEAD] for row in sheet.rows] == [["12", "19:30", "yes"], ["3.5", "2026-03-01 19:30", "a b"]]


def test_a_workbook_that_counts_from_1904_gives_the_same_days(tmp_path: Path) -> None:
    def from_1904(book: Workbook) -> None:
        book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001 (a workbook's moments have no zone)

    sheet = read(workbook(tmp_path / "a.xlsx", [HEAD, ("a", date(2026, 3, 1), "b"), ("a", 43538, "b")], change=from_1904))
    assert [sheet.day(row.values["date"]) for row in sheet.rows] == [date(2026, 3, 1), date(2023, 3, 15)]


@pytest.mark.parametrize("value", [2026, 1.5, 10**9, -5, float("inf"), "2026-03-01", clock(1, 1)])
def test_a_number_that_is_no_day_is_none(value: Any) -> None:
    assert Sheet((), (), day_zero=date(1899, 12, 30)).day(value) is None


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16"), (";", "cp1250"), (",", "utf-8-sig")],
)
def test_text_is_read_in_every_separator_and_charset(tmp_path: Path, delimiter: str, encoding: str) -> None:
    given = [HEAD, ("Dnevni avaz", "1.3.2026", "Djeca će učiti, kažu; „sigurno“ šetati po čaršiji")] * 1
    sheet = read(table(tmp_path / "a.csv", given, delimiter=delimiter, encoding=encoding))
    assert sheet.rows[0].text("headline") == given[1][2]
    assert any("cp1250" in note for note in sheet.notes) is (encoding == "cp1250")


def test_cyrillic_in_an_old_charset_is_told(tmp_path: Path) -> None:
    given = [HEAD, ("Политика", "1.3.2026", "Деца на интернету и безбедност у школи")]
    sheet = read(table(tmp_path / "a.csv", given, encoding="cp1251"))
    assert sheet.rows[0].text("outlet") == "Политика"
    assert "cp1251" in sheet.notes[0]


def test_the_guard_before_a_formula_in_a_csv_of_ours_is_taken_off(tmp_path: Path) -> None:
    sheet = read(table(tmp_path / "a.csv", [HEAD, ("'=1+1", "'već", "=2")]))
    assert [sheet.rows[0].text(name) for name in HEAD] == ["=1+1", "'već", "=2"]


def test_a_formula_is_read_as_what_it_showed_and_refused_where_it_showed_nothing(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for column, name in enumerate(HEAD):
            sheet.write_string(0, column, name)
        sheet.write_formula(1, 0, '="Z"&"ëri"', value="Zëri")
        sheet.write_string(1, 2, "=HYPERLINK(1)")
        sheet.write_formula(2, 0, "=1/0", value="#DIV/0!")
        sheet.write_string(2, 2, "b")
    read_rows = read(path).rows
    assert (read_rows[0].text("outlet"), read_rows[0].text("headline"), read_rows[0].faults) == ("Zëri", "=HYPERLINK(1)", ())
    assert "shows an error" in str(read_rows[1].faults[0])
    bare = read(workbook(tmp_path / "b.xlsx", [HEAD, ("=A1", "2026-03-01", "b")])).rows[0]
    assert str(bare.faults[0]) == "row 2, column outlet: holds a formula without a stored value; type the value"


def test_merged_cells_are_told_row_by_row(tmp_path: Path) -> None:
    given = [["Title"], HEAD, ROW, ROW, ROW]
    sheet = read(workbook(tmp_path / "a.xlsx", given, change=lambda book: book.active.merge_cells("A4:A5")))  # type: ignore[union-attr]
    assert [[str(fault) for fault in row.faults] for row in sheet.rows] == [
        [],
        ["row 4, column outlet: is merged with other cells; undo the merging and fill each row"],
        ["row 5, column outlet: is merged with other cells; undo the merging and fill each row"],
    ]
    titled = read(workbook(tmp_path / "b.xlsx", given, change=lambda book: book.active.merge_cells("A1:C1")))  # type: ignore[union-attr]
    assert not any(row.faults for row in titled.rows)


def test_hidden_sheets_are_not_read_and_that_is_told(tmp_path: Path) -> None:
    def hide(book: Workbook) -> None:
        hidden = book.create_sheet("secret", 0)
        hidden.append(HEAD)
        hidden.append(ROW)
        hidden.sheet_state = "hidden"
        book.create_sheet("lists").append(HEAD)
        book.create_sheet("notes").append(["anything"])

    sheet = read(workbook(tmp_path / "a.xlsx", [HEAD, ROW], change=hide))
    assert len(sheet.rows) == 1
    assert sheet.notes == ("hidden sheets were not read: secret", "sheet 'notes' has no such headings and was not read")


def test_macros_are_left_alone(tmp_path: Path) -> None:
    path = repacked(workbook(tmp_path / "a.xlsx", [HEAD, ROW]), tmp_path / "b.xlsm", {"xl/vbaProject.bin": b"\xd0\xcf" * 99})
    sheet = read(path)
    assert (len(sheet.rows), sheet.notes) == (1, ("its macros were not read",))


def two_sheets(book: Workbook) -> None:
    book.create_sheet("again").append(HEAD)


def many_merges(book: Workbook) -> None:
    for row in range(3, 40):
        book.active.merge_cells(f"A{row}:B{row}")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("rows_given", "change", "words"),
    [
        ([("outlet", "headline"), ("a", "b")], None, "lacks the columns date"),
        ([("a", "b"), ("outlet", "headline")], None, "lacks the columns date"),
        ([], None, "lacks the columns outlet, date, headline"),
        ([(*HEAD, "title"), (*ROW, "x")], None, "has the column headline more than once"),
        ([HEAD, ROW], two_sheets, "in more than one sheet; keep one of them ('again' is the second)"),
        ([["Title"], HEAD, ROW], lambda book: book.active.merge_cells("A2:A3"), "row 2 with the headings is merged"),
    ],
)
def test_a_sheet_without_the_right_headings_is_refused(
    tmp_path: Path, rows_given: list[Any], change: Callable[[Workbook], None] | None, words: str
) -> None:
    refused(workbook(tmp_path / "a.xlsx", rows_given, change=change or (lambda book: None)), words)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"outlet,date,headline\n", "is no .xlsx workbook, whatever its name says"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "old .xls workbook or is protected by a password"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "old .xls workbook"),
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 500, "is damaged or no workbook"),
        ("a.csv", b"\x7fELF\0\0\0\0\1\2\3", "neither an .xlsx workbook nor a CSV"),
        ("a.csv", b"", "lacks the columns"),
        ("a.csv", b'outlet,date,headline\na,"b,c\n', "is no valid CSV"),
    ],
)
def test_what_is_no_sheet_is_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    refused(tmp_path / name, words)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "nowhere.xlsx", "does not exist")
    refused(tmp_path, "is no file")


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


def test_archives_that_are_no_workbook_or_a_trap_are_refused_unopened(tmp_path: Path) -> None:
    refused(archive(tmp_path / "a.zip", {"readme.txt": b"x"}), "is an archive, but no workbook")
    refused(archive(tmp_path / "a.ods", {"mimetype": b"x", "content.xml": b"x"}), "OpenDocument sheet; save it as .xlsx")
    good = workbook(tmp_path / "good.xlsx", [HEAD, ROW])
    bomb = repacked(good, tmp_path / "bomb.xlsx", {"xl/sharedStrings.xml": b" " * (xlsx_read.MOST_UNPACKED_BYTES + 1)})
    assert bomb.stat().st_size < 200_000
    refused(bomb, "unpacks to more than")
    entities = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    refused(repacked(good, tmp_path / "ent.xlsx", {"xl/worksheets/sheet1.xml": entities}), "declares entities")
    many = {f"xl/media/{n}.png": b"" for n in range(xlsx_read.MOST_MEMBERS)}
    refused(repacked(good, tmp_path / "many.xlsx", many), "unpacks to more than")


@pytest.mark.parametrize("member", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/other.bin"])
def test_a_small_archive_of_millions_of_cells_is_refused_before_it_is_parsed(tmp_path: Path, member: str) -> None:
    wide = b"<row r='2'>" + b"<c/>" * (xlsx_read.MOST_TAGS + 1) + b"</row>"
    path = repacked(workbook(tmp_path / "good.xlsx", [HEAD, ROW]), tmp_path / "wide.xlsx", {member: wide})
    assert path.stat().st_size < 100_000
    refused(path, "has more cells than 20000 rows need")


def test_a_workbook_of_a_hundred_thousand_formats_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    styles = b"<styleSheet>" + b"<numFmt/>" * (xlsx_read.MOST_TAGS_BESIDE + 1) + b"</styleSheet>"
    good = workbook(tmp_path / "good.xlsx", [HEAD, ROW])
    refused(repacked(good, tmp_path / "formats.xlsx", {"xl/styles.xml": styles}), "has more cells than 20000 rows need")


def test_entities_in_a_part_of_another_name_are_refused_too(tmp_path: Path) -> None:
    good = workbook(tmp_path / "good.xlsx", [HEAD, ROW])
    refused(repacked(good, tmp_path / "a.xlsx", {"xl/worksheets/sheet1.bin": b'<!DOCTYPE a [<!ENTITY b "c">]>'}), "declares entities")


def test_names_that_lead_out_of_the_archive_are_no_paths(tmp_path: Path) -> None:
    good = workbook(tmp_path / "good.xlsx", [HEAD, ROW])
    path = repacked(good, tmp_path / "a.xlsx", {"../evil.xml": b"<a/>", "/tmp/evil.xml": b"<a/>"})
    assert len(read(path).rows) == 1
    assert [*tmp_path.rglob("evil*")] == []


def test_an_archive_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    good = workbook(tmp_path / "good.xlsx", [HEAD, ROW])
    path = repacked(good, tmp_path / "lies.xlsx", {"xl/sharedStrings.xml": b" " * 5_000_000})
    content = bytearray(path.read_bytes())
    at = content.rfind(b"xl/sharedStrings.xml") - 46
    content[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    path.write_bytes(content)
    refused(path, "is damaged or no workbook")


def test_too_many_rows_and_a_far_away_row_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    far = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData>'
    far += b'<row r="99999999"><c r="A99999999" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'
    good = workbook(tmp_path / "good.xlsx", [HEAD, ROW])
    monkeypatch.setattr(xlsx_read, "MOST_SHEET_ROWS", 5000)
    refused(repacked(good, tmp_path / "far.xlsx", {"xl/worksheets/sheet1.xml": far}), "more rows than a sheet can have")
    for path in (workbook(tmp_path / "a.xlsx", [HEAD, *[ROW] * 90]), table(tmp_path / "a.csv", [HEAD, *[ROW] * 90])):
        refused(path, "has more than 50 rows; split the sheet", 50)
    assert len(read(table(tmp_path / "b.csv", [HEAD, *[ROW, ("", "", "")] * 50]), 50).rows) == 50


def test_a_csv_with_more_cells_than_headings_is_told(tmp_path: Path) -> None:
    (row,) = read(table(tmp_path / "a.csv", [HEAD, (*ROW, "more")])).rows
    assert "more cells than there are headings" in str(row.faults[0])


def test_a_workbook_with_any_byte_broken_is_read_or_refused(tmp_path: Path) -> None:
    good = workbook(tmp_path / "good.xlsx", [HEAD, *[ROW] * 5]).read_bytes()
    dice = random.Random(7)
    for number in range(40):
        broken = bytearray(good)
        for _ in range(3):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(broken[: dice.randrange(100, len(broken))] if number % 3 == 0 else broken)
        with suppress(ConfigError):
            read(path)


@pytest.mark.soak
def test_a_hundred_thousand_rows_are_refused_in_bounded_memory(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "long.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(100_000):
            for column, cell in enumerate(HEAD if row == 0 else ROW):
                sheet.write_string(row, column, cell)
    tracemalloc.start()
    refused(path, "has more than 20000 rows; split the sheet")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * 2**20


def test_a_sheet_of_two_cells_far_apart_is_read_without_what_lies_between(tmp_path: Path) -> None:
    """A reader that lays out the rectangle between them needs 60 GB for this file of 5 KB."""

    def far(book: Workbook) -> None:
        book.active.cell(100_000, 16_384, "z")  # type: ignore[union-attr]
        book.active.cell(100_000, 1, "Tjetri")  # type: ignore[union-attr]

    sheet = read(workbook(tmp_path / "a.xlsx", [HEAD, ROW], change=far))
    assert [(row.number, row.text("outlet")) for row in sheet.rows] == [(2, "Zëri"), (100_000, "Tjetri")]
