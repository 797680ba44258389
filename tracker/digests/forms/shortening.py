"""A reading with less of everything, for a mail that programs must not cut off. What is left out is said, with its number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tracker.digests.forms.view import CountryReading, Reading, StoryReading

_ITEMS, _OTHERS = ("broadcast", "social", "clips", "organisation", "own_channels"), ("changed", "troubles")
"""Lists that may be long."""
FRAME_BYTES, CARD_BYTES, LINE_BYTES = 20_000, 900, 170
"""What a mail, a clip and a line weigh without the words that differ."""


def shortened(reading: Reading, most: int) -> Reading:
    """The reading with at most `most` stories a country, outlets a story and rows of a list. Numbers stay those of all."""
    more: dict[str, str] = {}
    cut: dict[str, Any] = {}
    for name in (*_ITEMS, *_OTHERS):
        rows = getattr(reading, name)
        if hidden := len(rows[most:]):
            cut[name] = rows[:most]
            more[name] = reading.say("more_in_report", hidden) if name in _ITEMS else f"+ {reading.words.number(hidden)}"
    return replace(
        reading,
        **cut,
        more=more,
        main=tuple(_shorter_story(reading, story, most) for story in reading.main),
        countries=tuple(_shorter_country(reading, country, most) for country in reading.countries),
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
        + sum(
            CARD_BYTES + _bytes(clip.headline + clip.translation + clip.excerpt_text + clip.link)
            for clip in (*cards, *reading.broadcast, *reading.social)
        )
        + sum(LINE_BYTES + _bytes(clip.outlet + clip.link) for clip in listed)
        + sum(LINE_BYTES // 2 + _bytes(line) for line in lines)
    )


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _shorter_country(reading: Reading, country: CountryReading, most: int) -> CountryReading:
    hidden = sum(len(story.clips) for story in country.stories[most:])
    stories = tuple(_shorter_story(reading, story, most) for story in country.stories[:most])
    return replace(country, stories=stories, more=reading.say("more_in_report", hidden) if hidden else "")


def _shorter_story(reading: Reading, story: StoryReading, most: int) -> StoryReading:
    hidden = len(story.clips) - most - 1
    return replace(story, clips=story.clips[: most + 1], more=reading.say("more_items", hidden)) if hidden > 0 else story
