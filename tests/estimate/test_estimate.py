"""The formulas against worked examples and published tables, and what the estimate refuses."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.estimate import loglinear
from tracker.estimate.carrying import carry_over
from tracker.estimate.classical import Unseen, chao, chapman, found_in, naive
from tracker.estimate.equations import fit_poisson, invert
from tracker.estimate.total import REST, Total, estimate_total, refusal
from tracker.model import NoEstimate

A, B, C = frozenset("a"), frozenset("b"), frozenset("c")
SPINA_BIFIDA = {A: 60, B: 49, A | B: 4, C: 247, A | C: 112, B | C: 142, A | B | C: 12}
"""Birth certificates, death certificates and rehabilitation records, New York 1969-1974 (Regal & Hook 1984): 626 cases."""
GOOD = {A: 100, B: 60, C: 40, A | B: 80, A | C: 50, B | C: 30, A | B | C: 60}


def test_chapman_is_what_the_worked_example_says() -> None:
    found = chapman(200, 200, 40)  # 201 x 201 / 41 - 1 = 984.4, less 360 that were caught
    assert found.count == pytest.approx(984.4 - 360, abs=0.1)
    assert found.variance == pytest.approx(201 * 201 * 160 * 160 / (41**2 * 42))


def test_chaos_lower_bound_takes_once_and_twice_caught_alone() -> None:
    found = chao({A: 10, B: 10, A | B: 19})
    assert found is not None
    assert found.count == pytest.approx(0.5 * 20 * 19 / (2 * 20))
    assert chao({A: 3}) is None


def test_of_two_nets_the_naive_one_takes_off_what_others_caught() -> None:
    alone, with_third = naive({A: 50, B: 50, A | B: 50}), naive({A: 50, B: 50, A | B: 50, C: 30})
    assert alone is not None
    assert with_third is not None
    assert alone.count - with_third.count == pytest.approx(30)
    assert naive({A: 5}) is None


def test_the_published_table_of_three_lists_comes_out_as_published() -> None:
    """Regal & Hook: independence 634 to 757 by model; the model of two interactions gives 757 (s.e. some 40)."""
    unseen = loglinear.average(SPINA_BIFIDA, ["a", "b", "c"])
    assert unseen is not None
    low, high = unseen.interval()
    assert 50 < low < unseen.count < high < 400
    assert low < 757 - 626 < high


def test_a_saturated_table_of_independent_nets_gives_its_empty_cell_back() -> None:
    chances = {"a": 0.8, "b": 0.5, "c": 0.4}
    cells = {}
    for named in (A, B, C, A | B, A | C, B | C, A | B | C):
        share = math.prod(chance if net in named else 1 - chance for net, chance in chances.items())
        cells[named] = round(100_000 * share)
    unseen = loglinear.average(cells, ["a", "b", "c"])
    assert unseen is not None
    assert unseen.count == pytest.approx(100_000 * 0.2 * 0.5 * 0.6, rel=0.05)


def test_equations_are_solved_or_given_up() -> None:
    assert invert([[2.0, 0.0], [0.0, 4.0]]) == [[0.5, 0.0], [0.0, 0.25]]
    assert invert([[1.0, 1.0], [1.0, 1.0]]) is None
    fit = fit_poisson([[1.0, 0.0], [1.0, 1.0]], [10, 40])
    assert fit is not None
    assert fit.beta == pytest.approx((math.log(10), math.log(4)), abs=1e-6)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({}, NoEstimate.NOTHING_FOUND),
        ({A: 500}, NoEstimate.ONE_NET),
        ({A: 500, B: 300, A | B: 200}, NoEstimate.ONE_NET),
        ({A: 5, B: 5, C: 5, A | B: 1}, NoEstimate.TOO_FEW),
        ({A: 50, B: 50, C: 50}, NoEstimate.NO_OVERLAP),
        ({A: 50, B: 50, C: 50, A | B: 6}, NoEstimate.NO_OVERLAP),
        ({A: 400, B: 300, A | B: 200, C: 2}, NoEstimate.TOO_FEW),
        (GOOD, None),
    ],
)
def test_what_cannot_be_supported_is_refused_with_its_reason(cells: dict[frozenset[str], int], reason: NoEstimate | None) -> None:
    assert refusal(cells) is reason
    if reason:
        assert estimate_total({"1": cells}) is reason


def test_strata_that_are_too_small_are_judged_together() -> None:
    small = {named: max(1, count // 30) for named, count in GOOD.items()}
    total = estimate_total({"1": GOOD, "2": small, "3": small, "4": {A: 3}})
    assert isinstance(total, Total)
    assert set(total.odds) == {"1", REST}
    assert total.found == found_in(GOOD) + 2 * found_in(small) + 3
    assert total.low <= total.found + total.unseen.count <= total.high


def test_items_are_missed_as_articles_are_and_few_are_less_sure() -> None:
    class Judged:
        odds = {"1": Unseen(0.02, 0.00001), REST: Unseen(0.1, 0.0004)}  # noqa: RUF012

    few = carry_over(Judged(), {"1": 50, "unheard of": 10})
    assert few.count == pytest.approx(2.0)
    many = carry_over(Judged(), {"1": 5000, "unheard of": 1000})
    assert math.sqrt(many.variance) / many.count < math.sqrt(few.variance) / few.count
    assert carry_over(Judged(), Counter()).count == 0


counts = st.dictionaries(
    st.frozensets(st.sampled_from(["feed", "gdelt", "sitemap"]), max_size=3),
    st.integers(0, 5000),
    max_size=8,
)


@given(st.dictionaries(st.sampled_from(["1:", "2:", "3:"]), counts, max_size=3))
def test_whatever_was_counted_gives_a_sound_interval_or_a_reason(strata: dict[str, dict[frozenset[str], int]]) -> None:
    total = estimate_total(strata)
    if isinstance(total, NoEstimate):
        return
    assert total.found <= total.low <= total.high
    assert math.isfinite(total.unseen.variance)
    assert total.high <= 4 * total.found + 1
    assert total.found + total.unseen.count <= total.high + 1
