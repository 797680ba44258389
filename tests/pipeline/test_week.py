"""A simulated week of the whole register."""

from __future__ import annotations

import pytest

from tests import week
from tracker.register import catalog


@pytest.fixture(scope="module")
def press() -> list[week.Press]:
    return week.the_press()


def test_polling_by_need_sees_over_995_of_1000_items_at_a_bearable_number_of_requests(press: list[week.Press]) -> None:
    by_tier = week.by_need(press)
    everything = week.total(by_tier)
    assert everything.outlets == 576
    assert everything.share > 0.995
    assert all(seen.share > 0.995 for seen in by_tier.values())
    assert everything.requests_per_outlet_hour < 2
    assert all(seen.requests_per_outlet_hour <= 6 for seen in by_tier.values())


def test_one_poll_a_night_sees_less_than_half(press: list[week.Press]) -> None:
    assert week.total(week.once_a_night(press)).share < 0.5


def test_the_figures_of_the_notes_name_outlets_of_the_register() -> None:
    assert {*week.NOTED_ITEMS, *week.NOTED_WINDOWS} <= {outlet.id for outlet in catalog.shipped().outlets}
