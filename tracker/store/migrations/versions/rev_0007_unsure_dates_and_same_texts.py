"""What was read of an unsure date, and a key by which one text at two addresses of an outlet is known.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Texts stored before have no key: they would have to be unpacked and folded, and what repeats them is found within days only."""
    op.add_column("articles", sa.Column("date_readings", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("articles", sa.Column("text_key", sa.String(), nullable=True))
    op.create_index("ix_articles_text_key", "articles", ["text_key"], unique=False)
