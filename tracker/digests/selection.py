"""What goes into a digest, and what stays in the house."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from tracker.model import Campaign, Decision, Entry, Selection

SHOWN_AFTER_HOLD = frozenset({Decision.ACCEPT})
"""What a person must have said before an item that a `hold` label marks leaves the house."""


def select_entries(campaign: Campaign, entries: Sequence[Entry], *, reported: Collection[int] = ()) -> Selection:
    """Sorts entries into what a digest shows. Already reported articles, rejected ones and held ones are left out.

    An item that a `hold` label marks appears in no part until a person has accepted it; `held` counts those. The
    order is by country as the campaign lists them, then by time of publication, then by article.
    """
    parts: dict[str, list[Entry]] = {"counted": [], "organisation": [], "context": [], "own_channels": []}
    held = rejected = 0
    audience = {circle.id: circle.audience for circle in campaign.circles}
    first_staff = next((circle.id for circle in campaign.circles if circle.audience == "staff"), None)
    for entry in sorted(entries, key=lambda entry: _order(campaign, entry)):
        decision = entry.verdict.decision if entry.verdict else None
        if entry.article.id in reported:
            continue
        if decision is Decision.REJECT:
            rejected += 1
        elif is_withheld(entry):
            held += 1
        elif is_own_channel(campaign, entry):
            parts["own_channels"].append(entry)
        elif audience.get(entry.mention.circle) == "partners":
            parts["counted"].append(entry)
        else:
            parts["organisation" if entry.mention.circle == first_staff else "context"].append(entry)
    return Selection(**{name: tuple(found) for name, found in parts.items()}, held=held, rejected=rejected)


def is_withheld(entry: Entry) -> bool:
    """Whether the item may leave the house in no form: a `hold` label marks it and no person has accepted it, or a person called it sensitive."""
    decision = entry.verdict.decision if entry.verdict else None
    return decision is Decision.SENSITIVE or (entry.mention.held and decision not in SHOWN_AFTER_HOLD)


def is_own_channel(campaign: Campaign, entry: Entry) -> bool:
    """Whether the item stands on the campaign's or a partner's own site: listed apart, never counted."""
    host = urlsplit(entry.article.canonical_url).hostname or ""
    return any(host == domain or host.endswith(f".{domain}") for domain in campaign.own_domains)


def _order(campaign: Campaign, entry: Entry) -> tuple[int, datetime, int]:
    country = entry.outlet.country
    rank = campaign.countries.index(country) if country in campaign.countries else len(campaign.countries)
    published = entry.article.published.at if entry.article.published else entry.article.fetched_at
    return rank, published, entry.article.id
