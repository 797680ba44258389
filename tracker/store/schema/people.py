"""What people decided and entered: no run changes or removes a row."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from tracker.store.schema.columns import Moment, Words
from tracker.store.schema.metadata import by_person, by_tracker, metadata

verdicts = Table(
    "verdicts",
    metadata,
    # rows are only ever added (triggers hold this); the newest of a campaign and article counts
    *by_person(
        Column("id", Integer, primary_key=True),
        Column("campaign_id", String, nullable=False),
        Column("article_id", ForeignKey("articles.id"), nullable=False),
        Column("decision", String, nullable=False, doc="a Decision"),
        Column("note", Words, nullable=False),
        Column("decided_by", Words, nullable=False, doc="empty: not said"),
        Column("decided_at", Moment, nullable=False),
        Column("tone", String, nullable=False, server_default="", doc="a Tone; empty: not assessed"),
        Column("prominence", String, nullable=False, server_default="", doc="a Prominence; empty: not assessed"),
        Column("key_messages", Words, doc="ids that a person confirmed, joined by a space; empty: none came through; null: not assessed"),
        Column("headline_en", Words, nullable=False, server_default="", doc="the reviewer's translation; empty: none"),
    ),
    *by_tracker(Column("given_article_id", Integer, nullable=False, doc="the article it was first given for")),
)
Index("ix_verdicts_campaign_id_article_id", verdicts.c.campaign_id, verdicts.c.article_id)
Index("ix_verdicts_article_id", verdicts.c.article_id)
Index("ix_verdicts_decided", verdicts.c.campaign_id, verdicts.c.decided_at)
Index("ix_verdicts_sensitive", verdicts.c.article_id, verdicts.c.campaign_id, sqlite_where=text("decision = 'sensitive'"))

hand_items = Table(
    "hand_items",
    metadata,
    # coverage that no crawl found or could find; an article of its own, counted like the rest
    *by_person(
        Column("campaign_id", String, primary_key=True),
        Column("article_id", ForeignKey("articles.id"), primary_key=True),
        Column("medium", String, nullable=False, doc="a Medium"),
        Column("programme", Words, nullable=False, doc="name of the broadcast or page"),
        Column("place", Words, nullable=False, doc="page, or time of the broadcast, as it was typed"),
        Column("picture", Words, nullable=False, doc="address of a scan or screenshot"),
        Column("reach", Integer, doc="only with its source and day; null: unknown"),
        Column("reach_source", Words, nullable=False),
        Column("reach_on", Words, nullable=False),
        Column("circle", String, nullable=False),
        Column("entered_by", Words, nullable=False),
        Column("entered_at", Moment, nullable=False),
    ),
    *by_tracker(Column("identity", String, nullable=False, doc="of what was entered: the same row entered again is the same item")),
    UniqueConstraint("campaign_id", "identity"),
    sqlite_with_rowid=False,
)

known_items = Table(
    "known_items",
    metadata,
    # coverage that is known to exist, to measure by it how much is found
    *by_person(
        Column("campaign_id", String, primary_key=True),
        Column("key", Words, primary_key=True, doc="the normalised address"),
        Column("url", Words, nullable=False),
        Column("said_at", Moment, nullable=False),
    ),
)
