"""Texts are compared with those of their days: night by night gives what all at once gives."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW, a_campaign, a_mention, an_article, an_outlet
from tests.stories.test_grouping import invented
from tracker.model import Depth, Published, Story
from tracker.pipeline import steps
from tracker.store import articles, mentions, registers, stories
from tracker.store.database import open_database
from tracker.stories.windows import BLOCK_DAYS, bounds_of, stories_of, windows_of

MOMENTS = st.datetimes(NOW.replace(year=2000, tzinfo=None), NOW.replace(year=2100, tzinfo=None)).map(
    lambda at: at.replace(tzinfo=NOW.tzinfo)
)


@given(MOMENTS, st.integers(0, 24 * BLOCK_DAYS))
def test_texts_of_one_block_s_length_are_compared_always(moment: datetime, hours: int) -> None:
    later = moment + timedelta(hours=hours)
    shared = {*windows_of(moment)} & {*windows_of(later)}
    assert shared
    assert all(start <= moment and later < end for start, end in map(bounds_of, shared))


@given(MOMENTS)
def test_a_moment_lies_in_its_two_windows_and_no_other(moment: datetime) -> None:
    first, second = windows_of(moment)
    assert [start <= moment < end for start, end in map(bounds_of, (first - 1, first, second, second + 1))] == [False, True, True, False]


def test_what_several_windows_joined_is_one_story_and_gone_articles_join_nothing() -> None:
    assert stories_of([(2, 1), (3, 2), (9, 1), (5, 9)], [1, 2, 3, 5]) == [Story("story-1", (1, 2, 3)), Story("story-5", (5,))]


def grouped(folder: Path, nights: list[list[int]]) -> list[tuple[int, ...]]:
    """The stories after the articles came in these nights, by the articles' numbers."""
    folder.mkdir()
    database, campaign = open_database(folder), a_campaign()
    numbers: dict[int, int] = {}
    with database.writing() as conn:
        registers.replace(conn, [an_outlet()], [], NOW)
    for night in nights:
        with database.writing() as conn:
            for number in night:
                # every third repeats the text two before it, six days later
                body = invented(number - 2 if number % 3 == 0 else number, 120)
                at = Published(NOW + timedelta(days=6 * number))
                made = an_article(number, title=f"T {number}", body=body, published=at, depth=Depth.SCREENED)
                (article_id,) = articles.save(conn, [(made, made.title, body)], NOW)
                assert article_id is not None
                numbers[article_id] = number
                mentions.save(conn, [a_mention(article_id, campaign_id=campaign.id)], NOW)
        steps.group_stories(database, campaign, NOW)
    with database.reading() as conn:
        found = stories.for_campaign(conn, campaign.id)
    database.close()
    return sorted(tuple(sorted(numbers[one] for one in story.article_ids)) for story in found)


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_arrival_gives_the_same_stories(tmp_path: Path, seed: int) -> None:
    chance, order = random.Random(seed), [*range(1, 19)]
    at_once = grouped(tmp_path / "at-once", [order])
    assert (1, 3) in at_once
    chance.shuffle(order)
    cuts = sorted(chance.sample(range(1, 18), 5))
    nights = [order[start:end] for start, end in zip([0, *cuts], [*cuts, 18], strict=True)]
    assert grouped(tmp_path / "by-night", nights) == at_once


def test_a_new_article_has_the_texts_of_its_days_read_and_no_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[datetime, datetime]] = []
    real = stories.texts
    monkeypatch.setattr(stories, "texts", lambda conn, name, start, end: asked.append((start, end)) or real(conn, name, start, end))
    grouped(tmp_path / "x", [[1, 2, 3, 18], [4]])
    moment = NOW + timedelta(days=24)
    assert asked[-2:] == [bounds_of(window) for window in windows_of(moment)]
