"""What goes into a digest, and what stays in the house."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
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
    for full in sorted(entries, key=lambda entry: _order(campaign, entry)):
        entry = with_decisive_hits(campaign, full)
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


def decisive_terms(campaign: Campaign, circle_id: str) -> frozenset[str]:
    """Ids of the terms that a circle's query asks for: what an excerpt marks. A term that stands behind `near` only narrows another."""
    query = next((circle.query for circle in campaign.circles if circle.id == circle_id), "")
    asked = set(re.findall(r"\w+", re.sub(r"near/\w+\s+\w+|\bnot\s+\w+", " ", query)))
    return frozenset(term.id for term in campaign.terms if term.id in asked)


def with_decisive_hits(campaign: Campaign, entry: Entry) -> Entry:
    """The entry with the hits of its circle's terms alone; with all of them where the query quotes words instead of naming terms."""
    wanted = decisive_terms(campaign, entry.mention.circle)
    hits = tuple(hit for hit in entry.mention.hits if hit.term_id in wanted)
    return replace(entry, mention=replace(entry.mention, hits=hits)) if hits else entry


def is_withheld(entry: Entry) -> bool:
    """Whether the item may leave the house in no form: a `hold` label marks it and no person has accepted it, or a person called it sensitive."""
    decision = entry.verdict.decision if entry.verdict else None
    return entry.sensitive or decision is Decision.SENSITIVE or (entry.mention.held and decision not in SHOWN_AFTER_HOLD)


def is_own_channel(campaign: Campaign, entry: Entry) -> bool:
    """Whether the item stands on the campaign's or a partner's own site: listed apart, never counted."""
    host = urlsplit(entry.article.canonical_url).hostname or ""
    return any(host == domain or host.endswith(f".{domain}") for domain in campaign.own_domains)


def _order(campaign: Campaign, entry: Entry) -> tuple[int, datetime, int]:
    country = entry.outlet.country
    rank = campaign.countries.index(country) if country in campaign.countries else len(campaign.countries)
    published = entry.article.published.at if entry.article.published else entry.article.fetched_at
    return rank, published, entry.article.id
