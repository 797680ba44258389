from __future__ import annotations

import csv
import gc
import io
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.newsdesk import HELD, Addresses, Newsdesk
from tracker import exports
from tracker.exports import Export, write_csv, write_jsonl, write_xlsx
from tracker.spreadsheets.cells import CELL_CHARS, inert

HOSTILE = [
    '=HYPERLINK("http://evil.example","klik")',
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "=1+1",
    "\u00a0=1+1",
    "＝1+1",
    "＋1",
    "=cmd|' /C calc'!A0",
    "nul\0inside",
    "\0=1+1",
    "\x01\x02bell\x07",
    "a" * 40_000,
    "=" * 40_000,
    "שלום עולם \u202eאב",
    "🌊" * 50,
    'naslov; sa, znacima "navoda"\ni redom',
    "'već pod navodnikom",
    "<b>&amp;</b>",
    "_x0041_",
    "{=1+1}",
    "http://a.example",
    "0012",
    "1e5",
    "",
    " ",
]
FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def of(texts: list[str]) -> Export:
    return Export(("number", "title", "authors"), [{"number": n, "title": text, "authors": [text, "B"]} for n, text in enumerate(texts)])


def written(write: Any, export: Export) -> bytes:
    out = io.BytesIO()
    assert write(export, out) == len(list(export.rows))
    return out.getvalue()


def test_json_lines_give_every_headline_back_as_it_is() -> None:
    lines = written(write_jsonl, of(HOSTILE)).splitlines()
    assert [json.loads(line)["title"] for line in lines] == HOSTILE


def test_a_csv_file_opens_as_a_table_without_formulas() -> None:
    content = written(write_csv, of(HOSTILE))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["number", "title", "authors"]
    assert len(rows) == len(HOSTILE) + 1
    for (_, title, authors), text in zip(rows[1:], HOSTILE, strict=True):
        assert title.removeprefix("'") == text.replace("\0", "").removeprefix("'")
        for cell in (title, authors):
            assert not cell.strip().startswith(FORMULA_SIGNS), repr(cell[:40])
            assert "\0" not in cell


def test_a_csv_reader_that_goes_away_leaves_the_stream_open_for_whoever_owns_it() -> None:
    class Gone(io.BytesIO):
        def write(self, content: object, /) -> int:
            raise BrokenPipeError

    out = Gone()
    with pytest.raises(BrokenPipeError):
        write_csv(of(HOSTILE), out)
    gc.collect()
    assert not out.closed


def test_a_spreadsheet_opens_as_text_without_formulas_or_links() -> None:
    book = load_workbook(io.BytesIO(written(write_xlsx, of(HOSTILE))))
    rows = list(book["export"].iter_rows(min_row=2))
    assert len(rows) == len(HOSTILE)
    for (number, title, _), text in zip(rows, HOSTILE, strict=True):
        assert number.data_type == "n"
        assert title.data_type != "f", text[:40]
        assert title.hyperlink is None
        assert len(title.value or "") <= CELL_CHARS
        if text.isprintable() and len(text) < 1000 and "_x" not in text:
            assert (title.value or "") == inert(text)


def test_a_sheet_that_is_full_goes_on_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "SHEET_ROWS", 10)
    book = load_workbook(io.BytesIO(written(write_xlsx, of([f"n{n}" for n in range(25)]))))
    titles = [row[1] for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert book.sheetnames == ["export", "export 2", "export 3"]
    assert titles == [f"n{n}" for n in range(25)]


@pytest.mark.parametrize("ending", exports.WRITERS)
def test_nothing_to_export_is_a_table_with_headings(ending: str) -> None:
    content = written(exports.WRITERS[ending], of([]))
    if ending == "xlsx":
        assert [*load_workbook(io.BytesIO(content)).active.values] == [("number", "title", "authors")]
    else:
        assert content.decode("utf-8-sig") == {"jsonl": "", "csv": "number,title,authors\r\n"}[ending]


def rows_of(desk: Newsdesk, what: str) -> list[dict[str, Any]]:
    out = io.BytesIO()
    write_jsonl(exports.EXPORTS[what](desk.parts.database, ["rivers"]), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_every_address_found_is_in_the_articles_with_its_outcome(desk: Newsdesk, addresses: Addresses) -> None:
    rows = rows_of(desk, "articles")
    assert {row["requested_url"]: row["outcome"] for row in rows} == {
        addresses.river: "article",
        addresses.copy: "article",
        addresses.held: "article",
        addresses.held_again: "same_page",
        addresses.arta: "article",
        addresses.weather: "screened",
        addresses.nothing: "unreadable",
        addresses.blocked: "blocked",
        addresses.refused: "robots_refused",
    }
    assert all(tuple(row) == exports.ARTICLE_COLUMNS for row in rows)
    river = next(row for row in rows if row["requested_url"] == addresses.copy)
    assert (river["country"], river["outlet"], river["language"], river["published"]) == (
        "XK",
        "Fjala e Malit",
        "sq",
        "2026-03-13T10:00:00+01:00",
    )


def test_mentions_and_stories_are_exported_and_what_is_held_is_counted(desk: Newsdesk, addresses: Addresses) -> None:
    desk.night("match", "group")
    mentions = exports.export_mentions(desk.parts.database, ["rivers"])
    assert {row["url"] for row in mentions.rows} == {addresses.river, addresses.copy, addresses.arta}
    assert mentions.withheld == 1
    stories = exports.export_stories(desk.parts.database, ["rivers"])
    rows = [*stories.rows]
    assert sorted(row["items"] for row in rows) == [1, 2]
    assert next(row for row in rows if row["items"] == 2)["countries"] == ["AL", "XK"]


def test_a_held_article_stays_in_the_house_when_another_campaign_is_asked_for_or_its_file_is_gone(desk: Newsdesk) -> None:
    desk.night("match")
    export = exports.export_articles(desk.parts.database, ["another"])
    assert HELD not in json.dumps([*export.rows], ensure_ascii=False)
    assert export.withheld == 2


def test_an_export_that_fails_leaves_no_half_file(desk: Newsdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from tracker.cli.main import cli

    def disk_full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(exports.WRITERS, "csv", disk_full)
    (tmp_path / "out.csv").write_text("the old one", "utf-8")
    found = CliRunner().invoke(cli, ["-w", str(desk.folder), "export", "articles", "--format", "csv", "-o", str(tmp_path / "out.csv")])
    assert isinstance(found.exception, OSError)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["out.csv"]
    assert (tmp_path / "out.csv").read_text("utf-8") == "the old one"
