"""Coverage that people know of, by campaign: the measure of what is found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from tracker.store.schema.columns import storable
from tracker.store.schema.people import known_items


def replace(conn: Connection, campaign_id: str, items: Iterable[tuple[str, str]], now: datetime) -> None:
    """Makes these (key, address) pairs the campaign's known coverage; the first address of a key counts."""
    conn.execute(delete(known_items).where(known_items.c.campaign_id == campaign_id))
    rows: dict[str, dict[str, object]] = {}
    for key, url in items:
        rows.setdefault(storable(key), {"campaign_id": campaign_id, "key": storable(key), "url": url, "said_at": now})
    if rows:
        conn.execute(insert(known_items), [*rows.values()])


def addresses(conn: Connection, campaign_id: str) -> list[str]:
    """The addresses of a campaign's known coverage."""
    wanted = select(known_items.c.url).where(known_items.c.campaign_id == campaign_id).order_by(known_items.c.key)
    return list(conn.execute(wanted).scalars())
