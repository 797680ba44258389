"""What stands first: a person's star, then how many outlets carried it, where it stood, how it named the campaign, and how new it is.

The same order serves mail, report and what a shortened form keeps; a rank bears what its printed reason says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from tracker.digests.figures import StoryGroup, appeared_at, story_groups
from tracker.model import Entry, Prominence

LEADING = 1
"""Tier of leading national outlets."""
UNRATED = 4
"""The place of an outlet without a tier: after the third."""
LEAD_CHARS = 400
"""Letters of a body that count as its lead: two or three sentences."""
_PLACES = {where: place for place, where in enumerate((Prominence.HEADLINE, Prominence.LEAD, Prominence.TEXT, Prominence.PASSING))}
_NOWHERE = len(_PLACES)
_NAMED = frozenset(Prominence)


class Rank(Struct, frozen=True):
    """Why an item or story stands where it does. `tier` is that of the most important outlet (`UNRATED` where none is rated), `kind`
    what sort of outlet that is; `prominence` the best there is, None where nothing says it; `newest` when the last item appeared."""

    starred: bool
    outlets: int
    tier: int
    kind: str
    prominence: Prominence | None
    newest: datetime

    @property
    def key(self) -> tuple[int, int, int, int, float]:
        """Sorts the first first."""
        place = _NOWHERE if self.prominence is None else _PLACES[self.prominence]
        return -self.starred, -self.outlets, self.tier, place, -self.newest.timestamp()

    @property
    def is_leading(self) -> bool:
        """Whether a leading national outlet is among those that carried it."""
        return self.tier == LEADING


def rank_of(entries: Sequence[Entry]) -> Rank:
    """The rank of one item, or of all items of a story. Raises ValueError where there is none."""
    best = min(entries, key=lambda entry: (tier_of(entry), entry.article.id))
    places = [where for entry in entries if (where := prominence(entry)) is not None]
    return Rank(
        starred=any(is_starred(entry) for entry in entries),
        outlets=len({entry.outlet.id for entry in entries}),
        tier=tier_of(best),
        kind=best.outlet.kind,
        prominence=min(places, key=_PLACES.__getitem__, default=None),
        newest=max(appeared_at(entry) for entry in entries),
    )


def ranked(groups: Iterable[StoryGroup]) -> tuple[StoryGroup, ...]:
    """The stories, the first first; equal ones by their first article, so that the order is the same on every day."""
    return tuple(sorted(groups, key=lambda group: (rank_of(group.entries).key, group.entries[0].article.id)))


def top_stories(entries: Sequence[Entry], most: int) -> tuple[StoryGroup, ...]:
    """The highest-ranked stories."""
    return ranked(story_groups(entries))[:most]


def is_starred(entry: Entry) -> bool:
    """Whether a person marked the item as one to show first."""
    return entry.verdict is not None and entry.verdict.starred


def tier_of(entry: Entry) -> int:
    """The outlet's tier, `UNRATED` where it has none."""
    return entry.outlet.tier or UNRATED


def prominence(entry: Entry) -> Prominence | None:
    """Where the item names the campaign: as a person said, else by the place of the words that matched; None where none did."""
    if entry.verdict and entry.verdict.prominence in _NAMED:
        return Prominence(entry.verdict.prominence)
    hits = entry.mention.hits
    if not hits:
        return None
    if any(hit.field == "title" for hit in hits):
        return Prominence.HEADLINE
    if min(hit.start for hit in hits) < LEAD_CHARS:
        return Prominence.LEAD
    return Prominence.PASSING if len(hits) == 1 else Prominence.TEXT
