"""Which articles of a campaign are one story."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from tracker.model import Story, StoryText
from tracker.store.packing import unpack_text
from tracker.store.schema.articles import articles, mentions, stories, story_members


def texts(conn: Connection, campaign_id: str) -> list[StoryText]:
    """What grouping needs of every article with a mention of the campaign, ordered by article."""
    columns = (articles.c.id, articles.c.outlet_id, articles.c.title, articles.c.body, articles.c.published_at)
    joined = select(*columns).join(mentions, mentions.c.article_id == articles.c.id)
    rows = conn.execute(joined.where(mentions.c.campaign_id == campaign_id).order_by(articles.c.id))
    return [StoryText(row.id, row.outlet_id, row.title, unpack_text(row.body), row.published_at) for row in rows]


def settled(conn: Connection, campaign_id: str) -> int:
    """How many articles mention the campaign, when each of them, and no other, is in a story; else 0."""
    mentioned = mentions.c.campaign_id == campaign_id
    count = conn.execute(select(func.count()).where(mentioned)).scalar_one()
    joined = (story_members.c.campaign_id == campaign_id) & (story_members.c.article_id == mentions.c.article_id)
    grouped = conn.execute(select(func.count()).select_from(mentions.join(story_members, joined)).where(mentioned)).scalar_one()
    members = conn.execute(select(func.count()).where(story_members.c.campaign_id == campaign_id)).scalar_one()
    return count if count == grouped == members else 0


def replace(conn: Connection, campaign_id: str, grouped: Iterable[Story], now: datetime) -> None:
    """Makes these the campaign's stories, in place of all it had."""
    conn.execute(delete(story_members).where(story_members.c.campaign_id == campaign_id))
    conn.execute(delete(stories).where(stories.c.campaign_id == campaign_id))
    made = [*grouped]
    if not made:
        return
    conn.execute(insert(stories), [{"campaign_id": campaign_id, "key": story.key, "grouped_at": now} for story in made])
    members = [
        {"campaign_id": campaign_id, "story_key": story.key, "article_id": article_id} for story in made for article_id in story.article_ids
    ]
    conn.execute(insert(story_members), members)


def for_campaign(conn: Connection, campaign_id: str) -> list[Story]:
    """The campaign's stories, ordered by key."""
    members = story_members
    wanted = select(members).where(members.c.campaign_id == campaign_id).order_by(members.c.story_key, members.c.article_id)
    found: dict[str, list[int]] = {}
    for row in conn.execute(wanted):
        found.setdefault(row.story_key, []).append(row.article_id)
    return [Story(key, tuple(article_ids)) for key, article_ids in found.items()]


def key_of(conn: Connection, campaign_id: str, article_id: int) -> str | None:
    """The key of the article's story, or None while it is in none."""
    wanted = (story_members.c.campaign_id == campaign_id) & (story_members.c.article_id == article_id)
    return conn.execute(select(story_members.c.story_key).where(wanted)).scalar()
