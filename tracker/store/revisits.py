"""When items are visited again, and what each visit brought."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, Update, bindparam, exists, func, insert, select, update

from tracker.model import FetchedPage, FetchOutcome, RevisitResult, Seen, WantedRevisit
from tracker.store.batches import chunks
from tracker.store.fetches import fetch_values
from tracker.store.mentions import campaign_ids
from tracker.store.packing import pack, unpack
from tracker.store.schema.articles import articles, mentions
from tracker.store.schema.crawl import links, pages
from tracker.store.schema.evidence import evidence_records
from tracker.store.schema.revisions import revisits, visits

SLACK = timedelta(hours=6)
"""A visit may come so much before its day is over: pages come in the course of a night, and the next one begins as early."""
RETRY_AFTER = timedelta(hours=6)
"""After a visit that showed nothing; with SLACK the next night asks again."""
MOST_TRIES = 5
"""Visits in a row that showed nothing, before the item waits for its next day."""

_is_waiting = visits.c.seen.is_(None)


class Visit(Struct, frozen=True):
    """A visit that waits to be compared. `page`: what came; None where nothing did or it was the kept page byte for byte."""

    id: int
    article_id: int
    outlet_id: str
    outcome: FetchOutcome
    detail: str
    visited_at: datetime
    is_same: bool
    was_gone: bool
    kept_visit_id: int | None
    since_at: datetime
    tries: int
    page: FetchedPage | None
    status: int | None = None


def enrol(conn: Connection, now: datetime, days: Sequence[int]) -> int:
    """Takes items into the watch that a crawl found and whose last day of `days` is still to come; returns how many were new."""
    longest, first = timedelta(days=max(days)), timedelta(days=min(days)) - SLACK
    found = (
        select(mentions.c.article_id)
        .where(mentions.c.campaign_id.in_(campaign_ids(conn)), mentions.c.found_at >= now - longest)
        .where(~exists().where(revisits.c.article_id == mentions.c.article_id))
        .where(~exists().where(evidence_records.c.article_id == mentions.c.article_id, evidence_records.c.erased_at.is_not(None)))
    )
    count = 0
    for batch in chunks(sorted({*conn.execute(found).scalars()})):
        columns = (articles.c.id, articles.c.outlet_id, links.c.url, pages.c.fetched_at, pages.c.sha256)
        rows = conn.execute(
            select(*columns)
            .join(pages, pages.c.id == articles.c.page_id)
            .join(links, links.c.id == pages.c.link_id)
            .where(articles.c.id.in_(batch), pages.c.fetched_at >= now - longest, links.c.url.like("http%"))
        ).all()
        new = [_new(row, first) for row in rows]
        if new:
            conn.execute(insert(revisits), new)
        count += len(new)
    return count


def _new(row: Any, first: timedelta) -> dict[str, Any]:
    return {
        "article_id": row.id,
        "outlet_id": row.outlet_id,
        "url": row.url,
        "since_at": row.fetched_at,
        "next_at": row.fetched_at + first,
        "tries": 0,
        "is_gone": 0,
        "looked_at": None,
        "visit_id": None,
        "sha256": row.sha256,
        "etag": "",
        "last_modified": "",
    }


def wanted(conn: Connection, now: datetime, *, only_due: bool) -> tuple[WantedRevisit, ...]:
    """The items to visit now: those whose time has come, or all that are watched; those that a person rejected are not, nor those of
    which a visit waits to be compared. In order of their time."""
    kept = mentions.c.decision.is_(None) | (mentions.c.decision != "reject")
    still = exists().where(mentions.c.article_id == revisits.c.article_id, kept)
    open_visit = exists().where(visits.c.article_id == revisits.c.article_id, _is_waiting)
    columns = (revisits.c[name] for name in ("article_id", "outlet_id", "url", "etag", "last_modified", "sha256"))
    chosen = select(*columns).where(revisits.c.next_at.is_not(None), still, ~open_visit)
    if only_due:
        chosen = chosen.where(revisits.c.next_at <= now)
    return tuple(WantedRevisit(*row) for row in conn.execute(chosen.order_by(revisits.c.next_at, revisits.c.article_id)))


def hurry(conn: Connection, modified: Mapping[str, datetime], now: datetime) -> int:
    """Has watched items visited next whose outlet says that it changed them since they were last looked at, by their links' keys; returns
    how many. What was changed before, or will be, changes nothing."""
    count = 0
    last = func.coalesce(revisits.c.looked_at, revisits.c.since_at)
    for batch in chunks([*modified]):
        rows = conn.execute(
            select(revisits.c.article_id, links.c.key, last.label("last"))
            .join(articles, articles.c.id == revisits.c.article_id)
            .join(pages, pages.c.id == articles.c.page_id)
            .join(links, links.c.id == pages.c.link_id)
            .where(links.c.key.in_(batch), revisits.c.next_at > now)
        )
        due = [row.article_id for row in rows if row.last < modified[row.key] <= now]
        if due:
            conn.execute(update(revisits).where(revisits.c.article_id.in_(due)).values(next_at=now))
        count += len(due)
    return count


def counts(conn: Connection, now: datetime) -> tuple[int, int]:
    """How many items are watched, and how many of them are due."""
    return len(wanted(conn, now, only_due=False)), len(wanted(conn, now, only_due=True))


def prepare(results: Sequence[RevisitResult], *, run_id: int | None) -> list[dict[str, Any]]:
    """Rows of these visits; needs no database. A page that is the kept one byte for byte is not kept twice."""
    return [_row(one, run_id) for one in results]


def _row(result: RevisitResult, run_id: int | None) -> dict[str, Any]:
    facts = fetch_values(result.facts)
    digest = "" if result.body is None else hashlib.sha256(result.body).hexdigest()
    same = result.body is None or digest == result.wanted.sha256
    return {
        "article_id": result.wanted.article_id,
        "run_id": run_id,
        **{name: facts[name] for name in ("requested_url", "final_url", "status", "headers", "outcome", "detail")},
        "content_type": result.content_type,
        "size_bytes": None if result.body is None else len(result.body),
        "sha256": digest,
        "etag": result.etag,
        "last_modified": result.last_modified,
        "visited_at": result.facts.fetched_at,
        "seen": None,
        "why": "",
        "body": None if same else pack(result.body or b""),
    }


def note(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Stores visits as they came, to be compared."""
    if rows:
        conn.execute(insert(visits), list(rows))


