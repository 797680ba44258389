"""From a link to its page: links waiting to be fetched, who named them, every fetch, and the pages as they came."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from tracker.store.schema.columns import Items, Moment, Words, published_columns
from tracker.store.schema.metadata import by_tracker, from_outlet, metadata

links = Table(
    "links",
    metadata,
    *by_tracker(Column("id", Integer, primary_key=True)),
    # what the source that named it said
    *from_outlet(
        Column("key", Words, nullable=False, doc="the normalised address: the only filter of known addresses"),
        Column("url", Words, nullable=False),
        Column("outlet_id", ForeignKey("outlets.id"), nullable=False),
        Column("title", Words, nullable=False),
        Column("summary", Words, nullable=False),
        *published_columns(),
        Column("authors", Items, nullable=False),
    ),
    *by_tracker(
        Column("found_by", String, nullable=False),
        Column("found_at", Moment, nullable=False),
        Column("found_run_id", Integer, doc="null: outside a run"),  # no foreign key: facts outlive the list of runs
        Column("state", String, nullable=False, doc="pending | done | listed: a second net names it, and its outlet refuses us"),
        Column("outcome", String, doc="a FetchOutcome, of the last attempt; null: never attempted"),
        Column("attempts", Integer, nullable=False),
        Column("not_before_at", Moment, doc="null: at any time"),
        Column("attempted_at", Moment, doc="null: never attempted"),
        Column("attempted_run_id", Integer, doc="null: never attempted, or outside a run"),
        Column("named_by_owner", Boolean, nullable=False, server_default=text("1"), doc="false: only other outlets have named it"),
        Column("looks_again", Integer, nullable=False, server_default=text("0"), doc="fetched again as it brought no article, so often"),
    ),
    UniqueConstraint("key"),
)
Index("ix_links_attempted_at", links.c.attempted_at)
Index("ix_links_pending", links.c.outlet_id, links.c.id, sqlite_where=links.c.state == "pending")

sightings = Table(
    "sightings",
    metadata,
    # every source that named a link, once each
    *by_tracker(
        Column("link_id", ForeignKey("links.id"), primary_key=True),
        # no foreign key, as a source may leave the catalogue
        Column("source_id", String, primary_key=True, doc="empty: a person"),
        Column("found_by", String, nullable=False),
        Column("url", Words, nullable=False),
        Column("seen_at", Moment, nullable=False),
    ),
    sqlite_with_rowid=False,
)

net_sightings = Table(
    "net_sightings",
    metadata,
    # every address of a watched outlet that a net beside its own sources named, once each; a link of this key may never exist
    *by_tracker(
        Column("key", Words, primary_key=True, doc="the normalised address, as in `links`"),
        Column("net", String, primary_key=True, doc="a Net"),
        # no foreign key, as an outlet's row is no part of what was seen
        Column("outlet_id", String, nullable=False),
        Column("seen_at", Moment, nullable=False, doc="the first time"),
    ),
    Index("ix_net_sightings_seen", "seen_at"),
    sqlite_with_rowid=False,
)

fetches = Table(
    "fetches",
    metadata,
    *by_tracker(
        Column("id", Integer, primary_key=True),
        Column("link_id", ForeignKey("links.id"), index=True, doc="null: a source was fetched, or robots.txt"),
        Column("source_id", ForeignKey("sources.id"), index=True, doc="null: a link was fetched, or robots.txt"),
        Column("run_id", Integer, index=True, doc="null: outside a run"),
        Column("requested_url", Words, nullable=False),
    ),
    *from_outlet(
        Column("final_url", Words, nullable=False),
        Column("status", Integer, doc="null: no HTTP response"),
        Column("headers", Items, nullable=False),
        Column("size_bytes", Integer, doc="null: no body"),
        Column("listed", Integer, doc="addresses that a source named; null: not read, or no source"),
    ),
    *by_tracker(
        Column("outcome", String, nullable=False, doc="a FetchOutcome"),
        Column("detail", Words, nullable=False),
        Column("fetched_at", Moment, nullable=False),
        Column("elapsed_seconds", Float, doc="null: not measured"),
        Column("new_links", Integer, doc="addresses of a source never seen before; null: not read, or no source"),
    ),
    *from_outlet(
        Column("newest_at", Moment, doc="newest entry that this poll listed; null: none was dated, or no source"),
        Column("oldest_at", Moment, doc="oldest entry that this poll listed; null: none was dated, or no source"),
    ),
)
Index("ix_fetches_polled", fetches.c.fetched_at, sqlite_where=text("source_id IS NOT NULL"))
Index("ix_fetches_polls", fetches.c.source_id, fetches.c.fetched_at, sqlite_where=text("source_id IS NOT NULL"))

poll_days = Table(
    "poll_days",
    metadata,
    # what `fetches` says of a source, summed by day, source and outcome as polls end
    *by_tracker(
        Column("day", String, primary_key=True, doc="ISO, of UTC"),
        # no foreign key, as a sum is no more than its polls
        Column("source_id", String, primary_key=True),
        Column("outcome", String, primary_key=True, doc="a FetchOutcome"),
        Column("polls", Integer, nullable=False),
        Column("new_links", Integer, nullable=False, doc="of all of them"),
        Column("first_at", Moment, nullable=False, doc="the earliest of them"),
        Column("last_at", Moment, nullable=False, doc="the latest of them"),
        Column("fetch_id", Integer, nullable=False, doc="the newest of them, which the columns below tell of"),
        Column("polled_at", Moment, nullable=False),
        Column("detail", Words, nullable=False),
    ),
    *from_outlet(
        Column("listed", Integer, doc="null: not read"),
        Column("newest_at", Moment, doc="null: nothing dated was listed"),
        Column("oldest_at", Moment, doc="null: nothing dated was listed"),
    ),
    sqlite_with_rowid=False,
)

pages = Table(
    "pages",
    metadata,
    *by_tracker(
        Column("id", Integer, primary_key=True),
        Column("link_id", ForeignKey("links.id"), nullable=False),
        Column("outlet_id", ForeignKey("outlets.id"), nullable=False),
    ),
    *from_outlet(
        Column("requested_url", Words, nullable=False),
        Column("final_url", Words, nullable=False),
        Column("content_type", Words, nullable=False),
        Column("size_bytes", Integer, nullable=False),
        Column("sha256", String, nullable=False),
        Column("fetched_at", Moment, nullable=False),
    ),
    *by_tracker(
        Column("state", String, nullable=False, doc="unscreened | article | skipped"),
        Column("skip_reason", String, doc="a SkipReason; null: not skipped"),
        Column("skip_detail", Words, nullable=False, server_default="", doc="for people; nothing reads it back"),
        Column("same_as", Words, doc="canonical address of the article that the page repeats; null: it repeats none"),
        Column("judged_at", Moment, doc="null: waits to be read"),
    ),
    # last, so that reading the columns above touches none of it
    *from_outlet(Column("body", LargeBinary, doc="packed; null: pruned")),
    *by_tracker(Column("exchange", LargeBinary, doc="a model.Exchange, packed JSON; null: pruned, or older than revision 0024")),
    UniqueConstraint("link_id"),
)
Index("ix_pages_unscreened", pages.c.id, sqlite_where=pages.c.state == "unscreened")
Index("ix_pages_kept", pages.c.fetched_at, sqlite_where=pages.c.body.is_not(None))
Index("ix_pages_moved", pages.c.final_url, sqlite_where=pages.c.final_url != pages.c.requested_url)
Index("ix_pages_skipped", pages.c.fetched_at, sqlite_where=pages.c.skip_reason.is_not(None))
