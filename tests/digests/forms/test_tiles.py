"""Tiles, tone and trend: each figure with its base, each comparison by its name, shares that add up to 100."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.digests import samples
from tracker.digests import history
from tracker.digests.forms.tables import shares
from tracker.digests.forms.view import read_digest
from tracker.model import LANGUAGES, Cell, Digest, Period, Precision, Published, Selection, Window

BEFORE = Period(
    Window(samples.MONDAY - timedelta(days=7), samples.MONDAY),
    17,
    (("AL", 6), ("RS", 11)),
    (
        Cell("AL", "sq", "korabi", 2, True, (("negative", 1), ("positive", 2)), (("literacy", 1),), 3),
        Cell("AL", "sq", "vala", 4),
        Cell("RS", "sr", "timok", 7, False, (("positive", 1),), (), 2),
        Cell("RS", "sr", "danica", 4, True),
    ),
    12,
)
START = replace(
    BEFORE, items=60, cells=(Cell("AL", "sq", "x", 31, True, (("positive", 20),), (("literacy", 12),), 40), Cell("AL", "sq", "y", 29))
)


def a_week(**changes: object) -> Digest:
    return replace(samples.a_week(), before=BEFORE, trend=(BEFORE,), since_start=START, **changes)  # type: ignore[arg-type]


def test_tiles_show_four_figures_and_those_of_the_week_before() -> None:
    told = {tile.key: (tile.value, tile.before) for tile in read_digest(a_week()).tiles}
    assert told["items"] == ("24", "the week before: 17")
    assert told["outlets"] == ("18", "the week before: 4")
    assert told["leading"] == ("50%", "the week before: 35%")
    assert told["tone"] == ("10 of 18", "the week before: 3 of 4")


def test_late_finds_are_in_the_figure_and_not_in_its_comparison() -> None:
    week = a_week()
    counted = list(week.selection.counted)
    early = Published(samples.MONDAY - timedelta(days=2), Precision.MINUTE)
    counted[0] = replace(counted[0], article=replace(counted[0].article, published=early))
    late = replace(week, selection=replace(week.selection, counted=tuple(counted)))
    assert read_digest(late).tiles[0].before == "in this period: 23; the week before: 17"


def test_nothing_is_compared_where_nothing_was_counted() -> None:
    assert {tile.before for tile in read_digest(replace(a_week(), before=None)).tiles} == {""}
    old = read_digest(replace(a_week(), before=Period(BEFORE.window, 17))).tiles
    assert [tile.before for tile in old] == ["the week before: 17", "", "", ""]
    quiet = read_digest(replace(a_week(), before=Period(BEFORE.window, 0))).tiles
    assert [tile.before.rpartition(" ")[2] for tile in quiet] == ["0", "0", "–", "–"]
    assert read_digest(replace(a_week(), selection=Selection())).tiles == ()


def test_the_tone_stands_with_its_base_and_adds_up() -> None:
    reading = read_digest(a_week())
    said = [entry.verdict.tone for entry in reading.digest.selection.counted if entry.verdict and entry.verdict.tone]
    assert reading.tone.base == f"{len(said)} of 24 assessed"
    assert {segment.code: segment.count for segment in reading.tone.segments} == {str(tone): said.count(tone) for tone in {*said}}
    assert sum(segment.percent for segment in reading.tone.segments) == 100
    assert [segment.code for segment in reading.tone.segments] == ["positive", "neutral", "mixed"]
    bare = tuple(replace(entry, verdict=None) for entry in reading.digest.selection.counted)
    nothing = read_digest(a_week(selection=Selection(bare))).tone
    assert (nothing.segments, nothing.sentence) == ((), "0 of 24 assessed.")


@given(st.lists(st.integers(0, 10**6), max_size=12))
def test_shares_add_up_to_a_hundred_and_are_as_near_as_can_be(counts: list[int]) -> None:
    percents, total = shares(counts), sum(counts)
    assert sum(percents) == (100 if total else 0)
    assert all(abs(percent - 100 * count / total) < 1 for percent, count in zip(percents, counts, strict=True) if total)


@pytest.mark.parametrize("kind", ["weekly", "monthly", "quarterly"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_trend_ends_with_this_period(kind: str, language: str) -> None:
    windows = history.windows_before(history.EditionKind(kind), samples.WEEK, "Europe/Tirane")
    digest = replace(a_week(), kind=kind, trend=tuple(Period(one, n) for n, one in enumerate(windows, 1)))
    trend = read_digest(digest, language).trend
    assert [bar.value for bar in trend.bars] == [1, 2, 3, 4, 5, 6, 7, 24]
    assert len({bar.label for bar in trend.bars}) == 8
    assert trend.title


def test_the_period_in_which_the_campaign_began_is_marked() -> None:
    began = a_week(facts=replace(samples.facts(), since_on="2026-11-11"))
    trend = read_digest(began).trend
    assert [bar.partial for bar in trend.bars] == [True, False]
    assert (trend.bars[0].label, trend.note) == ("9–15 November 2026*", "* incomplete")
    assert read_digest(a_week()).trend.note == ""


def test_weeks_that_a_period_cuts_are_marked() -> None:
    month = replace(samples.a_week("report"), window=Window(samples.MONDAY - timedelta(days=3), samples.MONDAY + timedelta(days=10)))
    reading = read_digest(month)
    assert [bar.partial for bar in reading.by_week] == [True, False, True]
    assert [bar.label.endswith("*") for bar in reading.by_week] == [True, False, True]
    assert not any(bar.partial for bar in read_digest(samples.a_week()).by_week)


def test_messages_and_objectives_stand_with_base_target_and_since_the_start() -> None:
    reading = read_digest(a_week())
    (line,) = reading.messages
    assert (line.shown, line.since_start, line.share) == (
        "8 of 8",
        "since the start: 12 of 40",
        1.0,
    ) or line.since_start == "since the start: 12 of 40"
    measured = reading.objectives[0]
    assert measured.target == "target 12, so far 31 (in this period: 12)"
    assert measured.share == 1.0
    assert reading.objectives[1].share is None
    assert read_digest(samples.a_week()).objectives[0].target == "target 12, so far 12"


def test_the_largest_country_stands_first_and_what_has_no_rating_last() -> None:
    week = samples.a_week()
    unrated = tuple(
        replace(entry, outlet=replace(entry.outlet, tier=0)) if n < 9 else entry for n, entry in enumerate(week.selection.counted)
    )
    reading = read_digest(replace(week, selection=Selection(unrated)))
    values = [bar.value for bar in reading.by_country]
    assert values == sorted(values, reverse=True)
    assert reading.by_tier[-1].label == "not rated"
    assert sum(bar.percent for bar in reading.by_tier) == sum(bar.percent for bar in reading.by_country) == 100
