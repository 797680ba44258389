"""Which texts are compared at all: those of neighbouring days. So what is new is compared with the texts of its days, not with all.

Days are cut into blocks, and each two neighbouring blocks are one window. A window's texts are grouped by themselves; what any window
joins is one story. The result depends on texts and their days alone: grouped at once or night by night, it is the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tracker.model import Story, StoryText

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
    return compared(texts)[0]


def compared(texts: Sequence[StoryText]) -> tuple[list[Join], Mapping[str, frozenset[int]]]:
    """`joins_of`, and by outlet the shingles of what it prints under its articles."""
    from tracker.stories.grouping import group_in_full  # with numpy and rensa, which a run that compares nothing does not load

    found = group_in_full(texts)
    grouped = [story.article_ids for story in found.stories if len(story.article_ids) > 1]
    return [(article_id, article_ids[0]) for article_ids in grouped for article_id in article_ids], found.templates


def stories_of(joins: Iterable[Join], article_ids: Collection[int], placed: Mapping[int, int] | None = None) -> list[Story]:
    """Each of the articles in exactly one story, by what the windows joined; ordered by the lowest article, which gives the key.

    `placed`: articles whose story a person has said, with the number that those of one story share. What the windows joined to them goes
    where the lowest of them went.
    """
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
    grouped = _as_placed(members.values(), placed) if placed else members.values()
    return [Story(f"story-{listed[0]}", tuple(listed)) for listed in grouped]


def _as_placed(joined: Iterable[Sequence[int]], placed: Mapping[int, int]) -> list[list[int]]:
    """The articles by where a person put them, each list in order, ordered by the lowest article of each."""
    stories: dict[tuple[str, int], list[int]] = {}
    for members in joined:
        home = next((("placed", placed[one]) for one in members if one in placed), ("joined", members[0]))
        for one in members:
            stories.setdefault(("placed", placed[one]) if one in placed else home, []).append(one)
    return sorted(sorted(listed) for listed in stories.values())
