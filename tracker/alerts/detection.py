"""What staff are told at once: the organisation in a headline, and items an hour far above the usual. Pure.

A story is told once, whoever copies it later. A headline that may identify a child is never among what is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.digests.figures import appeared_at
from tracker.digests.selection import decisive_terms
from tracker.model import Campaign, Entry, Precision
from tracker.monitoring.silence import as_few_as
from tracker.visibility import is_own_channel, is_rejected, is_withheld

NEWLY_FOUND = timedelta(hours=24)
"""A machine that slept longer tells of what it found through the digest: that is no crisis of this hour."""
NEWLY_PUBLISHED = timedelta(hours=48)
"""Older is no news to staff: two days cover what was published on a day without a clock time, and a night missed."""
FOUND_BY_PEOPLE_OR_LATE = frozenset({"person", "backfill"})
"""What was looked for on purpose is known, or old."""

IMPROBABLE = 1e-5
"""So many items by chance: a false word in eleven years of hours, if items came one by one. They come in stories, hence `USUAL_PEAKS`."""
LEAST_ITEMS = 5
"""Fewer in an hour are one story and its copies on an ordinary day."""
LEAST_USUAL = 0.25
"""Items an hour that are expected where the past shows fewer: quiet campaigns have hours of two."""
USUAL_PEAKS = 2
"""An hour as busy as two of the past four weeks is a habit."""
PAST = timedelta(days=28)
"""Four of each weekday; older weeks tell of another state of the campaign."""
LEAST_PAST = timedelta(days=7)
"""Each weekday once, the least of which its hours can be known."""
HOUR = timedelta(hours=1)
"""A definition: the unit of a rise."""
LOOKED_BACK = timedelta(hours=3)
"""Windows that ended so long ago are still looked at: a poll that was late finds a rise that began meanwhile."""
SPIKE_REST = timedelta(hours=12)
"""A rise that goes on is the one that was told."""
MOST_OUTLETS = 12
"""Names in one notification, two lines of a mail; the digest has all."""


class Disclosure(Enum):
    """How much a notification may say of an item."""

    NONE = auto()  # the item is gone, or a person rejected it
    WITHOUT_NAMES = auto()  # something of its story is withheld
    IN_FULL = auto()


class StoryInHeadline(Struct, frozen=True):
    """A story to tell. `entry` is its earliest item with the organisation in the headline; `withheld`: nothing of it may be named."""

    entry: Entry
    outlets: int
    withheld: bool


class Spike(Struct, frozen=True):
    """Items of one hour that are far above the usual."""

    begin_at: datetime
    items: int
    usual: float
    outlets: tuple[str, ...]

    @property
    def end_at(self) -> datetime:
        """The first moment after the hour."""
        return self.begin_at + HOUR


def key_of(entry: Entry) -> str:
    """What an item is known by among what was told: its address, which outlives a merging of articles."""
    return entry.article.canonical_url


def staff_circle(campaign: Campaign) -> str:
    """The organisation's circle: the first that is for staff; empty when there is none."""
    return next((circle.id for circle in campaign.circles if circle.audience == "staff"), "")


def stories_in_headlines(campaign: Campaign, entries: Sequence[Entry], told: Collection[str], now: datetime) -> list[StoryInHeadline]:
    """Stories with a new item whose headline names the organisation, and of which no item was told, the earliest first."""
    terms = decisive_terms(campaign, staff_circle(campaign))
    stories: dict[str, list[Entry]] = {}
    for entry in entries:
        stories.setdefault(entry.story_key or key_of(entry), []).append(entry)
    found = []
    for members in stories.values():
        naming = [entry for entry in members if _names(entry, terms) and _is_news(campaign, entry, now)]
        if not naming or any(key_of(entry) in told for entry in members):
            continue
        first = min(naming, key=lambda entry: (appeared_at(entry), entry.article.id))
        found.append(StoryInHeadline(first, len({entry.outlet.id for entry in members}), any(map(is_withheld, members))))
    return sorted(found, key=lambda story: (appeared_at(story.entry), story.entry.article.id))


def disclosure_of(story_entries: Sequence[Entry], key: str) -> Disclosure:
    """How much a notification that was noted earlier may say now of the item with this key."""
    entry = next((entry for entry in story_entries if key_of(entry) == key), None)
    if entry is None or is_rejected(entry):
        return Disclosure.NONE
    same = [other for other in story_entries if other is entry or (entry.story_key and other.story_key == entry.story_key)]
    return Disclosure.WITHOUT_NAMES if any(map(is_withheld, same)) else Disclosure.IN_FULL


