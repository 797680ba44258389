"""A page of items is found in one index: what it is narrowed by stands beside each mention.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tracker.store import sqlite

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_COLUMNS = (
    "campaign_id",
    "group_key",
    "found_at",
    "decision",
    "held",
    "circle",
    "language",
    "outlet_id",
    "appeared_at",
    "article_id",
)
_FACTS = """
    UPDATE mentions SET
        group_key = coalesce((SELECT story_key FROM story_members AS s
            WHERE s.campaign_id = mentions.campaign_id AND s.article_id = mentions.article_id), id),
        decision = (SELECT decision FROM item_states AS s WHERE s.campaign_id = mentions.campaign_id AND s.article_id = mentions.article_id),
        outlet_id = coalesce((SELECT outlet_id FROM item_states AS s
            WHERE s.campaign_id = mentions.campaign_id AND s.article_id = mentions.article_id),
            (SELECT outlet_id FROM articles WHERE articles.id = mentions.article_id)),
        language = (SELECT language FROM articles WHERE articles.id = mentions.article_id)"""


def upgrade() -> None:
    """Looks up each mention's story, state and article once."""
    for name in ("group_key", "decision", "outlet_id", "language"):
        op.add_column("mentions", sa.Column(name, sa.String()))
    op.execute(_FACTS)
    op.create_index("ix_mentions_group", "mentions", [*_COLUMNS])
    op.create_index("ix_mentions_decision", "mentions", ["campaign_id", "decision", "held"])
    op.create_index("ix_mentions_outlet", "mentions", ["campaign_id", "outlet_id"])
    sqlite.create_triggers(op.get_bind())
