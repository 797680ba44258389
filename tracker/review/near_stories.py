"""Stories that an item may belong to: those of the same days whose headlines share its words, in any form and script."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tracker.model import Campaign, Entry, InboxFilter, InboxState
from tracker.store import entries, inbox, item_states
from tracker.text.folding import fold
from tracker.visibility import is_withheld

if TYPE_CHECKING:
    from sqlalchemy import Connection

WITHIN = timedelta(days=4)
"""Before and after the item: copies of the same news lie within a week."""
MOST_LOOKED_AT, MOST_OFFERED = 400, 8
"""Stories of those days, and of them the nearest."""
STEM_CHARS = 5
"""Of a word's beginning that two headlines share: shorter ones are those of other words too."""
_WORD = re.compile(r"[^\W_]{4,}")


class NearStory(Struct, frozen=True):
    """A story by its first item, the version of what persons said of that, and how many items it has."""

    first: Entry
    items: int
    version: int = 0


def near_stories(conn: Connection, campaign: Campaign, item: Entry, *, hidden: bool) -> tuple[NearStory, ...]:
    """The stories whose headlines are nearest to the item's, the nearest first; its own is left out. `hidden`: as in `read_stories`."""
    at = item.found_at or item.article.fetched_at
    wanted = InboxFilter(campaign.id, InboxState.ALL)
    places = inbox.page(conn, wanted, within=(at - WITHIN, at + WITHIN), limit=MOST_LOOKED_AT)
    members = inbox.members(conn, campaign.id, [place.key for place in places])
    standing = {one.article.id: one for one in entries.standings(conn, campaign.id, article_ids=sorted({*_all(members.values())}))}
    words, found = stems(item.article.title), []
    for ids in members.values():
        seen = [standing[one] for one in ids if one in standing and (hidden or not is_withheld(standing[one]))]
        if item.article.id in ids or not seen:
            continue
        shared = max(len(words & stems(one.article.title)) for one in seen)
        first = min(seen, key=lambda one: (one.found_at or one.article.fetched_at, one.article.id))
        found.append((-shared, abs((first.found_at or first.article.fetched_at) - at), first.article.id, NearStory(first, len(seen))))
    nearest = [one[-1] for one in sorted(found, key=lambda one: one[:-1])[:MOST_OFFERED]]
    states = item_states.many(conn, campaign.id, [one.first.article.id for one in nearest])
    return tuple(replace(one, version=states[one.first.article.id].version) if one.first.article.id in states else one for one in nearest)


def stems(title: str) -> frozenset[str]:
    """What two headlines of the same news share: the beginnings of their longer words."""
    return frozenset(word[:STEM_CHARS] for word in _WORD.findall(fold(title)))


def _all(several: Iterable[Iterable[int]]) -> Iterable[int]:
    return (one for found in several for one in found)
