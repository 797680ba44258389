"""The figures of other periods that an edition is held against: the one before, a trend, and the campaign since its start.

All are counted by the day of publication, from the same items that the audience may see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.digests.figures import appeared_at
from tracker.digests.periods import window_before
from tracker.digests.ranking import LEADING
from tracker.digests.selection import place_of
from tracker.model import Campaign, Cell, EditionKind, Entry, Period, Tone, Window

_TONES = frozenset(Tone)
TREND = 8
"""Periods of a trend, the edition's own among them: two months of weeks."""
WITH_TREND = frozenset({EditionKind.WEEKLY, EditionKind.MONTHLY, EditionKind.QUARTERLY})
WITHOUT_BEFORE = frozenset({EditionKind.NIGHTLY, EditionKind.LIFETIME, EditionKind.SITUATION})
WITHOUT_START = frozenset({EditionKind.NIGHTLY, EditionKind.SITUATION})


class Counts(Struct, frozen=True):
    """Figures of a period for its readers. `tones` and `messages` by their ids; `assessed`: items of which a person said which messages
    came through."""

    items: int
    outlets: int
    leading: int
    tones: Mapping[str, int]
    messages: Mapping[str, int]
    assessed: int

    @property
    def judged(self) -> int:
        """Items whose tone a person judged."""
        return sum(self.tones.values())


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
    return period_of(window, count_cells(inside), len({entry.story_key or entry.mention.id for entry in inside}))


def period_of(window: Window, cells: Sequence[Cell], stories: int) -> Period:
    """A period's figures as those of its cells together."""
    by_country: Counter[str] = Counter()
    for cell in cells:
        by_country[cell.country] += cell.items
    return Period(window, by_country.total(), tuple(by_country.items()), tuple(cells), stories)


def count_cells(entries: Iterable[Entry]) -> tuple[Cell, ...]:
    """The entries' figures by outlet and language, whenever they appeared."""
    by_place: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in entries:
        by_place.setdefault(place_of(entry), []).append(entry)
    return tuple(_cell(place, found) for place, found in by_place.items())


def added(cells: Sequence[Cell]) -> Counts:
    """The figures of all cells together."""
    return Counts(
        items=sum(one.items for one in cells),
        outlets=len({one.outlet_id for one in cells}),
        leading=sum(one.items for one in cells if one.is_leading),
        tones=_summed(pair for one in cells for pair in one.tones),
        messages=_summed(pair for one in cells for pair in one.messages),
        assessed=sum(one.assessed for one in cells),
    )


def measure(period: Period, name: str) -> int | None:
    """A figure of `model.OBJECTIVE_MEASURES`; None in an edition that was made before it was counted."""
    if not is_counted(period):
        return None
    whole = added(period.cells)
    if name == "countries":
        return sum(code != "XB" for code, _ in period.by_country)
    return {"items": whole.items, "outlets": whole.outlets, "stories": period.stories, "tier_1_items": whole.leading}.get(name)


def is_counted(period: Period) -> bool:
    """Whether more is known of the period than its items: it was kept with its cells, or had none."""
    return bool(period.cells) or not period.items


def _cell(place: tuple[str, str, str], entries: Sequence[Entry]) -> Cell:
    said = [entry.verdict for entry in entries if entry.verdict is not None]
    messages = [one.key_messages for one in said if one.key_messages is not None]
    return Cell(
        *place,
        len(entries),
        entries[0].outlet.tier == LEADING,
        _counted(one.tone for one in said if one.tone in _TONES),
        _counted(message for carried in messages for message in {*carried}),
        len(messages),
    )


def _counted(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}  # most cells hold one entry: making a Counter would take longer than counting
    for word in map(str, words):
        found[word] = found.get(word, 0) + 1
    return tuple(sorted(found.items()))


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for name, count in pairs:
        total[name] += count
    return dict(total)