def find_spike(
    campaign: Campaign, entries: Sequence[Entry], watched_since: datetime, last_told_at: datetime | None, now: datetime
) -> Spike | None:
    """The busiest hour of the last few, when so many items are improbable at this time of day; None also while too little is known."""
    if now - watched_since < LEAST_PAST or (last_told_at is not None and timedelta(0) <= now - last_told_at < SPIKE_REST):
        return None
    counted = sorted(
        (appeared_at(entry), "" if is_withheld(entry) else entry.outlet.name) for entry in entries if _is_counted(campaign, entry)
    )
    recent = [(moment, outlet) for moment, outlet in counted if now - LOOKED_BACK - HOUR < moment <= now]
    window = _busiest_hour(recent)
    if len(window) < LEAST_ITEMS:
        return None
    begin_at = window[0][0]
    since = max(watched_since, now - PAST)
    past = [moment for moment, _ in counted if since <= moment < now - LOOKED_BACK - HOUR]
    usual = usual_items(past, begin_at, (begin_at - since) / timedelta(days=1), campaign.time_zone)
    peaks = Counter(moment.replace(minute=0, second=0, microsecond=0) for moment in past)
    if as_many_as(len(window), usual) >= IMPROBABLE or sum(count >= len(window) for count in peaks.values()) >= USUAL_PEAKS:
        return None
    outlets = Counter(outlet for _, outlet in window if outlet)
    return Spike(begin_at, len(window), usual, tuple(name for name, _ in outlets.most_common(MOST_OUTLETS)))


def usual_items(past: Sequence[datetime], moment: datetime, days: float, zone: str) -> float:
    """Items an hour at this time of day, by the same hour and its two neighbours of the past days; never under `LEAST_USUAL`."""
    local = ZoneInfo(zone)
    hour = moment.astimezone(local).hour
    near = sum((one.astimezone(local).hour - hour + 1) % 24 <= 2 for one in past)
    return max(near / (3 * max(days, 1.0)), LEAST_USUAL)


def as_many_as(observed: int, expected: float) -> float:
    """How probable so many items or more are where so many are expected (Poisson)."""
    return 1.0 if observed <= 0 else max(0.0, 1.0 - as_few_as(observed - 1, expected))


def headline_values(campaign: Campaign, story: StoryInHeadline) -> Mapping[str, str]:
    """What the text of an alert names."""
    entry = story.entry
    more = story.outlets - 1
    return {
        "name": _organisation(campaign),
        "title": _one_line(entry.article.title),
        "outlet": _one_line(entry.outlet.name),
        "country": entry.outlet.country,
        "published": _local(appeared_at(entry), campaign.time_zone),
        "link": entry.article.canonical_url if entry.article.canonical_url.startswith(("http://", "https://")) else "",
        "more": str(more),
        "mention": entry.mention.id,
    }


def spike_values(campaign: Campaign, spike: Spike) -> Mapping[str, str]:
    """What the text of an alert names."""
    return {
        "items": str(spike.items),
        "begin": _local(spike.begin_at, campaign.time_zone),
        "end": _local(spike.end_at, campaign.time_zone)[-5:],
        "usual": f"{spike.usual:.1f}",
        "outlets": ", ".join(map(_one_line, spike.outlets)),
    }


def _names(entry: Entry, terms: Collection[str]) -> bool:
    return any(hit.field == "title" and hit.term_id in terms for hit in entry.mention.hits)


def _is_news(campaign: Campaign, entry: Entry, now: datetime) -> bool:
    if entry.hand is not None or entry.found_by in FOUND_BY_PEOPLE_OR_LATE or is_own_channel(campaign, entry):
        return False
    if is_rejected(entry):
        return False
    found_at = entry.found_at or entry.article.fetched_at
    return now - found_at <= NEWLY_FOUND and now - appeared_at(entry) <= NEWLY_PUBLISHED


def _is_counted(campaign: Campaign, entry: Entry) -> bool:
    """Only an item with its own clock time tells when it appeared."""
    circles = {circle.id for circle in campaign.circles if circle.audience == "partners"} | {staff_circle(campaign)}
    published = entry.article.published
    if entry.mention.circle not in circles or published is None or published.precision is not Precision.MINUTE:
        return False
    return entry.hand is None and not is_rejected(entry) and not is_own_channel(campaign, entry)


def _busiest_hour(moments: Sequence[tuple[datetime, str]]) -> Sequence[tuple[datetime, str]]:
    """The hour that begins with an item and holds the most; of several the latest."""
    best: Sequence[tuple[datetime, str]] = ()
    end = 0
    for start, (moment, _) in enumerate(moments):
        while end < len(moments) and moments[end][0] < moment + HOUR:
            end += 1
        if end - start >= len(best):
            best = moments[start:end]
    return best


def _organisation(campaign: Campaign) -> str:
    circle = staff_circle(campaign)
    return next((one.name for one in campaign.circles if one.id == circle), campaign.name)


def _local(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%d.%m.%Y %H:%M}"


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:300]
