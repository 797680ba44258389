"""Which items a person has accepted or entered, a page at a time, narrowed: candidates, of which `visibility` decides."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from tracker.store.schema.articles import articles, mentions
from tracker.store.schema.people import hand_items, item_states
from tracker.store.schema.watching import outlets
from tracker.visibility import ACCEPTING


def candidates(
    conn: Connection,
    campaign_id: str,
    *,
    after_id: int,
    limit: int,
    countries: Collection[str] = (),
    languages: Collection[str] = (),
    outlet_ids: Collection[str] = (),
    appeared_from: datetime | None = None,
    appeared_before: datetime | None = None,
) -> list[int]:
    """Articles above `after_id` of which the campaign's newest verdict is an acceptance, or that a person entered and nobody judged, in
    order, `limit` at most. Empty collections narrow nothing."""
    outlet_id = func.coalesce(item_states.c.outlet_id, articles.c.outlet_id)
    said = item_states.c.decision == str(ACCEPTING)
    entered = item_states.c.decision.is_(None) & hand_items.c.article_id.is_not(None)
    asked: list[ColumnElement[bool] | None] = [
        outlets.c.country.in_([*countries]) if countries else None,
        articles.c.language.in_([*languages]) if languages else None,
        outlet_id.in_([*outlet_ids]) if outlet_ids else None,
        mentions.c.appeared_at >= appeared_from if appeared_from else None,
        mentions.c.appeared_at < appeared_before if appeared_before else None,
    ]
    wanted = (
        select(mentions.c.article_id)
        .join(articles, articles.c.id == mentions.c.article_id)
        .join(item_states, _same_item(item_states), isouter=True)
        .join(hand_items, _same_item(hand_items), isouter=True)
        .join(outlets, outlets.c.id == outlet_id)
        .where(mentions.c.campaign_id == campaign_id, mentions.c.article_id > after_id, or_(said, entered))
        .where(*[one for one in asked if one is not None])
        .order_by(mentions.c.article_id)
        .limit(limit)
    )
    return [*conn.execute(wanted).scalars()]


def _same_item(table: Any) -> ColumnElement[bool]:
    return and_(table.c.campaign_id == mentions.c.campaign_id, table.c.article_id == mentions.c.article_id)
