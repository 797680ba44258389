"""What persons say is kept event by event, with the state that follows beside it: each verdict becomes the events it was made of.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Connection, Row

from tracker.store import sqlite

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_TEXTS = ("reason", "note", "tone", "prominence", "headline_en")
_EVENTS = "id act campaign_id article_id fact before after said_at said_by via".split()
_STATES = (
    "campaign_id article_id version decision decided_at decided_by reason note tone prominence key_messages starred headline_en"
    " picture_off headline"
).split()


def upgrade() -> None:
    """No word is lost: the table of verdicts goes only when each of its rows is in the events."""
    _events()
    _item_states()
    op.create_index("ix_story_joins_article", "story_joins", ["campaign_id", "article_id"])
    op.create_index("ix_story_joins_first", "story_joins", ["campaign_id", "first_article_id"])
    _carry_over(op.get_bind())
    op.drop_table("verdicts")
    sqlite.create_triggers(op.get_bind())


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("act", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("article_id", sa.Integer(), sa.ForeignKey("articles.id", name="fk_events_article_id_articles")),
        sa.Column("edition_id", sa.Integer(), sa.ForeignKey("editions.id", name="fk_events_edition_id_editions")),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        sa.Column("said_at", sa.DateTime(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("takes_back", sa.Integer(), sa.ForeignKey("events.id", name="fk_events_takes_back_events")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_item", "events", ["campaign_id", "article_id"])
    op.create_index("ix_events_article", "events", ["article_id"])
    op.create_index("ix_events_act", "events", ["act"])
    op.create_index("ix_events_said", "events", ["campaign_id", "said_at"])
    op.create_index("ix_events_by", "events", ["said_by", "id"])
    op.create_index("ix_events_takes_back", "events", ["takes_back"], sqlite_where=sa.text("takes_back IS NOT NULL"))
    op.create_index("ix_events_edition", "events", ["edition_id"], sqlite_where=sa.text("edition_id IS NOT NULL"))


def _item_states() -> None:
    op.create_table(
        "item_states",
        sa.Column("campaign_id", sa.String(), primary_key=True),
        sa.Column("article_id", sa.Integer(), sa.ForeignKey("articles.id", name="fk_item_states_article_id_articles"), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String()),
        sa.Column("decided_at", sa.DateTime()),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("tone", sa.String(), nullable=False),
        sa.Column("prominence", sa.String(), nullable=False),
        sa.Column("key_messages", sa.Text()),
        sa.Column("quotes", sa.Text()),
        sa.Column("tags", sa.Text()),
        sa.Column("starred", sa.Boolean(), nullable=False),
        sa.Column("headline_en", sa.Text(), nullable=False),
        sa.Column("picture_off", sa.Boolean(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime()),
        sa.Column("published_offset_seconds", sa.Integer()),
        sa.Column("published_precision", sa.String()),
        sa.Column("outlet_id", sa.String(), sa.ForeignKey("outlets.id", name="fk_item_states_outlet_id_outlets")),
        sa.Column("authors", sa.Text()),
        sa.Column("story", sa.Integer()),
    )
    op.create_index("ix_item_states_article", "item_states", ["article_id"])
    op.create_index("ix_item_states_decision", "item_states", ["campaign_id", "decision"])
    sensitive, placed = sa.text("decision = 'sensitive'"), sa.text("story IS NOT NULL")
    op.create_index("ix_item_states_sensitive", "item_states", ["article_id", "campaign_id"], sqlite_where=sensitive)
    op.create_index("ix_item_states_story", "item_states", ["campaign_id", "story"], sqlite_where=placed)
    op.create_index("ix_item_states_outlet", "item_states", ["campaign_id", "outlet_id"], sqlite_where=sa.text("outlet_id IS NOT NULL"))


def _carry_over(connection: Connection) -> None:
    """Each verdict is one act: its decision, and what of its details was otherwise than in the verdict before."""
    rows = connection.exec_driver_sql("SELECT * FROM verdicts ORDER BY decided_at, id").all()
    said: dict[tuple[str, int], dict[str, Any]] = {}
    states: dict[tuple[str, int], tuple[Any, ...]] = {}
    events: list[tuple[Any, ...]] = []
    for row in rows:
        key = (row.campaign_id, row.article_id)
        before, after = said.get(key, {}), _facts(row)
        act = len(events) + 1
        for fact, was, now in _changes(before, after):
            events.append((len(events) + 1, act, *key, fact, _json(was), _json(now), row.decided_at, row.decided_by, ""))
        said[key] = after
        texts = [after.get(name) or "" for name in _TEXTS[:-1]]
        states[key] = (
            *(*key, len(events), row.decision, row.decided_at, row.decided_by, *texts),
            *(_json(after["key_messages"]), False, after["headline_en"] or "", False, ""),
        )
    _insert(connection, "events", _EVENTS, events)
    _insert(connection, "item_states", _STATES, [*states.values()])


def _facts(row: Row[Any]) -> dict[str, Any]:
    return {
        "verdict": row.decision,
        "note": row.note or None,
        "tone": row.tone or None,
        "prominence": row.prominence or None,
        "key_messages": None if row.key_messages is None else row.key_messages.split(),
        "headline_en": row.headline_en or None,
    }


def _changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for fact, value in after.items():
        if value != before.get(fact) or fact == "verdict":
            yield fact, before.get(fact), value


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _insert(connection: Connection, table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    if rows:
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608 (our own tables)
