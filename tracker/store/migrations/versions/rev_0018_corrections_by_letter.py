"""A correction goes to everybody who got the item, once; a notification keeps its facts, to be said in each reader's language.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tracker.store import sqlite

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Letters sent so far are of editions themselves: their correction is 0."""
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.Column("approved_at", sa.DateTime(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_corrections_article_id_articles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.UniqueConstraint("key", name=op.f("uq_corrections_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_corrections_article", "corrections", ["article_id"])
    with op.batch_alter_table("deliveries", recreate="always") as table:
        table.add_column(sa.Column("correction_id", sa.Integer(), nullable=False, server_default="0"))
        table.drop_constraint("uq_deliveries_edition_id_recipient", type_="unique")
        table.create_unique_constraint("uq_deliveries_edition_id_recipient_correction_id", ["edition_id", "recipient", "correction_id"])
    op.create_index("ix_deliveries_recipient", "deliveries", ["recipient"])
    op.add_column("alerts", sa.Column("facts", sa.JSON(), nullable=False, server_default="[]"))
    sqlite.create_triggers(op.get_bind())
