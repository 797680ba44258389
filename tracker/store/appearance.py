"""When a mention's article appeared, held beside the mention: a period's items are then found without a look at any other."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from tracker.model import DATE_UNCERTAIN
from tracker.store.batches import chunks
from tracker.store.schema.articles import articles, mentions


def appeared_at(labels: Sequence[str], published_at: datetime | None, fetched_at: datetime) -> datetime:
    """The column's value: `digests.figures.appeared_at` in terms of rows."""
    return fetched_at if published_at is None or DATE_UNCERTAIN in labels else published_at


def moments(conn: Connection, article_ids: Collection[int]) -> dict[int, tuple[datetime | None, datetime]]:
    """(published, fetched) of each of the articles."""
    found: dict[int, tuple[datetime | None, datetime]] = {}
    for batch in chunks(article_ids):
        rows = conn.execute(select(articles.c.id, articles.c.published_at, articles.c.fetched_at).where(articles.c.id.in_(batch)))
        found |= {row.id: (row.published_at, row.fetched_at) for row in rows}
    return found


def follow(conn: Connection, article_ids: Collection[int]) -> None:
    """Brings the mentions of these articles up to date, after the articles were read again."""
    known = moments(conn, article_ids)
    for batch in chunks(known):
        rows = conn.execute(select(mentions.c.id, mentions.c.article_id, mentions.c.labels).where(mentions.c.article_id.in_(batch))).all()
        changed = [{"of_mention": row.id, "appeared_at": appeared_at(row.labels, *known[row.article_id])} for row in rows]
        if changed:
            conn.execute(update(mentions).where(mentions.c.id == bindparam("of_mention")), changed)
