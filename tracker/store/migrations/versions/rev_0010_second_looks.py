"""Who named a link, and how often one without an article was asked again.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("links", sa.Column("named_by_owner", sa.Boolean(), server_default=sa.text("1"), nullable=False))
    op.add_column("links", sa.Column("looks_again", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.create_index("ix_links_attempted_at", "links", ["attempted_at"], unique=False)
