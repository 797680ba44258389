"""What nights brought, by outlet: pages, articles and links. Each night is counted once and kept as sums; triggers
(`night_triggers`) have it counted again when anything of it changes, so that sums always say what rows say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy import Connection, Text, case, cast, delete, func, insert, select

from tracker.model import Depth, SkipReason
from tracker.store import second_looks
from tracker.store.schema.articles import articles
from tracker.store.schema.crawl import pages
from tracker.store.schema.nights import counted_nights, night_counts

EMPTY_PAGES = frozenset(map(str, (SkipReason.TOO_SHORT, SkipReason.NOT_AN_ARTICLE, SkipReason.COOKIE_WALL, SkipReason.BOT_WALL)))
"""Skipped pages whose outlet meant them as articles: what a redesign or a new wall leaves."""
DAY = timedelta(days=1)


class NightCounts(Struct, frozen=True):
    """One outlet's pages and links of a night: `read` pages became articles, `empty` ones hold too little text, `letters` is the packed size
    of all texts, `full` articles were read in full, so many of them with a date, an author. Of the `attempted` links so many brought no
    article."""

    read: int = 0
    empty: int = 0
    letters: int = 0
    full: int = 0
    with_date: int = 0
    with_author: int = 0
    attempted: int = 0
    without: int = 0


def of_nights(conn: Connection, ends: Iterable[datetime]) -> list[dict[str, NightCounts]]:
    """By outlet, what came in the day up to each of these ends: kept sums, and where there are none the rows counted now."""
    kept = _kept(conn, ends := [*ends])
    return [kept[end_at] if end_at in kept else count(conn, end_at) for end_at in ends]


def uncounted(conn: Connection, ends: Iterable[datetime]) -> list[datetime]:
    """Those of the nights with these ends whose sums are not kept."""
    kept = {*conn.execute(select(counted_nights.c.end_at).where(counted_nights.c.end_at.in_(ends := [*ends]))).scalars()}
    return [end_at for end_at in ends if end_at not in kept]


def keep(conn: Connection, end_at: datetime, counted: Mapping[str, NightCounts] | None = None) -> None:
    """Keeps the sums of the night with this end: those that were `counted` when all was as it is, else they are counted."""
    conn.execute(delete(night_counts).where(night_counts.c.end_at == end_at))
    conn.execute(delete(counted_nights).where(counted_nights.c.end_at == end_at))
    counted = count(conn, end_at) if counted is None else counted
    if rows := [{"end_at": end_at, "outlet_id": outlet_id, **asdict(one)} for outlet_id, one in counted.items()]:
        conn.execute(insert(night_counts), rows)
    conn.execute(insert(counted_nights).values(end_at=end_at, start_at=end_at - DAY))


def forget(conn: Connection, before: datetime) -> None:
    """Gives up the sums of nights that ended before then."""
    for table in (night_counts, counted_nights):
        conn.execute(delete(table).where(table.c.end_at < before))


def count(conn: Connection, end_at: datetime) -> dict[str, NightCounts]:
    """By outlet, what the rows of the day up to this end say."""
    found: dict[str, NightCounts] = {}

    def note(rows: Iterable[Mapping[Any, Any]]) -> None:
        for row in rows:
            values = dict(row)
            outlet_id = values.pop("outlet_id")
            found[outlet_id] = replace(found.get(outlet_id, NightCounts()), **values)

    note(_articles(conn, end_at - DAY, end_at))
    empty = (pages.c.fetched_at > end_at - DAY, pages.c.fetched_at <= end_at, pages.c.skip_reason.in_(EMPTY_PAGES))
    by_outlet = select(pages.c.outlet_id, func.count().label("empty")).where(*empty).group_by(pages.c.outlet_id)
    note(conn.execute(by_outlet).mappings())
    for one in second_looks.without_article(conn, end_at - DAY, end_at):
        note([{"outlet_id": one.outlet_id, "attempted": one.attempted, "without": one.without}])
    return found


def _articles(conn: Connection, start_at: datetime, end_at: datetime) -> Iterable[Mapping[Any, Any]]:
    table = articles
    full = case((table.c.depth == str(Depth.EXTRACTED), 1), else_=0)
    sums = {
        "letters": func.length(table.c.body),
        "full": full,
        "with_date": case((table.c.published_at.is_not(None), full), else_=0),
        "with_author": case((func.length(cast(table.c.authors, Text)) > len("[]"), full), else_=0),
    }
    counted = select(table.c.outlet_id, func.count().label("read"), *(func.sum(one).label(name) for name, one in sums.items()))
    came = (table.c.fetched_at > start_at, table.c.fetched_at <= end_at, table.c.page_id.is_not(None))
    return conn.execute(counted.where(*came).group_by(table.c.outlet_id)).mappings()


def _kept(conn: Connection, ends: Iterable[datetime]) -> dict[datetime, dict[str, NightCounts]]:
    known = conn.execute(select(counted_nights.c.end_at).where(counted_nights.c.end_at.in_([*ends]))).scalars()
    found: dict[datetime, dict[str, NightCounts]] = {end_at: {} for end_at in known}
    rows = conn.execute(select(night_counts).where(night_counts.c.end_at.in_([*found]))).all() if found else ()
    for end_at, outlet_id, *sums in rows:
        found[end_at][outlet_id] = NightCounts(*sums)
    return found
