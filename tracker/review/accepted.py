"""Accepted items as programs read them: a page at a time, each with what is printed of it. Nothing that `visibility` withholds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from tracker.digests.forms.plain_text import article_link
from tracker.digests.periods import first_moment
from tracker.model import Campaign, Entry, Scope
from tracker.store import accepted, entries
from tracker.store.database import Database
from tracker.visibility import is_accepted

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_ITEMS = 200
"""Of one page: with headlines and names some 150 kB."""


class Query(Struct, frozen=True):
    """What is asked for. The days, both included, are those of publication in each campaign's zone. `after`: where the page before
    ended, (campaign, article)."""

    scope: Scope = field(default_factory=Scope)
    first_on: date | None = None
    last_on: date | None = None
    limit: int = 50
    after: tuple[str, int] = ("", 0)


class AcceptedPage(Struct, frozen=True):
    """Entries in order of campaign and article; `next` is where the page after this begins, None at the end: the last item told,
    never one that is withheld."""

    entries: tuple[Entry, ...]
    next: tuple[str, int] | None


def page(database: Database, campaigns: Sequence[Campaign], query: Query) -> AcceptedPage:
    """The accepted items of these campaigns that fit, from `after` on."""
    found: list[Entry] = []
    most = min(query.limit, MOST_ITEMS)
    with database.reading() as conn:
        for campaign in sorted(campaigns, key=lambda one: one.id):
            if campaign.id < query.after[0]:
                continue
            after_id = query.after[1] if campaign.id == query.after[0] else 0
            for entry in _accepted_after(conn, campaign, query, after_id):
                if len(found) == most:
                    last = found[-1].mention
                    return AcceptedPage(tuple(found), (last.campaign_id, last.article_id))
                found.append(entry)
    return AcceptedPage(tuple(found), None)


def _accepted_after(conn: Connection, campaign: Campaign, query: Query, after_id: int) -> Iterator[Entry]:
    """The campaign's accepted items that fit, in order of article, read some at a time."""
    start_at, end_at = _bounds(campaign, query)
    room = min(query.limit, MOST_ITEMS) + 1
    while True:
        ids = accepted.candidates(
            conn,
            campaign.id,
            after_id=after_id,
            limit=room,
            countries=query.scope.countries,
            languages=query.scope.languages,
            outlet_ids=query.scope.outlet_ids,
            appeared_from=start_at,
            appeared_before=end_at,
        )
        read = entries.for_campaign(conn, campaign.id, article_ids=ids) if ids else []
        yield from sorted((entry for entry in read if is_accepted(entry)), key=lambda entry: entry.mention.article_id)
        if len(ids) < room:
            return
        after_id = ids[-1]


def as_row(entry: Entry, campaign: Campaign) -> dict[str, object]:
    """An item as the API tells it; a key whose value is not known is null."""
    article, verdict, hand = entry.article, entry.verdict, entry.hand
    circle = next((one for one in campaign.circles if one.id == entry.mention.circle), None)
    published = article.published
    return {
        "id": entry.mention.id,
        "campaign": entry.mention.campaign_id,
        "circle": entry.mention.circle,
        "audience": circle.audience if circle else "staff",
        "headline": article.title,
        "headline_en": verdict.headline_en or None if verdict else None,
        "link": article_link(article.canonical_url) or None,
        "outlet": {"id": entry.outlet.id, "name": entry.outlet.name, "country": entry.outlet.country, "tier": entry.outlet.tier},
        "published": published.iso() if published else None,
        "authors": list(article.authors),
        "language": article.language or None,
        "medium": str(entry.medium),
        "story": entry.story_key or None,
        "tone": verdict.tone or None if verdict else None,
        "prominence": verdict.prominence or None if verdict else None,
        "key_messages": None if verdict is None or verdict.key_messages is None else list(verdict.key_messages),
        "reach": {"value": hand.reach, "source": hand.reach_source, "day": hand.reach_on} if hand and hand.reach is not None else None,
        "accepted_at": _accepted_at(entry).isoformat(),
    }


def _accepted_at(entry: Entry) -> datetime:
    assert entry.verdict is not None, "not accepted"
    return entry.verdict.decided_at


def _bounds(campaign: Campaign, query: Query) -> tuple[datetime | None, datetime | None]:
    zone = ZoneInfo(campaign.time_zone)
    start_at = first_moment(query.first_on, zone) if query.first_on else None
    return start_at, first_moment(query.last_on + timedelta(days=1), zone) if query.last_on else None
