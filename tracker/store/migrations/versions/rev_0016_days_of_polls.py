"""A source's past as daily sums, filled from the polls that are there; articles of a period are counted by indexes alone.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

FILL = """
    INSERT INTO poll_days (day, source_id, outcome, polls, new_links, first_at, last_at, fetch_id, polled_at, detail, listed, newest_at, oldest_at)
    SELECT summed.day, fetches.source_id, fetches.outcome, summed.polls, summed.brought, summed.first_at, summed.last_at, fetches.id,
        fetches.fetched_at, fetches.detail, fetches.listed, fetches.newest_at, fetches.oldest_at
    FROM (SELECT date(fetched_at) AS day, count(*) AS polls, sum(coalesce(new_links, 0)) AS brought, min(fetched_at) AS first_at,
              max(fetched_at) AS last_at, max(id) AS last_id
          FROM fetches WHERE source_id IS NOT NULL GROUP BY source_id, date(fetched_at), outcome) AS summed
    JOIN fetches ON fetches.id = summed.last_id"""
"""Of a day that was thinned before, all that went well counts as one poll."""


def upgrade() -> None:
    """Reads each poll once; a million take some seconds."""
    op.create_table(
        "poll_days",
        sa.Column("day", sa.String(), primary_key=True),
        sa.Column("source_id", sa.String(), primary_key=True),
        sa.Column("outcome", sa.String(), primary_key=True),
        sa.Column("polls", sa.Integer(), nullable=False),
        sa.Column("new_links", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("fetch_id", sa.Integer(), nullable=False),
        sa.Column("polled_at", sa.DateTime(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("listed", sa.Integer()),
        sa.Column("newest_at", sa.DateTime()),
        sa.Column("oldest_at", sa.DateTime()),
        sqlite_with_rowid=False,
    )
    op.execute(FILL)
    op.drop_index("ix_articles_fetched_at", "articles")
    op.create_index("ix_articles_fetched", "articles", ["fetched_at", "outlet_id"])
    op.drop_index("ix_articles_published", "articles")
    op.create_index("ix_articles_published", "articles", ["published_at", "outlet_id", "fetched_at"])
