"""What an edition, a trail or a letter looks for is found by an index: nothing is searched from the first day on.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_APPEARED = """
    UPDATE mentions SET appeared_at = (
        SELECT CASE WHEN mentions.labels LIKE '%"date_uncertain"%' THEN articles.fetched_at
               ELSE coalesce(articles.published_at, articles.fetched_at) END
        FROM articles WHERE articles.id = mentions.article_id)"""

_JOINED = """
    INSERT INTO story_joins (campaign_id, window, article_id, first_article_id)
    SELECT campaign_id, 0, article_id, min(article_id) OVER (PARTITION BY campaign_id, story_key) FROM story_members"""


def upgrade() -> None:
    """Reads each mention's article once; indexes of a million articles take half a minute."""
    op.add_column("mentions", sa.Column("appeared_at", sa.DateTime()))
    op.execute(_APPEARED)
    op.create_index("ix_mentions_appeared", "mentions", ["campaign_id", "appeared_at"])
    op.create_index("ix_mentions_found", "mentions", ["campaign_id", "found_at"])
    op.create_index("ix_articles_requested", "articles", ["requested_url"], sqlite_where=sa.text("requested_url != canonical_url"))
    op.create_index("ix_pages_moved", "pages", ["final_url"], sqlite_where=sa.text("final_url != requested_url"))
    op.create_index("ix_pages_skipped", "pages", ["fetched_at"], sqlite_where=sa.text("skip_reason IS NOT NULL"))
    op.create_index("ix_fetches_polled", "fetches", ["fetched_at"], sqlite_where=sa.text("source_id IS NOT NULL"))
    op.create_index("ix_verdicts_decided", "verdicts", ["campaign_id", "decided_at"])
    op.create_index("ix_verdicts_sensitive", "verdicts", ["article_id", "campaign_id"], sqlite_where=sa.text("decision = 'sensitive'"))
    op.drop_index("ix_edition_entries_article_id", "edition_entries")
    op.create_index("ix_edition_entries_reported", "edition_entries", ["article_id", "audience", "edition_id"])
    op.create_index("ix_releases_released_at", "releases", ["released_at"])
    op.create_index("ix_deliveries_state", "deliveries", ["state", "due_at"])
    op.create_table(
        "story_joins",
        sa.Column("campaign_id", sa.String(), primary_key=True),
        sa.Column("window", sa.Integer(), primary_key=True),
        sa.Column("article_id", sa.Integer(), sa.ForeignKey("articles.id", name="fk_story_joins_article_id_articles"), primary_key=True),
        sa.Column("first_article_id", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(_JOINED)
