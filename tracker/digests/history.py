"""The figures of other periods that an edition is held against: the one before, a trend, and the campaign since its start.

All are counted by the day of publication, from the same items that the audience may see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tracker.digests.figures import appeared_at
from tracker.digests.periods import window_before
from tracker.digests.ranking import LEADING
from tracker.model import Campaign, CountryCounts, EditionKind, Entry, Period, Tone, Window

TREND = 8
"""Periods of a trend, the edition's own among them: two months of weeks."""
WITH_TREND = frozenset({EditionKind.WEEKLY, EditionKind.MONTHLY, EditionKind.QUARTERLY})
WITHOUT_BEFORE = frozenset({EditionKind.NIGHTLY, EditionKind.LIFETIME, EditionKind.SITUATION})
WITHOUT_START = frozenset({EditionKind.NIGHTLY, EditionKind.SITUATION})


def windows_before(kind: EditionKind, window: Window, time_zone: str) -> tuple[Window, ...]:
    """The periods that an edition looks back on, the oldest first; the last is the one it is compared with."""
    if kind in WITHOUT_BEFORE:
        return ()
    found = [window]
    for _ in range(TREND - 1 if kind in WITH_TREND else 1):
        found.insert(0, window_before(kind, found[0], time_zone))
    return tuple(found[:-1])


def since_start(campaign: Campaign, window: Window) -> Window:
    """From the campaign's first day to the edition's last moment."""
    first = datetime.combine(campaign.since, datetime.min.time(), ZoneInfo(campaign.time_zone)).astimezone(UTC)
    return Window(min(first, window.start_at), window.end_at)


def count_period(window: Window, entries: Iterable[Entry]) -> Period:
    """The figures of those counted entries that appeared in the window."""
    inside = [entry for entry in entries if window.start_at <= appeared_at(entry) < window.end_at]
    by_country: dict[str, list[Entry]] = {}
    for entry in inside:
        by_country.setdefault(entry.outlet.country, []).append(entry)
    return Period(
        window,
        len(inside),
        tuple((code, len(found)) for code, found in by_country.items()),
        tuple(count_country(code, found) for code, found in by_country.items()),
        len({entry.story_key or entry.mention.id for entry in inside}),
    )


def count_country(country: str, entries: Sequence[Entry]) -> CountryCounts:
    """The figures of one country's entries; all are counted, whenever they appeared."""
    said = [entry.verdict for entry in entries if entry.verdict is not None]
    messages = [one.key_messages for one in said if one.key_messages is not None]
    return CountryCounts(
        country,
        items=len(entries),
        outlets=len({entry.outlet.id for entry in entries}),
        leading=sum(entry.outlet.tier == LEADING for entry in entries),
        tones=_counted(one.tone for one in said if one.tone in {*Tone}),
        messages=_counted(message for carried in messages for message in {*carried}),
        assessed=len(messages),
    )


def added(period: Period) -> CountryCounts:
    """The figures of all its countries together."""
    counts = period.counts
    return CountryCounts(
        "",
        items=sum(one.items for one in counts),
        outlets=sum(one.outlets for one in counts),
        leading=sum(one.leading for one in counts),
        tones=_summed(pair for one in counts for pair in one.tones),
        messages=_summed(pair for one in counts for pair in one.messages),
        assessed=sum(one.assessed for one in counts),
    )


def of_countries(period: Period, countries: Sequence[str]) -> Period:
    """The period as readers of these countries see it. Stories cross borders and are not counted for some countries alone."""
    known = dict(period.by_country)
    return replace(
        period,
        items=sum(known.get(code, 0) for code in countries),
        by_country=tuple((code, known[code]) for code in countries if code in known),
        counts=tuple(one for one in period.counts if one.country in countries),
        stories=0,
    )


def measure(period: Period, name: str) -> int | None:
    """A figure of `model.OBJECTIVE_MEASURES`; None in an edition that was made before it was counted."""
    if not period.counts and period.items:
        return None
    if name == "countries":
        return sum(code != "XB" for code, _ in period.by_country)
    if name == "tier_1_items":
        return added(period).leading
    return {"items": period.items, "outlets": added(period).outlets, "stories": period.stories}.get(name)


def _counted(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(map(str, words)).items()))


def _summed(pairs: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    total: Counter[str] = Counter()
    for name, count in pairs:
        total[name] += count
    return tuple(sorted(total.items()))
