from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import FetchOutcome, PollRecord
from tracker.monitoring.source_health import Health, PollHistory, finding, troubles

NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)


def nights(*new: int | FetchOutcome, source: str = "lumi:feed:1", name: str = "Lumi", country: str = "AL") -> PollHistory:
    """One poll a night up to now: how many new items, or how it failed."""
    polls = [
        PollRecord(NOW - timedelta(days=len(new) - 1 - night), FetchOutcome.FETCHED, 10, one)
        if type(one) is int
        else PollRecord(NOW - timedelta(days=len(new) - 1 - night), FetchOutcome(one), detail="HTTP 503")
        for night, one in enumerate(new)
    ]
    return PollHistory(source, name, country, tuple(polls), source.split(":")[0])


def test_a_source_that_usually_speaks_and_says_nothing_is_silent_since_its_last_word() -> None:
    found = finding(nights(10, 8, 9, 7, 0), NOW)
    assert (found.health, found.since_at) == (Health.SILENT, NOW - timedelta(days=1))
    assert "8 items a day" in found.detail


@pytest.mark.parametrize(
    "history",
    [(10, 1, 0, 1, 0), (10, 8, 9, 7, 2), (10, 8, 0), (10, 0, 0, 0), (0, 0, 0, 0, 0), (50, 2, 1, 2, 0), (10, 0, 1, 0, 0, 0, 0)],
    ids=["slow source", "less than usual", "too little past", "only the first poll", "never spoke", "one quiet night", "a weekly"],
)
def test_silence_that_is_likely_is_no_trouble(history: tuple[int, ...]) -> None:
    assert not finding(nights(*history), NOW).needs_telling


def test_a_slow_source_falls_silent_after_as_many_nights_as_make_it_improbable() -> None:
    assert finding(nights(10, 1, 1, 2, 1, 0, 0, 0, 0), NOW).health is not Health.SILENT
    assert finding(nights(10, 1, 1, 2, 1, 0, 0, 0, 0, 0), NOW).health is Health.SILENT


def test_quiet_sundays_are_learned() -> None:
    weeks = [9] * 5 + [8, 0]
    start_on_tuesday = [9, *weeks, *weeks, *weeks, *weeks]
    history = nights(*start_on_tuesday)
    shifted = [PollRecord(poll.polled_at, poll.outcome, poll.listed, poll.new) for poll in history.polls]
    assert not finding(PollHistory("s", "S", "AL", tuple(shifted)), NOW).needs_telling


def test_old_items_alone_tell_silence_on_the_first_night() -> None:
    poll = PollRecord(NOW, FetchOutcome.FETCHED, 20, 20, NOW - timedelta(days=12), NOW - timedelta(days=16))
    found = finding(PollHistory("s", "S", "AL", (poll,)), NOW)
    assert (found.health, found.since_at) == (Health.SILENT, NOW - timedelta(days=12))
    assert "12 days old" in found.detail


def test_a_weekly_that_publishes_all_at_once_is_not_silent_before_its_next_issue() -> None:
    poll = PollRecord(NOW, FetchOutcome.FETCHED, 20, 20, NOW - timedelta(days=6), NOW - timedelta(days=6, hours=2))
    assert finding(PollHistory("s", "S", "AL", (poll,)), NOW).health is Health.WORKS


def test_a_failing_source_is_told_since_its_first_failure_in_a_row() -> None:
    found = finding(nights(5, FetchOutcome.TIMEOUT, 5, FetchOutcome.SERVER_ERROR, FetchOutcome.SERVER_ERROR), NOW)
    assert (found.health, found.failures, found.since_at) == (Health.FAILING, 2, NOW - timedelta(days=1))
    assert "server reports an error (HTTP 503); 2 visits in a row since 2026-11-30" in found.told
    assert found.words == "failing since 2026-11-30: the outlet's server reports an error (HTTP 503)"


def test_a_state_says_nothing_twice() -> None:
    poll = PollRecord(NOW, FetchOutcome.TIMEOUT, detail="did not answer in time (45 s)")
    assert finding(PollHistory("s", "S", "AL", (poll,)), NOW).detail == "the outlet did not answer in time (45 s)"
    poll = PollRecord(NOW, FetchOutcome.ROBOTS_REFUSED, detail="robots.txt asks us to stay away")
    assert finding(PollHistory("s", "S", "AL", (poll,)), NOW).detail == "the outlet's robots.txt does not allow the visit"


