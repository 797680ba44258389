"""The numbers of a digest. Stories and items are counted apart; nothing is summed into one figure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from tracker.model import Entry, Selection


@dataclass(frozen=True, slots=True)
class StoryGroup:
    """One story as a digest prints it: its items, the earliest first."""

    key: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """`items` equals the sum over `by_country` and over `by_tier`."""

    stories: int
    items: int
    outlets: int
    countries: int
    by_country: tuple[tuple[str, int], ...]
    by_tier: tuple[tuple[int, int], ...]
    by_language: tuple[tuple[str, int], ...]


def count_figures(selection: Selection) -> Figures:
    """The figures over the counted entries alone."""
    entries = selection.counted
    by_country = Counter(entry.outlet.country for entry in entries)
    return Figures(
        stories=len({entry.story_key for entry in entries}),
        items=len(entries),
        outlets=len({entry.outlet.id for entry in entries}),
        countries=len([country for country in by_country if country != "XB"]),
        by_country=tuple(by_country.items()),
        by_tier=tuple(sorted(Counter(entry.outlet.tier for entry in entries).items())),
        by_language=tuple(Counter(entry.article.language or "?" for entry in entries).most_common()),
    )


def story_groups(entries: tuple[Entry, ...]) -> tuple[StoryGroup, ...]:
    """Entries by story, in the order in which the first of each appears; within a story by time of publication."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.story_key, []).append(entry)
    return tuple(StoryGroup(key, tuple(sorted(found, key=_moment))) for key, found in groups.items())


def _moment(entry: Entry) -> tuple[datetime, int]:
    published = entry.article.published
    return (published.at if published else entry.article.fetched_at, entry.article.id)
