"""An item listed elsewhere as a row of an export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.model import Entry, Outlet
from tracker.store.listings import Listed

LISTED_COLUMNS = (
    *("net", "outlet", "country", "tier", "title", "sentence", "url", "published", "listed_at", "language"),
    *("campaigns", "circles", "mentions", "verdict"),
)


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
