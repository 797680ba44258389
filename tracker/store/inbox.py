"""The inbox of the review desk: pages of stories by the newest item that fits a filter, and how many items there are of each state.

A page begins behind the last story of the page before (keyset), so that no story is shown twice or passed over while others work. All
that items are narrowed by stands beside each mention, in one index that is read story by story: any page of any filter costs the same.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Text, TextClause, and_, case, cast, false, func, or_, select, text

from tracker.model import LISTED_ELSEWHERE, InboxFilter, InboxPlace, InboxState
from tracker.store import backend
from tracker.store.batches import chunks
from tracker.store.schema.articles import articles, mentions
from tracker.store.schema.watching import outlets

_DECIDED = (InboxState.UNSURE, InboxState.ACCEPT, InboxState.REJECT, InboxState.SENSITIVE)
_IS_OPEN = or_(mentions.c.decision.is_(None), mentions.c.decision == str(InboxState.UNSURE))
_IS_HELD = and_(mentions.c.held, or_(mentions.c.decision.is_(None), mentions.c.decision != str(InboxState.ACCEPT)))

TRIED_FIRST = 4
"""Items for each story of a page, the newest, of which the page of a search for frequent words may be made."""
MOST_TRIED = 5_000
"""Such items at most: the keys of their stories are values of one statement."""
_IS_LISTED = cast(mentions.c.labels, Text).like(f'%"{LISTED_ELSEWHERE}"%')


def page(
    conn: Connection,
    wanted: InboxFilter,
    *,
    within: tuple[datetime | None, datetime | None] = (None, None),
    holding: str | None = None,
    sensitive: Collection[int] | None = None,
    after: InboxPlace | None = None,
    limit: int,
) -> list[InboxPlace]:
    """The stories of which an item fits, the newest find first. `within`: moments between which an item appeared; `holding`: what
    the index of texts is asked for, empty: nothing is found by it; `sensitive`: for whom these articles and those held back are not,
    so that no filter tells that they are there."""
    if holding == "":
        return []
    asked = [*_asked(wanted, within), *_seen(conn, sensitive)]
    if holding is None:
        return _places(conn, asked, after, limit, {})
    given = {"expression": holding}
    places = _by_the_newest(conn, asked, after, limit, holding)
    if places is None:
        places = _places(conn, [*asked, text(backend.of(conn).is_found("mentions.article_id", holding))], after, limit, given)
    return places


def _by_the_newest(
    conn: Connection, asked: Sequence[ColumnElement[bool]], after: InboxPlace | None, limit: int, holding: str
) -> list[InboxPlace] | None:
    """The page by the newest items alone, each held against the question by itself; None where that takes longer than to find all."""
    holds = text(backend.of(conn).is_found_alone("mentions.article_id", holding))
    items = TRIED_FIRST * limit
    while items <= MOST_TRIED and backend.of(conn).sooner_alone(conn, holding, items):
        newest = _newest(conn, asked, after, items)
        places = _places(conn, [*asked, holds, mentions.c.group_key.in_(newest.keys)], after, limit, {"expression": holding})
        sure = [place for place in places if newest.since is None or place.newest_at > newest.since]
        if newest.since is None or len(sure) == limit:
            return sure
        items = max(2, math.ceil(1.5 * limit / (len(sure) or 0.5))) * items
    return None


def _places(
    conn: Connection, asked: Sequence[ColumnElement[bool] | TextClause], after: InboxPlace | None, limit: int, given: Mapping[str, str]
) -> list[InboxPlace]:
    key, newest = mentions.c.group_key, func.max(mentions.c.found_at).label("newest_at")
    statement = select(newest, key).where(*asked).group_by(key)
    if after is not None:
        statement = statement.having(or_(newest < after.newest_at, and_(newest == after.newest_at, key > after.key)))
    rows = conn.execute(statement.order_by(newest.desc(), key).limit(limit), given)
    return [InboxPlace(row.newest_at, row.group_key) for row in rows]


class _Newest(NamedTuple):
    """The stories of the newest items. All items found after `since` are among these; None: there are no others."""

    keys: tuple[str, ...]
    since: datetime | None


def _newest(conn: Connection, asked: Sequence[ColumnElement[bool] | TextClause], after: InboxPlace | None, most: int) -> _Newest:
    statement = select(mentions.c.group_key, mentions.c.found_at).where(*asked)
    if after is not None:
        statement = statement.where(mentions.c.found_at <= after.newest_at)
    rows = conn.execute(statement.order_by(mentions.c.found_at.desc()).limit(most)).all()
    return _Newest(tuple(dict.fromkeys(row.group_key for row in rows)), rows[-1].found_at if len(rows) == most else None)


def members(conn: Connection, campaign_id: str, keys: Sequence[str]) -> dict[str, list[int]]:
    """The articles with a mention of each story (or of the item whose id stands for one), in order of id."""
    found: dict[str, list[int]] = {key: [] for key in keys}
    for batch in chunks(keys):
        mine = (mentions.c.campaign_id == campaign_id) & mentions.c.group_key.in_(batch)
        for row in conn.execute(select(mentions.c.group_key, mentions.c.article_id).where(mine)):
            found[row.group_key].append(row.article_id)
    return {key: sorted(article_ids) for key, article_ids in found.items() if article_ids}


def counts(conn: Connection, campaign_id: str) -> dict[InboxState, int]:
    """How many items of the campaign are in each state."""
    held = func.sum(case((and_(_IS_HELD, _IS_OPEN), 1), else_=0)).label("held")
    statement = select(mentions.c.decision, func.count().label("items"), held).where(mentions.c.campaign_id == campaign_id)
    rows = conn.execute(statement.group_by(mentions.c.decision)).all()
    by_decision = {row.decision: row.items for row in rows}
    found = {state: by_decision.get(str(state), 0) for state in _DECIDED}
    apart = (mentions.c.campaign_id == campaign_id, mentions.c.decision.is_(None), _IS_LISTED)  # by the index, of the open ones alone
    found[InboxState.LISTED] = conn.execute(select(func.count()).select_from(mentions).where(*apart)).scalar_one()
    found[InboxState.OPEN] = by_decision.get(None, 0) - found[InboxState.LISTED]
    found[InboxState.HELD] = sum(row.held for row in rows)
    found[InboxState.ALL] = sum(row.items for row in rows)
    return found


def held_among(conn: Connection, campaign_id: str, mention_ids: Collection[str]) -> list[str]:
    """Those of these mentions that may identify a child and that nobody has accepted."""
    found: list[str] = []
    for batch in chunks(mention_ids):
        mine = (mentions.c.campaign_id == campaign_id) & mentions.c.id.in_(batch)
        found += conn.execute(select(mentions.c.id).where(mine, _IS_HELD)).scalars()
    return found


def held_articles(conn: Connection, campaign_id: str, article_ids: Collection[int]) -> frozenset[int]:
    """Those of the articles whose item may identify a child and that nobody has accepted."""
    found: set[int] = set()
    for batch in chunks(article_ids):
        mine = (mentions.c.campaign_id == campaign_id) & mentions.c.article_id.in_(batch)
        found.update(conn.execute(select(mentions.c.article_id).where(mine, _IS_HELD)).scalars())
    return frozenset(found)


def keys_of(conn: Connection, campaign_id: str, article_ids: Collection[int]) -> dict[int, str]:
    """The key under which each article with a mention stands in the inbox."""
    found: dict[int, str] = {}
    for batch in chunks(article_ids):
        mine = (mentions.c.campaign_id == campaign_id) & mentions.c.article_id.in_(batch)
        found |= {row.article_id: row.group_key for row in conn.execute(select(mentions.c.article_id, mentions.c.group_key).where(mine))}
    return found


def outlets_with_items(conn: Connection, campaign_id: str, *, sensitive: Collection[int] | None = None) -> list[str]:
    """Ids of the outlets of which the campaign has an item, as persons corrected them. `sensitive`: as in `page`."""
    mine = (mentions.c.campaign_id == campaign_id) & (mentions.c.outlet_id == outlets.c.id)
    has_one = select(mentions.c.outlet_id).where(mine, *_seen(conn, sensitive)).correlate(outlets).exists()
    return sorted(conn.execute(select(outlets.c.id).where(has_one)).scalars())


def _asked(wanted: InboxFilter, within: tuple[datetime | None, datetime | None]) -> list[ColumnElement[bool]]:
    columns = mentions.c
    asked: list[ColumnElement[bool]] = [columns.campaign_id == wanted.campaign_id, *_of_state(wanted.state)]
    asked += [columns.circle == wanted.circle] if wanted.circle else []
    asked += [columns.language == wanted.language] if wanted.language else []
    asked += [columns.outlet_id == wanted.outlet_id] if wanted.outlet_id else []
    start, end = within
    asked += [columns.appeared_at >= start] if start else []
    asked += [columns.appeared_at < end] if end else []
    if wanted.country or wanted.tier is not None:
        of_outlet = [outlets.c.country == wanted.country] if wanted.country else []
        of_outlet += [outlets.c.tier == wanted.tier] if wanted.tier is not None else []
        asked.append(columns.outlet_id.in_(select(outlets.c.id).where(*of_outlet)))
    return asked


def _seen(conn: Connection, sensitive: Collection[int] | None) -> list[ColumnElement[bool]]:
    if sensitive is None:
        return []
    named = text(backend.of(conn).values_of("sensitive", whole=True)).bindparams(sensitive=json.dumps(sorted(sensitive)))
    hidden = [mentions.c.article_id.in_(named.columns(articles.c.id))] if sensitive else []
    return [~one for one in (*hidden, func.coalesce(_IS_HELD, false()))]


def _of_state(state: InboxState) -> list[ColumnElement[bool]]:
    if state is InboxState.ALL:
        return []
    if state is InboxState.OPEN:
        return [mentions.c.decision.is_(None), ~_IS_LISTED]
    if state is InboxState.LISTED:
        return [mentions.c.decision.is_(None), _IS_LISTED]
    if state is InboxState.HELD:
        return [_IS_HELD, _IS_OPEN]
    return [mentions.c.decision == str(state)]
