"""The numbers of a digest. Stories and items are counted apart; nothing is summed into one figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.model import DATE_UNCERTAIN, Entry, Precision, Selection, StoryRole, Window

_UNRATED = 4
"""Sorts outlets without a tier behind the third."""
MOST_WEEKS = 160
"""Bars of a timeline: three years; an older week is summed into the first one."""


class StoryGroup(Struct, frozen=True):
    """One story as a digest prints it: its items, the earliest first."""

    key: str
    entries: tuple[Entry, ...]

    @property
    def outlets(self) -> int:
        """How many outlets carried the story."""
        return len({entry.outlet.id for entry in self.entries})


class MessageCount(Struct, frozen=True):
    """Items in which the words of a key message stand. `assessed`: items of which a person said which messages came through.
    `confirmed`: those in which this one did."""

    id: str
    found: int
    confirmed: int
    assessed: int = 0


class Figures(Struct, frozen=True):
    """Counts of an edition. `items` equals the sum over each of the `by_` fields. The largest stands first; of tiers the first, and what
    has none last.

    `carried`: items that carry the text of another outlet or an agency; 0 where that is not decided of every item. `newsrooms`: outlets
    with an item that carries nobody's.

    The days of `by_week` are Mondays of the campaign's zone, without a gap between the first and the last. `late` counts the items that
    appeared before the period: they came too late for their own edition, and no comparison of periods counts them. `late_days` are the
    days of the first and the last of them in the campaign's zone.
    """

    stories: int
    items: int
    outlets: int
    countries: int
    by_country: tuple[tuple[str, int], ...]
    by_tier: tuple[tuple[int, int], ...]
    by_language: tuple[tuple[str, int], ...]
    by_outlet: tuple[tuple[str, int], ...]
    by_medium: tuple[tuple[str, int], ...]
    by_week: tuple[tuple[date, int], ...]
    by_message: tuple[MessageCount, ...]
    carried: int = 0
    newsrooms: int = 0
    late: int = 0
    late_days: tuple[date, date] | None = None

    @property
    def in_period(self) -> int:
        """Items that appeared in the period itself, by their day of publication."""
        return self.items - self.late

    def measure(self, name: str) -> int:
        """The figure that an objective names (`model.OBJECTIVE_MEASURES`)."""
        if name == "tier_1_items":
            return dict(self.by_tier).get(1, 0)
        return int(getattr(self, name))


def count_figures(selection: Selection, window: Window | None = None, time_zone: str = "UTC", message_ids: Sequence[str] = ()) -> Figures:
    """The figures over the counted entries alone. With a window the weeks reach over all of it."""
    entries = selection.counted
    by_country = Counter(entry.outlet.country for entry in entries)
    decided = all(entry.part is not None for entry in entries)
    carried = [entry for entry in entries if decided and entry.part is not None and entry.part.role is StoryRole.CARRIED]
    own = {entry.outlet.id for entry in entries if decided and entry.part is not None and entry.part.role is not StoryRole.CARRIED}
    late = [moment for entry in entries if window is not None and (moment := appeared_at(entry)) < window.start_at]
    late_days = [moment.astimezone(ZoneInfo(time_zone)).date() for moment in late]
    return Figures(
        stories=len({entry.story_key or entry.mention.id for entry in entries}),
        items=len(entries),
        outlets=len({entry.outlet.id for entry in entries}),
        countries=len([country for country in by_country if country != "XB"]),
        by_country=tuple(by_country.most_common()),
        by_tier=tuple(sorted(Counter(entry.outlet.tier for entry in entries).items(), key=lambda row: row[0] or _UNRATED)),
        by_language=_unknown_last(Counter(entry.article.language or "?" for entry in entries).most_common()),
        by_outlet=tuple(Counter(entry.outlet.id for entry in entries).most_common()),
        by_medium=tuple(Counter(str(entry.medium) for entry in entries).most_common()),
        by_week=_by_week(entries, window, ZoneInfo(time_zone)),
        by_message=tuple(_count_message(entries, message) for message in message_ids),
        carried=len(carried),
        newsrooms=len(own),
        late=len(late),
        late_days=(min(late_days), max(late_days)) if late_days else None,
    )


def story_groups(entries: Sequence[Entry]) -> tuple[StoryGroup, ...]:
    """Entries by story, in the order in which the first of each appears; within a story the original first, then by time of publication."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.story_key or entry.mention.id, []).append(entry)
    return tuple(StoryGroup(key, tuple(sorted(found, key=_place))) for key, found in groups.items())


def appeared_at(entry: Entry) -> datetime:
    """When the item was published, as far as it says so and is to be believed, else when it was read."""
    is_sure = entry.article.published is not None and DATE_UNCERTAIN not in entry.mention.labels
    return entry.article.published.at if entry.article.published is not None and is_sure else entry.article.fetched_at


def _place(entry: Entry) -> tuple[bool, datetime, int]:
    return entry.part is None or entry.part.role is not StoryRole.ORIGINAL, *_moment(entry)


def _moment(entry: Entry) -> tuple[datetime, int]:
    """An item of which only the day is known stands after those of the day whose time is known: it is the earliest of none."""
    published, moment = entry.article.published, appeared_at(entry)
    is_day = published is not None and published.precision is Precision.DAY and moment == published.at
    return moment + timedelta(days=1, microseconds=-1) if is_day else moment, entry.article.id


def _unknown_last(rows: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(rows, key=lambda row: row[0] == "?"))


def _count_message(entries: Sequence[Entry], message: str) -> MessageCount:
    said = [entry.verdict.key_messages for entry in entries if entry.verdict and entry.verdict.key_messages is not None]
    found = sum(message in entry.mention.key_messages for entry in entries)
    return MessageCount(message, found, sum(message in messages for messages in said), len(said))


def _by_week(entries: Sequence[Entry], window: Window | None, zone: ZoneInfo) -> tuple[tuple[date, int], ...]:
    counted = Counter(_monday(appeared_at(entry), zone) for entry in entries)
    ends = [*counted]
    if window is not None:
        ends += [_monday(window.start_at, zone), _monday(window.end_at - timedelta(microseconds=1), zone)]
    if not ends:
        return ()
    last = max(ends)
    first = max(min(ends), last - timedelta(weeks=MOST_WEEKS - 1))
    earlier = sum(count for monday, count in counted.items() if monday < first)
    weeks = [first + timedelta(weeks=number) for number in range((last - first).days // 7 + 1)]
    return tuple((monday, counted[monday] + (earlier if monday == first else 0)) for monday in weeks)


def partial_weeks(weeks: Sequence[tuple[date, int]], window: Window, zone: ZoneInfo) -> list[bool]:
    """Which of the weeks (by their Mondays) the window fills in part only."""
    first, last = (moment.astimezone(zone).date() for moment in (window.start_at, window.end_at - timedelta(microseconds=1)))
    return [monday < first <= monday + timedelta(days=6) or monday <= last < monday + timedelta(days=6) for monday, _ in weeks]


def _monday(moment: datetime, zone: ZoneInfo) -> date:
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())
