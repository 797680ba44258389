"""Proofs and failed logins outlive the desk; what was entered by hand before entries were acceptances is accepted by an event.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ACCEPTED = """
    INSERT INTO events (id, act, campaign_id, article_id, edition_id, fact, "before", "after", said_at, said_by, via, takes_back)
    SELECT numbered.id, numbered.id, numbered.campaign_id, numbered.article_id, NULL, 'verdict', NULL, '"accept"', numbered.entered_at,
        numbered.entered_by, 'entry', NULL
    FROM (SELECT (SELECT coalesce(max(id), 0) FROM events) + row_number() OVER (ORDER BY hand_items.campaign_id, hand_items.article_id) AS id,
              hand_items.campaign_id AS campaign_id, hand_items.article_id AS article_id, hand_items.entered_at AS entered_at,
              hand_items.entered_by AS entered_by
          FROM hand_items
          JOIN mentions ON mentions.campaign_id = hand_items.campaign_id AND mentions.article_id = hand_items.article_id AND NOT mentions.held
          WHERE NOT EXISTS (SELECT 1 FROM events WHERE events.campaign_id = hand_items.campaign_id
              AND events.article_id = hand_items.article_id AND events.fact = 'verdict')) AS numbered"""
"""In the name of whoever entered the item, and at that moment. One that a label holds waits on, as one on which a person ever gave a verdict."""


def upgrade() -> None:
    """Reads what was entered by hand: hundreds of rows in any archive."""
    op.create_table(
        "proofs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime()),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_proofs_edition_id_editions"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proofs")),
    )
    op.create_index("ix_proofs_edition", "proofs", ["edition_id"])
    op.create_index("ix_proofs_state", "proofs", ["state"])
    op.create_table(
        "login_failures",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_login_failures")),
    )
    op.create_index("ix_login_failures_last", "login_failures", ["last_at"])
    _accept_what_was_entered(op.get_bind())


def _accept_what_was_entered(conn: sa.Connection) -> None:
    if conn.exec_driver_sql("SELECT 1 FROM hand_items LIMIT 1").first() is None:
        return  # as on every server: no database there is older than this revision
    last = int(conn.exec_driver_sql("SELECT coalesce(max(id), 0) FROM events").scalar_one())
    conn.exec_driver_sql(ACCEPTED)
    new = f"events.campaign_id = item_states.campaign_id AND events.article_id = item_states.article_id AND events.id > {last:d}"
    conn.exec_driver_sql(f"""
        UPDATE item_states SET decision = 'accept',
            version = (SELECT id FROM events WHERE {new}),
            decided_at = (SELECT said_at FROM events WHERE {new}), decided_by = (SELECT said_by FROM events WHERE {new})
        WHERE EXISTS (SELECT 1 FROM events WHERE {new})""")  # noqa: S608 (a number of ours)
    conn.exec_driver_sql(f"""
        INSERT INTO item_states (campaign_id, article_id, version, decision, decided_at, decided_by, reason, note, tone, prominence,
            starred, headline_en, picture_off, headline)
        SELECT campaign_id, article_id, id, 'accept', said_at, said_by, '', '', '', '', false, '', false, '' FROM events
        WHERE id > {last:d} AND NOT EXISTS (SELECT 1 FROM item_states WHERE item_states.campaign_id = events.campaign_id
            AND item_states.article_id = events.article_id)""")  # noqa: S608 (a number of ours)
