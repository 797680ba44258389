"""What keeps the tracker going: notifications, the scheduler's jobs, runs and their steps."""

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
)

from tracker.store.schema.columns import Items, Moment, Words
from tracker.store.schema.metadata import by_tracker, metadata

alerts = Table(
    "alerts",
    metadata,
    # one row a campaign, kind and key: written before anything is sent, never removed
    *by_tracker(
        Column("id", Integer, primary_key=True),
        Column("campaign_id", String, nullable=False, doc="empty: the operator's daily notification"),
        Column("kind", String, nullable=False),
        Column("key", Words, nullable=False),
        Column("raised_at", Moment, nullable=False),
        Column("due_at", Moment, nullable=False, doc="later than raised in quiet hours"),
        Column("sent_at", Moment, doc="null: somebody is still to be notified"),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("subject", Words, nullable=False),
        Column("text", Words, nullable=False),
        Column("detail", Words, nullable=False, server_default="", doc="for people; nothing reads it back"),
        Column("told", Items, nullable=False, server_default="[]", doc="(recipient, Notified): noted before anything is sent"),
        Column("facts", Items, nullable=False, server_default="[]", doc="(name, value) that its text names; empty before revision 0018"),
    ),
    UniqueConstraint("campaign_id", "kind", "key"),
)

jobs = Table(
    "jobs",
    metadata,
    # what the scheduler does, and when each job is due next
    *by_tracker(
        Column("name", String, primary_key=True),
        Column("due_at", Moment, nullable=False),
        Column("started_at", Moment, doc="null: never started"),
        Column("ended_at", Moment, doc="null: never ended, or under way"),
        Column("exit_code", Integer, doc="null: never ended, or ended by a signal"),
        Column("failures", Integer, nullable=False, server_default="0", doc="in a row"),
        Column("detail", Words, nullable=False, server_default=""),
        Column("outcome", String, nullable=False, server_default="", doc="an Outcome of the scheduler; empty: never ended"),
        Column("succeeded_at", Moment, doc="the last success; null: none"),
        Column("busy_since_at", Moment, doc="null: not waiting for another run"),
    ),
)

runs = Table(
    "runs",
    metadata,
    *by_tracker(
        Column("id", Integer, primary_key=True),
        Column("started_at", Moment, nullable=False),
        Column("ended_at", Moment, doc="null: under way, or killed"),
        Column("arguments", Items, nullable=False, doc="tell whether an interrupted run is the one to go on with"),
        Column("is_night", Boolean, nullable=False, server_default="0", doc="from the crawl to the digest"),
        Column("exit_code", Integer, doc="null: under way, or killed"),
        Column("needs_a_person", Items, nullable=False),
        Column("troubles", LargeBinary, doc="SourceTroubles, packed JSON; null: not ended, or none were recorded"),
        Column("digest_paths", Items, nullable=False),
        Column("reach", LargeBinary, doc="a Reach, packed JSON; null: not ended, polled nothing, or older than revision 0009"),
    ),
    sqlite_autoincrement=True,
)

# a run each ten minutes makes 50,000 a year: those that are open, the nights, and old ones are found without reading the others
Index("ix_runs_open", runs.c.id, sqlite_where=runs.c.ended_at.is_(None))
Index("ix_runs_nights", runs.c.started_at, sqlite_where=runs.c.is_night)
Index("ix_runs_rounds", runs.c.started_at, runs.c.id, sqlite_where=runs.c.is_night.is_(False))

run_steps = Table(
    "run_steps",
    metadata,
    *by_tracker(
        Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        Column("step", String, primary_key=True),
        Column("position", Integer, nullable=False),
        Column("inputs", Integer, nullable=False),
        Column("outcomes", Items, nullable=False),
        Column("seconds", Float, nullable=False),
        Column("remarks", Items, nullable=False),
    ),
)

done_until = Table(
    "done_until",
    metadata,
    # how far what is done to all that is stored, a day at a time, has come
    *by_tracker(
        Column("name", String, primary_key=True),
        Column("until_at", Moment, nullable=False),
    ),
)
