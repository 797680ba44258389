"""What people decided and entered: no run changes or removes a row."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from tracker.store.schema.columns import Moment, Said, Words, published_columns
from tracker.store.schema.metadata import by_person, by_tracker, metadata

events = Table(
    "events",
    metadata,
    # what persons said, one row a fact; rows are only ever added (triggers hold this)
    *by_person(
        Column("id", Integer, primary_key=True),
        Column("act", Integer, nullable=False, doc="the first event of all that was said in one go"),
        Column("campaign_id", String, nullable=False),
        Column("article_id", ForeignKey("articles.id"), doc="null: it is about an edition"),
        Column("edition_id", ForeignKey("editions.id"), doc="null: it is about an article"),
        Column("fact", String, nullable=False, doc="a Fact"),
        Column("before", Said, doc="in force just before; null: nothing"),
        Column("after", Said, doc="in force just after; null: nothing"),
        Column("said_at", Moment, nullable=False),
        Column("said_by", Words, nullable=False, doc="empty: not said"),
        Column("via", String, nullable=False, doc="command, sheet, desk, entry; empty: not known"),
        Column("takes_back", ForeignKey("events.id"), doc="the event that no longer counts; null: a word"),
    ),
    sqlite_autoincrement=True,  # a version is an event's id and is never given twice
)
Index("ix_events_item", events.c.campaign_id, events.c.article_id)
Index("ix_events_article", events.c.article_id)
Index("ix_events_act", events.c.act)
Index("ix_events_said", events.c.campaign_id, events.c.said_at)
Index("ix_events_by", events.c.said_by, events.c.id)
Index("ix_events_takes_back", events.c.takes_back, sqlite_where=text("takes_back IS NOT NULL"))
Index("ix_events_edition", events.c.edition_id, sqlite_where=text("edition_id IS NOT NULL"))

item_states = Table(
    "item_states",
    metadata,
    # what follows from an item's events, written with each of them in one transaction
    *by_tracker(
        Column("campaign_id", String, primary_key=True),
        Column("article_id", ForeignKey("articles.id"), primary_key=True),
        Column("version", Integer, nullable=False, doc="the item's last event"),
        Column("decision", String, doc="a Decision; null: none in force"),
        Column("decided_at", Moment, doc="null: no decision in force"),
        Column("decided_by", Words, nullable=False),
        Column("reason", String, nullable=False, doc="a RejectReason; empty: not said"),
        Column("note", Words, nullable=False),
        Column("tone", String, nullable=False, doc="a Tone; empty: not assessed"),
        Column("prominence", String, nullable=False, doc="a Prominence; empty: not assessed"),
        Column("key_messages", Said, doc="ids that a person confirmed; null: not assessed"),
        Column("quotes", Said, doc="spokespeople whom the item quotes; null: not assessed"),
        Column("tags", Said, doc="null: none"),
        Column("starred", Boolean, nullable=False),
        Column("headline_en", Words, nullable=False),
        Column("picture_off", Boolean, nullable=False),
        Column("headline", Words, nullable=False, doc="corrected; empty: as the outlet has it"),
        *published_columns(),
        Column("outlet_id", ForeignKey("outlets.id"), doc="corrected; null: as it was found"),
        Column("authors", Said, doc="corrected; null: as the outlet has them"),
        Column("story", Integer, doc="articles with the same one are one story; null: as their texts say"),
    ),
)
Index("ix_item_states_article", item_states.c.article_id)
Index("ix_item_states_decision", item_states.c.campaign_id, item_states.c.decision)
Index("ix_item_states_sensitive", item_states.c.article_id, item_states.c.campaign_id, sqlite_where=text("decision = 'sensitive'"))
Index("ix_item_states_story", item_states.c.campaign_id, item_states.c.story, sqlite_where=text("story IS NOT NULL"))
Index("ix_item_states_outlet", item_states.c.campaign_id, item_states.c.outlet_id, sqlite_where=text("outlet_id IS NOT NULL"))

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
