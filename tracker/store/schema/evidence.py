"""What was sealed of items, and the root of each day that a pack and the foot of an edition name."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from tracker.store.schema.columns import Moment, Words
from tracker.store.schema.metadata import by_person, by_tracker, metadata

evidence_records = Table(
    "evidence_records",
    metadata,
    # one an item, made once; only a person's erasure takes contents out of it
    *by_tracker(
        Column("article_id", ForeignKey("articles.id"), primary_key=True),
        Column("found_at", Moment, nullable=False, doc="when some campaign first mentioned it: its day is this one, or the next open one"),
        Column("sealed_at", Moment, nullable=False),
        Column("leaf", String, nullable=False, doc="SHA-256 of its record, in hex, as `evidence.merkle` makes it"),
        Column("day", String, doc="ISO, of UTC: in which day's tree it is; null: that day has not ended"),
        Column("position", Integer, doc="in that tree, from 0; null: in none yet"),
    ),
    *by_person(
        Column("erased_at", Moment, doc="null: it is there"),
        Column("erased_by", Words, doc="null: it is there"),
        Column("erased_reason", Words, doc="null: it is there"),
    ),
    *by_tracker(
        Column("record", LargeBinary, doc="an evidence.records.Record, packed JSON; null: erased"),
        Column("body", LargeBinary, doc="the text as it was sealed, packed; null: erased"),
    ),
)
Index("ix_evidence_records_day", evidence_records.c.day, evidence_records.c.position, unique=True)
Index("ix_evidence_records_open", evidence_records.c.found_at, sqlite_where=evidence_records.c.day.is_(None))

day_roots = Table(
    "day_roots",
    metadata,
    # one a day, without a gap; never changed but for its time stamp
    *by_tracker(
        Column("day", String, primary_key=True, doc="ISO, of UTC"),
        Column("items", Integer, nullable=False),
        Column("root", String, nullable=False, doc="of the day's tree, in hex"),
        Column("link", String, nullable=False, doc="the day's hash in the chain, in hex: what editions print"),
        Column("made_at", Moment, nullable=False),
        Column("timestamp", LargeBinary, doc="what a time-stamping authority signed (RFC 3161, DER); null: none was asked, or none came"),
    ),
)
