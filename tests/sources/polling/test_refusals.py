"""Who refuses us, and what of them is asked: tables, and what holds of any outlet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import FetchOutcome
from tracker.sources.polling.refusals import PROBED_EVERY, Asked, lasting, refusing, spared

NOW = datetime(2026, 11, 27, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
BLOCKED, ROBOTS, GOT, DOWN = FetchOutcome.BLOCKED, FetchOutcome.ROBOTS_REFUSED, FetchOutcome.FETCHED, FetchOutcome.TIMEOUT


def asked(
    outcome: FetchOutcome | None, name: str = "1", hours: float = 24, answered: float | None = None, status: int | None = None
) -> Asked:
    at = None if outcome is None else NOW - hours * HOUR
    return Asked(f"a:feed:{name}", "a", outcome, at, None if answered is None else NOW - answered * HOUR, status)


@pytest.mark.parametrize(
    ("sources", "refuses"),
    [
        ([asked(BLOCKED)], True),
        ([asked(ROBOTS)], True),
        ([asked(ROBOTS, status=503)], False),
        ([asked(BLOCKED), asked(ROBOTS, "2")], True),
        ([asked(BLOCKED), asked(GOT, "2", answered=24)], False),
        ([asked(BLOCKED), asked(None, "2")], False),
        ([asked(BLOCKED), asked(DOWN, "2")], False),
        ([asked(BLOCKED, answered=30)], False),
        ([asked(BLOCKED, answered=30 * 24)], True),
        ([asked(None)], False),
        ([asked(DOWN)], False),
    ],
)
def test_an_outlet_refuses_where_every_source_was_refused_and_none_has_answered_lately(sources: list[Asked], refuses: bool) -> None:
    assert refusing(sources, NOW) == ({"a"} if refuses else frozenset())


@pytest.mark.parametrize(
    ("hours", "outcome", "marked", "lasts"),
    [(71, BLOCKED, False, False), (72, BLOCKED, False, True), (1, ROBOTS, False, True), (1, BLOCKED, True, True), (80, DOWN, False, False)],
)
def test_a_refusal_lasts_by_the_register_by_robots_txt_or_after_three_days(
    hours: float, outcome: FetchOutcome, marked: bool, lasts: bool
) -> None:
    one = Asked("a:feed:1", "a", outcome, NOW - HOUR, failing_since=NOW - hours * HOUR)
    assert lasting([one], NOW, {"a"} if marked else ()) == ({"a"} if lasts else frozenset())


@pytest.mark.parametrize(
    ("sources", "refuses"),
    [
        ([asked(None)], True),
        ([asked(BLOCKED), asked(None, "2")], True),
        ([asked(GOT, answered=24), asked(None, "2")], False),
        ([asked(DOWN)], False),
    ],
)
def test_what_the_register_says_holds_until_a_source_answers(sources: list[Asked], refuses: bool) -> None:
    assert refusing(sources, NOW, {"a"}) == ({"a"} if refuses else frozenset())


def test_of_a_refusing_outlet_the_source_asked_longest_ago_is_probed_once_a_week() -> None:
    sources = [asked(BLOCKED, "1", 24 * 8), asked(BLOCKED, "2", 24 * 15), asked(BLOCKED, "3", 24 * 9)]
    assert set(spared(sources, {"a"}, NOW)) == {"a:feed:1", "a:feed:3"}
    assert set(spared([*sources, asked(BLOCKED, "4", 24)], {"a"}, NOW)) == {f"a:feed:{n}" for n in (1, 2, 3, 4)}


@given(
    names=st.integers(1, 4),
    steps=st.lists(st.integers(1, 72), min_size=1, max_size=60),
)
def test_however_often_crawls_come_a_refusing_outlet_is_asked_once_in_any_week(names: int, steps: list[int]) -> None:
    last: dict[str, datetime | None] = {f"s{number}": None for number in range(names)}
    now, requests = NOW, []
    for step in steps:
        now += step * HOUR
        sources = [Asked(name, "a", BLOCKED if at else None, at) for name, at in last.items()]
        left_alone = spared(sources, {"a"}, now)
        for name in last:
            if name not in left_alone:
                last[name] = now
                requests.append(now)
    assert all(later - earlier >= PROBED_EVERY for earlier, later in pairwise(requests))
    assert requests
