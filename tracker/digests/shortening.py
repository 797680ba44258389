"""A reading with less of everything, for a mail that programs must not cut off. What is left out is said, with its number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tracker.digests.reading import CountryReading, Reading, StoryReading

_ITEMS, _OTHERS = ("broadcast", "social", "clips", "organisation", "own_channels"), ("changed", "troubles")
"""Lists that may be long."""


def shortened(reading: Reading, most: int) -> Reading:
    """The reading with at most `most` stories a country, outlets a story and rows of a list. Numbers stay those of all."""
    more: dict[str, str] = {}
    cut: dict[str, Any] = {}
    for name in (*_ITEMS, *_OTHERS):
        rows = getattr(reading, name)
        if len(rows) > most:
            cut[name], more[name] = rows[:most], reading.say("more_in_report" if name in _ITEMS else "more_items", len(rows) - most)
    return replace(
        reading,
        **cut,
        more=more,
        main=tuple(_shorter_story(reading, story, most) for story in reading.main),
        countries=tuple(_shorter_country(reading, country, most) for country in reading.countries),
    )


def _shorter_country(reading: Reading, country: CountryReading, most: int) -> CountryReading:
    hidden = sum(len(story.clips) for story in country.stories[most:])
    stories = tuple(_shorter_story(reading, story, most) for story in country.stories[:most])
    return replace(country, stories=stories, more=reading.say("more_in_report", hidden) if hidden else "")


def _shorter_story(reading: Reading, story: StoryReading, most: int) -> StoryReading:
    hidden = len(story.clips) - most - 1
    return replace(story, clips=story.clips[: most + 1], more=reading.say("more_items", hidden)) if hidden > 0 else story
