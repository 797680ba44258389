"""A digest as its readers see it: every word, number and link of it, in one language. All forms print this and nothing else.

So the mail, its text part, the report, the document and the sheets say the same. Text from outside is cleaned and cut here,
once; escaping is the form's own duty.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from tracker import __version__
from tracker.digests.figures import Figures, StoryGroup, count_figures, partial_weeks, story_groups
from tracker.digests.forms.changes import changed_lines
from tracker.digests.forms.clips import READ_AS, Clip, ClipReader, reason
from tracker.digests.forms.estimate import estimate_lines
from tracker.digests.forms.pictures import ClipPicture, best_of
from tracker.digests.forms.plain_text import NAME_CHARS, plain
from tracker.digests.forms.quotes import ClipQuote
from tracker.digests.forms.summaries import Summary, period_before, short_outcome, summed_up
from tracker.digests.forms.tables import Bar, MessageLine, ObjectiveLine, QuotedLine, bars, message_lines, objective_lines, quoted_lines
from tracker.digests.forms.take_up import ReleaseUse, release_uses
from tracker.digests.forms.tiles import Tile, ToneBar, Trend, tiles, tone_bar, trend
from tracker.digests.forms.troubles import TroubleLine, could_not_follow, knows_sources, trouble_lines
from tracker.digests.forms.unread import is_unread, unread_countries, unread_sentences
from tracker.digests.once import once
from tracker.digests.ranking import Rank, ranked
from tracker.locale.wording import Wording, wording
from tracker.model import Audience, Digest, Entry

MOST_MAIN_STORIES = 5
"""Main stories of an edition (campaign-notes 14)."""
MOST_SCOPE_NAMES = 6
"""Outlets named in a header."""
MOST_CONTEXT = 5
"""Lines of the context section (campaign-notes 14)."""


class StoryReading(Struct, frozen=True):
    """A story: its items, the first published first. `more`: what a shortened form leaves out, in words. `reason`: why it ranks where
    it does, in words; `rank` sorts it."""

    key: str
    clips: tuple[Clip, ...]
    rank: Rank
    reason: str
    more: str = ""

    @property
    def first(self) -> Clip:
        """The clip that stands for the story."""
        return self.clips[0]

    @property
    def picture(self) -> ClipPicture | None:
        """The best picture of all its items."""
        return best_of(clip.lead_picture for clip in self.clips if clip.lead_picture)

    @property
    def carried_by(self) -> tuple[Clip, ...]:
        """The other outlets that carried it."""
        return tuple(clip for clip in self.clips[1:] if not clip.is_own_words)

    @property
    def others(self) -> tuple[Clip, ...]:
        """All but the first, those too that tell it in their own words."""
        return self.clips[1:]


class CountryReading(Struct, frozen=True):
    """One country's items, by story. `more`: what a shortened form leaves out, in words. `unread`: what is said where none of its outlets
    could be read; `counted` is then empty where nothing else was found either."""

    code: str
    name: str
    items: int
    counted: str  # "5 objava"
    stories: tuple[StoryReading, ...]
    more: str = ""
    unread: str = ""


class Figure(Struct, frozen=True):
    """A number of the summary with its noun."""

    value: str
    label: str


class Reading(Struct, frozen=True):
    """See the module. Lists may be empty; a form leaves an empty section out, `could_not_follow` excepted (campaign-notes 14).

    `figures` are the numbers behind `numbers` and the bars. `for_staff`: the edition is for the house, `attention` says what needs a
    person. `ranked` are all counted stories, over countries and media, the first first. `scope` names what it was narrowed to, else it is
    empty. `main` are the stories of several outlets or, where
    there is none, the highlights; `main_title` says which. `clips` are all counted items in print order. `more`: what a shortened form leaves out of the list of that name, in words.
    """

    language: str
    words: Wording
    digest: Digest
    figures: Figures
    title: str
    campaign: str
    period: str
    scope: str
    made: str
    approved: str
    for_staff: bool
    attention: tuple[str, ...]
    told: Summary
    numbers: tuple[Figure, ...]
    tiles: tuple[Tile, ...]
    tone: ToneBar
    trend: Trend
    main_title: str
    main: tuple[StoryReading, ...]
    ranked: tuple[StoryReading, ...]
    countries: tuple[CountryReading, ...]
    clips: tuple[Clip, ...]
    messages: tuple[MessageLine, ...]
    quoted: tuple[QuotedLine, ...]
    take_up: tuple[ReleaseUse, ...]
    by_country: tuple[Bar, ...]
    by_outlet: tuple[Bar, ...]
    by_tier: tuple[Bar, ...]
    by_language: tuple[Bar, ...]
    by_medium: tuple[Bar, ...]
    by_week: tuple[Bar, ...]
    partial_note: str
    objectives: tuple[ObjectiveLine, ...]
    organisation: tuple[Clip, ...]
    context: tuple[Clip, ...]
    own_channels: tuple[Clip, ...]
    listed: tuple[Clip, ...]
    changed: tuple[str, ...]
    hidden: str
    not_followed: tuple[str, ...]
    troubles: tuple[TroubleLine, ...]
    method: tuple[str, ...]
    estimate: str
    kosovo_note: str
    funding: str
    contact: str
    unsubscribe: str
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> tuple[str, ...]:
        """The sentences that sum it up, in order."""
        return self.told.sentences

    @property
    def quotes(self) -> tuple[tuple[Clip, ClipQuote], ...]:
        """Quotes of the counted items with their clips, the confirmed ones first, then by the rank of their items."""
        ranked = [clip for story in self.ranked for clip in story.clips]
        return tuple(sorted(((clip, one) for clip in ranked for one in clip.quotes), key=lambda pair: not pair[1].confirmed))

    @property
    def confirmed_quote(self) -> tuple[Clip, ClipQuote] | None:
        """The quote for the mail: the first that a person has confirmed, in a language of its readers where there is one."""
        confirmed, own = [pair for pair in self.quotes if pair[1].confirmed], READ_AS.get(self.language, {self.language})
        return next((pair for pair in confirmed if pair[1].language in own), next(iter(confirmed), None))

    @property
    def is_unread(self) -> bool:
        """Whether most of what is watched could not be read."""
        return is_unread(self.digest)

    @property
    def outcome(self) -> str:
        """Why there is no item, for the subject line."""
        return short_outcome(self.digest, self.words)

    @property
    def newest(self) -> tuple[Clip, ...]:
        """The counted items, the latest first; those without a date at the end."""
        return tuple(sorted(self.clips, key=lambda clip: clip.published_at.timestamp() if clip.published_at else 0, reverse=True))

    @property
    def hours(self) -> tuple[tuple[str, tuple[Clip, ...]], ...]:
        """`newest` by the hour in which they appeared, with the hour in words; those of which only the day is known by that."""
        zone, grouped = ZoneInfo(self.digest.facts.time_zone), dict[str, list[Clip]]()
        for clip in self.newest:
            at = clip.published_at if clip.has_time else None
            hour = self.words.moment(at.astimezone(zone).replace(minute=0, second=0, microsecond=0), zone) if at else clip.published
            grouped.setdefault(hour, []).append(clip)
        return tuple((f"{hour} ({self.words.count('item', len(clips))})", tuple(clips)) for hour, clips in grouped.items())

    def took(self, release: ReleaseUse) -> tuple[Clip, ...]:
        """The items that took something of a release, the most of the item first."""
        by_id = {clip.id: clip for clip in self.clips}
        return tuple(by_id[identity] for identity in release.took)

    def say(self, key: str, n: int | None = None, **values: object) -> str:
        """A fixed sentence in the reader's language."""
        return self.words.say(key, n, **values)


