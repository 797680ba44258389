"""Where a chart's bars and words stand. Geometry only: `templates/shared/charts.svg` draws it.

A chart has a wide and a narrow form, so that its words stay readable on a phone; a bar always has its number beside it or above.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from msgspec import Struct

from tracker.digests.forms.tables import Bar, MessageLine

WIDE, NARROW, COLUMN = 640, 300, 320
"""Widths of a chart: over a page, on a phone, and in a column of a page on paper."""
ROW_HEIGHT, LABEL_HEIGHT = 26, 18
LABEL_WIDTH, COLUMN_LABEL_WIDTH, NUMBER_WIDTH, COLUMN_NUMBER_WIDTH = 220, 200, 84, 46
COLUMNS_HEIGHT, LOW_COLUMNS_HEIGHT, COLUMNS_HEAD, COLUMNS_FOOT = 150, 112, 18, 20
LETTER = 7.4
"""Width of an average letter at 13 px, and factors of it: what is cut a little early is still read, what runs into its bar is not."""
DAY_WIDTH = 124
"""What a date below a column needs: `22. septembra 2026.`."""
LEAST_BAR = 1.5
"""Per cent of the width: about 3 px of a bar on a phone of 320 px, the thinnest that is still seen."""


class ChartRow(Struct, frozen=True):
    """A bar with its label, cut to the room there is; `whole` is the label uncut. `inner`: the part of the bar that is filled darker."""

    label: str
    whole: str
    label_y: float
    bar_x: float
    bar_y: float
    bar: float
    inner: float
    shown: str


class RowChart(Struct, frozen=True):
    """Bars that lie. `nested`: each holds an inner one."""

    width: int
    height: int
    rows: tuple[ChartRow, ...]
    nested: bool = False


class ChartColumn(Struct, frozen=True):
    """`label` and `shown` are empty where there is no room for them; `whole` says both."""

    x: float
    y: float
    width: float
    height: float
    centre: float
    label: str
    shown: str
    whole: str


class ColumnChart(Struct, frozen=True):
    """Bars that stand, in the order of time."""

    width: int
    height: int
    baseline: float
    columns: tuple[ChartColumn, ...]


def row_chart(bars: Sequence[Bar], width: int = WIDE) -> RowChart:
    """A bar a row. In a narrow chart the label stands above its bar."""
    return _row_chart([(bar.label, bar.of_largest, 0.0, bar.shown) for bar in bars], width)


def message_chart(messages: Sequence[MessageLine], width: int = WIDE) -> RowChart:
    """Of the items that a person assessed (the whole bar) those in which a message came through (its inner part)."""
    rows = [(line.name, 1.0, line.confirmed / line.assessed, line.shown) for line in messages if line.assessed]
    return _row_chart(rows, width, nested=True)


def column_chart(bars: Sequence[Bar], width: int = WIDE) -> ColumnChart:
    """A column for each bar, with as many dates and numbers as there is room for; the largest always has its number, the last its date."""
    pitch = width / max(len(bars), 1)
    height = LOW_COLUMNS_HEIGHT if width == COLUMN else COLUMNS_HEIGHT
    room, free_from = height - COLUMNS_HEAD - COLUMNS_FOOT, 0.0
    baseline = height - COLUMNS_FOOT
    widths = [max(DAY_WIDTH, text_width(bar.label) + LETTER * 2) for bar in bars]
    free_to = width - widths[-1] if widths else 0.0
    thick = min(pitch * 0.72, 56)
    numbered = next((place for place, bar in enumerate(bars) if bar.of_largest >= 1), -1)
    columns = []
    for place, bar in enumerate(bars):
        high = max(bar.of_largest * room, LEAST_BAR if bar.value else 0)
        centre = (place + 0.5) * pitch
        half = widths[place] / 2
        named_at = max(min(centre, width - half), half)
        named = named_at - half >= free_from and (named_at + half <= free_to or place == len(bars) - 1)
        free_from = named_at + half if named else free_from
        columns.append(
            ChartColumn(
                _px(centre - thick / 2),
                _px(baseline - high),
                _px(thick),
                _px(high),
                _px(named_at),
                bar.label if named else "",
                bar.shown if pitch >= 22 or place == numbered else "",
                f"{bar.label}: {bar.shown}",
            )
        )
    return ColumnChart(width, height, baseline, tuple(columns))


def cut_to(label: str, room: float) -> str:
    """The label, or as much of its beginning as fits into `room` pixels, with dots."""
    if text_width(label) <= room:
        return label
    taken, used = "", LETTER
    for letter in label:
        used += _letter_width(letter)
        if used > room:
            break
        taken += letter
    return f"{taken.rstrip()}…"


def _row_chart(rows: Sequence[tuple[str, float, float, str]], width: int, *, nested: bool = False) -> RowChart:
    above = nested or width <= NARROW
    left = 0 if above else LABEL_WIDTH if width == WIDE else COLUMN_LABEL_WIDTH
    room, pitch = width - left - (COLUMN_NUMBER_WIDTH if width == COLUMN else NUMBER_WIDTH), ROW_HEIGHT + (LABEL_HEIGHT if above else 0)
    placed = tuple(
        ChartRow(
            cut_to(label, width - 4 if above else left - 12),
            label,
            place * pitch + (13 if above else 18),
            left,
            place * pitch + (LABEL_HEIGHT + 1 if above else 5),
            _px(max(share * room, LEAST_BAR if share else 0)),
            _px(inner * room),
            shown,
        )
        for place, (label, share, inner, shown) in enumerate(rows)
    )
    return RowChart(width, len(rows) * pitch, placed, nested)


def text_width(text: str) -> float:
    """Pixels of a text at 13 px, somewhat too many."""
    return sum(map(_letter_width, text))


def _letter_width(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return LETTER * 2
    if letter.isupper() or letter in "mwшщжфюмљњ@%—":
        return LETTER * 1.4
    return LETTER * (0.5 if letter in "ijlt.,:;'|! " else 1.1 if "Ѐ" <= letter <= "ӿ" else 1)


def _px(length: float) -> float:
    return round(length, 1)
