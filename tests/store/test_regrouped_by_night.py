"""What is grouped night by night, one item after the other, is what is grouped at once."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from tests.builders import NOW
from tests.store.test_regrouping import CAMPAIGN, DAY, say, store
from tests.stories.test_grouping import invented
from tracker.errors import UsageError
from tracker.model import Fact
from tracker.pipeline import regrouping
from tracker.pipeline.steps import group_by_id
from tracker.review import story_edits
from tracker.store import events, item_states, mentions, stories
from tracker.store.database import Database
from tracker.stories import windows

DAYS = 60


def _text(chance: random.Random) -> str:
    """One of five stories, often with a paragraph of another."""
    return " ".join(invented(chance.randrange(5), 80) if chance.random() < 0.8 else invented(chance.randrange(99), 40) for _ in range(2))


def _act(database: Database, chance: random.Random, known: list[int]) -> None:
    some = chance.sample(known, min(len(known), chance.randint(1, 3)))
    match chance.choice(("day", "outlet", "merge", "split", "gone")):
        case "day":
            say(database, some[0], {Fact.PUBLISHED: (NOW + chance.randrange(DAYS) * DAY).date().isoformat()})
        case "outlet":
            say(database, some[0], {Fact.OUTLET: "fjala"})
        case "gone":
            with database.writing() as conn:
                mentions.remove(conn, CAMPAIGN, some[:1])
            known.remove(some[0])
        case deed:
            edit = story_edits.merge if deed == "merge" else story_edits.split
            with database.writing() as conn:
                try:
                    edit(conn, events.Act(conn, at=NOW), CAMPAIGN, some, NOW)
                except UsageError:
                    return


def _grouped_at_once(database: Database) -> list[tuple[int, ...]]:
    with database.reading() as conn:
        members = stories.members(conn, CAMPAIGN)
        first, last = windows.windows_of(NOW)[0], windows.windows_of(NOW + DAYS * DAY)[1]
        joins = [
            join for each in range(first, last + 1) for join in windows.joins_of(stories.texts(conn, CAMPAIGN, *windows.bounds_of(each)))
        ]
        assert sorted(joins) == sorted(stories.joins(conn, CAMPAIGN))
        return [story.article_ids for story in windows.stories_of(joins, members, item_states.stories(conn, CAMPAIGN))]


@pytest.mark.parametrize("few", [0, 500])
@pytest.mark.parametrize("seed", range(3))
def test_stories_are_the_same_whether_all_or_what_changed_is_put_together_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch, seed: int, few: int
) -> None:
    monkeypatch.setattr(regrouping, "FEW", few)
    chance, known = random.Random(seed), list[int]()
    for _ in range(12):
        items = [
            (chance.choice(("fjala", "zeri-i-lumit")), _text(chance), NOW + timedelta(days=chance.randrange(DAYS), hours=len(known)))
            for _ in range(chance.randint(0, 4))
        ]
        store(database, *items)
        with database.reading() as conn:
            known = stories.members(conn, CAMPAIGN)
        if known and chance.random() < 0.7:
            _act(database, chance, known)
        report = group_by_id(database, CAMPAIGN, NOW)
        with database.reading() as conn:
            found = sorted(story.article_ids for story in stories.for_campaign(conn, CAMPAIGN))
        assert found == _grouped_at_once(database)
        assert report.inputs == len(known)
        if dict(report.outcomes).keys() <= {"in a story of several", "on its own"}:
            assert dict(report.outcomes).get("on its own", 0) == sum(len(one) == 1 for one in found)
