"""The tables of a digest: what workbook, CSV and document print. Rows are made as they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.digests.forms.clips import Clip
from tracker.digests.forms.plain_text import NAME_CHARS, plain
from tracker.digests.forms.tables import Bar
from tracker.digests.forms.view import Reading, StoryReading
from tracker.model import Use

Cell = str | int | float | datetime | date | None
YES = "✓"


class Column(Struct, frozen=True):
    """A column's heading and its width in characters. `kind`: text, number, share (0 to 1), moment, day or link. `printed`: it belongs to
    what is read on paper, and stands before the others in a workbook."""

    heading: str
    width: int
    kind: str = "text"
    printed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `rows` may be walked through once for each call of it."""

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterable[Sequence[Cell]]] = field(repr=False)


_ClipColumn = tuple[Column, Callable[[Clip], Cell], bool]
"""Heading and width, what stands in it, and whether it is left out where no item has any of it."""


def item_table(reading: Reading, *, whole: bool = False) -> Table:
    """Every counted item with all that its clip says. Columns that would be empty are left out unless `whole`."""
    return _clip_table(reading, reading.say("sheet_items"), reading.clips, whole=whole)


def apart_tables(reading: Reading) -> tuple[Table, ...]:
    """Items that are shown and not counted: the organisation's, context, own and partner channels, those only listed elsewhere; parts that have any."""
    parts = [(name, getattr(reading, name)) for name in ("organisation", "context", "own_channels", "listed")]
    return tuple(_clip_table(reading, f"{reading.say(name)} ({reading.say('not_counted')})", clips) for name, clips in parts if clips)


def _clip_table(reading: Reading, name: str, clips: Sequence[Clip], *, whole: bool = False) -> Table:
    columns = [one for one in _clip_columns(reading) if whole or not one[2] or any(one[1](clip) for clip in clips)]
    if not whole:
        columns.sort(key=lambda one: not one[0].printed)
    reads = [read for _, read, _ in columns]
    return Table(name, tuple(column for column, _, _ in columns), lambda: ([read(clip) for read in reads] for clip in clips))


def _clip_columns(reading: Reading) -> tuple[_ClipColumn, ...]:
    say, when = reading.say, _local(reading)
    hands = {entry.mention.id: entry.hand for entry in reading.digest.selection.shown if entry.hand}

    def reach(clip: Clip) -> int | None:
        return hands[clip.id].reach if clip.reach else None

    def reach_source(clip: Clip) -> str:
        hand = hands.get(clip.id)
        return f"{plain(hand.reach_source, NAME_CHARS)}, {reading.words.iso_day(hand.reach_on)}" if hand and clip.reach else ""

    def confirmed(clip: Clip) -> str:
        return "; ".join(clip.messages)

    def words_of(clip: Clip) -> str:
        return "; ".join(clip.words_of)

    def flag(name: str) -> Callable[[Clip], Cell]:
        return lambda clip: YES if getattr(clip, name) else None

    messages = say("key_messages")
    return (
        (Column(say("col_headline"), 54, printed=True), attrgetter("headline"), False),
        (Column(say("col_translation"), 40, printed=True), attrgetter("translation"), True),
        (Column(say("col_outlet"), 22, printed=True), attrgetter("outlet"), False),
        (Column(say("col_country"), 18, printed=True), attrgetter("country"), False),
        (Column(f"{say('col_published')} ({_zone_names(reading)})", 17, "moment", printed=True), when, False),
        (Column(say("col_language"), 12), attrgetter("language"), False),
        (Column(say("col_tier"), 17), attrgetter("tier"), False),
        (Column(say("col_kind"), 13), attrgetter("kind"), False),
        (Column(say("col_medium"), 12), attrgetter("medium"), False),
        (Column(say("col_author"), 18), attrgetter("author"), True),
        (Column(say("col_prominence"), 15, printed=True), attrgetter("prominence"), False),
        (Column(say("col_tone"), 11, printed=True), attrgetter("tone"), True),
        (Column(f"{messages}: {say('col_confirmed')}", 40), confirmed, True),
        (Column(f"{messages}: {say('words_in_item')}", 40), words_of, True),
        (Column(say("col_excerpt"), 80), attrgetter("excerpt_text"), True),
        (Column(say("col_link"), 50, "link"), attrgetter("link"), True),
        (Column(say("col_programme"), 22), attrgetter("programme"), True),
        (Column(say("col_place"), 14), attrgetter("place"), True),
        (Column(say("col_reach"), 11, "number"), reach, True),
        (Column(say("col_reach_source"), 30), reach_source, True),
        (Column(say("picture"), 30, "link"), attrgetter("picture"), True),
        (Column(_capped(say("entered_by_hand")), 12), flag("by_hand"), True),
        (Column(_capped(say("corrected_by_hand")), 14), flag("corrected"), True),
        (Column(_capped(say("listed_note")), 14), flag("listed"), True),
        (Column(say("take_up"), 24), _used(reading), True),
        (Column(say("col_of_item"), 12, "share"), _share("of_item"), True),
        (Column(say("col_of_release"), 12, "share"), _share("of_release"), True),
        (Column(say("quotes_carried"), 12, "number"), _quotes_carried, True),
        (Column(_capped(say("not_reviewed")), 14), flag("pending"), True),
        (Column(say("col_story"), 12), lambda clip: (clip.story or clip.id)[:10], False),
    )


