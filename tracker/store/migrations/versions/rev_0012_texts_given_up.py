"""Texts that matched nothing may be given up: when, and which are there. A period's articles are counted by an index.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No text is given up by it."""
    op.add_column("articles", sa.Column("given_up_at", sa.DateTime()))
    op.create_index("ix_articles_with_text", "articles", ["fetched_at"], sqlite_where=sa.text("given_up_at IS NULL"))
    op.create_index("ix_articles_published", "articles", ["published_at", "outlet_id"])
    op.create_index("ix_verdicts_article_id", "verdicts", ["article_id"])
