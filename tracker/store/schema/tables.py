"""Every table and column, grouped by owner: came from the outlet / found by us / said by a person.

What came from the outlet cannot be fetched again; what we found can be computed again; what a person said is never touched by
a run. A change here needs a migration (`migrations/versions`) in the same commit: a test compares the two.
"""

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
from tracker.store.schema.findings import alerts as alerts
from tracker.store.schema.findings import articles as articles
from tracker.store.schema.findings import campaign_versions as campaign_versions
from tracker.store.schema.findings import deliveries as deliveries
from tracker.store.schema.findings import edition_entries as edition_entries
from tracker.store.schema.findings import editions as editions
from tracker.store.schema.findings import hand_items as hand_items
from tracker.store.schema.findings import jobs as jobs
from tracker.store.schema.findings import known_items as known_items
from tracker.store.schema.findings import looks as looks
from tracker.store.schema.findings import mentions as mentions
from tracker.store.schema.findings import releases as releases
from tracker.store.schema.findings import renderings as renderings
from tracker.store.schema.findings import run_steps as run_steps
from tracker.store.schema.findings import runs as runs
from tracker.store.schema.findings import stories as stories
from tracker.store.schema.findings import story_members as story_members
from tracker.store.schema.findings import verdicts as verdicts
from tracker.store.schema.metadata import metadata as metadata

HEAD = "0005"
"""The newest revision of `migrations/versions`: a database that is there already opens without loading Alembic."""

# --- what we watch: the catalogue as of the last run, and how each source fares ----------------------------------------

outlets = Table(
    "outlets",
    metadata,
    Column("id", String, primary_key=True),
    # from the catalogue
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
    Column("delay_seconds", Float),
    Column("user_agent", Words),
    Column("time_zone", String),
    Column("moved_hosts", Items, nullable=False),
    Column("script_switch", Words),  # how an address names its copy in the other script; empty: by the general table
    Column("url_key", Words),  # what in an address is the article's own number; empty: by the general table
    Column("lookback_days", Integer),  # how old a dated link of it may be; empty: as for all
    Column("watched", Boolean, nullable=False),  # False: left the catalogue; kept, since its articles name it
    # said by a person
    Column("switched_on", Boolean),  # empty: as the catalogue says
    Column("switched_at", Moment),
)

