"""What is slow is made before anybody asks; what was forgotten meanwhile is not kept; figures follow every change at once."""

from __future__ import annotations

import gc
from datetime import timedelta

import pytest

from tests.builders import NOW
from tests.newsdesk import CAMPAIGN_ID
from tests.review.web.visiting import Staff
from tracker.digests import numbers
from tracker.review.web import warming
from tracker.review.web.context import EXTENSION
from tracker.review.web.estimates import AHEAD
from tracker.review.web.pages import numbers as page
from tracker.review.web.remembered import Remembered
from tracker.review.web.warming import SOURCES_WITHIN, SPELLINGS_WITHIN, Warmer
from tracker.store import users

MINUTE = timedelta(minutes=1)


@pytest.fixture
def memory() -> Remembered:
    return Remembered()


def test_a_value_is_made_once_for_its_key(memory: Remembered) -> None:
    made: list[str] = []
    for name in "aab":
        memory.value(("kind", name), lambda name=name: made.append(name))  # type: ignore[misc]
    assert made == ["a", "b"]


@pytest.mark.parametrize(("later", "made"), [(MINUTE, 1), (3 * MINUTE, 1), (4 * MINUTE, 2)])
def test_a_value_of_late_is_made_anew_when_it_is_too_old(memory: Remembered, later: timedelta, made: int) -> None:
    values = iter([1, 2])
    assert memory.lately(("k",), lambda: next(values), NOW, 3 * MINUTE) == 1
    assert memory.lately(("k",), lambda: next(values), NOW + later, 3 * MINUTE) == made


def test_what_was_forgotten_while_it_was_made_is_not_kept(memory: Remembered) -> None:
    memory.renew(("sources",), lambda: memory.forget("sources"), NOW)
    assert memory.age(("sources",), NOW) is None


def test_the_oldest_goes_when_there_are_too_many(memory: Remembered) -> None:
    for number in range(100):
        memory.lately(("k", number), lambda: 1, NOW, MINUTE)
    assert memory.age(("k", 0), NOW) is None
    assert memory.age(("k", 99), NOW) == timedelta()


def test_slow_pages_find_what_they_need_made(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    _, shelf = staff.app.extensions[EXTENSION]
    warmer = Warmer(staff.app, staff.parts, shelf)
    warmer.look()

    def never(*_: object, **__: object) -> None:
        raise AssertionError("made for a visitor")

    for name in ("listing", "compiled_matcher"):
        monkeypatch.setattr(warming, name, never)
    monkeypatch.setattr(warming.terms, "respellings_seen", never)
    visitor = staff.enters("administrator")
    for address in ("/sources", f"/campaigns/{CAMPAIGN_ID}/spellings", f"/campaigns/{CAMPAIGN_ID}/terms/river"):
        assert visitor.get(address).status_code in (200, 404)


def test_what_is_half_as_old_as_it_may_be_is_made_again(staff: Staff) -> None:
    _, shelf = staff.app.extensions[EXTENSION]
    warmer = Warmer(staff.app, staff.parts, shelf)
    made = [warmer.look(), warmer.look()]
    for time in (SOURCES_WITHIN / 2 + MINUTE, SPELLINGS_WITHIN):
        staff.clock.passes(time)
        made.append(warmer.look())
    assert made == [2 + len(AHEAD), 0, 1, 2]


def test_figures_are_counted_once_and_again_after_every_change(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[object] = []

    def count(*given: object) -> object:
        counted.append(given)
        return numbers.count_numbers(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(page, "count_numbers", count)
    reader, asked = staff.enters("reader"), "?period=all"  # a page without a period leads on to one that has items
    for address in (f"/numbers/{CAMPAIGN_ID}{asked}", f"/numbers/{CAMPAIGN_ID}{asked}", f"/numbers/{CAMPAIGN_ID}/numbers.csv{asked}"):
        assert reader.get(address).status_code == 200
    assert len(counted) == 1
    with staff.parts.database.writing() as conn:
        users.add(conn, "Somebody", "", [], NOW, must_change=True)
    reader.get(f"/numbers/{CAMPAIGN_ID}{asked}")
    assert len(counted) == 2


def test_what_was_made_at_first_is_looked_over_for_garbage_no_more(staff: Staff) -> None:
    _, shelf = staff.app.extensions[EXTENSION]
    before = gc.get_freeze_count()
    try:
        Warmer(staff.app, staff.parts, shelf).begin()
        assert gc.get_freeze_count() - before > len(gc.get_objects())
    finally:
        gc.unfreeze()
