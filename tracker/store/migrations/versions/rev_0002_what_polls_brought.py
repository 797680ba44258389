"""What each poll of a source brought: by this a source that fell silent is told from one that never said much.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("fetches", sa.Column("new_links", sa.Integer(), nullable=True))
    op.add_column("fetches", sa.Column("newest_at", sa.DateTime(), nullable=True))
    op.add_column("fetches", sa.Column("oldest_at", sa.DateTime(), nullable=True))
    op.create_index("ix_fetches_polls", "fetches", ["source_id", "fetched_at"], sqlite_where=sa.text("source_id IS NOT NULL"))
