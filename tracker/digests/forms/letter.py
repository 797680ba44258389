"""What of an edition a mail shows: a few headlines that a reader takes in at once; the report has the rest, and the mail says how much.

The highest-ranked stand in it, and at least one of every country and of every month of a quarter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from tracker.digests.forms.clips import Clip
from tracker.digests.forms.pictures import ClipPicture
from tracker.digests.forms.tables import Bar
from tracker.digests.forms.view import CountryReading, Reading, StoryReading
from tracker.model import EditionKind, Tone

MOST_HEADLINES = 12
"""With figures, top story and messages three screens of a phone; each other section takes the room of one."""
MOST_ANSWERS = 3
MOST_CARRIERS = 6
MOST_AT_NIGHT = 20
"""Each with what is to be decided on it."""
MOST_NEWEST = 30
MOST_ROWS = 3
MOST_ON_SOURCES = 2
"""Sentences: how many outlets were read, and how many sources gave nothing."""
LONGEST_WITH_ALL_MONTHS = timedelta(days=100)
"""A quarter: each of its months has a headline. In longer periods the rank alone decides."""


@dataclass(frozen=True, slots=True)
class Line:
    """A story in one line: its first item. `also`: that others carried it, in words; `decide`: what staff have to decide on it."""

    clip: Clip
    also: str = ""
    decide: str = ""


@dataclass(frozen=True, slots=True)
class CountryLines:
    """The lines of one country, with all its items as a bar. `unread`: what is said where none of its outlets could be read."""

    name: str
    counted: str
    share: float
    lines: tuple[Line, ...]
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What the mail shows of the items. A nightly edition has `night`, a situation `hours`, the others `top` (with its picture,
    outlets that carried it, and how many more did), `answers` and `countries` (in the short kinds those alone that could not be read). `more` is what the report has besides, in words; empty where it has nothing.
    `open_report`: the report must go with the mail. `lead` stands first, `remarks` below the figures. `sources`: how well the outlets could be read, in one line (in the short kinds whatever may be missing too);
    `troubles` names the first of those that could not be, in the short kinds."""

    top: StoryReading | None = None
    picture: ClipPicture | None = None
    carriers: tuple[Clip, ...] = ()
    more_carriers: str = ""
    answers: tuple[Line, ...] = ()
    countries: tuple[CountryLines, ...] = ()
    night: tuple[Line, ...] = ()
    hours: tuple[tuple[str, tuple[Line, ...]], ...] = ()
    changed: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    open_report: bool = False
    lead: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    sources: str = ""
    troubles: tuple[str, ...] = ()

    @property
    def headlines(self) -> int:
        """How many items are named."""
        lines = (
            *self.answers,
            *self.night,
            *(line for one in self.countries for line in one.lines),
            *(one for _, rows in self.hours for one in rows),
        )
        return len(lines) + (self.top is not None)


def letter_of(reading: Reading) -> Letter:
    """What the mail shows of the reading."""
    kind, told = EditionKind(reading.digest.kind), reading.told
    made = {EditionKind.NIGHTLY: _night, EditionKind.SITUATION: _situation}.get(kind, _summed)(reading)
    sources = " ".join(reading.not_followed[:MOST_ON_SOURCES])
    if kind in (EditionKind.NIGHTLY, EditionKind.SITUATION):
        is_said = reading.for_staff and reading.digest.selection.undecided  # above, as what a person has to decide on
        hidden = () if is_said or not reading.hidden else (reading.hidden,)
        lead = _unless_above((*told.unread, *told.nothing, *told.counted, *told.own), reading)
        troubles = _some(tuple(f"{one.who}, {one.country}: {one.why}" for one in reading.troubles))
        unread = tuple(_lines_of(country, None, ()) for country in reading.countries if country.unread)
        sources = " ".join(reading.not_followed)  # an empty edition has no report beside it that could say the rest
        return replace(made, countries=unread, open_report=bool(made.more), lead=lead, remarks=hidden, sources=sources, troubles=troubles)
    compared = told.change if reading.digest.before else ()  # the tiles say it
    remarks = tuple(one for one in (*told.rest, reading.hidden) if one and one not in compared)
    # excerpts, figures and method stand in the report alone
    return replace(
        made, open_report=made.top is not None or bool(made.more), lead=_unless_above(told.lead, reading), remarks=remarks, sources=sources
    )


