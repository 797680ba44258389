"""When a mention's article appeared, held beside the mention: a period's items are then found without a look at any other."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from tracker.model import DATE_UNCERTAIN
from tracker.store import story_parts
from tracker.store.batches import chunks
from tracker.store.schema.articles import articles, mentions
from tracker.store.schema.people import item_states

Moments = tuple[datetime | None, datetime]
"""When an article was published by what its outlet says, and when it was fetched."""


def appeared_at(
    labels: Sequence[str], published_at: datetime | None, fetched_at: datetime, corrected_at: datetime | None = None
) -> datetime:
    """The column's value: `digests.figures.appeared_at` in terms of rows. `corrected_at`: when it was published by what a person says."""
    if corrected_at is not None:
        return corrected_at
    return fetched_at if published_at is None or DATE_UNCERTAIN in labels else published_at


def moments(conn: Connection, article_ids: Collection[int]) -> dict[int, Moments]:
    """(published, fetched) of each of the articles."""
    found: dict[int, Moments] = {}
    for batch in chunks(article_ids):
        rows = conn.execute(select(articles.c.id, articles.c.published_at, articles.c.fetched_at).where(articles.c.id.in_(batch)))
        found |= {row.id: (row.published_at, row.fetched_at) for row in rows}
    return found


def corrections(conn: Connection, article_ids: Collection[int]) -> dict[tuple[str, int], datetime]:
    """When these articles were published by what persons say, by campaign and article; only where one said so."""
    found: dict[tuple[str, int], datetime] = {}
    columns = (item_states.c.campaign_id, item_states.c.article_id, item_states.c.published_at)
    for batch in chunks(article_ids):
        wanted = item_states.c.article_id.in_(batch) & item_states.c.published_at.is_not(None)
        found |= {(row.campaign_id, row.article_id): row.published_at for row in conn.execute(select(*columns).where(wanted))}
    return found


def follow(conn: Connection, article_ids: Collection[int]) -> None:
    """Brings the mentions of these articles up to date, after the articles were read again or their dates corrected."""
    known, said = moments(conn, article_ids), corrections(conn, article_ids)
    columns = (mentions.c.id, mentions.c.campaign_id, mentions.c.article_id, mentions.c.labels)
    for batch in chunks(known):
        rows = conn.execute(select(*columns).where(mentions.c.article_id.in_(batch))).all()
        changed = [
            {
                "of_mention": row.id,
                "appeared_at": appeared_at(row.labels, *known[row.article_id], said.get((row.campaign_id, row.article_id))),
            }
            for row in rows
        ]
        if changed:
            conn.execute(update(mentions).where(mentions.c.id == bindparam("of_mention")), changed)
    story_parts.forget(conn, known)
