"""What of an edition a mail shows: a few headlines that a reader takes in at once; the report has the rest, and the mail says how much.

The highest-ranked stand in it, and at least one of every country and of every month of a quarter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from tracker.digests.forms.clips import Clip
from tracker.digests.forms.phone import height, line_height
from tracker.digests.forms.pictures import ClipPicture
from tracker.digests.forms.plain_text import plain
from tracker.digests.forms.quotes import ClipQuote
from tracker.digests.forms.tables import Bar, MessageLine, ObjectiveLine
from tracker.digests.forms.view import CountryReading, Reading, StoryReading, read_digest
from tracker.digests.once import once
from tracker.model import EditionKind, Tone

MOST_HEADLINES = 12
MOST_PIXELS = 2490
"""At 390 px wide, as `phone` reckons it: three screens, of which its own bars take a little. The sentences on what the report has besides come on top."""
WIDEST = "mk"
"""The language whose words take most room: what fits in it is named in every language, so that readers of two see the same items. What
a person's sentence needs beyond that in one language is made room for in that alone."""
HEADLINE_CHARS, TOP_CHARS = 120, 150
"""Three lines of a phone; the report has all of it. 4 % of 24,317 headlines of the corpus are longer than the first."""
OUTLET_CHARS = 60
"""The longest name of the register has 54."""
QUOTE_CHARS = 280
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


class Line(Struct, frozen=True):
    """A story in one line: its first item. `also`: that others carried it, in words; `decide`: what staff have to decide on it."""

    clip: Clip
    also: str = ""
    decide: str = ""


class CountryLines(Struct, frozen=True):
    """The lines of one country, with all its items as a bar. `unread`: what is said where none of its outlets could be read."""

    name: str
    counted: str
    share: float
    lines: tuple[Line, ...]
    unread: str = ""


