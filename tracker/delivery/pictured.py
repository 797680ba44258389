"""The lead pictures that an edition shows."""

from __future__ import annotations

from msgspec.structs import replace

from tracker.digests.forms.pictures import MOST_DOCUMENT_BYTES, fitness, thumbnail, within
from tracker.digests.ranking import top_stories
from tracker.model import Digest
from tracker.store import item_states, terms
from tracker.store import pictures as lead_pictures
from tracker.store.database import Database
from tracker.urls.reserved import NONE_RESERVED
from tracker.visibility import gives_on

MOST_PICTURED = 12
"""Stories whose pictures come before all others: a mail's headlines."""


def with_pictures(database: Database, digest: Digest, *, of_all: bool = False) -> Digest:
    """The digest with the lead pictures of its items, those of the highest-ranked stories before the others, as far as a document may
    grow. Small ones but for the best of the stories that may stand first."""
    groups = top_stories(digest.selection.counted, MOST_PICTURED)
    ranked = [entry.article.id for group in groups for entry in group.entries]
    shown = [*dict.fromkeys((*ranked, *(entry.article.id for entry in digest.selection.shown)))]
    with database.reading() as conn:
        off = item_states.pictures_off(conn, digest.campaign_id, shown)
        reserved = NONE_RESERVED if of_all else terms.reserved(conn)
        off |= {
            entry.article.id for entry in digest.selection.shown if not gives_on(entry.outlet.id, entry.article.canonical_url, reserved)
        }
        found = lead_pictures.of_articles(conn, [one for one in shown if one not in off])
    first = [*groups[:1], *[group for group in groups if group.outlets > 1][:1]]
    best = [
        max(ids, key=lambda one: fitness(found[one]))
        for group in first
        if (ids := [e.article.id for e in group.entries if e.article.id in found])
    ]
    sized = ((one, found[one] if one in best else thumbnail(found[one])) for one in dict.fromkeys((*best, *shown)) if one in found)
    return replace(digest, lead_pictures=within(sized, MOST_DOCUMENT_BYTES))
