"""The interval of 95 % holds the truth in at least 93 % of simulated weeks, in every regime. `make soak` runs whole years."""

from __future__ import annotations

import pytest

from tests.estimate.simulated_year import REGIMES, UNSEEN, Regime, weeks
from tracker.estimate.carrying import carry_over
from tracker.estimate.classical import found_in
from tracker.estimate.total import Total, estimate_total, together

FLOOR = 0.93


class Tally:
    """Weeks judged, those whose interval held, and the figures that are reported."""

    def __init__(self) -> None:
        self.weeks = self.held = self.refused = 0
        self.width = self.bias = self.missed = self.naive = 0.0

    def note(self, low: int, high: int, middle: float, naive: float, found: int, truth: int) -> None:
        self.weeks += 1
        self.held += low <= truth <= high
        self.width += (high - low) / truth
        self.bias += (middle - truth) / truth
        self.missed += (truth - found) / truth
        self.naive += (naive - truth) / truth

    @property
    def share(self) -> float:
        return self.held / self.weeks if self.weeks else 0.0

    def __str__(self) -> str:
        count = max(1, self.weeks)
        figures = (self.missed, self.width, self.bias, self.naive)
        missed, width, bias, naive = (f"{100 * value / count:.2f} %" for value in figures)
        return (
            f"{self.held} of {self.weeks} held, missed {missed}, mean width {width}, bias {bias}, two nets {naive}, refused {self.refused}"
        )


def judge(regime: Regime, seeds: range, count: int, *, share: float = 1.0) -> Tally:
    """All articles of the weeks."""
    tally = Tally()
    for seed in seeds:
        for week in weeks(regime, seed, count, share=share):
            total = estimate_total(week.cells)
            if isinstance(total, Total):
                naive = total.found + (total.naive.count if total.naive else 0)
                tally.note(total.low, total.high, total.found + total.unseen.count, naive, total.found, week.there_were)
            else:
                tally.refused += 1
    return tally


def judge_items(regime: Regime, seeds: range, count: int, items: float) -> Tally:
    """A campaign's items of the weeks, carried over from all articles."""
    tally = Tally()
    for seed in seeds:
        for week in weeks(regime, seed, count, items=items):
            total = estimate_total(week.cells)
            found = {stratum: found_in(cells) for stratum, cells in week.items.items()}
            sum_found = found_in(together(week.items.values()))
            if not isinstance(total, Total) or not sum_found:
                tally.refused += 1
                continue
            unseen = carry_over(total, found)
            low, high = unseen.interval()
            middle = sum_found + unseen.count
            tally.note(sum_found + int(low), sum_found + -int(-high // 1), middle, sum_found, sum_found, week.items_there_were)
    return tally


def test_the_interval_holds_in_some_weeks_of_every_kind() -> None:
    tallies = {regime.name: judge(regime, range(1, 2), 3) for regime in REGIMES}
    told = "; ".join(f"{name}: {tally}" for name, tally in tallies.items())
    held, weeks_ = sum(tally.held for tally in tallies.values()), sum(tally.weeks for tally in tallies.values())
    assert held >= FLOOR * weeks_, told
    assert weeks_ == 3 * len(REGIMES), told
    assert all(abs(tally.bias) < abs(tally.naive) for tally in tallies.values()), told


def test_the_interval_of_a_campaigns_items_holds_in_some_weeks() -> None:
    tally = judge_items(REGIMES[-1], range(1, 3), 4, items=61)
    assert tally.share >= FLOOR, str(tally)


def test_what_no_net_can_see_is_in_no_estimate() -> None:
    """No method can know of it: the documentation says so, and this holds that it is true."""
    tally = judge(UNSEEN, range(1, 2), 1)
    assert tally.held == 0, str(tally)


@pytest.mark.soak
@pytest.mark.parametrize("regime", REGIMES, ids=lambda regime: regime.name)
@pytest.mark.parametrize("share", [1.0, 0.01])
def test_the_interval_holds_in_years(regime: Regime, share: float, capsys: pytest.CaptureFixture[str]) -> None:
    tally = judge(regime, range(101, 103), 52, share=share)
    with capsys.disabled():
        print(f"\n{regime.name}, {share:.0%} of the articles: {tally}")
    assert tally.share >= FLOOR, str(tally)
    assert tally.refused <= 0.05 * 104, str(tally)


@pytest.mark.soak
@pytest.mark.parametrize("items", [6, 61, 300])
@pytest.mark.parametrize("regime", REGIMES, ids=lambda regime: regime.name)
def test_the_interval_of_a_campaigns_items_holds_in_years(regime: Regime, items: int, capsys: pytest.CaptureFixture[str]) -> None:
    tally = judge_items(regime, range(201, 203), 52, items)
    with capsys.disabled():
        print(f"\n{regime.name}, {items} items a week: {tally}")
    assert tally.share >= FLOOR, str(tally)