def read_digest(digest: Digest, language: str = "en") -> Reading:
    """The digest in one of `locale.LANGUAGES`. Its selection says what is shown; nothing is added or judged here."""
    words = wording(language)
    zone = ZoneInfo(digest.facts.time_zone)
    shown, facts = digest.selection, digest.facts
    clip = ClipReader(digest, words)
    ids = tuple(message.id for message in facts.key_messages)
    figures = once(shown, (digest.window, facts.time_zone, ids), lambda: count_figures(shown, digest.window, facts.time_zone, ids))
    groups = once(shown, "ranked", lambda: ranked(story_groups(shown.counted)))
    title, main = _main_stories(groups[:MOST_MAIN_STORIES], words)
    return Reading(
        language=language,
        words=words,
        digest=digest,
        figures=figures,
        title=words.say(f"title_{digest.kind}"),
        campaign=plain(words.name_in(facts.campaign_names, facts.campaign_name), NAME_CHARS),
        period=_period(digest, words, zone),
        scope=_scope(digest, words),
        made=words.say("made", weekday=words.weekday(digest.made_at.astimezone(zone).date()), moment=words.moment(digest.made_at, zone)),
        approved=words.say("approved_by", name=plain(digest.approved_by, NAME_CHARS)) if digest.approved_by else "",
        for_staff=digest.audience == Audience.STAFF,
        attention=_attention(digest, words),
        told=summed_up(digest, figures, clip, words),
        numbers=_numbers(digest, figures, words),
        tiles=tiles(digest, figures, words),
        tone=tone_bar(digest, words),
        trend=trend(digest, figures, words),
        main_title=title,
        main=tuple(_story(group, clip, words) for group in main),
        ranked=tuple(_story(group, clip, words) for group in groups),
        countries=_countries(digest, clip, words),
        clips=clip.many(shown.counted),
        messages=message_lines(digest, figures, words),
        quoted=quoted_lines(digest, words),
        take_up=release_uses(digest, words),
        **_bars(digest, figures, words),
        partial_note=words.say("partial_note"),
        objectives=objective_lines(digest, figures, words),
        organisation=clip.many(shown.organisation),
        context=clip.many(shown.context[:MOST_CONTEXT]),
        own_channels=clip.many(shown.own_channels),
        listed=clip.many(shown.listed),
        changed=changed_lines(digest, words),
        hidden=words.say("hidden_children", shown.held) if shown.held else "",
        not_followed=could_not_follow(digest, words),
        troubles=trouble_lines(digest, words),
        method=_method(digest, words),
        estimate=next(iter(estimate_lines(digest, words)), ""),
        kosovo_note=words.kosovo_note(facts.kosovo_note) if _names_kosovo(digest) else "",
        funding=words.name_in(facts.branding.funding, "", keep=[person.name for person in facts.spokespeople]),
        contact=plain(facts.branding.contact or digest.write_to, NAME_CHARS),
        unsubscribe=plain(digest.write_to or facts.branding.contact, NAME_CHARS),
    )


