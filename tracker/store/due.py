"""What is due, by outlet: sources whose time has come, and links that could be fetched."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, literal_column, select

from tracker.store.frontier import BACKFILL
from tracker.store.schema.crawl import fetches, links, pages
from tracker.store.schema.watching import outlets, sources

_enabled = func.coalesce(sources.c.switched_on, outlets.c.switched_on, sources.c.enabled)
_due = sources.c.next_due_at.is_(None)


def outlets_due(conn: Connection, now: datetime) -> dict[str, datetime | None]:
    """Outlets with an enabled source whose time has come, and since when; None: one was never polled."""
    statement = (
        select(sources.c.outlet_id, func.min(sources.c.next_due_at), func.count() - func.count(sources.c.next_due_at))
        .join(outlets, outlets.c.id == sources.c.outlet_id)
        .where(sources.c.watched, _enabled, _due | (sources.c.next_due_at <= now))
        .group_by(sources.c.outlet_id)
    )
    return {row[0]: None if row[2] else row[1] for row in conn.execute(statement)}


def outlets_with_links(conn: Connection, now: datetime) -> frozenset[str]:
    """Outlets with links that could be fetched now; those of a backfill wait for one."""
    is_due = links.c.not_before_at.is_(None) | (links.c.not_before_at <= now)
    waiting = select(links.c.outlet_id).where(links.c.state == literal_column("'pending'"), is_due, links.c.found_by != BACKFILL)
    return frozenset(conn.execute(waiting.distinct()).scalars())


def polled_in_run(conn: Connection, run_id: int) -> frozenset[str]:
    """The sources that have an outcome of this run."""
    asked = select(fetches.c.source_id).where(fetches.c.run_id == run_id, fetches.c.source_id.is_not(None))
    return frozenset(conn.execute(asked.distinct()).scalars())


def unread_pages(conn: Connection) -> int:
    """Pages that wait to be read into articles."""
    waits = (pages.c.state == literal_column("'unscreened'"), pages.c.body.is_not(None))
    return int(conn.execute(select(func.count()).select_from(pages).where(*waits)).scalar_one())


def homepages(conn: Connection) -> dict[str, str]:
    """The front pages of all watched outlets, by outlet."""
    return {row[0]: row[1] for row in conn.execute(select(outlets.c.id, outlets.c.homepage).where(outlets.c.watched))}


def polled(conn: Connection) -> tuple[int, datetime | None]:
    """How often sources were polled since the database was made, and the last time; None: never."""
    count, last_at = conn.execute(select(func.coalesce(func.sum(sources.c.polls), 0), func.max(sources.c.last_polled_at))).one()
    return int(count), last_at


def requests_noted(conn: Connection) -> int:
    """About how many requests were noted since the database was made, by the highest number given: old ones are pruned, the newest is not."""
    return int(conn.execute(select(func.coalesce(func.max(fetches.c.id), 0))).scalar_one())


def oldest_due_at(conn: Connection, now: datetime) -> datetime | None:
    """Since when the longest overdue source is due; None where none is that was polled before."""
    due = select(func.min(sources.c.next_due_at)).join(outlets, outlets.c.id == sources.c.outlet_id)
    moment: datetime | None = conn.execute(due.where(sources.c.watched, _enabled, sources.c.next_due_at <= now)).scalar()
    return moment
