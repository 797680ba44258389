"""The address that a page repeats and whether a run is a whole night, in columns of their own; no verdict is moved to another article.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tracker.store import sqlite

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PROSE = "same address as "
"""How `skip_detail` of a page that repeats an article began until revision 0005; the address follows."""


def upgrade() -> None:
    # The new column comes after the packed bytes. Reading it costs nothing where it is null: SQLite looks at the record's head only.
    op.add_column("pages", sa.Column("same_as", sa.Text(), nullable=True))
    op.execute(
        sa.text(
            "UPDATE pages SET same_as = substr(skip_detail, :length + 1), skip_detail = ''"
            " WHERE skip_reason = 'same_page' AND substr(skip_detail, 1, :length) = :prose"
        ).bindparams(length=len(PROSE), prose=PROSE)
    )
    op.add_column("runs", sa.Column("is_night", sa.Boolean(), server_default="0", nullable=False))
    op.execute("""UPDATE runs SET is_night = 1 WHERE arguments LIKE '%''crawl''%' AND arguments LIKE '%''digest''%'""")
    op.execute("DROP TRIGGER IF EXISTS verdicts_keep_their_words")
    sqlite.create_triggers(op.get_bind())
