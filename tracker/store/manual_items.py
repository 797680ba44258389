"""Coverage that persons entered: what no crawl found or could find. No run touches it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from tracker.model import HandItem, Medium
from tracker.store.batches import chunks
from tracker.store.schema.people import hand_items


def add(conn: Connection, item: HandItem, identity: str) -> None:
    """Stores an item that is not there yet; save its mention in the same transaction, which makes it count."""
    values = {name: getattr(item, name) for name in HandItem.__struct_fields__}
    conn.execute(insert(hand_items).values({**values, "medium": str(item.medium), "identity": identity}))


def change(conn: Connection, item: HandItem) -> None:
    """Makes what is told beside the article (picture, reach) what it is in `item`; who entered it, and when, stay."""
    mine = (hand_items.c.campaign_id == item.campaign_id) & (hand_items.c.article_id == item.article_id)
    told = {"picture": item.picture, "reach": item.reach, "reach_source": item.reach_source, "reach_on": item.reach_on}
    conn.execute(update(hand_items).where(mine).values(told))


def for_campaign(conn: Connection, campaign_id: str, article_ids: Collection[int] | None = None) -> dict[int, HandItem]:
    """The campaign's items by article (those of these articles; None: all)."""
    mine = select(hand_items).where(hand_items.c.campaign_id == campaign_id).order_by(hand_items.c.article_id)
    batches = [mine] if article_ids is None else [mine.where(hand_items.c.article_id.in_(batch)) for batch in chunks(article_ids)]
    return {row.article_id: _item(row) for statement in batches for row in conn.execute(statement)}


def of_article(conn: Connection, article_id: int) -> list[HandItem]:
    """The article's items in all campaigns, ordered by campaign."""
    wanted = select(hand_items).where(hand_items.c.article_id == article_id).order_by(hand_items.c.campaign_id)
    return [_item(row) for row in conn.execute(wanted)]


def by_identity(conn: Connection, campaign_id: str, identities: Collection[str]) -> dict[str, HandItem]:
    """Those that were entered before, by identity."""
    found: dict[str, HandItem] = {}
    for batch in chunks([*identities]):
        wanted = (hand_items.c.campaign_id == campaign_id) & hand_items.c.identity.in_(batch)
        found |= {row.identity: _item(row) for row in conn.execute(select(hand_items).where(wanted))}
    return found


def _item(row: Row[Any]) -> HandItem:
    values = {name: getattr(row, name) for name in HandItem.__struct_fields__}
    return HandItem(**{**values, "medium": Medium(row.medium)})