sources = Table(
    "sources",
    metadata,
    Column("id", String, primary_key=True),
    # from the catalogue
    Column("outlet_id", ForeignKey("outlets.id"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("address", Words, nullable=False),
    Column("evidence", String, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("watched", Boolean, nullable=False),
    # came from the outlet
    Column("etag", Words),
    Column("last_modified", Words),
    Column("newest_at", Moment),  # the newest and oldest entry of the last poll that listed any
    Column("oldest_at", Moment),
    # found by us
    Column("first_watched_at", Moment, nullable=False),
    Column("polls", Integer, nullable=False, server_default=text("0")),
    Column("last_polled_at", Moment),
    Column("last_outcome", String),
    Column("last_status", Integer),
    Column("last_detail", Words, nullable=False, server_default=""),
    Column("last_listed", Integer),
    Column("last_listed_at", Moment),  # the last poll that listed anything
    Column("last_succeeded_at", Moment),
    Column("failures", Integer, nullable=False, server_default=text("0")),  # in a row
    Column("failing_since_at", Moment),
    Column("failing_outcome", String),
    Column("failing_detail", Words, nullable=False, server_default=""),
    Column("next_due_at", Moment),  # when it should be asked again: empty until its first poll
    Column("interval_seconds", Float),  # how long it may be left alone, as of its last poll
    Column("items_per_hour", Float),  # the pace of its busy hours
    Column("haste", Float, nullable=False, server_default=text("1")),  # above 1 after its window was outrun
    Column("gaps", Integer, nullable=False, server_default=text("0")),  # how often its window was outrun
    Column("last_new_at", Moment),  # the last poll that named something this source had not named before
    # said by a person
    Column("switched_on", Boolean),
    Column("switched_at", Moment),
)

# --- found links, on their way to being fetched --------------------------------------------------------------------------

links = Table(
    "links",
    metadata,
    Column("id", Integer, primary_key=True),
    # came from the outlet: what the source that named it said
    Column("key", Words, nullable=False),  # the normalised address: the only filter of known addresses
    Column("url", Words, nullable=False),
    Column("outlet_id", ForeignKey("outlets.id"), nullable=False),
    Column("title", Words, nullable=False),
    Column("summary", Words, nullable=False),
    *published_columns(),
    Column("authors", Items, nullable=False),
    # found by us
    Column("found_by", String, nullable=False),
    Column("found_at", Moment, nullable=False),
    Column("found_run_id", Integer),  # no foreign key: facts outlive the list of runs
    Column("state", String, nullable=False),  # pending | done
    Column("outcome", String),  # a FetchOutcome, of the last attempt
    Column("attempts", Integer, nullable=False),
    Column("not_before_at", Moment),
    Column("attempted_at", Moment),
    Column("attempted_run_id", Integer),
    UniqueConstraint("key"),
)
Index("ix_links_pending", links.c.outlet_id, links.c.id, sqlite_where=links.c.state == "pending")

sightings = Table(
    "sightings",
    metadata,
    # found by us: every source that named a link, once each
    Column("link_id", ForeignKey("links.id"), primary_key=True),
    Column("source_id", String, primary_key=True),  # empty: a person; no foreign key, as a source may leave the catalogue
    Column("found_by", String, nullable=False),
    Column("url", Words, nullable=False),
    Column("seen_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

lookbacks = Table(
    "lookbacks",
    metadata,
    Column("id", Integer, primary_key=True),
    # found by us: pages that list older articles (sitemaps, an outlet's own search), still to be asked or done
    Column("job", String, nullable=False),  # which look back: its days and its terms
    Column("outlet_id", ForeignKey("outlets.id"), nullable=False),
    Column("source_id", String, nullable=False),  # no foreign key: most are addresses that no catalogue names
    Column("kind", String, nullable=False),  # a SourceKind
    Column("address", Words, nullable=False),
    Column("depth", Integer, nullable=False),
    Column("by_words", Boolean, nullable=False),  # take only what bears one of the terms in its title or address
    Column("found_at", Moment, nullable=False),
    Column("state", String, nullable=False),  # pending | done
    Column("attempts", Integer, nullable=False),
    Column("outcome", String),  # a FetchOutcome, of the last attempt
    Column("detail", Words, nullable=False, server_default=""),
    Column("listed", Integer),
    Column("new_links", Integer),
    Column("asked_at", Moment),
    UniqueConstraint("job", "address"),
)
Index("ix_lookbacks_pending", lookbacks.c.job, lookbacks.c.outlet_id, sqlite_where=lookbacks.c.state == "pending")

gaps = Table(
    "gaps",
    metadata,
    Column("id", Integer, primary_key=True),
    # found by us: a window that was outrun, and how what it lost was looked for
    Column("source_id", String, nullable=False, index=True),  # no foreign key: a source may leave the catalogue
    Column("outlet_id", ForeignKey("outlets.id"), nullable=False),
    Column("run_id", Integer, index=True),
    Column("since_at", Moment, nullable=False),  # the last poll whose items were seen in time
    Column("noticed_at", Moment, nullable=False),
    Column("repaired_at", Moment),
    Column("detail", Words, nullable=False, server_default=""),
)

fetches = Table(
    "fetches",
    metadata,
    Column("id", Integer, primary_key=True),
    # what was asked for: a link or a source
    Column("link_id", ForeignKey("links.id"), index=True),
    Column("source_id", ForeignKey("sources.id"), index=True),
    Column("run_id", Integer, index=True),
    Column("requested_url", Words, nullable=False),
    # came from the outlet
    Column("final_url", Words, nullable=False),
    Column("status", Integer),
    Column("headers", Items, nullable=False),
    Column("size_bytes", Integer),
    Column("listed", Integer),  # of a source: how many addresses it named
    # found by us
    Column("outcome", String, nullable=False),
    Column("detail", Words, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("elapsed_seconds", Float),
    Column("new_links", Integer),  # of a source: how many of the addresses had never been seen
    # came from the outlet
    Column("newest_at", Moment),  # of a source: the newest and oldest entry that this poll listed
    Column("oldest_at", Moment),
)
Index("ix_fetches_polls", fetches.c.source_id, fetches.c.fetched_at, sqlite_where=text("source_id IS NOT NULL"))

pages = Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("link_id", ForeignKey("links.id"), nullable=False),
    Column("outlet_id", ForeignKey("outlets.id"), nullable=False),
    # came from the outlet
    Column("requested_url", Words, nullable=False),
    Column("final_url", Words, nullable=False),
    Column("content_type", Words, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("sha256", String, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    # found by us
    Column("state", String, nullable=False),  # unscreened | article | skipped
    Column("skip_reason", String),  # a SkipReason
    Column("skip_detail", Words, nullable=False, server_default=""),
    Column("judged_at", Moment),
    # came from the outlet; last, so that reading the columns above touches none of it
    Column("body", LargeBinary),  # packed; empty once pruned
    UniqueConstraint("link_id"),
)
Index("ix_pages_unscreened", pages.c.id, sqlite_where=pages.c.state == "unscreened")
Index("ix_pages_kept", pages.c.fetched_at, sqlite_where=pages.c.body.is_not(None))
