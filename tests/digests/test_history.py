"""Figures of other periods: by day of publication, by country, and adding up."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from tests.digests import samples
from tracker.digests import history
from tracker.digests.narrowing import narrowed
from tracker.model import EditionKind, Period, Scope, Window

PERIOD = history.count_period(samples.WEEK, samples.week_entries())


def test_a_periods_figures_are_those_of_its_items() -> None:
    entries = samples.week_entries()
    whole = history.added(PERIOD.cells)
    assert (PERIOD.items, PERIOD.stories) == (24, len({entry.story_key for entry in entries}))
    assert (whole.items, whole.outlets) == (24, len({entry.outlet.id for entry in entries}))
    assert whole.leading == sum(entry.outlet.tier == 1 for entry in entries)
    tones = [entry.verdict.tone for entry in entries if entry.verdict and entry.verdict.tone]
    assert dict(whole.tones) == {str(tone): tones.count(tone) for tone in {*tones}}
    said = [entry.verdict.key_messages for entry in entries if entry.verdict and entry.verdict.key_messages is not None]
    assert (whole.assessed, dict(whole.messages)) == (len(said), {"literacy": len(said)})


def test_what_appeared_outside_of_the_window_is_not_counted() -> None:
    later = Window(samples.WEEK.end_at, samples.WEEK.end_at + timedelta(days=7))
    assert history.count_period(later, samples.week_entries()) == Period(later, 0)


def test_cells_add_up_to_the_whole_and_an_outlet_counts_once() -> None:
    codes = [code for code, _ in PERIOD.by_country]
    alone = [narrowed(replace(samples.a_week(), before=PERIOD), Scope((code,))).before for code in codes]
    assert sum(one.items for one in alone if one) == PERIOD.items
    assert sum(history.added(one.cells).outlets for one in alone if one) == history.added(PERIOD.cells).outlets
    twice = (*PERIOD.cells, replace(PERIOD.cells[0], language="xx"))
    assert history.added(twice).outlets == history.added(PERIOD.cells).outlets


@pytest.mark.parametrize(
    ("kind", "count"), [("weekly", 7), ("monthly", 7), ("quarterly", 7), ("report", 1), ("nightly", 0), ("situation", 0), ("lifetime", 0)]
)
def test_the_periods_before_follow_without_a_gap(kind: str, count: int) -> None:
    windows = history.windows_before(EditionKind(kind), samples.WEEK, "Europe/Tirane")
    assert len(windows) == count
    assert all(one.end_at == other.start_at for one, other in pairwise(windows))
    assert not windows or windows[-1].end_at <= samples.WEEK.end_at


@pytest.mark.parametrize(
    ("name", "value"),
    [("items", 24), ("stories", PERIOD.stories), ("outlets", 18), ("countries", 6), ("tier_1_items", history.added(PERIOD.cells).leading)],
)
def test_objectives_are_measured_on_a_period(name: str, value: int) -> None:
    assert history.measure(PERIOD, name) == value


def test_an_edition_from_before_these_figures_measures_nothing() -> None:
    assert history.measure(Period(samples.WEEK, 5), "items") is None
    assert history.measure(Period(samples.WEEK, 0), "items") == 0
    assert history.added(()).items == 0
