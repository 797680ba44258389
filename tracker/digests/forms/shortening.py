"""A reading with less of everything, for a mail that programs must not cut off. What is left out is said, with its number.

The highest-ranked stories stay, and of every country at least one of each month: no part of the period is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from tracker.digests.forms.clips import Clip
from tracker.digests.forms.view import CountryReading, Reading, StoryReading

_ITEMS, _OTHERS = ("organisation", "own_channels"), ("changed", "troubles")
"""Lists that may be long; `clips` besides, the newest of which a situation prints."""
FRAME_BYTES, CARD_BYTES, LINE_BYTES = 20_000, 900, 170
"""What a mail, a clip and a line weigh without the words that differ."""


def shortened(reading: Reading, most: int, *, every_month: bool = True) -> Reading:
    """The reading with at most `most` stories a country, outlets a story and rows of a list. Numbers stay those of all.

    With `every_month` a country has one story of each month even where that is more than `most`.
    """
    more: dict[str, str] = {}
    cut: dict[str, Any] = {}
    for name in (*_ITEMS, *_OTHERS):
        rows = getattr(reading, name)
        if hidden := len(rows[most:]):
            cut[name] = rows[:most]
            more[name] = reading.say("more_in_report", hidden) if name in _ITEMS else f"+ {reading.words.number(hidden)}"
    if hidden := len(reading.clips[most:]):
        newest = {clip.id for clip in reading.newest[:most]}
        cut["clips"] = tuple(clip for clip in reading.clips if clip.id in newest)
        more["clips"] = reading.say("more_in_report", hidden)
    return replace(
        reading,
        **cut,
        more=more,
        main=tuple(_shorter_story(reading, story, most) for story in reading.main),
        countries=tuple(_shorter_country(reading, country, most, every_month=every_month) for country in reading.countries),
    )


def weight(reading: Reading) -> int:
    """About how many bytes of HTML the mail will have. Which of two readings is larger is told by measuring alone."""
    carried = [clip for country in reading.countries for story in country.stories for clip in story.carried_by]
    cards = (
        [story.first for country in reading.countries for story in country.stories] if reading.digest.kind != "situation" else reading.clips
    )
    listed = (*reading.organisation, *reading.context, *reading.own_channels, *carried)
    lines = [f"{trouble.who}{trouble.country}{trouble.why}" for trouble in reading.troubles]
    return (
        FRAME_BYTES
        + sum(CARD_BYTES + _bytes(clip.headline + clip.translation + clip.excerpt_text + clip.link) for clip in cards)
        + sum(LINE_BYTES + _bytes(clip.outlet + clip.link) for clip in listed)
        + sum(LINE_BYTES // 2 + _bytes(line) for line in lines)
    )


def ranked(stories: Sequence[StoryReading]) -> list[StoryReading]:
    """The stories, the first first (see `digests.ranking`)."""
    return sorted(stories, key=lambda story: story.rank.key)


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _shorter_country(reading: Reading, country: CountryReading, most: int, *, every_month: bool) -> CountryReading:
    kept = _highest(reading, country.stories, most, every_month=every_month)
    hidden = sum(len(story.clips) for story in country.stories if story.key not in kept)
    stories = tuple(_shorter_story(reading, story, most) for story in country.stories if story.key in kept)
    return replace(country, stories=stories, more=reading.say("more_in_report", hidden) if hidden else "")


def _highest(reading: Reading, stories: Sequence[StoryReading], most: int, *, every_month: bool) -> set[str]:
    """Keys of the highest-ranked stories, first of all the highest of each month."""
    order, zone = ranked(stories), ZoneInfo(reading.digest.facts.time_zone)
    firsts: dict[object, str] = {}
    for story in order:
        at = story.first.published_at
        firsts.setdefault((local.year, local.month) if (local := at and at.astimezone(zone)) else None, story.key)
    kept = dict.fromkeys(firsts.values()) if every_month else {}
    for story in order:
        if len(kept) >= most:
            break
        kept.setdefault(story.key)
    return set(kept)


def _shorter_story(reading: Reading, story: StoryReading, most: int) -> StoryReading:
    shown: tuple[Clip, ...] = story.clips[: most + 1]
    hidden = len(story.clips) - len(shown)
    return replace(story, clips=shown, more=reading.say("more_items", hidden)) if hidden > 0 else story
