"""A letter says in a column that the mail server takes no more today; proofs and notifications are counted beside letters.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BEGAN_SO = "no more letters today"
"""How the words of such a letter began until now."""


def upgrade() -> None:
    """What was sent besides letters before this revision was counted nowhere."""
    op.create_table(
        "other_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("taken_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_mails")),
    )
    op.create_index("ix_other_mails_taken_at", "other_mails", ["taken_at"])
    op.add_column("deliveries", sa.Column("day_is_full", sa.Boolean(), nullable=False, server_default="0"))
    deliveries = sa.table("deliveries", sa.column("detail", sa.Text()), sa.column("day_is_full", sa.Boolean()))
    told = deliveries.c.detail.startswith(BEGAN_SO)
    op.get_bind().execute(sa.update(deliveries).where(told).values(day_is_full=True))
