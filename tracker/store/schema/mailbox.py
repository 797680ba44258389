"""What came into the mailbox: how far it was read, how each mail ended, what waits for a person, and what is answered."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, UniqueConstraint

from tracker.store.schema.columns import Moment, Words
from tracker.store.schema.metadata import by_person, by_tracker, metadata

mailbox_folders = Table(
    "mailbox_folders",
    metadata,
    *by_tracker(
        Column("folder", String, primary_key=True, doc="server, user and folder, hashed"),
        Column("uid_validity", Integer, nullable=False, doc="the server's; with another one its numbers begin anew (RFC 3501)"),
        Column("last_uid", Integer, nullable=False, doc="read up to this one"),
        Column("read_at", Moment, doc="the last reading that went well; null: none did"),
        Column("fault", String, nullable=False, doc="a MailboxFault of the last reading; empty: it went well"),
        Column("fault_at", Moment, doc="since when the fault stands; null: none does"),
    ),
)

mails = Table(
    "mails",
    metadata,
    # one row a mail: it is never worked on twice, whatever number the server gives it
    *by_tracker(
        Column("digest", String, primary_key=True, doc="of what tells it from others; not of its contents"),
        Column("outcome", String, nullable=False, doc="a MailOutcome"),
        Column("read_at", Moment, nullable=False),
    ),
)
Index("ix_mails_read_at", mails.c.read_at)

letter_bounces = Table(
    "letter_bounces",
    metadata,
    *by_tracker(
        Column("id", Integer, primary_key=True),
        Column("digest", String, nullable=False, doc="of the mail that reports it"),
        Column("recipient", Words, nullable=False, doc="the key of an address; of somebody erased a keyed hash of it"),
        Column("message_id", String, nullable=False, doc="of the letter"),
        Column("failure", String, nullable=False, doc="a Failure"),
        Column("code", String, nullable=False, doc="the enhanced status code; empty: none was given"),
        Column("is_proven", Boolean, nullable=False, doc="it bore the letter's token: nobody else can have made it"),
        Column("reported_at", Moment, nullable=False),
    ),
    UniqueConstraint("digest"),
)
Index("ix_letter_bounces_recipient", letter_bounces.c.recipient)

mail_tasks = Table(
    "mail_tasks",
    metadata,
    # what a person looks at: missed links, sign-offs in doubt
    *by_tracker(
        Column("id", Integer, primary_key=True),
        Column("digest", String, nullable=False, doc="of the mail"),
        Column("kind", String, nullable=False, doc="a MailTaskKind"),
        Column("sender", Words, nullable=False, doc="the key of an address; of somebody erased a keyed hash of it"),
        Column("is_known", Boolean, nullable=False, doc="the sender is in recipients.toml"),
        Column("url", Words, nullable=False, doc="without tracking; empty where there is none"),
        Column("words", Words, nullable=False, doc="the beginning of what the mail says"),
        Column("received_at", Moment, nullable=False),
    ),
    *by_person(
        Column("settled_at", Moment, doc="null: it waits"),
        Column("settled_by", Words, nullable=False, server_default="", doc="empty: it waits, or not said"),
    ),
    UniqueConstraint("digest", "kind", "url"),
)
Index("ix_mail_tasks_settled", mail_tasks.c.settled_at)

mail_answers = Table(
    "mail_answers",
    metadata,
    # what is answered, once: written before anything is sent
    *by_tracker(
        Column("id", Integer, primary_key=True),
        Column("digest", String, nullable=False, doc="of the mail that is answered"),
        Column("kind", String, nullable=False, doc="a MailAnswerKind"),
        Column("recipient", Words, nullable=False, doc="the key of an address; of somebody erased a keyed hash of it"),
        Column("in_reply_to", String, nullable=False),
        Column("made_at", Moment, nullable=False),
        Column("state", String, nullable=False, doc="a DeliveryState"),
        Column("settled_at", Moment, doc="null: it waits or goes out"),
    ),
    UniqueConstraint("digest", "kind"),
)
Index("ix_mail_answers_state", mail_answers.c.state)
