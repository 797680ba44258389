"""An item listed elsewhere as a row of an export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Protocol

from tracker.digests.scopes import Asked
from tracker.digests.withheld import withheld_articles
from tracker.model import Entry, Outlet
from tracker.store import entries, listings, registers
from tracker.store.database import Database
from tracker.store.listings import Listed

LISTED_COLUMNS = (
    *("net", "outlet", "country", "tier", "title", "sentence", "url", "published", "listed_at", "language"),
    *("campaigns", "circles", "mentions", "verdict"),
)


class Counting(Protocol):
    """Where what is withheld is counted."""

    withheld: int


def listed_rows(database: Database, campaign_ids: Iterable[str], count: Counting, asked: Asked) -> Iterator[dict[str, Any]]:
    """One row an item, with the campaigns that it matches; what no export may hold is left out and counted."""
    withheld, campaigns, (start_at, end_at) = withheld_articles(database), [*campaign_ids], asked.bounds()
    with database.reading() as conn:
        outlets = registers.outlets(conn)
        for one in listings.every(conn):
            outlet, at = outlets[one.outlet_id], one.published.at if one.published else one.listed_at
            outside = (start_at is not None and at < start_at) or (end_at is not None and at >= end_at)
            if outside or not asked.scope.covers(outlet.country, "", outlet.id):
                continue
            if withheld.holds(one.article_id, one.title):
                count.withheld += 1
                continue
            stored = chain.from_iterable(entries.iterate(conn, name, article_ids=[one.article_id]) for name in campaigns if one.article_id)
            found = [entry for entry in stored if asked.counts(entry)]
            if found or not asked.audience:
                yield listed_row(one, outlet, found)


def listed_row(one: Listed, outlet: Outlet, found: Sequence[Entry]) -> dict[str, Any]:
    """`found`: the item in the campaigns that match it; none: no campaign does, and its language was not looked for. `verdict`: the first that
    a person gave in one of them."""
    said = [entry.verdict for entry in found if entry.verdict]
    return {
        "net": one.net,
        "outlet": outlet.name,
        "country": outlet.country,
        "tier": outlet.tier,
        "title": one.title,
        "sentence": one.sentence or None,
        "url": one.url,
        "published": one.published.iso() if one.published else None,
        "listed_at": one.listed_at.isoformat(),
        "language": next((entry.article.language for entry in found), None) or None,
        "campaigns": [entry.mention.campaign_id for entry in found],
        "circles": [entry.mention.circle for entry in found],
        "mentions": [entry.mention.id for entry in found],
        "verdict": str(said[0].decision) if said else None,
    }
