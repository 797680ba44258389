"""How asking outlets' sites for tdmrep.json and robots.txt ended, and what a server wants to see when it is asked again.

Revision ID: 0028
Revises: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was asked yet."""
    for column in (
        sa.Column("outcome", sa.String()),
        sa.Column("status", sa.Integer()),
        sa.Column("changed_at", sa.DateTime()),
        sa.Column("etag", sa.String()),
        sa.Column("last_modified", sa.String()),
        sa.Column("wrong", sa.Integer()),
    ):
        op.add_column("outlet_terms", column)
