"""Deciding what staff are told at once; telling them is in test_alerting. All names are invented."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.builders import a_campaign, a_hand_item, a_hit, a_mention, a_verdict, an_article, an_outlet
from tracker.alerts.detection import (
    LEAST_ITEMS,
    Disclosure,
    as_many_as,
    disclosure_of,
    find_spike,
    headline_values,
    key_of,
    spike_values,
    stories_in_headlines,
    usual_items,
)
from tracker.model import Circle, Decision, Entry, Precision, Published, Term, TermEntry, TermKind

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ZONE = "Europe/Tirane"
CAMPAIGN = a_campaign(
    circles=(
        Circle("campaign", "The campaign", "partners", "river"),
        Circle("organisation", "Clean Rivers Society", "staff", "society or (director near/5 rivers) and not bank"),
        Circle("context", "Context", "staff", "ban"),
    ),
    terms=tuple(Term(id, TermKind.WORD, (TermEntry(id),)) for id in ("river", "society", "director", "rivers", "bank", "ban")),
    own_domains=("rivers.example",),
)
IN_TITLE, IN_TEXT = a_hit("Shoqata", term_id="society"), a_hit("Shoqata", term_id="society", field="body")
MINUTES_AGO = Published(NOW - timedelta(minutes=8), Precision.MINUTE)


def an_entry(number: int = 1, published: Published | None = MINUTES_AGO, outlet: str = "zeri-i-lumit", **fields: Any) -> Entry:
    article = {name: fields.pop(name) for name in ("title", "canonical_url", "fetched_at") if name in fields}
    mention = {"circle": "organisation", "hits": (IN_TITLE,)} | {
        name: fields.pop(name) for name in ("circle", "hits", "held") if name in fields
    }
    given = {
        "mention": a_mention(number, **mention),
        "article": an_article(number, id=number, published=published, outlet_id=outlet, **{"fetched_at": NOW} | article),
        "outlet": an_outlet(outlet, name=outlet.replace("-", " ").title()),
        "story_key": "",
        "found_by": "feed",
        "found_at": NOW,
    }
    return Entry(**given | fields)


def headlines(*entries: Entry, told: set[str] | None = None, now: datetime = NOW) -> list[int]:
    return [story.entry.article.id for story in stories_in_headlines(CAMPAIGN, entries, told or set(), now)]


@pytest.mark.parametrize(
    ("entry", "is_told"),
    [
        (an_entry(), True),
        (an_entry(circle="campaign"), True),
        (an_entry(hits=(IN_TEXT,)), False),
        (an_entry(hits=(a_hit("lumi"),)), False),
        (an_entry(hits=(a_hit("lumenjve", term_id="rivers"),)), False),
        (an_entry(hits=(a_hit("drejtori", term_id="director"),)), True),
        (an_entry(published=None), True),
        (an_entry(published=Published(NOW - timedelta(days=3), Precision.MINUTE)), False),
        (an_entry(published=Published(NOW - timedelta(days=1), Precision.DAY)), True),
        (an_entry(found_at=NOW - timedelta(hours=25)), False),
        (an_entry(found_by="backfill", published=None), False),
        (an_entry(found_by="person"), False),
        (an_entry(hand=a_hand_item()), False),
        (an_entry(canonical_url="https://news.rivers.example/1"), False),
        (an_entry(verdict=a_verdict(decision=Decision.REJECT)), False),
        (an_entry(verdict=a_verdict(decision=Decision.ACCEPT)), True),
    ],
    ids=lambda value: str(value) if isinstance(value, bool) else "",
)
def test_a_new_headline_that_names_the_organisation_is_told(entry: Entry, is_told: bool) -> None:
    assert headlines(entry) == ([1] if is_told else [])


def test_a_story_is_told_once_however_many_copy_it_and_however_its_key_changes() -> None:
    first = an_entry(1, story_key="s1")
    later = an_entry(2, story_key="s1", outlet="fjala", published=Published(NOW - timedelta(minutes=2), Precision.MINUTE))
    (story,) = stories_in_headlines(CAMPAIGN, [later, first], set(), NOW)
    assert (story.entry, story.outlets) == (first, 2)
    told = {key_of(first)}
    grown = [an_entry(1, story_key="s1-2"), an_entry(2, story_key="s1-2", outlet="fjala"), an_entry(3, story_key="s1-2", outlet="dita")]
    assert headlines(*grown, told=told) == []
    assert headlines(*grown, an_entry(4, story_key="other"), told=told) == [4]


def test_a_story_whose_told_item_has_no_headline_any_more_is_not_told_again() -> None:
    assert headlines(an_entry(1, story_key="s", hits=(IN_TEXT,)), an_entry(2, story_key="s"), told={key_of(an_entry(1))}) == []


@pytest.mark.parametrize(
    "sensitive",
    [
        an_entry(2, story_key="s", held=True),
        an_entry(2, story_key="s", sensitive=True),
        an_entry(2, story_key="s", held=True, hits=(IN_TEXT,)),
    ],
    ids=["held", "called sensitive", "a copy without the headline is held"],
)
def test_a_story_with_an_item_that_may_identify_a_child_is_withheld_as_a_whole(sensitive: Entry) -> None:
    (story,) = stories_in_headlines(CAMPAIGN, [an_entry(1, story_key="s"), sensitive], set(), NOW)
    assert story.withheld
    assert disclosure_of([an_entry(1, story_key="s"), sensitive], key_of(an_entry(1))) is Disclosure.WITHOUT_NAMES


def test_a_held_item_that_a_person_accepted_is_told() -> None:
    (story,) = stories_in_headlines(CAMPAIGN, [an_entry(held=True, verdict=a_verdict(decision=Decision.ACCEPT))], set(), NOW)
    assert not story.withheld


def test_what_was_taken_back_or_is_gone_is_told_no_more() -> None:
    assert disclosure_of([], key_of(an_entry())) is Disclosure.NONE
    assert disclosure_of([an_entry(verdict=a_verdict(decision=Decision.REJECT))], key_of(an_entry())) is Disclosure.NONE
    assert disclosure_of([an_entry()], key_of(an_entry())) is Disclosure.IN_FULL


def test_a_campaign_without_a_circle_for_staff_has_no_such_headlines() -> None:
    campaign = a_campaign()
    assert stories_in_headlines(campaign, [an_entry(hits=(a_hit("lumi"),))], set(), NOW) == []


def test_what_outlets_write_stays_one_line_and_a_link_is_a_link() -> None:
    entry = an_entry(title="Shoqata\n\nBcc: all@example.org\x1b[2J \u202edrawkcab", canonical_url="javascript:alert(1)")
    values = headline_values(CAMPAIGN, stories_in_headlines(CAMPAIGN, [entry], set(), NOW)[0])
    assert values["title"].splitlines() == [values["title"]]
    assert all(letter.isprintable() for letter in values["title"])
    assert values["link"] == ""
    assert values["published"] == "25.11.2026 12:52"
    assert values["name"] == "Clean Rivers Society"


# --- items an hour


def at(moment: datetime, number: int, outlet: str = "zeri-i-lumit", **fields: Any) -> Entry:
    return an_entry(number, Published(moment, Precision.MINUTE), outlet, **{"circle": "campaign", "hits": (a_hit("lumi"),)} | fields)


def ordinary_weeks(seed: int, items_a_day: int = 8, days: int = 28) -> list[Entry]:
    """Items by day between 7 and 22 o'clock, none in the last four hours."""
    dice = random.Random(seed)
    moments = []
    for day in range(days):
        midnight = NOW.replace(hour=0) - timedelta(days=day)
        moments += [midnight + timedelta(hours=6, minutes=dice.randrange(15 * 60)) for _ in range(items_a_day)]
    return [at(moment, 1000 + number) for number, moment in enumerate(moments) if moment < NOW - timedelta(hours=4)]


