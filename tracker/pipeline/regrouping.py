"""Grouping's first half: what changed is compared with the texts of its days, and only the stories that depend on it are put together anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.store import item_states, regroupings, stories
from tracker.store.database import Database

if TYPE_CHECKING:
    from sqlalchemy import Connection

FEW = 500
"""Articles whose stories are looked up one by one. Of more all stories of the campaign are put together anew, which reads each once."""


class Regrouped(Struct, frozen=True):
    """The campaign's stories in numbers, and by outlet the shingles of what it prints under its articles."""

    articles: int
    alone: int
    stories: int
    templates: Mapping[str, Collection[int]]


def regroup_changed(database: Database, campaign_id: str, now: datetime) -> Regrouped:
    """Puts what is new, gone or corrected into its story. The result is that of grouping all articles at once."""
    from tracker.stories import windows

    joined: dict[int, list[windows.Join]] = {}
    templates: dict[str, frozenset[int]] = {}
    with database.reading() as conn:
        corrected = regroupings.waiting(conn, campaign_id)
        changed = stories.changed(conn, campaign_id)
        moments = [*(moment for _, moment in changed), *regroupings.moments(conn, campaign_id, corrected)]
        stale = {window for moment in moments for window in windows.windows_of(moment)}
        for window in sorted(stale.union(regroupings.windows(conn, campaign_id, corrected))):
            joined[window], printed = windows.compared(stories.texts(conn, campaign_id, *windows.bounds_of(window)))
            templates |= printed
    with database.writing() as conn:  # what a person merges or splits meanwhile is not lost
        touched = {*stories.keep_joins(conn, campaign_id, joined), *(article_id for article_id, _ in changed), *corrected}
        _put_together(conn, campaign_id, touched, now)
        regroupings.done(conn, campaign_id, corrected)
    with database.reading() as conn:
        return Regrouped(*stories.counted(conn, campaign_id), templates)


def _put_together(conn: Connection, campaign_id: str, touched: Collection[int], now: datetime) -> None:
    from tracker.stories.windows import stories_of

    if len(touched) > FEW:
        members = stories.members(conn, campaign_id)
        stories.save(conn, campaign_id, stories_of(stories.joins(conn, campaign_id), members, item_states.stories(conn, campaign_id)), now)
        return
    found, joins = stories.together(conn, campaign_id, touched)
    members = stories.mentioned_among(conn, campaign_id, found)
    stories.put(conn, campaign_id, found, stories_of(joins, members, item_states.stories(conn, campaign_id, members)), now)