def outlets_waiting(conn: Connection) -> list[str]:
    """Outlets with visits that wait to be compared."""
    chosen = select(revisits.c.outlet_id).join(visits, visits.c.article_id == revisits.c.article_id).where(_is_waiting).distinct()
    return sorted(conn.execute(chosen).scalars())


def waiting(conn: Connection, outlet_id: str, *, limit: int) -> list[Visit]:
    """Visits of an outlet that wait to be compared, the earliest first."""
    columns = (revisits.c[name] for name in ("outlet_id", "is_gone", "visit_id", "since_at", "tries", "sha256"))
    chosen = (
        select(visits, *(column.label(f"kept_{column.name}") for column in columns))
        .join(revisits, revisits.c.article_id == visits.c.article_id)
        .where(_is_waiting, revisits.c.outlet_id == outlet_id)
        .order_by(visits.c.id)
        .limit(limit)
    )
    return [_visit(row) for row in conn.execute(chosen)]


def _visit(row: Row[Any]) -> Visit:
    return Visit(
        id=row.id,
        article_id=row.article_id,
        outlet_id=row.kept_outlet_id,
        outcome=FetchOutcome(row.outcome),
        detail=row.detail,
        visited_at=row.visited_at,
        is_same=row.outcome == FetchOutcome.UNCHANGED or (row.outcome == FetchOutcome.FETCHED and row.sha256 == row.kept_sha256),
        was_gone=bool(row.kept_is_gone),
        kept_visit_id=row.kept_visit_id,
        since_at=row.kept_since_at,
        tries=row.kept_tries,
        page=None if row.body is None else _page(row, row.kept_outlet_id),
        status=row.status,
    )


def _page(row: Row[Any], outlet_id: str) -> FetchedPage:
    return FetchedPage(
        id=0,
        link_id=0,
        outlet_id=outlet_id,
        requested_url=row.requested_url,
        final_url=row.final_url,
        content_type=row.content_type,
        body=unpack(row.body),
        fetched_at=row.visited_at,
    )