def burst(items: int, begin: datetime = NOW - timedelta(minutes=50), **fields: Any) -> list[Entry]:
    return [at(begin + timedelta(minutes=45 * number / max(items, 1)), number, f"outlet-{number}", **fields) for number in range(items)]


LONG_AGO = NOW - timedelta(days=60)


@pytest.mark.parametrize(
    ("a_day", "items", "is_spike"), [(8, 4, False), (8, 8, True), (0, 4, False), (0, 5, True), (60, 9, False), (60, 25, True)]
)
def test_a_rise_is_told_when_its_own_past_makes_it_improbable(a_day: int, items: int, is_spike: bool) -> None:
    spike = find_spike(CAMPAIGN, [*ordinary_weeks(1, a_day), *burst(items)], LONG_AGO, None, NOW)
    assert (spike is not None) == is_spike
    if spike is not None:
        assert (spike.items, len(spike.outlets)) == (items, min(items, 12))
        assert spike.begin_at <= NOW <= spike.end_at + timedelta(hours=3)
        assert str(items) == spike_values(CAMPAIGN, spike)["items"]


@pytest.mark.parametrize("seed", range(5))
def test_ordinary_weeks_raise_nothing_at_any_poll(seed: int) -> None:
    entries = ordinary_weeks(seed, items_a_day=12)
    polls = [NOW - timedelta(hours=4, minutes=20 * number) for number in range(3 * 24 * 4)]
    assert [
        poll for poll in polls if find_spike(CAMPAIGN, [one for one in entries if one.article.published.at <= poll], LONG_AGO, None, poll)
    ] == []  # type: ignore[union-attr]