def _used(reading: Reading) -> Callable[[Clip], Cell]:
    """What an item did with a release in a word; of an edition from before that was measured, whether it published one."""

    def told(clip: Clip) -> Cell:
        if clip.take_up is not None:
            return reading.say(f"used_{clip.take_up.use}")
        return reading.say("used_published") if clip.release else None

    return told


def _share(name: str) -> Callable[[Clip], Cell]:
    """A share of `TakeUp`; nothing where it was not measured."""
    return lambda clip: getattr(clip.take_up, name) if clip.take_up and clip.take_up.use is not Use.NOT_MEASURED else None


def _quotes_carried(clip: Clip) -> Cell:
    return len(clip.take_up.quotes) if clip.take_up and clip.take_up.quotes else None


def take_up_table(reading: Reading) -> Table:
    """Releases with the items by what they did with it, and the quotes that were carried."""
    say = reading.say
    columns = Column(say("take_up"), 60), Column(say("col_items"), 10, "number"), Column(say("col_share"), 10, "share")

    def rows() -> Iterator[Sequence[Cell]]:
        for release in reading.take_up:
            for bar in release.uses:
                yield [f"{release.title}: {bar.label}", bar.value, bar.of_all]
            for one in release.quotes:
                yield [f"{say('quotes_carried')}: {reading.words.quote(one.text)}", one.items, None]

    return Table(say("take_up"), columns, rows)


def _local(reading: Reading) -> Callable[[Clip], datetime | date | None]:
    """When a clip was published in the campaign's zone, without a zone, as spreadsheets have it; a day where no time is known."""
    zone = ZoneInfo(reading.digest.facts.time_zone)

    def when(clip: Clip) -> datetime | date | None:
        if clip.published_at is None:
            return None
        return clip.published_at.astimezone(zone).replace(tzinfo=None, microsecond=0) if clip.has_time else clip.published_at.date()

    return when


def _zone_names(reading: Reading) -> str:
    """What the campaign's clock is called over the year: `CET/CEST`."""
    zone, year = ZoneInfo(reading.digest.facts.time_zone), reading.digest.made_at.year
    return "/".join(dict.fromkeys(datetime(year, month, 1, tzinfo=zone).tzname() or "" for month in (1, 7)))


def story_table(reading: Reading) -> Table:
    """Every story with the outlets that carried it, the first published first."""
    say, when = reading.say, _local(reading)
    translated = any(clip.translation for clip in reading.clips)
    columns = (
        Column(say("col_story"), 12),
        Column(say("col_headline"), 54),
        *([Column(say("col_translation"), 40)] * translated),
        Column(say("col_items"), 10, "number"),
        Column(say("col_outlets"), 10, "number"),
        Column(_capped(say("first_published_by")), 22),
        Column(f"{say('col_published')} ({_zone_names(reading)})", 18, "moment"),
        Column(_capped(say("carried_by")), 40),
        Column(say("col_link"), 50, "link"),
    )

    def rows() -> Iterator[Sequence[Cell]]:
        for story in stories_of(reading):
            first, outlets = story.first, list(dict.fromkeys(clip.outlet for clip in story.clips))
            translation = [first.translation] * translated
            yield [
                (first.story or first.id)[:10],
                first.headline,
                *translation,
                len(story.clips),
                len(outlets),
                first.outlet,
                when(first),
                "; ".join(outlets[1:]),
                first.link,
            ]

    return Table(say("sheet_stories"), columns, rows)


def stories_of(reading: Reading) -> tuple[StoryReading, ...]:
    """All stories, over countries and media, those with the most items first, then as they rank."""
    return tuple(sorted(reading.ranked, key=lambda story: -len(story.clips)))


def bar_table(reading: Reading, name: str, heading: str, bars: Sequence[Bar]) -> Table:
    """Labels with their numbers and shares."""
    columns = (
        Column(reading.say(heading), 40),
        Column(reading.say("col_items"), 10, "number"),
        Column(reading.say("col_share"), 10, "share"),
    )
    return Table(name, columns, lambda: ([bar.label, bar.value, bar.of_all] for bar in bars))