def page_of(conn: Connection, visit_id: int, outlet_id: str) -> FetchedPage | None:
    """The page that a visit brought; None where its bytes are not kept."""
    row = conn.execute(select(visits).where(visits.c.id == visit_id, visits.c.body.is_not(None))).first()
    return None if row is None else _page(row, outlet_id)


def compared_in(conn: Connection, run_id: int) -> dict[str, int]:
    """What visits of a run showed that were compared already, and how often."""
    wanted = select(visits.c.seen, func.count()).where(visits.c.run_id == run_id, visits.c.seen.is_not(None)).group_by(visits.c.seen)
    return {row.seen: row[1] for row in conn.execute(wanted)}


class Closed(Struct, frozen=True):
    """A visit that was compared. `is_kept`: later visits are compared with the page it brought."""

    visit: Visit
    seen: Seen
    why: str
    is_kept: bool


def settle(conn: Connection, closed: Sequence[Closed], days: Sequence[int]) -> None:
    """Closes visits, in their order, and says when the next one of each item is."""
    closings: list[dict[str, Any]] = []
    following: list[dict[str, Any]] = []
    for one in closed:
        closing: dict[str, Any] = {"of": one.visit.id, "seen": str(one.seen), "why": one.why}
        if one.seen in (Seen.UNCHANGED, Seen.NOT_LOOKED_AT) and not one.is_kept:
            closing["body"] = None
        closings.append(closing)
        values = {"of": one.visit.article_id, **_following(one, days)}
        if one.is_kept:
            row = conn.execute(select(visits.c.sha256, visits.c.etag, visits.c.last_modified).where(visits.c.id == one.visit.id)).one()
            values |= {"visit_id": one.visit.id, "sha256": row.sha256, "etag": row.etag, "last_modified": row.last_modified}
        following.append(values)
    _write(conn, update(visits).where(visits.c.id == bindparam("of")), closings)
    _write(conn, update(revisits).where(revisits.c.article_id == bindparam("of")), following)


def _write(conn: Connection, chosen: Update, rows: Sequence[dict[str, Any]]) -> None:
    for names, some in groupby(rows, tuple):
        conn.execute(chosen.values({name: bindparam(name) for name in names if name != "of"}), [*some])


def _following(one: Closed, days: Sequence[int]) -> dict[str, Any]:
    visit, seen = one.visit, one.seen
    if seen is Seen.NOT_LOOKED_AT and visit.tries + 1 < MOST_TRIES:
        return {"tries": visit.tries + 1, "next_at": visit.visited_at + RETRY_AFTER}
    values = {"tries": 0, "next_at": next_visit(visit.since_at, visit.visited_at, days)}
    if seen is Seen.NOT_LOOKED_AT:
        return values
    return values | {"looked_at": visit.visited_at, "is_gone": int(seen is Seen.GONE or (seen is Seen.UNCHANGED and visit.was_gone))}


def keep_validators(conn: Connection, visit: Visit) -> None:
    """An answer that is the kept page byte for byte brought what to ask with the next time."""
    row = conn.execute(select(visits.c.etag, visits.c.last_modified).where(visits.c.id == visit.id)).one()
    if row.etag or row.last_modified:
        values = {"etag": row.etag, "last_modified": row.last_modified}
        conn.execute(update(revisits).where(revisits.c.article_id == visit.article_id).values(**values))


def next_visit(since_at: datetime, now: datetime, days: Sequence[int]) -> datetime | None:
    """The moment of the first visit still to come; None after the last."""
    moments = (since_at + timedelta(days=day) - SLACK for day in sorted(days))
    return next((moment for moment in moments if moment > now), None)


def gone_since(conn: Connection, article_ids: Collection[int]) -> frozenset[int]:
    """Those of the articles whose page was gone at the last visit that showed anything."""
    found: set[int] = set()
    for batch in chunks([*article_ids]):
        found.update(conn.execute(select(revisits.c.article_id).where(revisits.c.article_id.in_(batch), revisits.c.is_gone == 1)).scalars())
    return frozenset(found)


def forget(conn: Connection, article_ids: Collection[int]) -> None:
    """Gives up the bytes of every later page of these articles, and watches them no more: what must not be kept."""
    for batch in chunks([*article_ids]):
        conn.execute(update(visits).where(visits.c.article_id.in_(batch)).values(body=None))
        conn.execute(update(revisits).where(revisits.c.article_id.in_(batch)).values(next_at=None))
