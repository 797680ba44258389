"""What closed nights brought is counted once and kept as sums; how far old polls were thinned is noted.

Revision ID: 0030
Revises: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tracker.store import backend

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

SUMS = ("read", "empty", "letters", "full", "with_date", "with_author", "attempted", "without")


def upgrade() -> None:
    """No night is counted yet: the next one counts those it is judged by, as it did each time before. When nights end depends on when it
    begins. And old polls are looked through once more, from the first."""
    op.create_table(
        "counted_nights",
        sa.Column("end_at", sa.DateTime(), nullable=False),
        sa.Column("start_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("end_at", name=op.f("pk_counted_nights")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "night_counts",
        sa.Column("end_at", sa.DateTime(), nullable=False),
        sa.Column("outlet_id", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in SUMS),
        sa.PrimaryKeyConstraint("end_at", "outlet_id", name=op.f("pk_night_counts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "done_until",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("until_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_done_until")),
    )
    connection = op.get_bind()
    no_night = "is_night IS 0" if connection.dialect.name == "sqlite" else "is_night IS false"
    op.create_index("ix_runs_rounds", "runs", ["started_at", "id"], sqlite_where=sa.text(no_night))
    backend.of(connection).create_triggers(connection)
