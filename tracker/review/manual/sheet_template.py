"""An empty sheet for coverage found by people: headings, lists to choose from, and one row that shows how."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import IO, Any

from tracker.model import OUTLET_COUNTRIES, Medium, Outlet, Tone
from tracker.review.manual.sheet_rows import COLUMNS, EXAMPLE, LANGUAGES, NEEDED
from tracker.spreadsheets.xlsx_write import HEADING, ISO_DAY, TO_FILL, open_workbook, write_list

OUTLETS, MEANINGS = "outlets", "columns"
BESIDE = (OUTLETS, MEANINGS)
"""Sheets of ours that hold no rows."""
ROWS = 2000
"""Rows that have lists to choose from."""
HEADING_ROW = 2  # counted from 0, below the title and a line on how to send it
TITLE = "Coverage found by people: one row an item. Needed: medium, outlet, date, headline; for online and social also the link."
HOW = "Then: tracker add --import THIS-FILE.xlsx. The sheet may be sent as often as you like: an item is entered once."
WIDTHS = {
    "outlet": 24,
    "headline": 46,
    "text": 50,
    "link": 30,
    "picture": 24,
    "programme": 20,
    "author": 18,
    "reach source": 20,
    "note": 30,
}
MEANING = {
    "medium": "print, television, radio, social or online",
    "outlet": "its name or id as on the sheet 'outlets'; another name is a new outlet, which needs a country",
    "country": "AL, BA, XK, ME, MK, RS; XB: regional. Leave it empty for outlets of the register",
    "date": "when it appeared: a date, or text as 23.11.2026 or 2026-11-23",
    "time or page": "time of the broadcast, or the page in print",
    "programme": "of television and radio; of print the section",
    "headline": "as it stood, in its own language; of a broadcast its topic",
    "text": "the text, or a summary of it: what is searched and quoted from",
    "link": "address of the item; needed for online and social",
    "picture": "address of a scan or screenshot",
    "language": "sq, sr, bs, hr, cnr, mk, en; empty: told by the text",
    "author": "several with ; between them",
    "tone": "positive, neutral, negative or mixed; empty: not assessed",
    "reach": "a whole number, only with its source and date; never an advertising value",
    "reach source": "who measured it",
    "reach date": "when it was measured",
    "tier": "1, 2 or 3, of an outlet that is new; empty: not rated",
    "note": f"for the staff; a row whose note begins with {EXAMPLE} is skipped",
}
_EXAMPLE_ROW = {
    "medium": "television",
    "outlet": "Televizija Primjer",
    "country": "BA",
    "date": date(2026, 3, 12),
    "time or page": "19:30",
    "programme": "Dnevnik",
    "headline": "Naslov priloga",
    "text": "O čemu se govorilo, u dvije rečenice.",
    "language": "bs",
    "note": f"{EXAMPLE}: this row is skipped",
}


def write_template(out: IO[bytes], outlets: Sequence[Outlet]) -> None:
    """Writes the sheet; the outlets are those to choose from."""
    listed = sorted(outlets, key=lambda outlet: (outlet.country, outlet.name.casefold()))
    with open_workbook(out) as book:
        sheet = book.add_worksheet("coverage")
        _write_head(book, sheet)
        _write_example(book, sheet)
        for column, name in enumerate(COLUMNS):
            if rule := _rule(name, len(listed)):
                sheet.data_validation(HEADING_ROW + 1, column, HEADING_ROW + ROWS, column, rule)
        rows = [(outlet.name, outlet.id, outlet.country) for outlet in listed]
        write_list(book, OUTLETS, (("outlet name", 40), ("outlet id", 28), ("its country", 10)), rows)
        write_list(book, MEANINGS, (("column name", 16), ("what goes in", 100)), [(name, MEANING[name]) for name in COLUMNS])


def write_csv_template(out: IO[bytes]) -> None:
    """Writes the sheet as CSV: headings and the example row, with the mark by which spreadsheets know UTF-8."""
    with io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True) as text:
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        writer.writerow([str(_EXAMPLE_ROW.get(name, "")) for name in COLUMNS])


def _write_head(book: Any, sheet: Any) -> None:
    sheet.write_string(0, 0, TITLE, book.add_format({"bold": True}))
    sheet.write_string(1, 0, HOW)
    heading = book.add_format(HEADING)
    needed = book.add_format(TO_FILL)
    for column, name in enumerate(COLUMNS):
        sheet.write_string(HEADING_ROW, column, name, needed if name in NEEDED else heading)
        sheet.set_column(column, column, WIDTHS.get(name, 12), _format_of(book, name))
    sheet.freeze_panes(HEADING_ROW + 1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.autofilter(HEADING_ROW, 0, HEADING_ROW + ROWS, len(COLUMNS) - 1)


def _format_of(book: Any, column: str) -> Any:
    if column in ("date", "reach date"):
        return book.add_format({"num_format": ISO_DAY})
    return book.add_format({"num_format": "@"}) if column != "reach" else None


def _write_example(book: Any, sheet: Any) -> None:
    grey = book.add_format({"italic": True, "font_color": "#777777"})
    dated = book.add_format({"italic": True, "font_color": "#777777", "num_format": ISO_DAY})
    for column, name in enumerate(COLUMNS):
        value = _EXAMPLE_ROW.get(name, "")
        if isinstance(value, date):
            sheet.write_datetime(HEADING_ROW + 1, column, value, dated)
        else:
            sheet.write_string(HEADING_ROW + 1, column, value, grey)


def _rule(column: str, outlets: int) -> dict[str, Any] | None:
    lists = {
        "medium": [str(medium) for medium in Medium],
        "country": [*OUTLET_COUNTRIES],
        "language": [*LANGUAGES],
        "tone": [str(tone) for tone in Tone],
        "tier": ["1", "2", "3"],
    }
    if column in lists:
        return {"validate": "list", "source": lists[column], "error_title": "Not in the list", "error_message": MEANING[column]}
    if column == "outlet" and outlets:
        return {"validate": "list", "source": f"={OUTLETS}!$A$2:$A${outlets + 1}", "show_error": False}
    return None