class Letter(Struct, frozen=True):
    """What the mail shows of the items. A nightly edition has `night`, a situation `hours`, the others `top` (with its picture,
    outlets that carried it, and how many more did), `answers` and `countries` (in the short kinds those alone that could not be read). `more` is what the report has besides, in words; empty where it has nothing.
    `quote`, `messages`, `objectives` and the trend stand in the longer kinds, as far as there is room.
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
    quote: tuple[Clip, ClipQuote] | None = None
    messages: tuple[MessageLine, ...] = ()
    objectives: tuple[ObjectiveLine, ...] = ()
    has_trend: bool = False

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


class _Room(Struct, frozen=True):
    """How much of each part a mail shows. `aims`: key messages and objectives; `outcomes`: of these, those that a person entered; `chars`
    of a headline; `translated`: the lines too, beside the top story."""

    carriers: int = MOST_CARRIERS
    answers: int = MOST_ANSWERS
    aims: int = 6
    outcomes: bool = True
    trend: bool = True
    chars: int = HEADLINE_CHARS
    picture: bool = True
    translated: bool = True


_ROOMS = (
    _Room(),
    _Room(3),
    _Room(3, outcomes=False),
    _Room(3, 2, 4, False),
    _Room(2, 1, 3, False),
    _Room(2, 1, 2, False, False),
    _Room(1, 1, 1, False, False, 90),
    _Room(1, 1, 1, False, False, 90, False),
    _Room(1, 1, 1, False, False, 70, False, False),
)
"""The first in which three screens hold one headline of every country; figures, top story and quote stay in any case."""


def letter_of(reading: Reading) -> Letter:
    """What the mail shows of the reading."""
    kind, told = EditionKind(reading.digest.kind), reading.told
    if kind not in (EditionKind.NIGHTLY, EditionKind.SITUATION):
        return _summed(reading)
    made = _night(reading) if kind is EditionKind.NIGHTLY else _situation(reading)
    is_said = reading.for_staff and reading.digest.selection.undecided  # above, as what a person has to decide on
    hidden = () if is_said or not reading.hidden else (reading.hidden,)
    lead = _unless_above((*told.unread, *told.nothing, *told.counted, *told.own), reading)
    troubles = _some(tuple(f"{one.who}, {one.country}: {one.why}" for one in reading.troubles))
    unread = tuple(_lines_of(country, None, ()) for country in reading.countries if country.unread)
    sources = " ".join(
        filter(None, (*reading.not_followed, reading.estimate))
    )  # an empty edition has no report beside it that could say the rest
    return replace(made, countries=unread, open_report=bool(made.more), lead=lead, remarks=hidden, sources=sources, troubles=troubles)


def _unless_above(sentences: Sequence[str], reading: Reading) -> tuple[str, ...]:
    """Staff read of an outage above all else already."""
    return tuple(sentence for sentence in sentences if sentence not in reading.attention)


def _summed(reading: Reading) -> Letter:
    """As many headlines as three screens of a phone hold; one of every country and month in any case."""
    digest = reading.digest
    widest = once(digest.selection, ("room", id(digest)), lambda: (digest, _fitted(read_digest(digest, WIDEST))))[1]
    room, shown = _fitted(reading) if reading.language != WIDEST else widest
    made = _made(reading, max(room, widest[0]), min(shown, widest[1]))
    named = {clip.id for clip in (*([made.top.first] if made.top else []), *made.carriers, *(line.clip for line in made.answers))}
    named |= {line.clip.id for country in made.countries for line in country.lines}
    more = _more(reading, len({clip.id for clip in reading.clips} - named), left_out=_left_out(made, reading))
    # excerpts, figures and method stand in the report alone
    return replace(made, more=more, open_report=made.top is not None or bool(more))


def _fitted(reading: Reading) -> tuple[int, int]:
    """The place in _ROOMS, and how many lines then fit."""
    for number in range(len(_ROOMS)):
        chosen, firsts = _chosen(reading, _furnished(reading, _ROOMS[number]))
        left = MOST_PIXELS - height(_made(reading, number, firsts), reading)
        if left >= 0:
            break
    shown = firsts
    while shown < len(chosen) and (left := left - line_height(_line(chosen[shown], reading, _ROOMS[number]))) >= 0:
        shown += 1
    return number, shown


def _made(reading: Reading, number: int, shown: int) -> Letter:
    letter = _furnished(reading, _ROOMS[number])
    return _with_lines(letter, reading, _chosen(reading, letter)[0][:shown], _ROOMS[number])


def _furnished(reading: Reading, room: _Room) -> Letter:
    """The letter without its countries."""
    top, told = reading.ranked[0] if reading.ranked else None, reading.told
    compared = told.change if reading.digest.before else ()  # the tiles say it
    carriers = tuple(_cut(clip) for clip in top.carried_by[: room.carriers]) if top else ()
    more = len(top.carried_by) - len(carriers) if top else 0
    objectives = reading.objectives[: room.aims]
    if not room.outcomes:  # a name alone says nothing
        objectives = tuple(replace(one, outcomes=()) for one in objectives if one.target)
    return Letter(
        top and replace(top, clips=(_cut(top.first, TOP_CHARS), *top.carried_by)),
        top.picture if top and room.picture else None,
        carriers,
        reading.say("more_items", more) if more else "",
        tuple(Line(_cut(clip, room.chars)) for clip in _answers(reading, top, room.answers)),
        changed=_some(reading.changed),
        lead=_unless_above(told.lead, reading),
        remarks=tuple(one for one in (*told.rest, reading.hidden) if one and one not in compared),
        sources=" ".join(filter(None, (*reading.not_followed[:MOST_ON_SOURCES], reading.estimate))),
        quote=_quote(reading),
        messages=reading.messages[: room.aims],
        objectives=objectives,
        has_trend=room.trend and len(reading.trend.bars) > 1,
    )


def _left_out(letter: Letter, reading: Reading) -> tuple[str, ...]:
    """Titles of the parts of which the report says more."""
    parts = (
        ("key_messages", letter.messages, reading.messages),
        ("objectives", letter.objectives, reading.objectives),
        (f"trend_{reading.digest.kind}", letter.has_trend, len(reading.trend.bars) > 1),
    )
    return tuple(reading.say(title) for title, shown, whole in parts if shown != whole)


def _with_lines(letter: Letter, reading: Reading, chosen: Sequence[StoryReading], room: _Room) -> Letter:
    """With these stories as lines, by country. A translation stands with the first item of its story."""
    places = {story.key: place for place, story in enumerate(reading.ranked)}
    translated = {(line.clip.story, line.clip.translation) for line in letter.answers}
    if letter.top:
        translated.add((letter.top.key, letter.top.first.translation))
    rows: dict[str, list[StoryReading]] = {}
    for story in sorted(chosen, key=lambda story: places[story.key]):
        rows.setdefault(story.first.country_code, []).append(story)
    countries = []
    for country, bar in _by_value(reading):
        lines = []
        for story in rows.get(country.code, ()):
            line = _line(story, reading, room)
            known = (story.key, story.first.translation)
            lines.append(replace(line, clip=replace(line.clip, translation="")) if known in translated else line)
            translated.add(known)
        countries.append(_lines_of(country, bar, lines))
    if len(countries) == 1 and not (countries[0].lines or countries[0].unread):
        countries = []  # its one story stands above
    return replace(letter, countries=tuple(countries))


def _line(story: StoryReading, reading: Reading, room: _Room) -> Line:
    clip = _cut(story.first, room.chars)
    return Line(clip if room.translated else replace(clip, translation=""), _also(story, reading))


def _cut(clip: Clip, most: int = HEADLINE_CHARS) -> Clip:
    """The item as a mail names it: its headline as long as a few lines bear."""
    return replace(
        clip, headline=plain(clip.headline, most), translation=plain(clip.translation, most), outlet=plain(clip.outlet, OUTLET_CHARS)
    )


def _quote(reading: Reading) -> tuple[Clip, ClipQuote] | None:
    if reading.confirmed_quote is None:
        return None
    clip, said = reading.confirmed_quote
    return _cut(clip), replace(said, text=plain(said.text, QUOTE_CHARS))


def _answers(reading: Reading, top: StoryReading | None, most: int) -> tuple[Clip, ...]:
    """Critical and mixed items; of partners those of an edition that a person approved."""
    if not reading.for_staff and reading.digest.approved_at is None:
        return ()
    said = {clip.id for clip in top.clips} if top else set()
    critical = [clip for clip in reading.clips if clip.tone_code in (Tone.NEGATIVE, Tone.MIXED) and clip.id not in said]
    return tuple(sorted(critical, key=lambda clip: (clip.tone_code != Tone.NEGATIVE, clip.rank.key))[:most])


def _chosen(reading: Reading, letter: Letter) -> tuple[list[StoryReading], int]:
    """Each country's stories that may have a line, in the order of their claim: the first of a country or month that has none yet, then as
    they rank; and how many are such firsts. A country of which only the top story tells has its own headline of it."""
    places = {story.key: place for place, story in enumerate(reading.ranked)}
    top, answers = letter.top, [line.clip for line in letter.answers]
    said = {clip.id for clip in (*([top.first] if top else []), *answers)}
    pool = [story for country, _ in _by_value(reading) for story in country.stories if not said & {clip.id for clip in story.clips}]
    pool.sort(key=lambda story: (top is not None and story.key == top.key, places[story.key]))
    shown = [*([top.first] if top else []), *answers]
    most, chosen = MOST_HEADLINES - len(shown), list[StoryReading]()
    for place in (_country, *([_month_in(reading)] if _is_short(reading) else [])):
        seen = {place(clip) for clip in (*shown, *(story.first for story in chosen))}
        for story in pool:
            if place(story.first) not in seen:
                seen.add(place(story.first))
                chosen.append(story)
    firsts, taken = min(len(chosen), most), {id(story) for story in chosen}
    chosen += [story for story in pool if id(story) not in taken and not (top and story.key == top.key)]
    return chosen[:most], firsts


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


MOST_LISTED = 5
"""Of what is only listed elsewhere, in a nightly letter: they stand behind all others, each marked."""


def _night(reading: Reading) -> Letter:
    """The items as their stories rank, then those that name the organisation alone and those that are only listed
    elsewhere. A translation stands with the first that bears it."""
    lines = []
    for story in reading.ranked:
        first, *others = sorted(story.clips, key=lambda clip: clip.rank.key)
        lines.append(Line(_cut(first), _also(story, reading), decision(first, reading)))
        lines += [Line(_cut(clip), decide=decision(clip, reading)) for clip in others]
    lines += [Line(_cut(clip), decide=decision(clip, reading)) for clip in sorted(reading.organisation, key=lambda clip: clip.rank.key)]
    apart = [Line(_cut(clip), decide=decision(clip, reading)) for clip in reading.listed[:MOST_LISTED]]
    further = ("listed",) if len(reading.listed) > MOST_LISTED else ()
    more = _more(reading, len(lines[MOST_AT_NIGHT:]), ("context", "own_channels", *further))
    return Letter(night=(*_once_translated(lines[:MOST_AT_NIGHT]), *apart), changed=_some(reading.changed), more=more)


def _once_translated(lines: Sequence[Line]) -> tuple[Line, ...]:
    shown, seen = [], set[tuple[str, str]]()
    for line in lines:
        known = (line.clip.story, line.clip.translation)
        shown.append(replace(line, clip=replace(line.clip, translation="")) if known in seen else line)
        seen.add(known)
    return tuple(shown)


def _situation(reading: Reading) -> Letter:
    newest = {clip.id for clip in reading.newest[:MOST_NEWEST]}
    hours = (
        (hour, tuple(Line(_cut(clip), decide=decision(clip, reading)) for clip in clips if clip.id in newest))
        for hour, clips in reading.hours
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
    if hidden == 1:  # its line is no longer than one that says so
        return rows
    return (*shown, f"+ {hidden}") if hidden else shown


def _more(
    reading: Reading,
    hidden: int,
    parts: Sequence[str] = ("organisation", "context", "own_channels", "listed"),
    left_out: Sequence[str] = (),
) -> tuple[str, ...]:
    """Items that stand in the report alone, and parts of which it says more."""
    titles = {"organisation": "organisation", "context": "context_counted", "own_channels": "own_channels", "listed": "listed"}
    there = [f"{reading.say(titles[part])} ({reading.words.number(len(clips))})" for part in parts if (clips := getattr(reading, part))]
    there += left_out
    return (
        *([reading.say("more_in_report", hidden)] if hidden > 0 else []),
        *([reading.say("also_in_report", parts=", ".join(there))] if there else []),
    )
