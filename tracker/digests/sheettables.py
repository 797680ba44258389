"""The tables of a digest: what sheets, CSV and the document print. Rows are made as they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.digests.clips import Clip
from tracker.digests.reading import Reading, StoryReading
from tracker.digests.tables import Bar

Cell = str | int | float | datetime | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading and its width in characters. `kind`: text, number, share (0 to 1), moment, day or link."""

    heading: str
    width: int
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `rows` may be walked through once for each call of it."""

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterable[Sequence[Cell]]] = field(repr=False)


def item_table(reading: Reading) -> Table:
    """Every counted item, with all that a clip says of it."""
    columns = (
        Column(reading.say("col_headline"), 60), Column(reading.say("col_translation"), 45), Column(reading.say("col_outlet"), 24),
        Column(reading.say("col_country"), 20), Column(reading.say("col_published"), 17, "moment"), Column(reading.say("col_language"), 13),
        Column(reading.say("col_tier"), 20), Column(reading.say("col_kind"), 14), Column(reading.say("col_medium"), 12),
        Column(reading.say("col_author"), 22), Column(reading.say("col_prominence"), 16), Column(reading.say("col_tone"), 12),
        Column(reading.say("col_message"), 40), Column(reading.say("col_excerpt"), 80), Column(reading.say("col_link"), 50, "link"),
        Column(reading.say("col_programme"), 22), Column(reading.say("col_place"), 14), Column(reading.say("col_reach"), 30),
        Column(reading.say("col_story"), 12),
    )  # fmt: skip
    return Table(reading.say("sheet_items"), columns, lambda: (_item_row(reading, clip) for clip in reading.clips))


def _item_row(reading: Reading, clip: Clip) -> list[Cell]:
    hand = f"{clip.medium} ({clip.by_hand})" if clip.by_hand else clip.medium
    return [
        clip.headline, clip.translation, clip.outlet, clip.country, local_moment(reading, clip), clip.language, clip.tier, clip.kind, hand,
        clip.author, clip.prominence, clip.tone, "; ".join(clip.messages), clip.excerpt_text, clip.link, clip.programme, clip.place,
        clip.reach, clip.story[:10],
    ]  # fmt: skip


def local_moment(reading: Reading, clip: Clip) -> datetime | date | None:
    """When it was published in the campaign's zone, without a zone, as spreadsheets have it; a day where no time is known."""
    from zoneinfo import ZoneInfo

    if clip.published_at is None:
        return None
    if not clip.has_time:
        return clip.published_at.date()
    return clip.published_at.astimezone(ZoneInfo(reading.digest.facts.time_zone)).replace(tzinfo=None)


def story_table(reading: Reading) -> Table:
    """Every story with the outlets that carried it, the first published first."""
    columns = (
        Column(reading.say("col_story"), 60), Column(reading.say("col_translation"), 45), Column(reading.say("col_items"), 9, "number"),
        Column(reading.say("col_outlets"), 50), Column(reading.say("col_published"), 17, "moment"),
    )  # fmt: skip

    def rows() -> Iterator[Sequence[Cell]]:
        for story in stories_of(reading):
            outlets = "; ".join(dict.fromkeys(clip.outlet for clip in story.clips))
            yield [story.first.headline, story.first.translation, len(story.clips), outlets, local_moment(reading, story.first)]

    return Table(reading.say("sheet_stories"), columns, rows)


def stories_of(reading: Reading) -> tuple[StoryReading, ...]:
    """All stories, over countries and media, those with the most items first."""
    grouped: dict[str, list[Clip]] = {}
    for clip in reading.clips:
        grouped.setdefault(clip.story or clip.id, []).append(clip)
    dated = [sorted(clips, key=lambda clip: clip.published_at.timestamp() if clip.published_at else 0) for clips in grouped.values()]
    ordered = sorted(dated, key=lambda clips: -len(clips))
    return tuple(StoryReading(clips[0].story, tuple(clips)) for clips in ordered)


def bar_table(reading: Reading, name: str, heading: str, bars: Sequence[Bar]) -> Table:
    """Labels with their numbers and shares."""
    columns = (
        Column(reading.say(heading), 40), Column(reading.say("col_items"), 10, "number"), Column(reading.say("col_share"), 10, "share"),
    )  # fmt: skip
    return Table(name, columns, lambda: ([bar.label, bar.value, bar.of_all] for bar in bars))


def message_table(reading: Reading) -> Table:
    """Key messages: words found, and confirmed by a person."""
    columns = (
        Column(reading.say("col_message"), 60), Column(reading.say("col_found"), 16, "number"),
        Column(reading.say("col_confirmed"), 16, "number"),
    )  # fmt: skip
    return Table(reading.say("sheet_messages"), columns, lambda: ([line.name, line.found, line.confirmed] for line in reading.messages))


def trouble_table(reading: Reading) -> Table:
    """Sources that could not be followed, and why."""
    columns = Column(reading.say("col_country"), 24), Column(reading.say("col_source"), 36), Column(reading.say("col_reason"), 90)
    return Table(reading.say("sheet_sources"), columns, lambda: ([line.country, line.who, line.why] for line in reading.troubles))


def figure_tables(reading: Reading) -> tuple[Table, ...]:
    """Country, outlet, tier, language, medium and week."""
    return (
        bar_table(reading, reading.say("sheet_countries"), "col_country", reading.by_country),
        bar_table(reading, reading.say("sheet_outlets"), "col_outlet", reading.by_outlet),
        bar_table(reading, reading.say("by_tier"), "col_tier", reading.by_tier),
        bar_table(reading, reading.say("by_language"), "col_language", reading.by_language),
        bar_table(reading, reading.say("by_medium"), "col_medium", reading.by_medium),
        bar_table(reading, reading.say("sheet_weeks"), "col_week", reading.by_week),
    )
