"""Which outlets refuse us, and what of them is asked all the same: one source a week, to see whether they still do. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from tracker.model import FetchOutcome

REFUSED = frozenset({FetchOutcome.ROBOTS_REFUSED, FetchOutcome.BLOCKED})
"""Outcomes that are the outlet's own word: its robots.txt, or an answer that names us unwelcome."""
PROBED_EVERY = timedelta(days=7)
BAD_HOURS = timedelta(days=3)
"""An outlet that answered within these days, or that refused first within them, may only be refusing for a while, as its protection does
under load: it is asked as usual."""


class Asked(Struct, frozen=True):
    """How an enabled source of an outlet answered last; None: never asked, or never answered. `failing_since`: the first of the polls in a
    row that brought nothing."""

    source_id: str
    outlet_id: str
    outcome: FetchOutcome | None = None
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    status: int | None = None
    failing_since: datetime | None = None

    @property
    def refused(self) -> bool:
        """Whether it was refused. A robots.txt that answered with an error of its server refuses nothing."""
        down = self.outcome is FetchOutcome.ROBOTS_REFUSED and (self.status or 0) >= 500
        return self.outcome in REFUSED and not down


def refusing(sources: Iterable[Asked], now: datetime, marked: Collection[str] = ()) -> frozenset[str]:
    """The outlets of which every enabled source was refused when last asked and none has answered for BAD_HOURS. `marked`: those that the
    register says refuse; they do until a source of theirs has answered."""
    by_outlet: dict[str, list[Asked]] = {}
    for one in sources:
        by_outlet.setdefault(one.outlet_id, []).append(one)
    return frozenset(outlet_id for outlet_id, listed in by_outlet.items() if _refuses(listed, now, outlet_id in marked))


def lasting(sources: Iterable[Asked], now: datetime, marked: Collection[str] = ()) -> frozenset[str]:
    """Those of `refusing` that are not asked as usual any more: marked ones, and those whose refusal is their robots.txt or has lasted for
    BAD_HOURS. One 403 of a first night would else cost a week of an outlet that lets us in."""
    listed = [*sources]
    passing = {one.outlet_id for one in listed if one.outlet_id not in marked and not _lasts(one, now)}
    return refusing(listed, now, marked) - passing


def spared(sources: Iterable[Asked], outlets: Collection[str], now: datetime) -> dict[str, datetime]:
    """Of refusing outlets, the sources that are not to be asked now, and from when on one may be: all but the one that was asked longest
    ago, and that one too where a week has not passed since any was."""
    by_outlet: dict[str, list[Asked]] = {}
    for one in sources:
        if one.outlet_id in outlets:
            by_outlet.setdefault(one.outlet_id, []).append(one)
    found: dict[str, datetime] = {}
    for listed in by_outlet.values():
        asked = [one.asked_at for one in listed if one.asked_at is not None]
        due_at = max(asked) + PROBED_EVERY if asked else now
        probe = min(listed, key=lambda one: (one.asked_at is not None, one.asked_at or now, one.source_id))
        found |= {one.source_id: due_at if due_at > now else now + PROBED_EVERY for one in listed if due_at > now or one is not probe}
    return found


def _refuses(listed: Collection[Asked], now: datetime, marked: bool) -> bool:
    answered = [one.answered_at for one in listed if one.answered_at is not None]
    if answered and now - max(answered) < BAD_HOURS:
        return False
    known = [one for one in listed if one.outcome is not None]
    if not all(one.refused for one in known):
        return False
    return marked or len(known) == len(listed)


def _lasts(one: Asked, now: datetime) -> bool:
    """Whether it is more than bad hours: one 403 of a first night would else cost a week of an outlet that lets us in."""
    since = one.failing_since or one.asked_at
    return one.outcome is FetchOutcome.ROBOTS_REFUSED or (since is not None and now - since >= BAD_HOURS)