def _unless_above(sentences: Sequence[str], reading: Reading) -> tuple[str, ...]:
    """Staff read of an outage above all else already."""
    return tuple(sentence for sentence in sentences if sentence not in reading.attention)


def _summed(reading: Reading) -> Letter:
    top = reading.ranked[0] if reading.ranked else None
    answers = _answers(reading, top)
    carriers = top.carried_by[:MOST_CARRIERS] if top else ()
    chosen = _chosen(reading, top, answers)
    lines = {code: [Line(story.first, _also(story, reading)) for story in stories] for code, stories in chosen.items()}
    named = {clip.id for clip in (*([top.first] if top else []), *carriers, *answers)}
    named |= {line.clip.id for rows in lines.values() for line in rows}
    countries = tuple(_lines_of(country, bar, lines.get(country.code, [])) for country, bar in _by_value(reading))
    if len(countries) == 1 and not (countries[0].lines or countries[0].unread):
        countries = ()  # its one story stands above
    return Letter(
        top,
        _picture(top) if top else None,
        carriers,
        reading.say("more_items", more) if top and (more := len(top.carried_by) - len(carriers)) else "",
        tuple(Line(clip) for clip in answers),
        countries,
        changed=_some(reading.changed),
        more=_more(reading, len({clip.id for clip in reading.clips} - named)),
    )


def _picture(story: StoryReading) -> ClipPicture | None:
    """The one picture of a mail: of the story's first item that has one."""
    return next((clip.lead_picture for clip in story.clips if clip.lead_picture), None)


def _answers(reading: Reading, top: StoryReading | None) -> tuple[Clip, ...]:
    """Critical and mixed items; of partners those of an edition that a person approved."""
    if not reading.for_staff and reading.digest.approved_at is None:
        return ()
    said = {clip.id for clip in top.clips} if top else set()
    critical = [clip for clip in reading.clips if clip.tone_code in (Tone.NEGATIVE, Tone.MIXED) and clip.id not in said]
    return tuple(sorted(critical, key=lambda clip: (clip.tone_code != Tone.NEGATIVE, clip.rank.key))[:MOST_ANSWERS])


def _chosen(reading: Reading, top: StoryReading | None, answers: Sequence[Clip]) -> dict[str, list[StoryReading]]:
    """Each country's stories that have a line: the first of a country or month that has none yet, then as they rank. A country of which
    only the top story tells has its own headline of it."""
    places = {story.key: place for place, story in enumerate(reading.ranked)}
    said = {clip.id for clip in (*([top.first] if top else []), *answers)}
    pool = [story for country, _ in _by_value(reading) for story in country.stories if not said & {clip.id for clip in story.clips}]
    pool.sort(key=lambda story: (top is not None and story.key == top.key, places[story.key]))
    shown = [*([top.first] if top else []), *answers]
    chosen: list[StoryReading] = []

    most = _most(reading)

    def take(story: StoryReading) -> None:
        if len(chosen) + len(shown) < most:
            chosen.append(story)

    for place in (_country, *([_month_in(reading)] if _is_short(reading) else [])):
        seen = {place(clip) for clip in (*shown, *(story.first for story in chosen))}
        for story in pool:
            if place(story.first) not in seen:
                seen.add(place(story.first))
                take(story)
    for story in pool:
        if story.key not in {one.key for one in chosen} and not (top and story.key == top.key):
            take(story)
    by_country: dict[str, list[StoryReading]] = {}
    for story in sorted(chosen, key=lambda story: places[story.key]):
        by_country.setdefault(story.first.country_code, []).append(story)
    return by_country


def _most(reading: Reading) -> int:
    """How many headlines three screens have room for; one for every country in any case."""
    others = (
        reading.attention,
        reading.objectives,
        len(reading.trend.bars) > 1,
        reading.changed,
        reading.confirmed_quote,
        reading.ranked and _picture(reading.ranked[0]),
    )
    return max(MOST_HEADLINES - sum(map(bool, others)), min(MOST_HEADLINES, len(reading.by_country) + 1))


