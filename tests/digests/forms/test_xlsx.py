"""The workbook and the CSV: typed, inert, complete, the same file each time, and figures that add up."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl import Workbook, load_workbook

from tests.conftest import some_of_them
from tests.digests import samples
from tracker.digests.figures import count_figures
from tracker.digests.forms import xlsx
from tracker.digests.forms.view import Reading, read_digest
from tracker.digests.forms.xlsx import Cover, render_csv, render_xlsx, write_xlsx
from tracker.digests.forms.xlsx_tables import Column, Table, figure_tables, item_table, story_table
from tracker.model import LANGUAGES, Audience, Digest, HandItem, Medium, Published, Selection, Window

FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
EVERY = {
    "week": samples.a_week(),
    "staff": samples.a_week("monthly", Audience.STAFF),
    "empty": samples.empty(),
    "hostile": samples.hostile(),
    "partners, hostile": samples.hostile(audience=Audience.PARTNERS),
}


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def workbook(digest: Digest, language: str = "en") -> Workbook:
    return opened(render_xlsx(read_digest(digest, language)))


def a_table(rows: list[list[Any]], kinds: list[str], name: str = "Rows") -> bytes:
    out = io.BytesIO()
    columns = tuple(Column(f"column {number}", 10, kind) for number, kind in enumerate(kinds))
    cover = Cover("Title", "Foot & more", datetime(2026, 1, 1, tzinfo=UTC))
    write_xlsx(out, [Table(name, columns, lambda: rows)], cover, before=("Summary", [("", "text")]), after=("Method", []))
    return out.getvalue()


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("language", ["en", "sr-Cyrl"])
def test_no_cell_of_any_sheet_is_a_formula_now_or_after_it_is_saved_as_csv(name: str, language: str) -> None:
    for sheet in workbook(EVERY[name], language):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                assert not str(cell.value if cell.data_type == "s" else "").lstrip(" \u00a0").startswith(FORMULA_SIGNS), cell.value
                if cell.hyperlink:
                    assert cell.hyperlink.target.startswith(("http://", "https://"))


@pytest.mark.parametrize("name", EVERY)
def test_no_cell_of_the_csv_is_taken_for_a_formula(name: str) -> None:
    content = render_csv(read_digest(EVERY[name], "sq"))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(rows) == 1 + len(EVERY[name].selection.counted)
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell.lstrip(" \u00a0").startswith(FORMULA_SIGNS)]


def test_the_csv_of_an_empty_week_has_the_columns_of_a_full_one() -> None:
    first = [render_csv(read_digest(EVERY[name], "mk")).decode().splitlines()[0] for name in ("empty", "week")]
    assert first[0] == first[1]


def test_cells_are_typed() -> None:
    sheet = workbook(samples.a_week())["Items"]
    headings = [cell.value for cell in sheet[1]]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    moments = {row[headings.index("Published (CET/CEST)")] for row in rows}
    assert datetime(2026, 11, 17, 9, 7) in moments  # noqa: DTZ001 - local time, as a person reads it
    assert all(isinstance(moment, datetime) for moment in moments)
    assert {type(row[headings.index("Reach")]) for row in rows} == {int, type(None)}
    dated = [cell.number_format for row in sheet.iter_rows(min_row=2) for cell in row if isinstance(cell.value, datetime)]
    assert {*dated} == {"yyyy-mm-dd", "yyyy-mm-dd hh:mm"}  # a day whose time is not known does not claim midnight
    summary = {row[0]: row[1] for row in workbook(samples.a_week())["Summary"].iter_rows(values_only=True)}
    assert (summary["items"], summary["change (the week before: 17)"]) == (24, 7)


def test_every_table_can_be_filtered_and_printed() -> None:
    book = workbook(samples.a_week("monthly", Audience.STAFF))
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == ("landscape", 9, 0)
        if sheet.title in ("Summary", "Method"):
            continue
        assert sheet.auto_filter.ref.endswith(str(sheet.max_row))
        assert sheet.freeze_panes == "B2"
        assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", None)
    assert {sheet.page_setup.fitToWidth for sheet in book} <= {1, None}  # one page wide, which is what a missing value means
    assert all(sheet.sheet_properties.pageSetUpPr.fitToPage for sheet in book)
    areas = {sheet.title: re.sub("[^:]*!", "", sheet.print_area).replace("$", "") for sheet in book}
    assert areas["Countries"] == f"A1:C{book['Countries'].max_row}"
    printed = [cell.value for cell in book["Items"][areas["Items"]][0]]
    assert {"Headline", "Outlet", "Country", "Tone"} <= {*printed}
    assert "Excerpt" not in printed
    assert book["Items"].max_column > len(printed)  # the rest is on the sheet all the same
    assert book.properties.title == "A Digital Safety Agenda in Western Balkans: Press coverage: monthly digest"


@pytest.mark.parametrize("audience", Audience)
def test_the_tone_has_a_sheet_of_its_own_by_country(audience: Audience) -> None:
    digest = samples.a_week(audience=audience)
    headings, *rows = workbook(digest)["Tone"].iter_rows(values_only=True)
    counted = digest.selection.counted
    tones = {"positive": "positive", "neutral": "neutral", "negative": "negative", "mixed": "mixed", "": "not assessed"}
    for code, name in tones.items():
        mine = [entry for entry in counted if (entry.verdict.tone if entry.verdict else "") == code]
        found = [row for row in rows if row[0] == name]
        assert [row[1] for row in found] == ([len(mine)] if mine or not code else [])
        assert all(sum(row[3:]) == row[1] for row in found)
    assert headings[3] == "Albania"
    assert round(sum(row[2] or 0 for row in rows), 6) == 1


def test_a_workbook_holds_every_part_of_the_edition() -> None:
    staff = workbook(samples.a_week("monthly", Audience.STAFF))
    assert staff.sheetnames == [
        "Summary",
        "Items",
        "Stories",
        "Countries",
        "Outlets",
        "By tier",
        "By language",
        "By medium",
        "Weeks",
        "Tone",
        "Key messages",
        "Spokespeople named",
        "The organisation (not counted)",
        "Context (not counted)",
        "Own and partner channels (not c",
        "Sources",
        "Method",
    ]
    partners = workbook(samples.a_week())
    assert "The organisation (not counted)" not in partners.sheetnames
    told = "\n".join(str(cell) for sheet in partners for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    for text in (
        "2 items withheld to protect a child",
        "Sources without usable results in this period: 4 of 1,320.",
        "Radio Adriana",
        "Funded by the European Union.",
        "Mirela Kola",
        "Calls to the helpline: 312",
        "Withdrawn: “Kompania hap zyrë në Tiranë”",
        "press@lumi.example",
        "Edicioni i lajmeve",
        "UNSCR 1244",
    ):
        assert text in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_can_be_made_in_every_language(language: str) -> None:
    book = workbook(samples.a_week("monthly", Audience.STAFF), language)
    assert len(book.sheetnames) == 17
    assert len(list(book.worksheets[1].rows)) == 25
    headings = [str(cell.value) for sheet in book.worksheets[1:-1] for cell in sheet[1]]
    if language != "en":
        assert not {"Headline", "Outlet", "Country", "Items", "Share", "Source"} & {*headings}


def test_an_edition_written_twice_is_the_same_file() -> None:
    reading = read_digest(samples.a_week(), "hr")
    first = render_xlsx(reading)
    assert first == render_xlsx(reading)
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {info.date_time[0] for info in package.infolist()} == {1980}
        assert b"2026-11-23T07:30:00Z" in package.read("docProps/core.xml")


def test_links_can_be_clicked_up_to_a_row_and_only_where_they_lead_to_the_web(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "ROWS_IN_MEMORY", 2)
    links = ["https://a.example/1", "javascript:alert(1)", "https://a.example/3", "https://a.example/" + "x" * 3000]
    sheet = opened(a_table([[link] for link in links], ["link"]))["Rows"]
    assert [bool(cell.hyperlink) for (cell,) in sheet.iter_rows(min_row=2)] == [True, False, False, False]
    assert [cell.value for (cell,) in sheet.iter_rows(min_row=2)] == links


def test_what_a_cell_cannot_hold_is_cut_or_written_as_text() -> None:
    rows = [["x" * 40_000, date(1850, 3, 1)], ["\ufffe\uffff\x07 _x0041_", datetime(1899, 12, 31, 8, 30)], ["", None]]  # noqa: DTZ001
    sheet = opened(a_table(rows, ["text", "moment"]))["Rows"]
    values = [*sheet.iter_rows(min_row=2, max_row=3, values_only=True)]
    assert len(str(values[0][0])) == 32_767
    assert [row[1] for row in values] == ["1850-03-01", "1899-12-31 08:30"]


def test_a_sheet_that_is_full_goes_on_on_the_next_and_names_of_sheets_never_clash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 10)
    book = opened(a_table([[number] for number in range(25)], ["number"], name="summary: [a/b]*?\\'"))
    assert book.sheetnames == ["Summary", "summary   a b", "summary   a b 2", "summary   a b 3", "Method"]
    assert [row[0] for sheet in book.worksheets[1:4] for row in sheet.iter_rows(min_row=2, values_only=True)] == list(range(25))
    assert opened(a_table([], ["number"], name="SUMMARY")).sheetnames == ["Summary", "SUMMARY 2", "Method"]


def test_columns_that_no_item_fills_are_left_out_of_the_sheet() -> None:
    reading = read_digest(samples.empty(), "sq")
    assert reading.say("col_programme") not in [column.heading for column in item_table(reading).columns]
    assert reading.say("col_programme") in [column.heading for column in item_table(reading, whole=True).columns]


_moments = st.datetimes(datetime(2026, 9, 1), datetime(2027, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001
_entries = st.lists(
    st.tuples(st.integers(0, 23), st.integers(1, 5), _moments, st.sampled_from([None, *Medium]), st.sampled_from(["", "sq", "mk"])),
    max_size=25,
)


@settings(max_examples=some_of_them(0.6))
@given(_entries)
def test_items_are_the_sum_over_every_table(rows: list[tuple[int, int, datetime, Medium | None, str]]) -> None:
    base = samples.week_entries()
    counted = []
    for number, (kind, story, moment, medium, language) in enumerate(rows):
        one = base[kind]
        hand = HandItem("lumi", number, medium, "campaign", samples.MADE_AT) if medium else None
        article = replace(one.article, id=number, language=language, published=Published(moment))
        counted.append(
            replace(
                one, mention=replace(one.mention, id=f"m{number}", article_id=number), article=article, story_key=f"s{story}", hand=hand
            )
        )
    week = samples.a_week()
    window = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC) + timedelta(days=40))
    reading = read_digest(replace(week, selection=Selection(tuple(counted)), window=window), "en")
    figures = count_figures(reading.digest.selection, window, "Europe/Tirane")
    parts = (figures.by_country, figures.by_tier, figures.by_language, figures.by_outlet, figures.by_medium, figures.by_week)
    assert {sum(number for _, number in part) for part in parts} == {figures.items} == {len(rows)}
    for table in (*figure_tables(reading), story_table(reading)):
        assert sum_of(table, reading) == len(rows), table.name
    assert len(list(story_table(reading).rows())) == figures.stories
    assert len(list(item_table(reading).rows())) == len(rows)
    assert len(list(figure_tables(reading)[1].rows())) == figures.outlets


def sum_of(table: Table, reading: Reading) -> int:
    at = [column.heading for column in table.columns].index(reading.say("col_items"))
    return sum(int(str(row[at])) for row in table.rows())
