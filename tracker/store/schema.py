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
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

from tracker.store.columns import Items, Moment, Words, published_columns

HEAD = "0004"
"""The newest revision of `migrations/versions`: a database that is there already opens without loading Alembic."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

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

# --- articles ------------------------------------------------------------------------------------------------------------

articles = Table(
    "articles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("page_id", ForeignKey("pages.id")),
    Column("outlet_id", ForeignKey("outlets.id"), nullable=False, index=True),
    # came from the outlet
    Column("requested_url", Words, nullable=False),
    Column("canonical_url", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("lead", Words, nullable=False),
    Column("authors", Items, nullable=False),
    *published_columns(),
    Column("image", Words, nullable=False),
    Column("fetched_at", Moment, nullable=False, index=True),
    # found by us
    Column("language", String, nullable=False),
    Column("depth", String, nullable=False),
    Column("stored_at", Moment, nullable=False),
    Column("search_id", Integer, nullable=False),  # its row in article_search, see `sqlite`
    # came from the outlet
    Column("body", LargeBinary, nullable=False),  # packed text
    UniqueConstraint("page_id"),
    UniqueConstraint("canonical_url"),
    UniqueConstraint("search_id"),
    sqlite_autoincrement=True,  # an id is never given twice: verdicts name articles by it
)

# --- mentions and verdicts -----------------------------------------------------------------------------------------------

campaign_versions = Table(
    "campaign_versions",
    metadata,
    # found by us: how far each version of a campaign file has looked
    Column("id", Integer, primary_key=True),
    Column("campaign_id", String, nullable=False),
    Column("version", String, nullable=False),
    Column("looked_through_id", Integer, nullable=False),  # every article up to this id has been looked at
    UniqueConstraint("campaign_id", "version"),
)

looks = Table(
    "looks",
    metadata,
    # found by us: articles beyond `looked_through_id` that were looked at
    Column("campaign_version_id", ForeignKey("campaign_versions.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    sqlite_with_rowid=False,
)

mentions = Table(
    "mentions",
    metadata,
    Column("id", String, primary_key=True),
    Column("campaign_id", String, nullable=False),
    Column("article_id", ForeignKey("articles.id"), nullable=False, index=True),
    # found by us
    Column("circle", String, nullable=False),
    Column("hits", Items, nullable=False),
    Column("labels", Items, nullable=False),
    Column("key_messages", Items, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("campaign_version", String, nullable=False),
    Column("found_at", Moment, nullable=False),  # when it was first found; a re-run keeps it
    UniqueConstraint("campaign_id", "article_id"),
)

verdicts = Table(
    "verdicts",
    metadata,
    # said by a person; rows are only ever added (a trigger holds this), the newest one counts
    Column("id", Integer, primary_key=True),
    Column("campaign_id", String, nullable=False),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Column("decision", String, nullable=False),
    Column("note", Words, nullable=False),
    Column("decided_by", Words, nullable=False),
    Column("decided_at", Moment, nullable=False),
    # found by us
    Column("given_article_id", Integer, nullable=False),  # what it was said of, before articles were merged
)
Index("ix_verdicts_campaign_id_article_id", verdicts.c.campaign_id, verdicts.c.article_id)

known_items = Table(
    "known_items",
    metadata,
    # said by a person: coverage that is known to exist, to measure by it what is found
    Column("campaign_id", String, primary_key=True),
    Column("key", Words, primary_key=True),  # the normalised address
    Column("url", Words, nullable=False),
    Column("said_at", Moment, nullable=False),
)

# --- stories -------------------------------------------------------------------------------------------------------------

stories = Table(
    "stories",
    metadata,
    # found by us
    Column("campaign_id", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("grouped_at", Moment, nullable=False),
)

story_members = Table(
    "story_members",
    metadata,
    # found by us; an article is in one story of a campaign
    Column("campaign_id", String, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("story_key", String, nullable=False),
    ForeignKeyConstraint(["campaign_id", "story_key"], ["stories.campaign_id", "stories.key"], ondelete="CASCADE"),
    Index("ix_story_members_story", "campaign_id", "story_key"),
)

# --- digests and their delivery ------------------------------------------------------------------------------------------

editions = Table(
    "editions",
    metadata,
    Column("id", Integer, primary_key=True),
    # found by us; frozen when made
    Column("campaign_id", String, nullable=False),
    Column("kind", String, nullable=False),  # nightly | weekly | monthly | quarterly
    Column("start_at", Moment, nullable=False),
    Column("end_at", Moment, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("campaign_version", String, nullable=False),
    # said by a person
    Column("approved_at", Moment),
    Column("approved_by", Words),
    UniqueConstraint("campaign_id", "kind", "start_at", "end_at"),
)

edition_entries = Table(
    "edition_entries",
    metadata,
    # found by us: what the edition reports, in its order, as it was when the edition was made
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("entry", LargeBinary, nullable=False),  # the Entry, packed JSON
)
Index("ix_edition_entries_article_id", edition_entries.c.article_id)

renderings = Table(
    "renderings",
    metadata,
    # found by us: the edition in one language, as it was sent
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
    Column("language", String, primary_key=True),
    Column("subject", Words, nullable=False),
    Column("text", LargeBinary, nullable=False),  # packed
    Column("html", LargeBinary, nullable=False),  # packed
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    # found by us
    Column("edition_id", ForeignKey("editions.id"), nullable=False),
    Column("recipient", Words, nullable=False),
    Column("language", String, nullable=False),
    Column("message_id", String, nullable=False),
    Column("state", String, nullable=False),  # due | sending | sent | unknown | refused
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempted_at", Moment),
    Column("settled_at", Moment),
    Column("detail", Words, nullable=False),
    UniqueConstraint("edition_id", "recipient"),
    UniqueConstraint("message_id"),
)

# --- runs ----------------------------------------------------------------------------------------------------------------

runs = Table(
    "runs",
    metadata,
    # found by us
    Column("id", Integer, primary_key=True),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("arguments", Items, nullable=False),
    Column("exit_code", Integer),
    Column("needs_a_person", Items, nullable=False),
    Column("troubles", LargeBinary),  # packed JSON
    Column("digest_paths", Items, nullable=False),
    sqlite_autoincrement=True,
)

run_steps = Table(
    "run_steps",
    metadata,
    # found by us
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("step", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("inputs", Integer, nullable=False),
    Column("outcomes", Items, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("remarks", Items, nullable=False),
)
