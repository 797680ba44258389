"""Which net beside an outlet's own sources named which address, and what outlets say machines may do.

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Both begin empty."""
    op.create_table(
        "net_sightings",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("net", sa.String(), nullable=False),
        sa.Column("outlet_id", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", "net", name=op.f("pk_net_sightings")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_net_sightings_seen", "net_sightings", ["seen_at"])
    op.create_table(
        "outlet_terms",
        sa.Column("outlet_id", sa.String(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_outlet_terms_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("outlet_id", "via", name=op.f("pk_outlet_terms")),
    )
