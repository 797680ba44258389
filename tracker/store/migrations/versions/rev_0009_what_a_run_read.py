"""How much of what is watched a run read; since when a job waits for another run.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("reach", sa.LargeBinary(), nullable=True))
    op.add_column("jobs", sa.Column("busy_since_at", sa.DateTime(), nullable=True))
