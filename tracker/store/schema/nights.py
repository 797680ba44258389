"""What nights brought, counted once and kept: a night is judged by three weeks of them."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from tracker.store.schema.columns import Moment
from tracker.store.schema.metadata import by_tracker, metadata

counted_nights = Table(
    "counted_nights",
    metadata,
    # whose row is here has its sums in `night_counts`; triggers (`night_triggers`) take it away when anything of that night changes
    *by_tracker(
        Column("end_at", Moment, primary_key=True),
        Column("start_at", Moment, nullable=False),
    ),
    sqlite_with_rowid=False,
)

night_counts = Table(
    "night_counts",
    metadata,
    # by outlet; of a night that is no longer in `counted_nights` they mean nothing
    *by_tracker(
        Column("end_at", Moment, primary_key=True),
        # no foreign key, as a sum is no more than its rows
        Column("outlet_id", String, primary_key=True),
        Column("read", Integer, nullable=False, doc="pages that became articles"),
        Column("empty", Integer, nullable=False, doc="pages that hold too little text"),
        Column("letters", Integer, nullable=False, doc="packed size of all texts"),
        Column("full", Integer, nullable=False, doc="articles that were read in full"),
        Column("with_date", Integer, nullable=False, doc="of those"),
        Column("with_author", Integer, nullable=False, doc="of those"),
        Column("attempted", Integer, nullable=False, doc="links whose last attempt was that night"),
        Column("without", Integer, nullable=False, doc="of those, links that brought no article"),
    ),
    sqlite_with_rowid=False,
)
