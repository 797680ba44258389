"""Each article of a story has its part in it: the original, carried from another, or in own words. The next grouping fills them.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is decided yet."""
    op.add_column("story_members", sa.Column("role", sa.String(), nullable=True))
    op.add_column("story_members", sa.Column("carried_from", sa.Integer(), nullable=True))
    op.add_column("story_members", sa.Column("shared", sa.Float(), nullable=True))
    op.add_column("story_members", sa.Column("credited", sa.Text(), nullable=True))
    op.add_column("story_members", sa.Column("credited_outlet", sa.String(), nullable=True))
    op.add_column("story_members", sa.Column("gives_credit", sa.Boolean(), nullable=True))
    op.add_column("story_members", sa.Column("before_article_id", sa.Integer(), nullable=True))
    op.create_index("ix_story_members_undecided", "story_members", ["campaign_id", "story_key"], sqlite_where=sa.text("role IS NULL"))
