"""The inbox of the review desk: pages of stories by the newest item that fits a filter, and how many items there are of each state.

A page begins behind the last story of the page before (keyset), so that no story is shown twice or passed over while others work.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select, text

from tracker.model import InboxFilter, InboxPlace, InboxState
from tracker.store.batches import chunks
from tracker.store.schema.articles import articles, mentions, story_members
from tracker.store.schema.people import item_states
from tracker.store.schema.watching import outlets

_DECIDED = (InboxState.UNSURE, InboxState.ACCEPT, InboxState.REJECT, InboxState.SENSITIVE)
_KEY = func.coalesce(story_members.c.story_key, mentions.c.id)
"""A story's key; an item that is in no story yet stands under its own."""


def page(
    conn: Connection,
    wanted: InboxFilter,
    *,
    within: tuple[datetime | None, datetime | None] = (None, None),
    among: Collection[int] | None = None,
    after: InboxPlace | None = None,
    limit: int,
) -> list[InboxPlace]:
    """The stories of which an item fits, the newest find first. `within`: moments between which an item appeared; `among`: articles."""
    newest = func.max(mentions.c.found_at).label("newest_at")
    statement = _fitting(select(newest, _KEY.label("key")), wanted, within, among).group_by(_KEY)
    if after is not None:
        statement = statement.having(or_(newest < after.newest_at, and_(newest == after.newest_at, after.key < _KEY)))
    statement = statement.order_by(newest.desc(), _KEY).limit(limit)
    return [InboxPlace(row.newest_at, row.key) for row in conn.execute(statement, _given(among))]


def members(conn: Connection, campaign_id: str, keys: Sequence[str]) -> dict[str, list[int]]:
    """The articles with a mention of each story (or of the item whose id stands for one), in order of id."""
    found: dict[str, list[int]] = {key: [] for key in keys}
    for batch in chunks(keys):
        in_story = select(story_members.c.story_key.label("key"), mentions.c.article_id).join(mentions, _same_item())
        in_story = in_story.where(story_members.c.campaign_id == campaign_id, story_members.c.story_key.in_(batch))
        alone = select(mentions.c.id.label("key"), mentions.c.article_id).where(
            mentions.c.campaign_id == campaign_id,
            mentions.c.id.in_(batch),
            ~select(story_members.c.article_id).where(_same_item()).correlate(mentions).exists(),
        )
        for row in conn.execute(in_story.union_all(alone)):
            found[row.key].append(row.article_id)
    return {key: sorted(article_ids) for key, article_ids in found.items() if article_ids}


def counts(conn: Connection, campaign_id: str) -> dict[InboxState, int]:
    """How many items of the campaign are in each state."""
    decision = item_states.c.decision
    is_held = case((and_(mentions.c.held, or_(decision.is_(None), decision != str(InboxState.ACCEPT))), 1), else_=0)
    statement = _joined(select(decision, func.count().label("items"), func.sum(is_held).label("held")))
    rows = conn.execute(statement.where(mentions.c.campaign_id == campaign_id).group_by(decision)).all()
    by_decision = {row.decision: row.items for row in rows}
    found = {state: by_decision.get(str(state), 0) for state in _DECIDED}
    found[InboxState.OPEN] = by_decision.get(None, 0)
    found[InboxState.HELD] = sum(row.held for row in rows)
    found[InboxState.ALL] = sum(row.items for row in rows)
    return found


def keys_of(conn: Connection, campaign_id: str, article_ids: Collection[int]) -> dict[int, str]:
    """The key under which each article with a mention stands in the inbox."""
    found: dict[int, str] = {}
    for batch in chunks(article_ids):
        statement = select(mentions.c.article_id, _KEY.label("key")).join(story_members, _same_item(), isouter=True)
        rows = conn.execute(statement.where(mentions.c.campaign_id == campaign_id, mentions.c.article_id.in_(batch)))
        found |= {row.article_id: row.key for row in rows}
    return found


def outlets_with_items(conn: Connection, campaign_id: str) -> list[str]:
    """Ids of the outlets of which the campaign has an item."""
    found = select(articles.c.outlet_id).join(mentions, mentions.c.article_id == articles.c.id)
    return sorted(conn.execute(found.where(mentions.c.campaign_id == campaign_id).distinct()).scalars())


def _same_item() -> ColumnElement[bool]:
    return and_(story_members.c.campaign_id == mentions.c.campaign_id, story_members.c.article_id == mentions.c.article_id)


def _joined(statement: Select[tuple[object, ...]]) -> Select[tuple[object, ...]]:
    same_state = and_(item_states.c.campaign_id == mentions.c.campaign_id, item_states.c.article_id == mentions.c.article_id)
    return statement.select_from(mentions).join(item_states, same_state, isouter=True)


def _fitting(
    statement: Select[tuple[object, ...]],
    wanted: InboxFilter,
    within: tuple[datetime | None, datetime | None],
    among: Collection[int] | None,
) -> Select[tuple[object, ...]]:
    statement = _joined(statement).join(story_members, _same_item(), isouter=True)
    asked = [mentions.c.campaign_id == wanted.campaign_id, *_of_state(wanted.state)]
    if wanted.circle:
        asked.append(mentions.c.circle == wanted.circle)
    start, end = within
    asked += [mentions.c.appeared_at >= start] if start else []
    asked += [mentions.c.appeared_at < end] if end else []
    if among is not None:
        asked.append(mentions.c.article_id.in_(text("SELECT value FROM json_each(:among)").columns(articles.c.id)))
    if wanted.language or wanted.outlet_id or wanted.country or wanted.tier is not None:
        statement = statement.join(articles, articles.c.id == mentions.c.article_id)
        outlet_id = func.coalesce(item_states.c.outlet_id, articles.c.outlet_id)
        asked += [articles.c.language == wanted.language] if wanted.language else []
        asked += [outlet_id == wanted.outlet_id] if wanted.outlet_id else []
        if wanted.country or wanted.tier is not None:
            statement = statement.join(outlets, outlets.c.id == outlet_id)
            asked += [outlets.c.country == wanted.country] if wanted.country else []
            asked += [outlets.c.tier == wanted.tier] if wanted.tier is not None else []
    return statement.where(*asked)


def _given(among: Collection[int] | None) -> dict[str, str]:
    return {} if among is None else {"among": json.dumps(sorted(among))}


def _of_state(state: InboxState) -> list[ColumnElement[bool]]:
    decision = item_states.c.decision
    if state is InboxState.ALL:
        return []
    if state is InboxState.OPEN:
        return [decision.is_(None)]
    if state is InboxState.HELD:
        return [mentions.c.held, or_(decision.is_(None), decision != str(InboxState.ACCEPT))]
    return [decision == str(state)]