def _country(clip: Clip) -> object:
    return clip.country_code


def _month_in(reading: Reading) -> Callable[[Clip], object]:
    zone = ZoneInfo(reading.digest.facts.time_zone)
    return lambda clip: (at := clip.published_at and clip.published_at.astimezone(zone)) and (at.year, at.month)


def _is_short(reading: Reading) -> bool:
    """Whether the period has so few months that each can have a headline."""
    return reading.digest.window.end_at - reading.digest.window.start_at < LONGEST_WITH_ALL_MONTHS


def _by_value(reading: Reading) -> list[tuple[CountryReading, Bar | None]]:
    """The countries, the largest first, those of which nothing can be said last."""
    bars = {bar.label: bar for bar in reading.by_country}
    places = {bar.label: place for place, bar in enumerate(reading.by_country)}
    ordered = sorted(reading.countries, key=lambda country: places.get(country.name, len(places)))
    return [(country, bars.get(country.name)) for country in ordered]


def _lines_of(country: CountryReading, bar: Bar | None, lines: Sequence[Line]) -> CountryLines:
    return CountryLines(country.name, country.counted, bar.of_largest if bar else 0.0, tuple(lines), country.unread)


def _also(story: StoryReading, reading: Reading) -> str:
    """In how many outlets the story stands, over all countries."""
    outlets = next(one.rank.outlets for one in reading.ranked if one.key == story.key)
    return reading.say("in_outlets", outlets) if outlets > 1 else ""


def _night(reading: Reading) -> Letter:
    """The items as their stories rank, then those that name the organisation alone."""
    lines = []
    for story in reading.ranked:
        first, *others = sorted(story.clips, key=lambda clip: clip.rank.key)
        lines.append(Line(first, _also(story, reading), decision(first, reading)))
        lines += [Line(clip, decide=decision(clip, reading)) for clip in others]
    lines += [Line(clip, decide=decision(clip, reading)) for clip in sorted(reading.organisation, key=lambda clip: clip.rank.key)]
    more = _more(reading, len(lines[MOST_AT_NIGHT:]), ("context", "own_channels"))
    return Letter(night=tuple(lines[:MOST_AT_NIGHT]), changed=_some(reading.changed), more=more)


def _situation(reading: Reading) -> Letter:
    newest = {clip.id for clip in reading.newest[:MOST_NEWEST]}
    hours = (
        (hour, tuple(Line(clip, decide=decision(clip, reading)) for clip in clips if clip.id in newest)) for hour, clips in reading.hours
    )
    return Letter(hours=tuple((hour, lines) for hour, lines in hours if lines), more=_more(reading, len(reading.clips) - len(newest)))


def decision(clip: Clip, reading: Reading) -> str:
    """What staff have to decide on an item; empty for partners, and where all is said."""
    if not reading.for_staff:
        return ""
    unsaid = [message for message in clip.words_of if message not in clip.messages]
    parts = (
        reading.say("decide_item") if clip.pending else "",
        reading.say("decide_message", message=reading.words.quote(unsaid[0])) if clip.pending and unsaid else "",
        reading.say("decide_tone") if not clip.tone_code and not clip.pending else "",
        reading.say("decide_date") if clip.is_date_uncertain else "",
    )
    what = ", ".join(filter(None, parts))
    return reading.say("to_decide", what=what) if what else ""


def _some(rows: tuple[str, ...]) -> tuple[str, ...]:
    shown, hidden = rows[:MOST_ROWS], len(rows[MOST_ROWS:])
    return (*shown, f"+ {hidden}") if hidden else shown


def _more(reading: Reading, hidden: int, parts: Sequence[str] = ("organisation", "context", "own_channels")) -> tuple[str, ...]:
    """Items that stand in the report alone, and whole parts."""
    titles = {"organisation": "organisation", "context": "context_counted", "own_channels": "own_channels"}
    there = [f"{reading.say(titles[part])} ({reading.words.number(len(clips))})" for part in parts if (clips := getattr(reading, part))]
    return (
        *([reading.say("more_in_report", hidden)] if hidden > 0 else []),
        *([reading.say("also_in_report", parts=", ".join(there))] if there else []),
    )
