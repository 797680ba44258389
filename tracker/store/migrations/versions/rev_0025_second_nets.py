"""Files of second nets, and what they listed of outlets that refuse us.

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is listed yet, and no outlet is known to refuse: the register says so when it is read again."""
    op.add_column("outlets", sa.Column("refuses", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.create_table(
        "net_files",
        sa.Column("net", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer()),
        sa.Column("kept", sa.Integer()),
        sa.PrimaryKeyConstraint("net", "name", name=op.f("pk_net_files")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_net_files_asked", "net_files", ["asked_at"])
    op.create_table(
        "listed",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("net", sa.String(), nullable=False),
        sa.Column("listed_at", sa.DateTime(), nullable=False),
        sa.Column("looked", sa.String(), nullable=False, server_default=sa.text("''")),
        sa.Column("article_id", sa.Integer()),
        sa.ForeignKeyConstraint(["link_id"], ["links.id"], name=op.f("fk_listed_link_id_links")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_listed_article_id_articles")),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_listed")),
    )
    op.create_index("ix_listed_article_id", "listed", ["article_id"])
    op.create_index("ix_listed_at", "listed", ["listed_at"])
