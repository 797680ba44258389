"""What was sealed of items, the root of each day, and how pages were asked for and answered.

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is sealed by it; the next night does."""
    op.add_column("pages", sa.Column("exchange", sa.LargeBinary(), nullable=True))
    op.create_table(
        "evidence_records",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(), nullable=False),
        sa.Column("leaf", sa.String(), nullable=False),
        sa.Column("day", sa.String()),
        sa.Column("position", sa.Integer()),
        sa.Column("erased_at", sa.DateTime()),
        sa.Column("erased_by", sa.Text()),
        sa.Column("erased_reason", sa.Text()),
        sa.Column("record", sa.LargeBinary()),
        sa.Column("body", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_evidence_records_article_id_articles")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_evidence_records")),
    )
    op.create_index("ix_evidence_records_day", "evidence_records", ["day", "position"], unique=True)
    op.create_index("ix_evidence_records_open", "evidence_records", ["found_at"], sqlite_where=sa.text("day IS NULL"))
    op.create_table(
        "day_roots",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("timestamp", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_day_roots")),
    )