def test_a_spike_is_told_within_thirty_minutes_of_the_item_that_makes_it_one_and_once_while_it_goes_on() -> None:
    """Twenty outlets publish from 10:00 on, two minutes apart; every ten minutes there is a poll that finds what is five minutes old."""
    begin = NOW - timedelta(hours=2)
    rise = [at(begin + timedelta(minutes=2 * number), number, f"outlet-{number}") for number in range(60)]
    past, told, last = ordinary_weeks(3), [], None
    for number in range(30):
        poll = begin + timedelta(minutes=10 * number)
        known = [one for one in rise if one.article.published.at <= poll - timedelta(minutes=5)]  # type: ignore[union-attr]
        if spike := find_spike(CAMPAIGN, [*past, *known], LONG_AGO, last, poll):
            told.append(poll)
            last = poll
            assert spike.begin_at == begin
    (first,) = told
    decisive = begin + timedelta(minutes=2 * 7)
    assert first - decisive <= timedelta(minutes=30)


def test_an_hour_as_busy_as_two_of_the_past_is_a_habit() -> None:
    past = ordinary_weeks(1)
    for day in (7, 14):
        hour = NOW.replace(minute=0) - timedelta(days=day, hours=1)
        past += [at(hour + timedelta(minutes=5 * number), 2000 + 100 * day + number) for number in range(9)]
    assert find_spike(CAMPAIGN, [*past, *burst(9)], LONG_AGO, None, NOW) is None
    assert find_spike(CAMPAIGN, [*past, *burst(14)], LONG_AGO, None, NOW) is not None


@pytest.mark.parametrize(
    "fields",
    [
        {"circle": "context"},
        {"verdict": a_verdict(decision=Decision.REJECT)},
        {"hand": a_hand_item()},
        {"canonical_url": "https://rivers.example/1"},
    ],
    ids=["context", "rejected", "entered by hand", "own channel"],
)
def test_what_is_no_coverage_raises_nothing(fields: dict[str, Any]) -> None:
    assert find_spike(CAMPAIGN, burst(30, **fields), LONG_AGO, None, NOW) is None


def test_days_without_a_clock_time_raise_nothing() -> None:
    midnight = Published(NOW.replace(hour=11), Precision.DAY)
    assert find_spike(CAMPAIGN, [an_entry(number, midnight) for number in range(40)], LONG_AGO, None, NOW) is None


def test_a_first_week_and_the_hours_after_an_alert_raise_nothing() -> None:
    assert find_spike(CAMPAIGN, burst(40), NOW - timedelta(days=6), None, NOW) is None
    assert find_spike(CAMPAIGN, burst(40), LONG_AGO, NOW - timedelta(hours=3), NOW) is None
    assert find_spike(CAMPAIGN, burst(40), LONG_AGO, NOW - timedelta(hours=13), NOW) is not None
    assert find_spike(CAMPAIGN, burst(40), LONG_AGO, NOW + timedelta(days=300), NOW) is not None  # a clock that was ahead


def test_what_is_announced_for_later_counts_when_it_is_there() -> None:
    assert find_spike(CAMPAIGN, burst(40, NOW + timedelta(minutes=1)), LONG_AGO, None, NOW) is None


@given(st.integers(0, 40), st.floats(0.25, 30))
def test_more_items_are_never_more_probable(observed: int, expected: float) -> None:
    assert 0.0 <= as_many_as(observed + 1, expected) <= as_many_as(observed, expected) <= 1.0


def test_what_is_usual_is_learned_by_the_hour_of_the_campaigns_day() -> None:
    nine_in_tirana = [NOW.replace(hour=8) - timedelta(days=day) for day in range(1, 15)]
    assert usual_items(nine_in_tirana, NOW.replace(hour=8), 14, ZONE) == pytest.approx(1 / 3)
    assert usual_items(nine_in_tirana, NOW.replace(hour=20), 14, ZONE) == 0.25
    assert LEAST_ITEMS == 5


def test_a_rise_does_not_name_the_outlet_of_an_item_that_may_identify_a_child() -> None:
    held, *others = burst(8)
    spike = find_spike(CAMPAIGN, [replace(held, sensitive=True), *others], LONG_AGO, None, NOW)
    assert spike is not None
    assert spike.items == 8
    assert held.outlet.name not in spike.outlets
    assert len(spike.outlets) == 7
