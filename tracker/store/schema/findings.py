"""The tables right of the page: articles, mentions, verdicts, stories, editions, runs. Import them from `schema`, which says what the comments mean."""

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
    String,
    Table,
    UniqueConstraint,
)

from tracker.store.schema.columns import Items, Moment, Words, published_columns
from tracker.store.schema.metadata import metadata

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
    Column("tone", String, nullable=False, server_default=""),  # a Tone; empty: not assessed
    Column("prominence", String, nullable=False, server_default=""),  # a Prominence; empty: as found
    Column("key_messages", Words),  # ids a person confirmed, joined by a space; "": none came through; null: not said
    Column("headline_en", Words, nullable=False, server_default=""),  # the reviewer's translation
    # found by us
    Column("given_article_id", Integer, nullable=False),  # what it was said of, before articles were merged
)
Index("ix_verdicts_campaign_id_article_id", verdicts.c.campaign_id, verdicts.c.article_id)

hand_items = Table(
    "hand_items",
    metadata,
    # said by a person: coverage that no crawl found or could find; an article of its own, counted like the rest
    Column("campaign_id", String, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("medium", String, nullable=False),  # a Medium
    Column("programme", Words, nullable=False),  # the broadcast's or page's name
    Column("place", Words, nullable=False),  # page, or time of the broadcast, as it was typed
    Column("picture", Words, nullable=False),  # address of a scan or screenshot
    Column("reach", Integer),  # only with its source and day
    Column("reach_source", Words, nullable=False),
    Column("reach_on", Words, nullable=False),
    Column("circle", String, nullable=False),
    Column("entered_by", Words, nullable=False),
    Column("entered_at", Moment, nullable=False),
    Column("identity", String, nullable=False),  # of what was entered: the same row entered again is the same item
    UniqueConstraint("campaign_id", "identity"),
    sqlite_with_rowid=False,
)

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
    Column("kind", String, nullable=False),  # an EditionKind
    Column("start_at", Moment, nullable=False),
    Column("end_at", Moment, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("campaign_version", String, nullable=False),
    Column("facts", LargeBinary),  # EditionFacts, packed JSON: what it says beside its entries; empty before revision 0005
    # said by a person
    Column("approved_at", Moment),
    Column("approved_by", Words),
    Column("sentences", Items),  # (language, sentence): a person's own in the summary
    UniqueConstraint("campaign_id", "kind", "start_at", "end_at"),
)

edition_entries = Table(
    "edition_entries",
    metadata,
    # found by us: what the edition reports, in its order, as it was when the edition was made
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
    Column("audience", String, primary_key=True),  # an Audience: staff see it when it is made, partners when it is released
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("part", String, nullable=False),  # the part of the Selection it stands in; empty before revision 0005
    Column("entry", LargeBinary, nullable=False),  # the Entry, packed JSON
)
Index("ix_edition_entries_article_id", edition_entries.c.article_id)

renderings = Table(
    "renderings",
    metadata,
    # found by us: the edition in one language, as it was sent
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
    Column("audience", String, primary_key=True),
    Column("language", String, primary_key=True),
    Column("countries", String, primary_key=True),  # joined by a space; empty: all
    Column("subject", Words, nullable=False),
    Column("text", LargeBinary, nullable=False),  # packed
    Column("html", LargeBinary, nullable=False),  # packed
    Column("shortened", Boolean, nullable=False, server_default="0"),
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

releases = Table(
    "releases",
    metadata,
    # found by us: when an edition became readable for an audience, and with what; an edition that waits for a person has no row
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
    Column("audience", String, primary_key=True),
    Column("released_at", Moment, nullable=False),
    Column("facts", LargeBinary),  # ReleaseFacts, packed JSON
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Integer, primary_key=True),
    # found by us: what somebody was told at once; one row a campaign, kind and key, for ever
    Column("campaign_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("key", Words, nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),  # later than raised in quiet hours
    Column("sent_at", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("subject", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("detail", Words, nullable=False, server_default=""),
    Column("told", Items, nullable=False, server_default="[]"),  # (whom, how it went): a note of it stands before anything leaves
    UniqueConstraint("campaign_id", "kind", "key"),
)

jobs = Table(
    "jobs",
    metadata,
    # found by us: what the scheduler does, and when each thing is due next
    Column("name", String, primary_key=True),
    Column("due_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("exit_code", Integer),
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
    Column("detail", Words, nullable=False, server_default=""),
    Column("outcome", String, nullable=False, server_default=""),  # an Outcome of `jobs`; empty until it has ended once
    Column("succeeded_at", Moment),  # the last time that it came to its end
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