def test_a_feed_that_nobody_keeps_is_called_stale() -> None:
    poll = PollRecord(NOW, FetchOutcome.FETCHED, 1, 1, NOW - timedelta(days=400), NOW - timedelta(days=400))
    assert "1 item, stale since" in finding(PollHistory("s", "S", "AL", (poll,)), NOW).words


@pytest.mark.parametrize("outcome", [FetchOutcome.BLOCKED, FetchOutcome.ROBOTS_REFUSED, FetchOutcome.RATE_LIMITED])
def test_a_refusal_is_blocked(outcome: FetchOutcome) -> None:
    assert finding(nights(5, outcome), NOW).health is Health.BLOCKED


def test_troubles_are_named_by_country_and_outlet_with_their_outcome() -> None:
    histories = [
        nights(5, FetchOutcome.NOT_A_FEED, source="b:feed:1", name="B", country="RS"),
        nights(9, 9, 9, 9, 0, source="c:feed:1", name="C", country="AL"),
        nights(5, 5, source="d:feed:1", name="D", country="AL"),
    ]
    assert [(one.outlet_name, one.outcome) for one in troubles(histories, NOW)] == [("C", "silent"), ("B", "not_a_feed")]


def test_a_failing_alternative_is_no_trouble_while_another_feed_of_the_outlet_answers() -> None:
    failing = nights(5, FetchOutcome.NOT_FOUND, source="a:feed:1")
    assert troubles([failing, nights(5, 5, source="a:feed:2")], NOW) == ()
    assert len(troubles([failing, nights(5, FetchOutcome.TIMEOUT, source="a:feed:2")], NOW)) == 2


def test_a_source_never_polled_is_said_to_be_so() -> None:
    assert finding(PollHistory("s", "S", "AL", ()), NOW).health is Health.NOT_POLLED


@given(st.lists(st.sampled_from([0, 1, 5, 300, *FetchOutcome]), max_size=40))
def test_any_history_has_a_finding(history: list[int | FetchOutcome]) -> None:
    assert finding(nights(*history), NOW).health in Health


@pytest.mark.parametrize("failure", [FetchOutcome.NOT_A_FEED, FetchOutcome.PARSE_FAILED, FetchOutcome.TOO_LARGE])
def test_unchanged_after_unreadable_content_is_still_failing(failure: FetchOutcome) -> None:
    found = finding(nights(5, 4, failure, FetchOutcome.UNCHANGED, FetchOutcome.UNCHANGED), NOW)
    assert (found.health, found.failures, found.since_at) == (Health.FAILING, 3, NOW - timedelta(days=2))


def test_unchanged_after_a_failed_connection_is_well() -> None:
    assert finding(nights(5, 4, FetchOutcome.TIMEOUT, FetchOutcome.UNCHANGED), NOW).health is Health.UNCHANGED


def test_unchanged_after_an_empty_list_is_empty() -> None:
    assert finding(nights(5, FetchOutcome.EMPTY, FetchOutcome.UNCHANGED), NOW).health is Health.EMPTY


def test_a_switched_off_source_is_paused_whatever_its_past() -> None:
    history = nights(9, 9, 9, 9, 0)
    found = finding(PollHistory("s", "S", "AL", history.polls, paused="a person"), NOW)
    assert found.words == "paused: switched off by a person"


def test_a_day_that_stands_for_many_visits_counts_all_of_them() -> None:
    polls = (PollRecord(NOW - timedelta(days=1), FetchOutcome.TIMEOUT, visits=3), PollRecord(NOW, FetchOutcome.TIMEOUT, visits=5))
    assert finding(PollHistory("s", "S", "AL", polls), NOW).failures == 8


def test_a_state_says_what_the_source_showed() -> None:
    poll = PollRecord(NOW, FetchOutcome.FETCHED, 12, 12, NOW, NOW - timedelta(hours=30))
    assert finding(PollHistory("s", "S", "AL", (poll,)), NOW).words == "works: 12 items, newest 2026-12-01 03:00, window 30 hours"
    later = PollRecord(NOW + timedelta(hours=1), FetchOutcome.UNCHANGED)
    found = finding(PollHistory("s", "S", "AL", (poll, later)), NOW + timedelta(hours=2))
    assert found.words.startswith("unchanged: 12 items")


def test_a_feed_asked_all_day_is_not_silent_in_the_night() -> None:
    polls = [
        PollRecord(NOW - timedelta(minutes=30 * number), FetchOutcome.FETCHED, 10, 0 if number < 12 else 3) for number in range(300, -1, -1)
    ]
    assert not finding(PollHistory("s", "S", "AL", tuple(polls)), NOW).needs_telling
