"""Editions for two audiences, coverage entered by hand, what a reviewer says beside the verdict, alerts, the scheduler's jobs.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tracker.store import sqlite

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _columns()
    _audiences()
    _hand_items()
    _alerts_and_jobs()


def _columns() -> None:
    op.add_column("outlets", sa.Column("script_switch", sa.Text(), nullable=True))
    op.add_column("outlets", sa.Column("url_key", sa.Text(), nullable=True))
    op.add_column("outlets", sa.Column("lookback_days", sa.Integer(), nullable=True))
    op.add_column("verdicts", sa.Column("tone", sa.String(), server_default="", nullable=False))
    op.add_column("verdicts", sa.Column("prominence", sa.String(), server_default="", nullable=False))
    op.add_column("verdicts", sa.Column("key_messages", sa.Text(), nullable=True))
    op.add_column("verdicts", sa.Column("headline_en", sa.Text(), server_default="", nullable=False))
    op.add_column("editions", sa.Column("facts", sa.LargeBinary(), nullable=True))
    op.add_column("editions", sa.Column("sentences", sa.JSON(), nullable=True))
    # the trigger that keeps verdicts as they were said names the columns it watches
    op.execute("DROP TRIGGER IF EXISTS verdicts_keep_their_words")
    sqlite.create_triggers(op.get_bind())


def _audiences() -> None:
    """What was made before had one form, for staff."""
    op.rename_table("edition_entries", "edition_entries_before")
    op.drop_index("ix_edition_entries_article_id", "edition_entries_before")
    op.create_table(
        "edition_entries",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_edition_entries_article_id_articles")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_edition_entries_edition_id_editions"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("edition_id", "audience", "article_id", name=op.f("pk_edition_entries")),
    )
    op.create_index("ix_edition_entries_article_id", "edition_entries", ["article_id"], unique=False)
    op.execute(
        "INSERT INTO edition_entries (edition_id, audience, article_id, position, part, entry)"
        " SELECT edition_id, 'staff', article_id, position, '', entry FROM edition_entries_before"
    )
    op.drop_table("edition_entries_before")
    op.rename_table("renderings", "renderings_before")
    op.create_table(
        "renderings",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("countries", sa.String(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("html", sa.LargeBinary(), nullable=False),
        sa.Column("shortened", sa.Boolean(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_renderings_edition_id_editions"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("edition_id", "audience", "language", "countries", name=op.f("pk_renderings")),
    )
    op.execute(
        "INSERT INTO renderings (edition_id, audience, language, countries, subject, text, html)"
        " SELECT edition_id, 'staff', language, '', subject, text, html FROM renderings_before"
    )
    op.drop_table("renderings_before")
    op.create_table(
        "releases",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("released_at", sa.DateTime(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_releases_edition_id_editions"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("edition_id", "audience", name=op.f("pk_releases")),
    )
    op.execute("INSERT INTO releases (edition_id, audience, released_at) SELECT id, 'staff', made_at FROM editions")


def _hand_items() -> None:
    op.create_table(
        "hand_items",
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("medium", sa.String(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.Column("reach", sa.Integer(), nullable=True),
        sa.Column("reach_source", sa.Text(), nullable=False),
        sa.Column("reach_on", sa.Text(), nullable=False),
        sa.Column("circle", sa.String(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_hand_items_article_id_articles")),
        sa.PrimaryKeyConstraint("campaign_id", "article_id", name=op.f("pk_hand_items")),
        sa.UniqueConstraint("campaign_id", "identity", name=op.f("uq_hand_items_campaign_id_identity")),
        sqlite_with_rowid=False,
    )


def _alerts_and_jobs() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("told", sa.JSON(), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("campaign_id", "kind", "key", name=op.f("uq_alerts_campaign_id_kind_key")),
    )
    op.create_table(
        "jobs",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.String(), server_default="", nullable=False),
        sa.Column("succeeded_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_jobs")),
    )