def outlet_table(reading: Reading) -> Table:
    """Outlets with their country and tier, those with the most items first."""
    say = reading.say
    clips = dict(zip((entry.outlet.id for entry in reading.digest.selection.counted), reading.clips, strict=True))
    columns = (
        Column(say("col_outlet"), 34),
        Column(say("col_country"), 24),
        Column(say("col_tier"), 24),
        Column(say("col_items"), 10, "number"),
        Column(say("col_share"), 10, "share"),
    )

    def rows() -> Iterator[Sequence[Cell]]:
        for (identity, _), bar in zip(reading.figures.by_outlet, reading.by_outlet, strict=True):
            yield [bar.label, clips[identity].country, clips[identity].tier, bar.value, bar.of_all]

    return Table(say("sheet_outlets"), columns, rows)


def week_table(reading: Reading) -> Table:
    """Weeks by their Monday, none left out between the first and the last."""
    say = reading.say
    columns = Column(say("col_week"), 18, "day"), Column(say("col_items"), 10, "number"), Column(say("col_share"), 10, "share")
    weeks = zip(reading.figures.by_week, reading.by_week, strict=True)
    found: list[Sequence[Cell]] = [[monday, bar.value, bar.of_all] for (monday, _), bar in weeks]
    return Table(say("sheet_weeks"), columns, lambda: found)


def figure_tables(reading: Reading) -> tuple[Table, ...]:
    """Country, outlet, tier, language, medium, week and tone; the periods before where there are any."""
    past = [bar_table(reading, reading.trend.title, "col_period", reading.trend.bars)] if reading.trend.bars else []
    return (
        bar_table(reading, reading.say("sheet_countries"), "col_country", reading.by_country),
        outlet_table(reading),
        bar_table(reading, reading.say("by_tier"), "col_tier", reading.by_tier),
        bar_table(reading, reading.say("by_language"), "col_language", reading.by_language),
        bar_table(reading, reading.say("by_medium"), "col_medium", reading.by_medium),
        week_table(reading),
        *past,
        tone_table(reading),
    )


def tone_table(reading: Reading) -> Table:
    """Tones with the assessed items of each, their share of those, and how many of each country's; last the items not assessed."""
    clips, say = reading.clips, reading.say
    places = dict.fromkeys((clip.country_code, clip.country) for clip in clips)
    percents = {segment.code: segment.percent / 100 for segment in reading.tone.segments}
    columns = (
        Column(say("col_tone"), 16),
        Column(say("col_items"), 10, "number"),
        Column(say("col_share"), 10, "share"),
        *(Column(name, 14, "number") for _, name in places),
    )

    def rows() -> Iterator[Sequence[Cell]]:
        for code in (*percents, ""):
            mine = [clip for clip in clips if clip.tone_code == code]
            by_place = [sum(clip.country_code == place for clip in mine) for place, _ in places]
            yield [say(f"tone_{code or 'none'}"), len(mine), percents.get(code), *by_place]

    return Table(say("col_tone"), columns, rows)


def message_table(reading: Reading) -> Table:
    """Key messages: items assessed by a person and those in which the message came through; for staff the items with its words too."""
    found = [Column(reading.say("col_found"), 16, "number")] if reading.for_staff else []
    columns = (
        Column(reading.say("col_message"), 60),
        Column(reading.say("col_confirmed"), 16, "number"),
        Column(reading.say("col_assessed"), 16, "number"),
        *found,
    )

    def rows() -> Iterator[Sequence[Cell]]:
        for line in reading.messages:
            yield [line.name, line.confirmed, line.assessed, *([line.found] if reading.for_staff else [])]

    return Table(reading.say("sheet_messages"), columns, rows)


def quoted_table(reading: Reading) -> Table:
    """Spokespeople and the items that name them."""
    name = reading.say("spokespeople_named")
    columns = Column(name, 60), Column(reading.say("col_items"), 10, "number")
    return Table(name, columns, lambda: ([", ".join(filter(None, [one.name, one.role])), one.items] for one in reading.quoted))


def trouble_table(reading: Reading) -> Table:
    """Sources that could not be followed, and why."""
    columns = Column(reading.say("col_country"), 24), Column(reading.say("col_source"), 36), Column(reading.say("col_reason"), 90)
    return Table(reading.say("sheet_sources"), columns, lambda: ([line.country, line.who, line.why] for line in reading.troubles))


def _capped(words: str) -> str:
    """Words as a heading begins."""
    return words[:1].upper() + words[1:]
