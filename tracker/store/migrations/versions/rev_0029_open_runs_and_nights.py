"""Runs that are open and those of nights are found by indexes: a poll each ten minutes makes 50,000 runs a year.

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is lost or changed."""
    op.create_index("ix_runs_open", "runs", ["id"], sqlite_where=sa.text("ended_at IS NULL"))
    nights = "is_night = 1" if op.get_bind().dialect.name == "sqlite" else "is_night"  # a server compares no boolean with a number
    op.create_index("ix_runs_nights", "runs", ["started_at"], sqlite_where=sa.text(nights))
