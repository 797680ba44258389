"""What nights brought, counted in the store: articles by country, the polls of a run and those of old days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, delete, func, select, update

from tracker.model import FetchOutcome
from tracker.store import backend
from tracker.store.schema.articles import articles
from tracker.store.schema.crawl import fetches
from tracker.store.schema.operations import done_until
from tracker.store.schema.watching import outlets

THINNED = {False: "polls thinned", True: "failed polls thinned"}


def articles_by_country(conn: Connection, since: datetime, until: datetime, *, only_read: bool = False) -> dict[str, int]:
    """Articles that were read in [since, until) or, unless `only_read`, appeared in it, by their outlets' country: of a period that was
    looked up later the articles are its own, whenever they were read."""
    read = (articles.c.fetched_at >= since) & (articles.c.fetched_at < until)
    appeared = (articles.c.published_at >= since) & (articles.c.published_at < until) & ~read
    found: Counter[str] = Counter()
    for counted in (read,) if only_read else (read, appeared):  # one after the other: each is answered by an index alone
        for outlet_id, count in conn.execute(select(articles.c.outlet_id, func.count()).where(counted).group_by(articles.c.outlet_id)):
            found[outlet_id] += count
    by_country: Counter[str] = Counter()
    for outlet_id, country in conn.execute(select(outlets.c.id, outlets.c.country)):
        if found[outlet_id]:
            by_country[country] += found[outlet_id]
    return dict(by_country)


class LastPoll(Struct, frozen=True):
    """How the last poll of a source in a run ended."""

    outcome: FetchOutcome
    requested_url: str
    final_url: str
    status: int | None
    size_bytes: int | None


def last_polls(conn: Connection, run_id: int) -> dict[str, LastPoll]:
    """The last poll of each source that this run asked, by the source's id."""
    newest = (
        select(func.max(fetches.c.id)).where(fetches.c.run_id == run_id, fetches.c.source_id.is_not(None)).group_by(fetches.c.source_id)
    )
    wanted = select(fetches).where(fetches.c.id.in_(newest))
    return {
        row.source_id: LastPoll(FetchOutcome(row.outcome), row.requested_url, row.final_url, row.status, row.size_bytes)
        for row in conn.execute(wanted)
    }


class CrowdedDay(Struct, frozen=True):
    """Polls of one source and day that ended alike: the last of them, and what all of them brought."""

    last_id: int
    new_links: int
    first_at: datetime
    last_at: datetime
    source_id: str
    outcome: str


def crowded_days(conn: Connection, before: datetime, *, failed: bool = False) -> list[CrowdedDay]:
    """Days before then of which `thin_polls` leaves one poll, the oldest first; those before the last `note_thinned` have none. Of polls that
    went well, or of those that failed."""
    at, brought = fetches.c.fetched_at, func.sum(func.coalesce(fetches.c.new_links, 0))
    went_well = fetches.c.outcome.in_([str(FetchOutcome.FETCHED), str(FetchOutcome.UNCHANGED)])
    which = [fetches.c.source_id.is_not(None), at < before, ~went_well if failed else went_well]
    since = conn.execute(select(done_until.c.until_at).where(done_until.c.name == THINNED[failed])).scalar()
    if since is not None:
        which.append(at >= since.replace(hour=0, minute=0, second=0, microsecond=0))  # whole days, as the statement counts them
    days = select(func.max(fetches.c.id), brought, func.min(at), func.max(at), fetches.c.source_id, fetches.c.outcome)
    crowded = days.where(*which).group_by(fetches.c.source_id, func.date(at), fetches.c.outcome).having(func.count() > 1)
    return sorted((CrowdedDay(*row) for row in conn.execute(crowded)), key=lambda day: day.last_at)


def note_thinned(conn: Connection, before: datetime, *, failed: bool = False) -> None:
    """All of these `crowded_days` before then went through `thin_polls`."""
    conn.execute(backend.upsert(done_until, ["name"]), [{"name": THINNED[failed], "until_at": before}])


def thin_polls(conn: Connection, days: Iterable[CrowdedDay]) -> int:
    """Of each of these days leaves one poll, with what all of them brought; returns how many went. Forty thousand polls a day, most of
    them "unchanged", would outgrow all else."""
    gone, at = 0, fetches.c.fetched_at
    for day in days:
        conn.execute(update(fetches).where(fetches.c.id == day.last_id).values(new_links=day.new_links))
        alike = (fetches.c.source_id == day.source_id, at >= day.first_at, at <= day.last_at, fetches.c.outcome == day.outcome)
        gone += conn.execute(delete(fetches).where(*alike, fetches.c.id != day.last_id)).rowcount
    return gone
