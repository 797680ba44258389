"""Which items a person has accepted or entered, a page at a time, narrowed: candidates, of which `visibility` decides."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from tracker.store.schema.articles import mentions
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
    """Articles above `after_id` of which the campaign's newest verdict is an acceptance, in order, `limit` at most. Empty collections
    narrow nothing."""
    said = mentions.c.decision == str(ACCEPTING)
    asked: list[ColumnElement[bool] | None] = [
        outlets.c.country.in_([*countries]) if countries else None,
        mentions.c.language.in_([*languages]) if languages else None,
        mentions.c.outlet_id.in_([*outlet_ids]) if outlet_ids else None,
        mentions.c.appeared_at >= appeared_from if appeared_from else None,
        mentions.c.appeared_at < appeared_before if appeared_before else None,
    ]
    wanted = (
        select(mentions.c.article_id)
        .join(outlets, outlets.c.id == mentions.c.outlet_id)
        .where(mentions.c.campaign_id == campaign_id, mentions.c.article_id > after_id, said)
        .where(*[one for one in asked if one is not None])
        .order_by(mentions.c.article_id)
        .limit(limit)
    )
    return [*conn.execute(wanted).scalars()]
