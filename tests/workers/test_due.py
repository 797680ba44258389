"""Which domains are visited, in which order, and by how many readers pages are read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.queue.jobs import SIZES, Reading
from tracker.urls.domains import domains_of
from tracker.workers.due import readings_due, visits_due

NOW = datetime(2026, 11, 27, tzinfo=UTC)
HOMES = {"avaz": "https://avaz.ba/", "sport": "https://sport.avaz.ba", "klix": "https://www.klix.ba/", "local": "http://127.0.0.5:8000/"}


def test_outlets_of_one_registrable_domain_are_visited_together() -> None:
    assert domains_of(HOMES) == {"avaz.ba": ("avaz", "sport"), "klix.ba": ("klix",), "127.0.0.5": ("local",)}


def test_an_outlet_without_a_readable_address_is_its_own_domain() -> None:
    assert domains_of({"odd": "not an address"}) == {"odd": ("odd",)}


def test_the_longest_overdue_goes_first_and_links_alone_go_last() -> None:
    due = {"klix": NOW - timedelta(hours=1), "sport": NOW - timedelta(hours=2)}
    found = visits_due(HOMES, due, {"local", "klix"}, busy=(), failures={})
    assert [(visit.domain, visit.polls) for visit in found] == [("avaz.ba", True), ("klix.ba", True), ("127.0.0.5", False)]


def test_what_was_never_polled_goes_before_all() -> None:
    found = visits_due(HOMES, {"klix": NOW, "local": None}, (), busy=(), failures={})
    assert [visit.domain for visit in found] == ["127.0.0.5", "klix.ba"]


def test_a_domain_with_a_job_gets_no_second_one() -> None:
    assert visits_due(HOMES, {"klix": NOW}, {"avaz"}, busy={"klix.ba", "avaz.ba"}, failures={}) == ()


def test_a_domain_that_broke_rounds_is_soon_alone() -> None:
    sizes = [visits_due(HOMES, {"klix": NOW}, (), busy=(), failures={"klix.ba": count})[0].size for count in range(9)]
    assert sizes == [*SIZES, 1, 1, 1]


@given(st.integers(0, 5000), st.integers(1, 30))
def test_no_more_readings_than_readers_and_one_wherever_there_is_a_page(unread: int, readers: int) -> None:
    found = readings_due(unread, readers, busy=())
    assert len(found) <= readers
    assert bool(found) == bool(unread)
    assert len({one.lock for one in found}) == len(found)


def test_a_reading_under_way_is_not_enqueued_again() -> None:
    assert readings_due(1000, 2, busy={Reading(1).lock}) == (Reading(2),)
