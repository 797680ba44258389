"""Mentions with all a digest or an export prints of them, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from tracker.model import Entry
from tracker.store import manual_items, registers, verdicts
from tracker.store.articles import read_article
from tracker.store.batches import chunks
from tracker.store.mentions import read_mention
from tracker.store.schema.articles import articles, mentions, story_members
from tracker.store.schema.crawl import links, pages
from tracker.visibility import is_sensitive_copy


def for_campaign(
    conn: Connection,
    campaign_id: str,
    *,
    found_from: datetime | None = None,
    found_before: datetime | None = None,
    article_ids: Collection[int] | None = None,
) -> list[Entry]:
    """The campaign's mentions with all a digest prints of them, ordered by article. Those entered by hand are among them.
    `found_from` and `found_before` bound when a mention was stored first. An article in no story yet has an empty `story_key`.

    With a sensitive item the items of its story are sensitive too, unless a person has accepted one since (`visibility`)."""
    found = _mentions_with_context(campaign_id)
    wanted_articles = _articles_of(campaign_id)
    for narrowed in (
        None if found_from is None else mentions.c.found_at >= found_from,
        None if found_before is None else mentions.c.found_at < found_before,
        None if article_ids is None else mentions.c.article_id.in_([*article_ids]),
    ):
        if narrowed is not None:
            found, wanted_articles = found.where(narrowed), wanted_articles.where(narrowed)
    rows = conn.execute(found).all()
    if not rows:
        return []
    by_id = {row.id: read_article(row) for row in conn.execute(wanted_articles)}
    outlets = registers.outlets(conn)
    said = verdicts.latest(conn, campaign_id)
    sensitive = verdicts.sensitive_since(conn)
    stories = _sensitive_stories(conn, campaign_id, sensitive)
    by_hand = manual_items.for_campaign(conn, campaign_id)
    return [
        Entry(
            mention=read_mention(row),
            article=by_id[row.article_id],
            outlet=outlets[by_id[row.article_id].outlet_id],
            story_key=row.story_key or "",
            verdict=said.get(row.article_id),
            found_by=row.found_by or "person",
            found_at=row.found_at,
            sensitive=row.article_id in sensitive or is_sensitive_copy(said.get(row.article_id), stories.get(row.story_key)),
            hand=by_hand.get(row.article_id),
        )
        for row in rows
    ]


def _sensitive_stories(conn: Connection, campaign_id: str, sensitive: Mapping[int, datetime]) -> dict[str, datetime]:
    """Stories with a sensitive item, and when the last of them was called so."""
    found: dict[str, datetime] = {}
    for batch in chunks(sensitive):
        wanted = (story_members.c.campaign_id == campaign_id) & story_members.c.article_id.in_(batch)
        for row in conn.execute(select(story_members.c.story_key, story_members.c.article_id).where(wanted)):
            found[row.story_key] = max(sensitive[row.article_id], found.get(row.story_key, sensitive[row.article_id]))
    return found


def _mentions_with_context(campaign_id: str) -> Select[Any]:
    same_story = and_(story_members.c.campaign_id == mentions.c.campaign_id, story_members.c.article_id == mentions.c.article_id)
    return (
        select(mentions, story_members.c.story_key, links.c.found_by)
        .join(articles, articles.c.id == mentions.c.article_id)
        .join(pages, pages.c.id == articles.c.page_id, isouter=True)
        .join(links, links.c.id == pages.c.link_id, isouter=True)
        .join(story_members, same_story, isouter=True)
        .where(mentions.c.campaign_id == campaign_id)
        .order_by(mentions.c.article_id)
    )


def _articles_of(campaign_id: str) -> Select[Any]:
    return select(articles).join(mentions, mentions.c.article_id == articles.c.id).where(mentions.c.campaign_id == campaign_id)
