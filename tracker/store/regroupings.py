"""Items whose date or outlet a person corrected: the next run that groups decides their story again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select

from tracker.store import backend, story_parts
from tracker.store.batches import chunks
from tracker.store.schema.articles import mentions, regroupings, story_joins


def note(conn: Connection, campaign_id: str, article_id: int, event_id: int) -> None:
    """Has the item's story decided again for the event's sake, and the parts in it."""
    values = {"campaign_id": campaign_id, "article_id": article_id, "since": event_id}
    conn.execute(backend.upsert(regroupings, ["campaign_id", "article_id"]), values)
    story_parts.forget(conn, [article_id])


def waiting(conn: Connection, campaign_id: str) -> dict[int, int]:
    """The items that wait, each with the last event that corrected it."""
    wanted = select(regroupings.c.article_id, regroupings.c.since).where(regroupings.c.campaign_id == campaign_id)
    return {row.article_id: row.since for row in conn.execute(wanted)}


def done(conn: Connection, campaign_id: str, decided: Mapping[int, int]) -> None:
    """Lets go of these items, unless a person corrected one again meanwhile."""
    for article_id, since in decided.items():
        mine = (regroupings.c.campaign_id == campaign_id) & (regroupings.c.article_id == article_id)
        conn.execute(delete(regroupings).where(mine, regroupings.c.since <= since))


def windows(conn: Connection, campaign_id: str, article_ids: Mapping[int, int]) -> Iterator[int]:
    """The windows that joined these articles as they were."""
    mine = story_joins.c.campaign_id == campaign_id
    for batch in chunks(article_ids):
        held = story_joins.c.article_id.in_(batch) | story_joins.c.first_article_id.in_(batch)
        yield from conn.execute(select(story_joins.c.window).distinct().where(mine, held)).scalars()


def moments(conn: Connection, campaign_id: str, article_ids: Mapping[int, int]) -> Iterator[datetime]:
    """When these articles appeared by what is known now."""
    for batch in chunks(article_ids):
        wanted = select(mentions.c.appeared_at).where(mentions.c.campaign_id == campaign_id, mentions.c.article_id.in_(batch))
        yield from conn.execute(wanted).scalars()
