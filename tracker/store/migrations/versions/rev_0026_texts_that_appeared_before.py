"""Texts are known by prints, so that one that appears again is found beyond the days that are grouped; items whose date or outlet a person
corrected are grouped again; an item's story is followed only when it changes.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tracker.store import backend

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No text is read yet: the next nights do it."""
    op.create_table(
        "text_prints",
        sa.Column("print", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("print", "article_id", name=op.f("pk_text_prints")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "regroupings",
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_regroupings_article_id_articles")),
        sa.PrimaryKeyConstraint("campaign_id", "article_id", name=op.f("pk_regroupings")),
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS mentions_change_their_story")
    backend.of(connection).create_triggers(connection)
