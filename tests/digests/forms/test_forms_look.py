"""Colours and charts: readable with any campaign's colour, bars as long as their numbers, labels that fit."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.digests.forms import charts
from tracker.digests.forms.palette import AA_TEXT, DARK_SHEET, DEFAULT_COLOUR, WHITE, contrast, palette
from tracker.digests.forms.tables import Bar, MessageLine, bars, topped
from tracker.locale.wording import wording

COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
ROWS = st.lists(st.tuples(st.text(max_size=60), st.integers(0, 500)), max_size=30)


@given(COLOURS)
def test_any_colour_of_a_campaign_is_made_readable(colour: str) -> None:
    made = palette(colour)
    pairs = [(made.brand, WHITE), (made.brand, made.tint), (made.bright, DARK_SHEET)]
    pairs.append((made.on_band, made.band))
    assert all(contrast(text, ground) >= AA_TEXT for text, ground in pairs)
    assert made.band == colour


@pytest.mark.parametrize("colour", ["", "red", "#12345", "#gggggg", "#123456; }"])
def test_what_is_no_colour_gives_our_own(colour: str) -> None:
    assert palette(colour) == palette(DEFAULT_COLOUR)


def test_a_dark_colour_stays_as_it_is() -> None:
    assert palette("#1a5276").brand == "#1a5276"


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.01)


@given(ROWS, st.sampled_from([charts.WIDE, charts.NARROW]))
def test_bars_are_as_long_as_their_numbers_and_stay_inside(rows: list[tuple[str, int]], width: int) -> None:
    data = bars(rows, wording("en"))
    chart = charts.row_chart(data, width)
    assert [row.shown for row in chart.rows] == [bar.shown for bar in data]
    assert all(row.bar_x + row.bar <= width - charts.NUMBER_WIDTH + 0.1 and row.bar_y + 16 <= chart.height for row in chart.rows)
    for one, row in zip(data, chart.rows, strict=True):
        assert (row.bar > 0) == (one.value > 0)
    lengths = [row.bar for row in chart.rows]
    assert sorted(range(len(data)), key=lambda n: (data[n].value, n)) == sorted(
        range(len(data)), key=lambda n: (round(lengths[n], 0), data[n].value, n)
    )


@given(st.lists(st.integers(0, 400), max_size=160), st.sampled_from([charts.WIDE, charts.NARROW]))
def test_columns_stand_on_the_line_and_the_largest_bears_its_number(values: list[int], width: int) -> None:
    data = bars([(f"{n} November 2026", value) for n, value in enumerate(values)], wording("en"))
    chart = charts.column_chart(data, width)
    assert all(
        column.y + column.height == pytest.approx(chart.baseline, abs=0.11) and column.y >= charts.COLUMNS_HEAD - 0.1
        for column in chart.columns
    )
    assert all(-0.1 <= column.x <= column.x + column.width <= width + 0.1 for column in chart.columns)
    if any(values):
        assert max(values) in [int(column.shown) for column in chart.columns if column.shown]
    named = [column.centre for column in chart.columns if column.label]
    assert all(later - earlier >= charts.DAY_WIDTH - 1 for earlier, later in pairwise(named)) or width < 2 * charts.DAY_WIDTH


@given(st.text(max_size=200), st.integers(40, 300))
def test_a_label_is_cut_to_its_room(label: str, room: int) -> None:
    cut = charts.cut_to(label, room)
    assert cut == label or (cut.endswith("…") and label.startswith(cut[:-1].rstrip()) and len(cut) <= len(label) + 1)


def test_messages_show_how_many_of_the_assessed_items_carry_them() -> None:
    chart = charts.message_chart([MessageLine("a", 30, 4, 10, "4 of 10"), MessageLine("b", 5, 0)])
    assert [(row.shown, row.inner == pytest.approx(row.bar * 0.4, abs=0.1)) for row in chart.rows] == [("4 of 10", True)]


@given(st.lists(st.integers(1, 50), max_size=30), st.integers(2, 12))
def test_rows_that_are_summed_up_still_add_up(values: list[int], most: int) -> None:
    data = bars([(f"Outlet {n}", value) for n, value in enumerate(sorted(values, reverse=True))], wording("en"))
    short = topped(data, most, wording("en"))
    assert len(short) <= most
    assert sum(bar.value for bar in short) == sum(values)


def test_few_rows_stay_as_they_are() -> None:
    rows = (Bar("a", 1, "1", 1.0, 1.0),)
    assert topped(rows, 10, wording("en")) == rows
