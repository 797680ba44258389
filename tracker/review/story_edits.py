"""Stories that a person merges or splits. Seen at once, kept by every run that groups; an edition that was sent stays as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from tracker.errors import UsageError
from tracker.model import Fact
from tracker.pipeline.story_parts import decide_here
from tracker.store import events, item_states, stories
from tracker.store.events import Subject
from tracker.stories import windows

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_ARTICLES = 500
"""Of the stories that one act touches: each gets an event of its own."""


def merge(conn: Connection, act: events.Act, campaign_id: str, article_ids: Collection[int], now: datetime) -> tuple[int, ...]:
    """Makes the stories of these articles one; gives all its articles. Raises UsageError where they are one already."""
    whole = stories.members_of(conn, campaign_id, article_ids)
    if len({*whole.values()}) < 2:
        raise UsageError("these are one story already")
    merged = _union(whole)
    _place(conn, act, campaign_id, [merged])
    regroup(conn, campaign_id, merged, now)
    return merged


def split(conn: Connection, act: events.Act, campaign_id: str, article_ids: Collection[int], now: datetime) -> tuple[int, ...]:
    """Takes these articles out of their stories and makes them one of their own; gives all articles of the stories that changed.
    Raises UsageError where nothing of a story would be left."""
    whole = stories.members_of(conn, campaign_id, article_ids)
    leaving = {*article_ids}
    rests = [rest for members in dict.fromkeys(whole.values()) if (rest := tuple(one for one in members if one not in leaving))]
    if not rests:
        raise UsageError("these are whole stories: name some of a story's items, not all")
    _place(conn, act, campaign_id, [tuple(sorted(leaving)), *rests])
    touched = _union(whole)
    regroup(conn, campaign_id, touched, now)
    return touched


def regroup(conn: Connection, campaign_id: str, article_ids: Iterable[int], now: datetime) -> None:
    """Puts these articles, and all that depends on where they belong, into the stories that follow from texts and persons' words."""
    found, joins = stories.together(conn, campaign_id, {*article_ids})
    members = stories.grouped_among(conn, campaign_id, found)
    grouped = windows.stories_of(joins, members, item_states.stories(conn, campaign_id, members))
    stories.put(conn, campaign_id, found, grouped, now)
    decide_here(conn, campaign_id)


def _place(conn: Connection, act: events.Act, campaign_id: str, groups: Collection[tuple[int, ...]]) -> None:
    """Says of each group that it is one story, under a number that no other story ever had."""
    if sum(map(len, groups)) > MOST_ARTICLES:
        raise UsageError(f"{sum(map(len, groups))} items are too many to merge or split at once; {MOST_ARTICLES} at most")
    number = events.next_number(conn)
    for place, members in enumerate(groups):
        for article_id in members:
            act.say(Subject(campaign_id, article_id), {Fact.STORY: number + place})


def _union(whole: Mapping[int, tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sorted({one for members in whole.values() for one in members}))
