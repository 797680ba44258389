"""Lead pictures of articles that mention a campaign: how asking for each ended, and the small pictures that came of it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from tracker.store.schema.columns import Moment, Words
from tracker.store.schema.metadata import by_tracker, from_outlet, metadata

lead_pictures = Table(
    "lead_pictures",
    metadata,
    *by_tracker(Column("article_id", ForeignKey("articles.id"), primary_key=True)),
    *by_tracker(Column("outlet_id", ForeignKey("outlets.id"), nullable=False)),
    *from_outlet(Column("url", Words, nullable=False)),
    *by_tracker(
        Column("outcome", String, nullable=False, doc="a PictureOutcome or FetchOutcome, of the last attempt"),
        Column("detail", Words, nullable=False),
        Column("digest", String, doc="of the bytes that came; null: none came"),
        Column("attempts", Integer, nullable=False),
        Column("asked_at", Moment, nullable=False),
    ),
)
Index("ix_lead_pictures_same", lead_pictures.c.outlet_id, lead_pictures.c.digest, sqlite_where=lead_pictures.c.digest.is_not(None))
Index("ix_lead_pictures_digest", lead_pictures.c.digest, sqlite_where=lead_pictures.c.digest.is_not(None))

picture_files = Table(
    "picture_files",
    metadata,
    # one for all articles that show the same bytes
    *by_tracker(
        Column("digest", String, primary_key=True),
        Column("width", Integer, nullable=False),
        Column("height", Integer, nullable=False),
    ),
    *from_outlet(Column("content", LargeBinary, nullable=False, doc="a JPEG, see `extraction.pictures`")),
    *by_tracker(Column("stored_at", Moment, nullable=False)),
)
Index("ix_picture_files_stored_at", picture_files.c.stored_at)
