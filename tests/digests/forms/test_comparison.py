"""How periods are compared: by day of publication, by name and figure; and what is said where nothing can be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.digests import samples
from tracker.digests.figures import count_figures
from tracker.digests.forms.view import read_digest
from tracker.digests.forms.xlsx import summary_lines
from tracker.model import LANGUAGES, Audience, Digest, KeyMessage, Precision, Published, Reach, ReachCell, Selection


def with_late(days: tuple[int, ...]) -> Digest:
    """The week, with its first items moved to so many days before it."""
    week = samples.a_week()
    counted = list(week.selection.counted)
    for place, day in enumerate(days):
        at = samples.MONDAY - timedelta(days=day) + timedelta(hours=12)
        counted[place] = replace(counted[place], article=replace(counted[place].article, published=Published(at, Precision.MINUTE)))
    return replace(week, selection=replace(week.selection, counted=tuple(counted)))


def test_late_finds_are_counted_and_not_compared() -> None:
    digest = with_late((3, 6))
    reading = read_digest(digest)
    assert "Published in this period: 22; the week before: 17." in reading.summary
    assert "Found late and counted here: 2 (10–13 November 2026)." in reading.summary
    assert reading.figures.items == 24
    assert (reading.numbers[-1].value, reading.numbers[-1].label) == ("+5", "change (the week before: 17)")
    assert ("change (the week before: 17)", 5) in summary_lines(reading)


def test_zero_is_compared_too() -> None:
    week = samples.a_week()
    reading = read_digest(replace(week, selection=Selection(), sentences=()))
    assert reading.summary == ("Nothing was found in this period.", "Published in this period: 0; the week before: 17.")


@pytest.mark.parametrize("kind", ["weekly", "monthly", "quarterly", "report"])
def test_where_nobody_watched_before_there_is_no_comparison(kind: str) -> None:
    reading = read_digest(replace(samples.a_week(kind), before=None))
    assert "No comparison yet: the period before was not watched." in reading.summary
    assert not any("change" in number.label for number in reading.numbers)


@pytest.mark.parametrize("kind", ["nightly", "lifetime", "situation"])
def test_kinds_without_a_period_before_compare_nothing(kind: str) -> None:
    summary = read_digest(replace(samples.a_week(kind), before=None)).summary
    assert not any("comparison" in line or "before" in line for line in summary)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_period_before_is_named_in_every_language(language: str) -> None:
    names = {read_digest(samples.a_week(kind), language).numbers[-1].label for kind in ("weekly", "monthly", "quarterly", "report")}
    assert len(names) == 4


def test_an_empty_edition_says_why_it_is_empty() -> None:
    quiet = replace(samples.empty(), kind="nightly")
    assert read_digest(quiet).summary == ("Nothing was found in this period.",)
    held = replace(quiet, selection=Selection(held=1, unreviewed=2))
    assert read_digest(held).summary == ("3 items were found and wait for a decision; they are not shown yet.",)
    assert read_digest(held).outcome == "items wait for a decision"
    alone = replace(quiet, facts=replace(quiet.facts, sources_watched=0, sources_answered=0))
    assert read_digest(alone).summary == ("No source was polled for this period: nothing can be said of it.",)


def test_an_outage_stands_first() -> None:
    week = samples.a_week()
    digest = replace(week, facts=replace(week.facts, reach=Reach((ReachCell("AL", 1, "sq", 10, 1),))))
    reading = read_digest(digest)
    assert reading.summary[0].startswith("Many of the outlets that we follow could not be read: 1 of 10")
    assert not any("the week before" in line for line in reading.summary)


@pytest.mark.parametrize(
    ("watched", "answered", "said"),
    [
        (0, 0, "No source was polled for this edition; it was made from the archive."),
        (10, 10, "Sources without usable results in this period: 4 of 10."),
        (23, 19, "Sources without usable results in this period: 4 of 23."),
    ],
)
def test_one_sentence_says_how_many_sources_gave_nothing(watched: int, answered: int, said: str) -> None:
    week = samples.a_week()
    facts = replace(week.facts, sources_watched=watched, sources_answered=answered, sources_unseen=4)
    lines = read_digest(replace(week, facts=facts)).not_followed
    assert [line for line in lines if "ources" in line or "source " in line] == [said]


def test_messages_stand_with_their_base_and_rows_of_zeros_are_left_out() -> None:
    week, staff = samples.a_week(), samples.a_week(audience=Audience.STAFF)
    said = [one.verdict.key_messages for one in week.selection.counted if one.verdict and one.verdict.key_messages is not None]
    (line,) = read_digest(week).messages
    assert (line.confirmed, line.assessed, line.found) == (sum("literacy" in one for one in said), len(said), 0)
    assert line.sentence == f"Confirmed by the team in {line.confirmed} of {len(said)} assessed"
    found = {one.name: one.found for one in read_digest(staff).messages}
    assert all(found.values())
    assert not any("Exchange" in name for name in found)
    assert not any(clip.words_of for clip in read_digest(week).clips)
    none = replace(week, facts=replace(week.facts, key_messages=(KeyMessage("exchange", "Exchange", "x"),)))
    assert read_digest(none).messages == ()


def test_a_day_without_a_time_is_not_the_earliest_of_its_day() -> None:
    week = samples.a_week()
    first = next(one for one in week.selection.counted if one.article.published and one.article.published.precision is Precision.MINUTE)
    midnight = samples.MONDAY + timedelta(days=1)
    dated = replace(
        first, article=replace(first.article, id=901, published=Published(midnight, Precision.DAY)), outlet=samples.outlet("vala")
    )
    timed = replace(first, article=replace(first.article, id=902, published=Published(midnight + timedelta(hours=9), Precision.MINUTE)))
    both = tuple(replace(one, story_key="s", mention=replace(one.mention, id=str(one.article.id))) for one in (dated, timed))
    reading = read_digest(replace(week, selection=Selection(both)))
    assert reading.main_title == "Main stories"
    assert reading.main[0].first.id == "902"
    assert "00:00" not in "".join(clip.published for clip in reading.clips)


def test_without_a_story_of_several_outlets_there_are_highlights() -> None:
    week = samples.a_week()
    alone = tuple(replace(one, story_key=f"s{one.article.id}") for one in week.selection.counted)
    reading = read_digest(replace(week, selection=Selection(alone)))
    assert reading.main_title == "Highlights"
    assert all(not story.carried_by for story in reading.main)
    assert all(len({clip.outlet for clip in story.clips}) > 1 for story in read_digest(week).main)


def test_an_item_entered_by_hand_stands_in_its_country() -> None:
    week = samples.a_week()
    reading = read_digest(week)
    counted: dict[str, int] = {}
    for entry in week.selection.counted:
        counted[entry.outlet.country] = counted.get(entry.outlet.country, 0) + 1
    assert {country.code: country.items for country in reading.countries} == counted
    assert {country.code: sum(len(story.clips) for story in country.stories) for country in reading.countries} == counted
    assert dict(count_figures(week.selection).by_country) == counted
    assert dict(zip((bar.label for bar in reading.by_country), (bar.value for bar in reading.by_country), strict=True)) == {
        country.name: country.items for country in reading.countries
    }
