"""The counts of a period as tables in the language of the page: for the page itself, for a chart, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct

from tracker.digests.numbers import Numbers
from tracker.locale.wording import Wording
from tracker.model import Campaign, Outlet, Tone
from tracker.spreadsheets.cells import inert
from tracker.spreadsheets.xlsx_write import open_workbook, sheet_text
from tracker.store.counting import Count


class Shape(StrEnum):
    """How a table is drawn."""

    ROWS = "rows"  # a lying bar a row, the first number long
    COLUMNS = "columns"  # standing bars in the order of time
    NESTED = "nested"  # of the second number the first
    STACKS = "stacks"  # standing bars cut by all numbers of their row


class Row(Struct, frozen=True):
    """A value with its counts. `narrow`: what the address takes to show this value alone, empty where it cannot."""

    label: str
    counts: tuple[int, ...]
    narrow: str = ""


class Table(Struct, frozen=True):
    """`key` names it in addresses. `filter`: the name of the filter that a row narrows."""

    key: str
    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    filter: str = ""
    shape: Shape = Shape.ROWS


def tables(numbers: Numbers, campaign: Campaign, outlets: Mapping[str, Outlet], words: Wording) -> list[Table]:
    """All tables of a page of numbers, in its order; those without a row are left out."""
    counts, say = numbers.counts, words.say
    sizes = (say("col_items"), say("col_stories"), say("col_outlets"))

    def table(key: str, filtered: str, first: str, title: str, found: Iterable[tuple[object, Count]], named: Callable[[str], str]) -> Table:
        rows = tuple(Row(named(str(value)), (one.items, one.stories, one.outlets), str(value)) for value, one in found)
        return Table(key, title, (first, *sizes), rows, filtered)

    made = [
        _over_time(numbers, words, sizes),
        table("country", "country", say("col_country"), say("by_country"), counts.by_country, lambda code: _country(words, campaign, code)),
        table("language", "language", say("col_language"), say("by_language"), counts.by_language, lambda code: language(words, code)),
        table("tier", "tier", say("col_tier"), say("by_tier"), counts.by_tier, lambda tier: say(f"tier_{tier}")),
        table("outlet", "outlet", say("col_outlet"), say("by_outlet"), counts.by_outlet, lambda name: outlets[name].name),
        _messages(numbers, campaign, words),
        _tones(numbers, words),
    ]
    return [one for one in made if one.rows]


def language(words: Wording, code: str) -> str:
    """A language by its name, or its code where it has none."""
    return words.language_name(code) if words.knows_language(code) else code or words.say("numbers_unknown")


def bar_label(numbers: Numbers, day: date, words: Wording) -> str:
    """A bar of time as it is called."""
    if numbers.step == "month":
        return words.month_year(day)
    return words.day(day)


def write_csv(made: Sequence[Table]) -> bytes:
    """All tables below one another, in UTF-8 with a byte order mark; no cell is taken for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in _lines(made):
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(made: Sequence[Table]) -> bytes:
    """A sheet a table; cells are text or numbers, never formulas."""
    out = io.BytesIO()
    with open_workbook(out) as book:
        heading = book.add_format({"bold": True})
        for table in made:
            sheet = book.add_worksheet(table.key)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, 0, 34)
            for place, title in enumerate(table.head):
                sheet.write_string(0, place, title, heading)
            for line, row in enumerate(table.rows, 1):
                sheet.write_string(line, 0, sheet_text(row.label))
                for place, count in enumerate(row.counts, 1):
                    sheet.write_number(line, place, count)
        if not made:
            book.add_worksheet("empty")
    return out.getvalue()


def _lines(made: Sequence[Table]) -> Iterator[list[str | int]]:
    for table in made:
        yield [table.title]
        yield [*table.head]
        for row in table.rows:
            yield [row.label, *row.counts]
        yield []


def _country(words: Wording, campaign: Campaign, code: str) -> str:
    return words.country(code, campaign.kosovo_note)


def _over_time(numbers: Numbers, words: Wording, sizes: tuple[str, ...]) -> Table:
    found, none = dict(numbers.counts.by_period), Count(0, 0, 0)
    rows = []
    for place, day in enumerate(numbers.bars):
        one = found.get(place, none)
        rows.append(Row(bar_label(numbers, day, words), (one.items, one.stories, one.outlets)))
    titles = {"day": words.say("numbers_by_day"), "week": words.say("by_week"), "month": words.say("numbers_by_month")}
    first = words.say("col_week") if numbers.step == "week" else words.say("numbers_begins")
    return Table("time", titles[numbers.step], (first, *sizes), tuple(rows) if numbers.counts.total.items else (), shape=Shape.COLUMNS)


def _messages(numbers: Numbers, campaign: Campaign, words: Wording) -> Table:
    confirmed, assessed = dict(numbers.counts.by_message), numbers.counts.assessed
    rows = [Row(words.name_in(one.names, one.name), (confirmed.get(one.id, 0), assessed)) for one in campaign.key_messages]
    head = (words.say("col_message"), words.say("col_confirmed"), words.say("col_assessed"))
    return Table("message", words.say("by_message"), head, tuple(rows) if assessed else (), shape=Shape.NESTED)


def _tones(numbers: Numbers, words: Wording) -> Table:
    """Tone over time: of each bar the items of each tone, and those that nobody assessed."""
    kinds = (*map(str, Tone), "")
    found = {(place, tone): items for place, tone, items in numbers.counts.by_tone}
    rows = []
    for place, day in enumerate(numbers.bars):
        counted = tuple(found.get((place, tone), 0) for tone in kinds)
        rows.append(Row(bar_label(numbers, day, words), counted))
    assessed = any(sum(row.counts[:-1]) for row in rows)
    head = (words.say("numbers_begins"), *(words.say(f"tone_{tone or 'none'}") for tone in kinds))
    return Table("tone", words.say("numbers_tone"), head, tuple(rows) if assessed else (), shape=Shape.STACKS)