def _main_stories(groups: tuple[StoryGroup, ...], words: Wording) -> tuple[str, tuple[StoryGroup, ...]]:
    """The stories that several outlets carried or, where none did, the highest-ranked items; with the section's title."""
    if shared := tuple(group for group in groups if group.outlets > 1):
        return words.say("main_stories"), shared
    return words.say("highlights"), groups if len(groups) > 1 else ()


def _story(group: StoryGroup, clip: ClipReader, words: Wording) -> StoryReading:
    rank = clip.rank(group.entries)
    return StoryReading(group.key, clip.many(group.entries), rank, reason(rank, words))


def _scope(digest: Digest, words: Wording) -> str:
    """What it was narrowed to, in words; empty for all of it."""
    scope, note = digest.scope, digest.facts.kosovo_note
    languages = words.list_of([words.language_name(code) for code in scope.languages])
    outlets = words.list_of([plain(name, NAME_CHARS) for _, name in scope.outlets[:MOST_SCOPE_NAMES]])
    more = ", …" if len(scope.outlets) > MOST_SCOPE_NAMES else ""
    told = (
        words.say("only_countries", countries=words.list_of([words.country(code, note) for code in scope.countries]))
        if scope.countries
        else "",
        f"{words.say('col_language')}: {languages}" if scope.languages else "",
        f"{words.say('col_outlet')}: {outlets}{more}" if scope.outlets else "",
    )
    return " · ".join(filter(None, told))


def _period(digest: Digest, words: Wording, zone: ZoneInfo) -> str:
    last = digest.window.end_at
    if digest.kind not in ("nightly", "situation"):  # whole days: the end is the next one's first moment
        last -= timedelta(microseconds=1)
    return words.period(digest.window.start_at.astimezone(zone).date(), last.astimezone(zone).date())


