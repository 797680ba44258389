"""Which texts are compared at all: those of neighbouring days. So what is new is compared with the texts of its days, not with all.

Days are cut into blocks, and each two neighbouring blocks are one window. A window's texts are grouped by themselves; what any window
joins is one story. The result depends on texts and their days alone: grouped at once or night by night, it is the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from tracker.model import Story, StoryText
from tracker.stories.grouping import group_texts

BLOCK_DAYS = 14
"""Copies this many days apart are always compared, those twice as far apart never. Of the copies in tests/quality all lie within a week;
what is printed again after a month is printed on purpose."""

Join = tuple[int, int]
"""An article, and the lowest article of its group in a window."""


def windows_of(moment: datetime) -> tuple[int, int]:
    """The two windows that hold the moment."""
    block = moment.astimezone(UTC).toordinal() // BLOCK_DAYS
    return block - 1, block


def bounds_of(window: int) -> tuple[datetime, datetime]:
    """The window's first moment, and the first one after it."""
    first = datetime.fromordinal(window * BLOCK_DAYS).replace(tzinfo=UTC)
    return first, first + timedelta(days=2 * BLOCK_DAYS)


def joins_of(texts: Sequence[StoryText]) -> list[Join]:
    """What is one story among a window's texts; a text on its own is in no join."""
    grouped = [story.article_ids for story in group_texts(texts) if len(story.article_ids) > 1]
    return [(article_id, article_ids[0]) for article_ids in grouped for article_id in article_ids]


def stories_of(joins: Iterable[Join], article_ids: Collection[int]) -> list[Story]:
    """Each of the articles in exactly one story, by what the windows joined; ordered by the lowest article, which gives the key."""
    root = {article_id: article_id for article_id in article_ids}

    def root_of(article_id: int) -> int:
        while root[article_id] != article_id:
            root[article_id] = root[root[article_id]]
            article_id = root[article_id]
        return article_id

    for article_id, first in joins:
        if article_id in root and first in root:
            low, high = sorted((root_of(article_id), root_of(first)))
            root[high] = low
    members: dict[int, list[int]] = {}
    for article_id in sorted(root):
        members.setdefault(root_of(article_id), []).append(article_id)
    return [Story(f"story-{lowest}", tuple(listed)) for lowest, listed in members.items()]
