"""What became of items' pages: when each is visited again, the visits, and the changes they showed."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from tracker.store.schema.columns import Items, Moment, Words
from tracker.store.schema.metadata import by_tracker, from_outlet, metadata

revisits = Table(
    "revisits",
    metadata,
    # one row an item that is watched
    *by_tracker(
        Column("article_id", ForeignKey("articles.id"), primary_key=True),
        Column("outlet_id", ForeignKey("outlets.id"), nullable=False),
        Column("url", Words, nullable=False, doc="the address that is asked: where its page came from"),
        Column("since_at", Moment, nullable=False, doc="when its page was first read; days are counted from here"),
        Column("next_at", Moment, doc="not before; null: it is visited no more"),
        Column("tries", Integer, nullable=False, doc="visits since the last one that showed anything"),
        Column("is_gone", Integer, nullable=False, doc="1: the last visit that showed anything found it gone"),
        Column("looked_at", Moment, doc="the last visit that showed anything; null: none did"),
        Column("visit_id", Integer, doc="the visit that brought the page it is compared with; null: the page first fetched"),
        Column("sha256", String, nullable=False, doc="of that page"),
    ),
    *from_outlet(Column("etag", Words, nullable=False), Column("last_modified", Words, nullable=False)),
)
Index("ix_revisits_next", revisits.c.next_at, sqlite_where=revisits.c.next_at.is_not(None))

visits = Table(
    "visits",
    metadata,
    # later pages of an item's link, beside the first in `pages`: SQLite could give that a second page of a link only by copying it all
    *by_tracker(
        Column("id", Integer, primary_key=True),
        Column("article_id", ForeignKey("articles.id"), nullable=False, index=True),
        Column("run_id", Integer, doc="null: outside a run"),
        Column("requested_url", Words, nullable=False),
    ),
    *from_outlet(
        Column("final_url", Words, nullable=False),
        Column("status", Integer, doc="null: no HTTP response"),
        Column("headers", Items, nullable=False),
        Column("content_type", Words, nullable=False),
        Column("size_bytes", Integer, doc="null: no body"),
        Column("sha256", String, nullable=False, doc="empty: no body came"),
        Column("etag", Words, nullable=False),
        Column("last_modified", Words, nullable=False),
    ),
    *by_tracker(
        Column("outcome", String, nullable=False, doc="a FetchOutcome"),
        Column("detail", Words, nullable=False),
        Column("visited_at", Moment, nullable=False),
        Column("seen", String, doc="a Seen; null: waits to be compared"),
        Column("why", Words, nullable=False, doc="for people; nothing reads it back"),
    ),
    *from_outlet(Column("body", LargeBinary, doc="packed; null: as the kept one, nothing came, or it showed no change")),
)
Index("ix_visits_waiting", visits.c.id, sqlite_where=visits.c.seen.is_(None))

revisions = Table(
    "revisions",
    metadata,
    *by_tracker(
        Column("id", Integer, primary_key=True),
        Column("article_id", ForeignKey("articles.id"), nullable=False, index=True),
        Column("visit_id", ForeignKey("visits.id"), nullable=False),
        Column("kind", String, nullable=False, doc="a ChangeKind"),
        Column("seen_at", Moment, nullable=False),
        Column("why", Words, nullable=False),
        Column("mention_changes", Items, nullable=False, doc="(campaign id, MentionChange)"),
    ),
    *from_outlet(
        Column("title_before", Words, doc="null: it was gone"),
        Column("title_after", Words, doc="null: it is gone"),
        Column("body_before", LargeBinary, doc="packed text; null: as its headline"),
        Column("body_after", LargeBinary, doc="packed text; null: as its headline"),
    ),
)
Index("ix_revisions_seen_at", revisions.c.seen_at)