def _attention(digest: Digest, words: Wording) -> tuple[str, ...]:
    if digest.audience != Audience.STAFF:
        return ()
    shown, lines = digest.selection, [*unread_sentences(digest, words)]
    waiting = sum(entry.verdict is None and entry.hand is None for entry in (*shown.counted, *shown.organisation))
    if waiting:
        lines.append(words.say("attention_unreviewed", waiting))
    if shown.undecided:
        lines.append(words.say("attention_held", shown.undecided))
    if digest.facts.failed_deliveries:
        lines.append(words.say("attention_failed", digest.facts.failed_deliveries))
    if (
        digest.edition_id
        and digest.approved_at is None
        and digest.facts.review == "required"
        and digest.kind not in ("nightly", "situation")
    ):
        lines.append(words.say("attention_unapproved", edition=str(digest.edition_id)))
    return tuple(lines)


def _numbers(digest: Digest, figures: Figures, words: Wording) -> tuple[Figure, ...]:
    counted = ("story", figures.stories), ("item", figures.items), ("outlet", figures.outlets), ("country", figures.countries)
    numbers = [Figure(words.number(value), words.say(noun, value)) for noun, value in counted]
    if digest.before is not None:
        change = figures.in_period - digest.before.items
        sign = "+" if change > 0 else "−" if change < 0 else "±"
        numbers.append(
            Figure(
                f"{sign}{words.number(abs(change))}", words.say("change", period=period_before(digest, words), before=digest.before.items)
            )
        )
    return tuple(numbers)


def _countries(digest: Digest, clip: ClipReader, words: Wording) -> tuple[CountryReading, ...]:
    """Countries with items of any medium in print order, then those of which nothing can be said."""
    grouped: dict[str, list[Entry]] = {}
    for entry in digest.selection.counted:
        grouped.setdefault(entry.outlet.country, []).append(entry)
    unread = unread_countries(digest)
    return tuple(
        CountryReading(
            code,
            words.country(code, digest.facts.kosovo_note),
            len(found),
            words.count("item", len(found)) if found else "",
            tuple(_story(group, clip, words) for group in story_groups(found)),
            unread=words.say("unread_country") if code in unread else "",
        )
        for code in dict.fromkeys([*grouped, *unread])
        for found in [grouped.get(code, [])]
    )


def _bars(digest: Digest, figures: Figures, words: Wording) -> dict[str, Any]:
    outlets = {entry.outlet.id: plain(entry.outlet.name, NAME_CHARS) for entry in digest.selection.counted}
    note, zone = digest.facts.kosovo_note, ZoneInfo(digest.facts.time_zone)
    return {
        "by_country": bars([(words.country(code, note), count) for code, count in figures.by_country], words),
        "by_outlet": bars([(outlets[identity], count) for identity, count in figures.by_outlet], words),
        "by_tier": bars([(words.say(f"tier_{tier}"), count) for tier, count in figures.by_tier], words),
        "by_language": bars([(words.language_name(code if code != "?" else ""), count) for code, count in figures.by_language], words),
        "by_medium": bars([(words.say(f"medium_{medium}"), count) for medium, count in figures.by_medium], words),
        "by_week": bars(
            [(words.day(monday), count) for monday, count in figures.by_week], words, partial_weeks(figures.by_week, digest.window, zone)
        ),
    }


def _method(digest: Digest, words: Wording) -> tuple[str, ...]:
    """How the figures were made; staff also read by which version of the program."""
    facts = digest.facts
    made_by = (f"PressCoverageTracker {__version__}",) if digest.audience == Audience.STAFF else ()
    return (
        *([words.say("read", sources=facts.sources_watched, articles=facts.items_looked_at)] if knows_sources(digest) else []),
        *estimate_lines(digest, words),
        words.say("counted"),
        words.say("story_meant"),
        words.say("def_tier"),
        words.say("machine_note" if digest.audience == Audience.STAFF else "assessed_note"),
        words.say("def_reach"),
        words.say("excerpt_note"),
        words.say("no_advertising_value"),
        *made_by,
    )


def _names_kosovo(digest: Digest) -> bool:
    """Whether the edition prints the country's name anywhere."""
    return any(entry.outlet.country == "XK" for entry in digest.selection.shown) or (
        any(t.country == "XK" for t in digest.facts.troubles) or "XK" in unread_countries(digest)
    )
