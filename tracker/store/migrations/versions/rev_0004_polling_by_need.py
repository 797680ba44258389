"""When each source is due, windows that were outrun, and coverage that people know of.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("next_due_at", sa.DateTime(), nullable=True))
    op.add_column("sources", sa.Column("interval_seconds", sa.Float(), nullable=True))
    op.add_column("sources", sa.Column("items_per_hour", sa.Float(), nullable=True))
    op.add_column("sources", sa.Column("haste", sa.Float(), server_default=sa.text("1"), nullable=False))
    op.add_column("sources", sa.Column("gaps", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("sources", sa.Column("last_new_at", sa.DateTime(), nullable=True))
    op.create_table(
        "gaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("outlet_id", sa.String(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("since_at", sa.DateTime(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(), nullable=False),
        sa.Column("repaired_at", sa.DateTime(), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_gaps_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
    )
    op.create_index(op.f("ix_gaps_run_id"), "gaps", ["run_id"])
    op.create_index(op.f("ix_gaps_source_id"), "gaps", ["source_id"])
    op.create_table(
        "known_items",
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "key", name=op.f("pk_known_items")),
    )
