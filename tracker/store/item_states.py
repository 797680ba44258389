"""The state in force of each item that a person has said something of: one row an item, written with its events by `events`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, text

from tracker.model import Corrections, ItemState
from tracker.store import backend
from tracker.store.batches import chunks
from tracker.store.schema.columns import published_values, read_published
from tracker.store.schema.people import item_states


def write(conn: Connection, states: Sequence[ItemState]) -> None:
    """Makes these the states of their items. Only `events` calls it, in the transaction of the words themselves."""
    if states:
        conn.execute(backend.upsert(item_states, ["campaign_id", "article_id"]), [_values(state) for state in states])


def many(conn: Connection, campaign_id: str, article_ids: Collection[int]) -> dict[int, ItemState]:
    """The states of these articles in a campaign; one that nobody has said anything of is left out."""
    found: dict[int, ItemState] = {}
    for batch in chunks(article_ids):
        wanted = (item_states.c.campaign_id == campaign_id) & item_states.c.article_id.in_(batch)
        found |= {row.article_id: read_state(row) for row in conn.execute(select(item_states).where(wanted))}
    return found


def decided(conn: Connection, campaign_id: str) -> Iterator[ItemState]:
    """The states of all items of a campaign on which a decision is in force, ordered by article."""
    wanted = (item_states.c.campaign_id == campaign_id) & item_states.c.decision.is_not(None)
    rows = conn.execute(select(item_states).where(wanted).order_by(item_states.c.article_id)).all()
    return (read_state(row) for row in rows)


def sensitive_since(conn: Connection) -> dict[int, datetime]:
    """Articles that a person calls sensitive in some campaign, and when the last of these campaigns said so."""
    said = text("decision = 'sensitive'")  # spelt out, else the partial index is not used
    wanted = select(item_states.c.article_id, func.max(item_states.c.decided_at).label("since")).where(said)
    return {row.article_id: row.since for row in conn.execute(wanted.group_by(item_states.c.article_id))}


def stories(conn: Connection, campaign_id: str, article_ids: Collection[int] | None = None) -> dict[int, int]:
    """Articles whose story a person has said (of these; None: of the campaign), with the number that those of one story share."""
    wanted = select(item_states.c.article_id, item_states.c.story)
    wanted = wanted.where(item_states.c.campaign_id == campaign_id, item_states.c.story.is_not(None))
    if article_ids is None:
        return {row.article_id: row.story for row in conn.execute(wanted)}
    found: dict[int, int] = {}
    for batch in chunks(article_ids):
        found |= {row.article_id: row.story for row in conn.execute(wanted.where(item_states.c.article_id.in_(batch)))}
    return found


def corrected(conn: Connection, campaign_id: str) -> dict[int, tuple[datetime | None, str]]:
    """Articles whose date or outlet a person corrected, with both; None or empty where one is as the outlet has it."""
    said = item_states.c.published_at.is_not(None) | item_states.c.outlet_id.is_not(None)
    wanted = select(item_states.c.article_id, item_states.c.published_at, item_states.c.outlet_id)
    rows = conn.execute(wanted.where(item_states.c.campaign_id == campaign_id, said))
    return {row.article_id: (row.published_at, row.outlet_id or "") for row in rows}


def pictures_off(conn: Connection, campaign_id: str, article_ids: Collection[int]) -> frozenset[int]:
    """Those of the articles whose picture a person has switched off."""
    return frozenset(article_id for article_id, state in many(conn, campaign_id, article_ids).items() if state.picture_off)


def read_state(row: Row[Any]) -> ItemState:
    """The record of a row that holds all columns of `item_states`."""
    return ItemState(
        campaign_id=row.campaign_id,
        article_id=row.article_id,
        version=row.version,
        decision=row.decision or "",
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=row.reason,
        note=row.note,
        tone=row.tone,
        prominence=row.prominence,
        key_messages=row.key_messages,
        quotes=row.quotes,
        tags=row.tags or (),
        starred=row.starred,
        headline_en=row.headline_en,
        picture_off=row.picture_off,
        corrections=Corrections(
            row.headline,
            read_published(row.published_at, row.published_offset_seconds, row.published_precision),
            row.outlet_id or "",
            row.authors,
        ),
        story=row.story,
    )


def _values(state: ItemState) -> dict[str, Any]:
    corrected = state.corrections
    return {
        "campaign_id": state.campaign_id,
        "article_id": state.article_id,
        "version": state.version,
        "decision": state.decision or None,
        "decided_at": state.decided_at,
        "decided_by": state.decided_by,
        "reason": state.reason,
        "note": state.note,
        "tone": state.tone,
        "prominence": state.prominence,
        "key_messages": state.key_messages,
        "quotes": state.quotes,
        "tags": state.tags or None,
        "starred": state.starred,
        "headline_en": state.headline_en,
        "picture_off": state.picture_off,
        "headline": corrected.headline,
        **published_values(corrected.published),
        "outlet_id": corrected.outlet_id or None,
        "authors": corrected.authors,
        "story": state.story,
    }
