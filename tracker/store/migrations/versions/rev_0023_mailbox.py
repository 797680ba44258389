"""What comes in by mail: how far a mailbox is read, how mails ended, bounces, what waits for a person, answers.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was read yet."""
    _read()
    _to_do()


def _read() -> None:
    op.create_table(
        "mailbox_folders",
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("uid_validity", sa.Integer(), nullable=False),
        sa.Column("last_uid", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime()),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("fault_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("folder", name=op.f("pk_mailbox_folders")),
    )
    op.create_table(
        "mails",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_mails")),
    )
    op.create_index("ix_mails_read_at", "mails", ["read_at"])
    op.create_table(
        "letter_bounces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("failure", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("is_proven", sa.Boolean(), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_bounces")),
        sa.UniqueConstraint("digest", name=op.f("uq_letter_bounces_digest")),
    )
    op.create_index("ix_letter_bounces_recipient", "letter_bounces", ["recipient"])


def _to_do() -> None:
    op.create_table(
        "mail_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("is_known", sa.Boolean(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("settled_at", sa.DateTime()),
        sa.Column("settled_by", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_tasks")),
        sa.UniqueConstraint("digest", "kind", "url", name=op.f("uq_mail_tasks_digest_kind_url")),
    )
    op.create_index("ix_mail_tasks_settled", "mail_tasks", ["settled_at"])
    op.create_table(
        "mail_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("in_reply_to", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_answers")),
        sa.UniqueConstraint("digest", "kind", name=op.f("uq_mail_answers_digest_kind")),
    )
    op.create_index("ix_mail_answers_state", "mail_answers", ["state"])
