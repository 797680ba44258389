"""Second nets: which of their files there are, and what they listed of outlets that refuse us."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, text

from tracker.store.schema.columns import Moment, Words
from tracker.store.schema.metadata import by_tracker, metadata

net_files = Table(
    "net_files",
    metadata,
    # every file or question of a net that was asked for, also those that are not there
    *by_tracker(
        Column("net", String, primary_key=True),
        Column("name", Words, primary_key=True),
        Column("outcome", String, nullable=False, doc="of the last time; `missing`: it is not there"),
        Column("asked_at", Moment, nullable=False, doc="the last time"),
        Column("tries", Integer, nullable=False),
        Column("lines", Integer, doc="records in it; null: it was not read"),
        Column("kept", Integer, doc="of these, listings of our outlets; null: it was not read"),
    ),
    sqlite_with_rowid=False,
)
Index("ix_net_files_asked", net_files.c.asked_at)

listed = Table(
    "listed",
    metadata,
    # links of which a net listed headline and sentence, and whose page the outlet does not let us read
    *by_tracker(
        Column("link_id", ForeignKey("links.id"), primary_key=True),
        Column("net", String, nullable=False, doc="the first that listed it"),
        Column("listed_at", Moment, nullable=False),
        Column("looked", String, nullable=False, server_default=text("''"), doc="the campaigns' versions that looked at it; empty: none"),
        Column("article_id", ForeignKey("articles.id"), index=True, doc="what stands for it where a campaign matches; null: none does"),
    ),
)
Index("ix_listed_at", listed.c.listed_at)
