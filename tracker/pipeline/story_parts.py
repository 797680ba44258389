"""Grouping's second half: what each article is to its story. Stories whose parts are decided are left alone; a run that was killed goes on
with those that are not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from tracker.pipeline import earlier_texts
from tracker.store import registers, stories, story_parts
from tracker.store.database import Database
from tracker.stories.newsrooms import Newsrooms
from tracker.stories.roles import parts_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tracker.model import Outlet

STORIES_AT_ONCE = 100
"""In a transaction, and with their texts in memory: usually some 300 texts of 5 KB."""
TEXTS_HERE = 500
"""Read within a person's act for what their outlets print under every article: a twentieth of a second for texts of 300 words, and reading them."""
Templates = Mapping[str, Collection[int]]


def decide_parts(database: Database, campaign_id: str, templates: Templates | None = None) -> int:
    """Decides the parts of all articles of the campaign that have none; returns how many. `templates`: by outlet the shingles of what it
    prints under its articles, as grouping found them; None to look for them."""
    with database.reading() as conn:
        waiting = story_parts.moments_undecided(conn, campaign_id)
        if not waiting:
            return 0
        if templates is None:
            templates = _templates(conn, campaign_id, waiting)
        newsrooms = _newsrooms_of(tuple(registers.outlets(conn).values()))
    decided, after = 0, ""
    while True:
        with database.reading() as conn:
            found = story_parts.undecided(conn, campaign_id, limit=STORIES_AT_ONCE, after=after)
            texts = story_parts.texts(conn, campaign_id, {one for story in found for one in story.article_ids})
        if not found:
            return decided
        after = found[-1].key
        made = [(story, parts_of(story, texts, newsrooms, templates)) for story in found]
        with database.reading() as conn:
            told, later = earlier_texts.with_earlier(conn, campaign_id, made, texts)
        with database.writing() as conn:
            earlier_texts.enter(conn, texts)
            decided += sum(len(parts) for story, parts in told if story_parts.save(conn, campaign_id, story, parts))
            story_parts.note_earlier(conn, campaign_id, later)


@lru_cache(maxsize=1)
def _newsrooms_of(outlets: tuple[Outlet, ...]) -> Newsrooms:
    """Made once for all campaigns of a run, and all acts at the desk: it takes longer than all else of an item's grouping."""
    return Newsrooms(outlets)


def _templates(conn: Connection, campaign_id: str, moments: Collection[datetime]) -> Templates:
    """What outlets print under their articles in the days around these moments: a run before this one was killed when it knew."""
    from tracker.stories import windows

    found: dict[str, Collection[int]] = {}
    for window in sorted({window for moment in moments for window in windows.windows_of(moment)}):
        found |= windows.compared(stories.texts(conn, campaign_id, *windows.bounds_of(window)))[1]
    return found


def decide_here(conn: Connection, campaign_id: str) -> None:
    """The same within a person's act on a few stories."""
    found = story_parts.undecided(conn, campaign_id, limit=STORIES_AT_ONCE)
    if found:
        newsrooms = _newsrooms_of(tuple(registers.outlets(conn).values()))
        texts = story_parts.texts(conn, campaign_id, {one for story in found for one in story.article_ids})
        templates = _templates_of(conn, campaign_id, {text.outlet_id for text in texts.values()})
        made = [(story, parts_of(story, texts, newsrooms, templates)) for story in found]
        for story, parts in earlier_texts.with_earlier(conn, campaign_id, made, texts).decided:
            story_parts.save(conn, campaign_id, story, parts)


def _templates_of(conn: Connection, campaign_id: str, outlet_ids: Collection[str]) -> Templates:
    """What these outlets print under their articles in the days around what has no part yet. A person waits for it, and a night may wait
    for the person: it is learned from TEXTS_HERE texts at most, and an outlet that no text is left for has none."""
    from tracker.stories import grouping, windows

    moments = story_parts.moments_undecided(conn, campaign_id)
    found: dict[str, Collection[int]] = {}
    left = TEXTS_HERE
    for window in sorted({window for moment in moments for window in windows.windows_of(moment)}):
        for outlet_id in sorted(outlet_ids):
            if left:
                texts = stories.texts(conn, campaign_id, *windows.bounds_of(window), outlet_id=outlet_id, limit=left)
                left -= len(texts)
                found |= grouping.templates_of(texts)
    return found
