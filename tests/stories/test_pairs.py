from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.stories.headlines import Agreed
from tracker.stories.pairs import Likeness, Shared, is_worth_a_look, likeness, of_other_figures

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NO_NUMBERS: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
FIGURES = frozenset(map(str, range(100, 110)))


@pytest.mark.parametrize(
    ("shared", "expected"),
    [
        pytest.param(Shared(90, 100, 100, HOUR, Agreed.ON_NOTHING), Likeness.SAME, id="a copy"),
        pytest.param(Shared(90, 100, 100, None, Agreed.ON_NOTHING), Likeness.SAME, id="a copy without a time"),
        pytest.param(Shared(90, 100, 100, 9 * DAY, Agreed.ON_NOTHING), Likeness.SAME, id="the same text again, days later"),
        pytest.param(Shared(65, 100, 100, HOUR, Agreed.ON_NOTHING), Likeness.SAME, id="most of a text, on one day"),
        pytest.param(Shared(65, 100, 100, 9 * DAY, Agreed.ON_A_SUBJECT), Likeness.APART, id="a form filled in again"),
        pytest.param(Shared(65, 100, 100, 9 * DAY, Agreed.ON_MOST), Likeness.SAME, id="most of a text under its headline, days later"),
        pytest.param(Shared(95, 100, 300, 9 * DAY, Agreed.ON_NOTHING), Likeness.SAME, id="all of a text within another, days later"),
        pytest.param(Shared(38, 40, 110, 9 * DAY, Agreed.ON_NOTHING), Likeness.APART, id="a formula within another, days later"),
        pytest.param(Shared(50, 100, 120, HOUR, Agreed.ON_A_WORD), Likeness.SAME, id="half of a text, on one day and of one subject"),
        pytest.param(Shared(50, 100, 120, HOUR, Agreed.ON_NOTHING), Likeness.APART, id="half of a text under another headline"),
        pytest.param(Shared(50, 100, 120, None, Agreed.ON_MOST), Likeness.APART, id="half of a text without a time"),
        pytest.param(Shared(50, 100, 400, HOUR, Agreed.ON_MOST), Likeness.APART, id="one paragraph of a long text"),
        pytest.param(Shared(15, 30, 30, HOUR, Agreed.ON_MOST), Likeness.APART, id="one quotation of two briefs"),
        pytest.param(Shared(90, 100, 900, HOUR, Agreed.ON_A_WORD), Likeness.HELD, id="a text within a round-up"),
        pytest.param(Shared(90, 100, 900, HOUR, Agreed.ON_A_SUBJECT), Likeness.SAME, id="a text within a long one of its subject"),
        pytest.param(Shared(40, 100, 100, HOUR, Agreed.ON_MOST), Likeness.APART, id="less than half"),
        pytest.param(Shared(0, 0, 100, HOUR, Agreed.ON_MOST), Likeness.APART, id="no text at all"),
    ],
)
def test_what_two_texts_are_to_each_other(shared: Shared, expected: Likeness) -> None:
    assert likeness(shared, NO_NUMBERS) is expected


@pytest.mark.parametrize(
    ("apart", "changed", "expected"),
    [
        (DAY, 0, False),  # the same bulletin at another outlet, a day later
        (DAY, 1, False),
        (DAY, 2, True),  # the next day's figures
        (HOUR, 9, False),  # figures of one day brought up to date
        (None, 3, False),
        (None, 6, True),
    ],
)
def test_figures_of_two_days_are_told_by_their_numbers(apart: timedelta | None, changed: int, expected: bool) -> None:
    later = frozenset(sorted(FIGURES)[changed:]) | {f"9{number}" for number in range(changed)}
    assert of_other_figures(apart, FIGURES, later) is expected
    shared = Shared(95, 100, 100, apart, Agreed.ON_MOST)
    assert likeness(shared, (FIGURES, later)) is (Likeness.APART if expected else Likeness.SAME)


def test_a_few_numbers_tell_nothing() -> None:
    assert not of_other_figures(DAY, frozenset({"3", "12"}), frozenset({"5", "19"}))


@given(
    st.integers(0, 200),
    st.integers(1, 200),
    st.integers(0, 2000),
    st.none() | st.timedeltas(min_value=timedelta(), max_value=timedelta(days=40)),
    st.sampled_from(Agreed),
)
def test_what_is_not_worth_a_look_is_apart(both: int, short: int, longer: int, apart: timedelta | None, agreed: Agreed) -> None:
    shared = Shared(min(both, short), short, short + longer, apart, agreed)
    if not is_worth_a_look(shared.both, short):
        assert likeness(shared, NO_NUMBERS) is Likeness.APART


@given(
    st.integers(1, 200), st.integers(0, 2000), st.sampled_from(Agreed), st.timedeltas(min_value=timedelta(), max_value=timedelta(days=40))
)
def test_more_in_common_never_parts_two_texts(short: int, longer: int, agreed: Agreed, apart: timedelta) -> None:
    order = [Likeness.APART, Likeness.HELD, Likeness.SAME]
    found = [likeness(Shared(both, short, short + longer, apart, agreed), NO_NUMBERS) for both in range(short + 1)]
    joined = [answer is not Likeness.APART for answer in found]
    assert joined == sorted(joined)
    assert set(found) <= set(order)
