"""A week of the region's press under a simulated clock: what the real pace, due and gap functions see of it.

Figures of the register's notes where they give any (items a day, length of the window), the rest by tier, on a daytime curve.
"""

from __future__ import annotations

import bisect
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tracker.model import Outlet
from tracker.register import catalog
from tracker.sources.polling.due import is_due
from tracker.sources.polling.pace import Pace, Visit, after_poll

START = datetime(2026, 11, 16, tzinfo=UTC)  # a Monday
WEEK = timedelta(days=7)
ITEMS_A_DAY = {1: 150, 2: 60, 3: 15}
NOTED_ITEMS = {
    "24-ore": 260,
    "telegrafi": 215,
    "gazeta-express": 159,
    "albeu": 154,
    "bota-sot": 144,
    "zeri": 136,
    "gazeta-sot": 112,
}
NOTED_WINDOWS = {"panorama": 4, "prishtina-insight": 5, "koha-net": 20, "reporteri": 21, "telegrafi": 30, "citizens": 100}
HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 12, 15, 15, 15, 14, 14, 13, 12, 12, 11, 11, 10, 8, 6, 4, 2)
"""How much of a day's news comes in each hour, UTC."""
WEEKEND = 0.6
HOUR = timedelta(hours=1)
SCHEDULER_TICK = timedelta(minutes=1)
NIGHTLY_HOUR = 2


@dataclass(slots=True)
class Press:
    """One outlet's week: moments of publication, in order, and how many items its feed shows."""

    outlet: Outlet
    window: int
    moments: list[datetime]
    has_sitemap: bool


@dataclass(slots=True)
class Seen:
    """What was seen of some outlets' week."""

    outlets: int = 0
    published: int = 0
    seen: int = 0
    repaired: int = 0
    requests: int = 0
    gaps: int = 0
    by_hour: list[int] = field(default_factory=lambda: [0] * 24)

    @property
    def share(self) -> float:
        return self.seen / self.published

    @property
    def share_repaired(self) -> float:
        return (self.seen + self.repaired) / self.published

    @property
    def requests_per_outlet_hour(self) -> float:
        return self.requests / self.outlets / (WEEK / HOUR)

    def add(self, other: Seen) -> None:
        for name in ("outlets", "published", "seen", "repaired", "requests", "gaps"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def the_press(seed: int = 4) -> list[Press]:
    """Every outlet of the shipped register, with a week of publications. A day and a half before the week fills the windows."""
    chance = random.Random(seed)
    return [_outlet_week(outlet, sitemap, chance) for outlet, sitemap in _register()]


def _register() -> Iterable[tuple[Outlet, bool]]:
    shipped = catalog.shipped()
    with_sitemap = {source.outlet_id for source in shipped.sources if source.kind == "sitemap"}
    return ((outlet, outlet.id in with_sitemap) for outlet in shipped.outlets)


def _outlet_week(outlet: Outlet, has_sitemap: bool, chance: random.Random) -> Press:
    a_day = NOTED_ITEMS.get(outlet.id, ITEMS_A_DAY[outlet.tier])
    window = NOTED_WINDOWS.get(outlet.id, chance.randint(10, 20))
    moments: list[datetime] = []
    hour = START - 36 * HOUR
    while hour < START + WEEK:
        mean = a_day * HOURS[hour.hour] / sum(HOURS) * (WEEKEND if hour.weekday() >= 5 else 1.0)
        moments += sorted(hour + chance.random() * HOUR for _ in range(_poisson(mean, chance)))
        hour += HOUR
    return Press(outlet, window, moments, has_sitemap)


def _poisson(mean: float, chance: random.Random) -> int:
    count, waited = 0, chance.expovariate(1.0)
    while waited < mean:
        count += 1
        waited += chance.expovariate(1.0)
    return count


def by_need(press: Sequence[Press]) -> dict[int, Seen]:
    """Every source asked when it is due, for a week. By tier."""
    found = {tier: Seen() for tier in ITEMS_A_DAY}
    for one in press:
        found[one.outlet.tier].add(_by_need(one))
    return found


def once_a_night(press: Sequence[Press]) -> dict[int, Seen]:
    """Every source asked at two in the morning. By tier."""
    found = {tier: Seen() for tier in ITEMS_A_DAY}
    for one in press:
        visits = [START + timedelta(days=day, hours=NIGHTLY_HOUR) for day in range(8)]
        found[one.outlet.tier].add(_visited(one, visits))
    return found


def _by_need(press: Press) -> Seen:
    pace, at = Pace(), START
    first = bisect.bisect_right(press.moments, START)
    known, last_new, result = 0, 0, Seen(1)
    while at <= START + WEEK:
        end = bisect.bisect_right(press.moments, at)
        start = max(0, end - press.window)
        new = end - max(start, known)
        visit = Visit(
            at,
            listed=end - start if new or not known else None,
            new=new,
            continuing=max(0, known - max(start, last_new)),
            newest_at=press.moments[end - 1] if end else None,
            oldest_at=press.moments[start] if end else None,
            oldest_new_at=press.moments[max(start, known)] if new else None,
        )
        turn = after_poll(press.outlet.id, pace, visit)
        result.requests += 1
        result.seen += end - max(start, known, first)
        if turn.outrun_since_at is not None:
            result.gaps += 1
            result.requests += press.has_sitemap
            result.repaired += max(0, start - max(known, first)) if press.has_sitemap else 0
        if new:
            last_new, known = max(start, known), end
        pace = turn.pace
        at = _next_tick(turn.next_due_at)
    result.published = known - first  # what came after the last visit is not lost yet
    return result


def _next_tick(due_at: datetime) -> datetime:
    """When a scheduler that looks every minute first finds the source due."""
    late = -(due_at - START) % SCHEDULER_TICK
    assert is_due(due_at, due_at + late)
    return due_at + late


def _visited(press: Press, visits: Iterable[datetime]) -> Seen:
    first = known = bisect.bisect_right(press.moments, START)
    result = Seen(1)
    for at in visits:
        end = bisect.bisect_right(press.moments, at)
        result.seen += end - max(known, end - press.window)
        result.requests += 1
        known = end
    result.published = known - first
    return result


def total(by_tier: dict[int, Seen]) -> Seen:
    everything = Seen()
    for seen in by_tier.values():
        everything.add(seen)
    return everything


def markdown(need: dict[int, Seen], night: dict[int, Seen]) -> str:
    """The table that the README shows."""
    rows = [
        "| outlets | items a day | seen, by need | with repair | gaps | requests per outlet and hour | seen, one poll a night |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, mine, theirs in [
        *((f"tier {tier}: {need[tier].outlets}", need[tier], night[tier]) for tier in need),
        (f"all: {total(need).outlets}", total(need), total(night)),
    ]:
        rows.append(
            f"| {name} | {mine.published / 7:,.0f} | {mine.share:.2%} | {mine.share_repaired:.2%} | {mine.gaps} "
            f"| {mine.requests_per_outlet_hour:.2f} | {theirs.share:.1%} |"
        )
    return "\n".join(rows)
