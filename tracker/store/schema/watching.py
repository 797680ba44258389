"""What is watched: outlets and sources as of the last run, how each source fares, and the search for older articles."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from tracker.store.schema.columns import Items, Moment, Words
from tracker.store.schema.metadata import by_person, by_tracker, from_catalogue, from_outlet, metadata

outlets = Table(
    "outlets",
    metadata,
    *from_catalogue(
        Column("id", String, primary_key=True),
        Column("name", Words, nullable=False),
        Column("homepage", Words, nullable=False),
        Column("country", String, nullable=False),
        Column("languages", Items, nullable=False),
        Column("scripts", Items, nullable=False),
        Column("kind", String, nullable=False),
        Column("tier", Integer, nullable=False),
        Column("platform", String, nullable=False),
        Column("notes", Words, nullable=False),
        Column("lenient_tls", Boolean, nullable=False),
        Column("delay_seconds", Float, doc="null: as set for all outlets"),
        Column("user_agent", Words, doc="null: as set for all outlets"),
        Column("time_zone", String, doc="null: the country's"),
        Column("moved_hosts", Items, nullable=False),
        Column("script_switch", Words, doc="how an address names its copy in the other script; null: by the general table"),
        Column("url_key", Words, doc="what in an address is the article's own number; null: by the general table"),
        Column("lookback_days", Integer, doc="how old a dated link may be; null: as set for all outlets"),
        Column("refuses", Boolean, nullable=False, server_default=text("0"), doc="known to refuse automated visitors"),
        Column("watched", Boolean, nullable=False, doc="False: left the catalogue; stays, since its articles name it"),
    ),
    *by_person(
        Column("switched_on", Boolean, doc="null: as the catalogue says"),
        Column("switched_at", Moment, doc="null: never switched"),
    ),
)

sources = Table(
    "sources",
    metadata,
    *from_catalogue(
        Column("id", String, primary_key=True),
        Column("outlet_id", ForeignKey("outlets.id"), nullable=False, index=True),
        Column("kind", String, nullable=False, doc="a SourceKind"),
        Column("address", Words, nullable=False),
        Column("evidence", String, nullable=False),
        Column("enabled", Boolean, nullable=False),
        Column("watched", Boolean, nullable=False, doc="False: left the catalogue"),
    ),
    *from_outlet(
        Column("etag", Words, doc="null: none was sent"),
        Column("last_modified", Words, doc="null: none was sent"),
        Column("newest_at", Moment, doc="newest entry of the last poll that listed any; null: no poll listed a dated one"),
        Column("oldest_at", Moment, doc="oldest entry of the last poll that listed any; null: no poll listed a dated one"),
    ),
    *by_tracker(
        Column("first_watched_at", Moment, nullable=False),
        Column("polls", Integer, nullable=False, server_default=text("0")),
        Column("last_polled_at", Moment, doc="null: never polled"),
        Column("last_outcome", String, doc="a FetchOutcome; null: never polled"),
        Column("last_status", Integer, doc="null: never polled, or no HTTP response"),
        Column("last_detail", Words, nullable=False, server_default=""),
        Column("last_listed", Integer, doc="null: no poll was read"),
        Column("last_listed_at", Moment, doc="the last poll that listed anything; null: none did"),
        Column("last_succeeded_at", Moment, doc="null: no poll succeeded"),
        Column("failures", Integer, nullable=False, server_default=text("0"), doc="in a row"),
        Column("failing_since_at", Moment, doc="null: not failing"),
        Column("failing_outcome", String, doc="a FetchOutcome; null: not failing"),
        Column("failing_detail", Words, nullable=False, server_default=""),
        Column("next_due_at", Moment, doc="when it should be polled again; null: never polled, so at once"),
        Column("interval_seconds", Float, doc="how long it may be left alone, as of its last poll; null: not known yet"),
        Column("items_per_hour", Float, doc="the pace of its busy hours; null: not known yet"),
        Column("haste", Float, nullable=False, server_default=text("1"), doc="above 1 after its window was outrun"),
        Column("gaps", Integer, nullable=False, server_default=text("0"), doc="how often its window was outrun"),
        Column("last_new_at", Moment, doc="the last poll that named something new; null: none did"),
    ),
    *by_person(
        Column("switched_on", Boolean, doc="null: as the catalogue says"),
        Column("switched_at", Moment, doc="null: never switched"),
    ),
)

gaps = Table(
    "gaps",
    metadata,
    # a window that was outrun, and how its lost items were looked for
    *by_tracker(
        Column("id", Integer, primary_key=True),
        Column("source_id", String, nullable=False, index=True),  # no foreign key: a source may leave the catalogue
        Column("outlet_id", ForeignKey("outlets.id"), nullable=False),
        Column("run_id", Integer, index=True, doc="null: noticed outside a run"),
        Column("since_at", Moment, nullable=False, doc="the last poll whose items were seen in time"),
        Column("noticed_at", Moment, nullable=False),
        Column("repaired_at", Moment, doc="null: not repaired"),
        Column("detail", Words, nullable=False, server_default=""),
    ),
)

lookbacks = Table(
    "lookbacks",
    metadata,
    # pages that list older articles (sitemaps, an outlet's own search), still to be fetched or done
    *by_tracker(
        Column("id", Integer, primary_key=True),
        Column("job", String, nullable=False, doc="which backfill: its days and its terms"),
        Column("outlet_id", ForeignKey("outlets.id"), nullable=False),
        Column("source_id", String, nullable=False),  # no foreign key: most are addresses that no catalogue names
        Column("kind", String, nullable=False, doc="a SourceKind"),
        Column("address", Words, nullable=False),
        Column("depth", Integer, nullable=False),
        Column("by_words", Boolean, nullable=False, doc="take only what bears one of the terms in its title or address"),
        Column("found_at", Moment, nullable=False),
        Column("state", String, nullable=False, doc="pending | done"),
        Column("attempts", Integer, nullable=False),
        Column("outcome", String, doc="a FetchOutcome, of the last attempt; null: never attempted"),
        Column("detail", Words, nullable=False, server_default=""),
        Column("listed", Integer, doc="null: never read"),
        Column("new_links", Integer, doc="null: never read"),
        Column("asked_at", Moment, doc="null: never attempted"),
    ),
    UniqueConstraint("job", "address"),
)
Index("ix_lookbacks_pending", lookbacks.c.job, lookbacks.c.outlet_id, sqlite_where=lookbacks.c.state == "pending")

outlet_terms = Table(
    "outlet_terms",
    metadata,
    # what an outlet says machines may do with its pages, by where it says so
    *by_tracker(
        Column("outlet_id", ForeignKey("outlets.id"), primary_key=True),
        Column("via", String, primary_key=True, doc="a TermsVia"),
        Column("asked_at", Moment, nullable=False, doc="of a file: the last time; of pages: when they began to say so"),
        Column("outcome", String, doc="of a file: how the last request ended; null: said by pages"),
        Column("status", Integer, doc="of a file: of the last answer; null: no answer, or said by pages"),
        Column("changed_at", Moment, doc="of a file: when what it says was first seen so; null: said by pages"),
        Column("wrong", Integer, doc="of tdmrep.json: entries that are no rules; null: said elsewhere"),
    ),
    *from_outlet(
        Column("said", String, nullable=False, doc="a TermsSaid"),
        Column("rules", Items, nullable=False, doc="of a file: triples as `model.terms.Rule`, in order"),
        Column("policy", Words, nullable=False, doc="address of a licence; empty: none"),
        Column("etag", String, doc="of a file, as its server named it; null: it named none"),
        Column("last_modified", String, doc="of a file, as its server named it; null: it named none"),
    ),
)
