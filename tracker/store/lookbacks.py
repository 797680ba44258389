"""Pages that list older articles, still to be fetched. A page's links, the pages it leads to and its state are stored together: a
backfill that is killed at any point goes on where it was."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal_column, select, true, update

from tracker.model import FetchOutcome, Lookback, PollResult, SourceKind
from tracker.store import backend
from tracker.store.schema.watching import lookbacks

MAX_ATTEMPTS = 3
"""Tries of a page whose host did not answer, one with every start of the command."""

_is_pending = lookbacks.c.state == literal_column("'pending'")  # spelt out, else the partial index is not used


def add(conn: Connection, job: str, pages: Sequence[Lookback], now: datetime) -> int:
    """Stores pages to ask, each address once for a job; returns how many were new."""
    rows = [
        {
            "job": job,
            "outlet_id": page.outlet_id,
            "source_id": page.source_id,
            "kind": str(page.kind),
            "address": page.address,
            "depth": page.depth,
            "by_words": page.by_words,
            "found_at": now,
            "state": "pending",
            "attempts": 0,
        }
        for page in pages
    ]
    if not rows:
        return 0
    before = _count(conn, job)
    conn.execute(backend.insert_new(lookbacks), rows)
    return _count(conn, job) - before


def take(
    conn: Connection,
    job: str,
    *,
    limit: int,
    in_flight: Collection[int] = (),
    outlet_ids: Collection[str] | None = None,
    started_at: datetime | None = None,
) -> list[Lookback]:
    """Up to `limit` pages to fetch, one outlet after the other; none that was fetched since `started_at`."""
    table = lookbacks
    waiting = select(table.c.id, table.c.outlet_id).where(table.c.job == job, _is_pending, _unasked_since(started_at))
    if outlet_ids is not None:
        waiting = waiting.where(table.c.outlet_id.in_([*outlet_ids]))
    among = waiting.subquery()
    turn = func.row_number().over(partition_by=among.c.outlet_id, order_by=among.c.id).label("turn")
    spread = select(among.c.id, turn).order_by("turn", among.c.id).limit(limit + len(in_flight))
    chosen = [row.id for row in conn.execute(spread) if row.id not in in_flight][:limit]
    rows = {row.id: row for row in conn.execute(select(table).where(table.c.id.in_(chosen)))}
    return [_lookback(rows[number]) for number in chosen]


def finish(conn: Connection, job: str, page: Lookback, poll: PollResult, *, new_links: int, again: bool, now: datetime) -> None:
    """Notes how a page was answered and the pages it leads to. `again`: the host may answer tomorrow, so the page stays pending,
    a few times."""
    add(conn, job, poll.further, now)
    stays = again and page.attempts + 1 < MAX_ATTEMPTS
    values: dict[str, Any] = {
        "state": "pending" if stays else "done",
        "attempts": page.attempts + 1,
        "outcome": str(poll.facts.outcome),
        "detail": poll.facts.detail,
        "listed": poll.listed,
        "new_links": new_links,
        "asked_at": poll.facts.fetched_at,
    }
    conn.execute(update(lookbacks).where(lookbacks.c.id == page.id).values(values))


def pending_by_outlet(conn: Connection, job: str, *, started_at: datetime | None = None) -> dict[str, int]:
    """How many pages of each outlet are still to be fetched, without those fetched since `started_at`."""
    wanted = (lookbacks.c.job == job, _is_pending, _unasked_since(started_at))
    statement = select(lookbacks.c.outlet_id, func.count()).where(*wanted).group_by(lookbacks.c.outlet_id)
    return {row[0]: row[1] for row in conn.execute(statement)}


def outcomes(conn: Connection, job: str) -> dict[str, int]:
    """Pages of a job by the outcome of their last fetch, those never fetched as `pending`."""
    outcome = func.coalesce(lookbacks.c.outcome, "pending").label("last_outcome")
    statement = select(outcome, func.count()).where(lookbacks.c.job == job).group_by(outcome).order_by(outcome)
    return {row[0]: row[1] for row in conn.execute(statement)}


def answered(conn: Connection, job: str, kind: SourceKind) -> dict[str, set[FetchOutcome]]:
    """The outcomes each outlet's pages of a kind had."""
    by_outlet: dict[str, set[FetchOutcome]] = {}
    statement = select(lookbacks.c.outlet_id, lookbacks.c.outcome).distinct()
    for row in conn.execute(statement.where(lookbacks.c.job == job, lookbacks.c.kind == str(kind), lookbacks.c.outcome.is_not(None))):
        by_outlet.setdefault(row.outlet_id, set()).add(FetchOutcome(row.outcome))
    return by_outlet


def listed(conn: Connection, job: str, kinds: Collection[SourceKind] = tuple(SourceKind)) -> dict[str, int]:
    """How many addresses each outlet's pages of these kinds named."""
    statement = select(lookbacks.c.outlet_id, func.coalesce(func.sum(lookbacks.c.listed), 0)).where(lookbacks.c.job == job)
    statement = statement.where(lookbacks.c.kind.in_([str(kind) for kind in kinds]))
    return {row[0]: int(row[1]) for row in conn.execute(statement.group_by(lookbacks.c.outlet_id))}


def went_back(conn: Connection, job: str, kind: SourceKind) -> set[str]:
    """The outlets that had a further page of this kind, with something else on it than on the one before."""
    further = (lookbacks.c.job == job, lookbacks.c.kind == str(kind), lookbacks.c.depth > 0, lookbacks.c.outcome == FetchOutcome.FETCHED)
    return set(conn.execute(select(lookbacks.c.outlet_id).where(*further)).scalars())


def _count(conn: Connection, job: str) -> int:
    return int(conn.execute(select(func.count()).where(lookbacks.c.job == job)).scalar_one())


def _unasked_since(started_at: datetime | None) -> ColumnElement[bool]:
    return true() if started_at is None else lookbacks.c.asked_at.is_(None) | (lookbacks.c.asked_at < started_at)


def _lookback(row: Any) -> Lookback:
    return Lookback(
        address=row.address,
        outlet_id=row.outlet_id,
        kind=SourceKind(row.kind),
        source_id=row.source_id,
        depth=row.depth,
        by_words=row.by_words,
        id=row.id,
        attempts=row.attempts,
    )
