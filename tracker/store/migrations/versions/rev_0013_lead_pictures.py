"""Lead pictures of articles that mention a campaign.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No picture is asked for by it."""
    op.create_table(
        "lead_pictures",
        sa.Column("article_id", sa.Integer(), sa.ForeignKey("articles.id", name="fk_lead_pictures_article_id_articles"), primary_key=True),
        sa.Column("outlet_id", sa.String(), sa.ForeignKey("outlets.id", name="fk_lead_pictures_outlet_id_outlets"), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("digest", sa.String()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
    )
    came = sa.text("digest IS NOT NULL")
    op.create_index("ix_lead_pictures_same", "lead_pictures", ["outlet_id", "digest"], sqlite_where=came)
    op.create_index("ix_lead_pictures_digest", "lead_pictures", ["digest"], sqlite_where=came)
    op.create_table(
        "picture_files",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_picture_files_stored_at", "picture_files", ["stored_at"])
