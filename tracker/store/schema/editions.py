"""Editions, frozen when made, their text, and their delivery to each recipient."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from tracker.store.schema.columns import Items, Moment, Words
from tracker.store.schema.metadata import by_person, by_tracker, metadata

editions = Table(
    "editions",
    metadata,
    *by_tracker(
        Column("id", Integer, primary_key=True),
        Column("campaign_id", String, nullable=False),
        Column("kind", String, nullable=False, doc="an EditionKind"),
        Column("start_at", Moment, nullable=False),
        Column("end_at", Moment, nullable=False),
        Column("made_at", Moment, nullable=False),
        Column("campaign_version", String, nullable=False),
        Column("facts", LargeBinary, doc="EditionFacts, packed JSON; null: made before revision 0005"),
    ),
    *by_person(
        Column("approved_at", Moment, doc="null: not approved"),
        Column("approved_by", Words, doc="null: not approved"),
        Column("sentences", Items, doc="(language, sentence) for the summary; null: none"),
    ),
    UniqueConstraint("campaign_id", "kind", "start_at", "end_at"),
)

edition_entries = Table(
    "edition_entries",
    metadata,
    # what the edition reports, in its order, as it was when the edition was made
    *by_tracker(
        Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
        Column("audience", String, primary_key=True, doc="an Audience: staff read it when it is made, partners when it is released"),
        Column("article_id", ForeignKey("articles.id"), primary_key=True),
        Column("position", Integer, nullable=False),
        Column("part", String, nullable=False, doc="the part of the Selection it stands in; empty before revision 0005"),
        Column("entry", LargeBinary, nullable=False, doc="the Entry, packed JSON"),
    ),
)
Index("ix_edition_entries_reported", edition_entries.c.article_id, edition_entries.c.audience, edition_entries.c.edition_id)

renderings = Table(
    "renderings",
    metadata,
    # the edition in one language, as it was sent
    *by_tracker(
        Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
        Column("audience", String, primary_key=True),
        Column("language", String, primary_key=True),
        Column("countries", String, primary_key=True, doc="joined by a space; empty: all"),
        Column("subject", Words, nullable=False),
        Column("text", LargeBinary, nullable=False, doc="packed"),
        Column("html", LargeBinary, nullable=False, doc="packed"),
        Column("shortened", Boolean, nullable=False, server_default="0"),
    ),
)

releases = Table(
    "releases",
    metadata,
    # when an edition became readable for an audience, and with what; one that waits for approval has no row
    *by_tracker(
        Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
        Column("audience", String, primary_key=True),
        Column("released_at", Moment, nullable=False),
        Column("facts", LargeBinary, doc="ReleaseFacts, packed JSON; null: released before revision 0005"),
    ),
)

Index("ix_releases_released_at", releases.c.released_at)

corrections = Table(
    "corrections",
    metadata,
    # what a person said to everybody who got an item that turned out wrong
    *by_person(
        Column("id", Integer, primary_key=True),
        Column("campaign_id", String, nullable=False),
        Column("article_id", ForeignKey("articles.id"), nullable=False),
        Column("key", String, nullable=False, doc="of the item and what is said of it: the same correction is made once"),
        Column("sentences", Items, nullable=False, doc="(language, sentence)"),
        Column("approved_at", Moment, nullable=False),
        Column("approved_by", Words, nullable=False, doc="empty: not said"),
    ),
    UniqueConstraint("key"),
    sqlite_autoincrement=True,
)
Index("ix_corrections_article", corrections.c.article_id)

deliveries = Table(
    "deliveries",
    metadata,
    # one row an edition (or a correction of it) and recipient: written before anything is sent, never removed
    *by_tracker(
        Column("id", Integer, primary_key=True),
        Column("edition_id", ForeignKey("editions.id"), nullable=False),
        Column("recipient", Words, nullable=False, doc="the key of an address; of somebody erased a keyed hash of it"),
        Column("correction_id", Integer, nullable=False, server_default="0", doc="0: the edition itself"),
        Column("language", String, nullable=False),
        Column("message_id", String, nullable=False),
        Column("state", String, nullable=False, doc="a DeliveryState"),
        Column("attempts", Integer, nullable=False),
        Column("due_at", Moment, nullable=False),
        Column("attempted_at", Moment, doc="null: never attempted"),
        Column("settled_at", Moment, doc="when the last attempt was closed; null: none was"),
        Column("detail", Words, nullable=False, doc="for people; nothing reads it back"),
        Column("day_is_full", Boolean, nullable=False, server_default="0", doc="the last attempt: the mail server takes no more today"),
    ),
    UniqueConstraint("edition_id", "recipient", "correction_id"),
    UniqueConstraint("message_id"),
)
Index("ix_deliveries_state", deliveries.c.state, deliveries.c.due_at)
Index("ix_deliveries_recipient", deliveries.c.recipient)

other_mails = Table(
    "other_mails",
    metadata,
    # mail besides letters that a mail server took or may have taken: it counts against the day's limit; to whom it went is not kept
    *by_tracker(
        Column("id", Integer, primary_key=True),
        Column("kind", String, nullable=False, doc="an OtherMail"),
        Column("taken_at", Moment, nullable=False),
    ),
)
Index("ix_other_mails_taken_at", other_mails.c.taken_at)

proofs = Table(
    "proofs",
    metadata,
    # an edition sent to somebody to look at, before it goes to all: in no recipient's ledger
    *by_tracker(
        Column("id", Integer, primary_key=True),
        Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), nullable=False),
        Column("recipient", Words, nullable=False, doc="an address; of somebody erased a keyed hash of it"),
        Column("language", String, nullable=False),
        Column("asked_by", Words, nullable=False),
        Column("asked_at", Moment, nullable=False),
        Column("state", String, nullable=False, doc="a ProofState"),
        Column("settled_at", Moment, doc="null: under way"),
        Column("detail", Words, nullable=False, doc="for people; nothing reads it back"),
    ),
)
Index("ix_proofs_edition", proofs.c.edition_id)
Index("ix_proofs_state", proofs.c.state)
