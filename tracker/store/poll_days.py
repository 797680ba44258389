"""A source's past as daily sums: one row for each day, source and outcome, kept as polls end. Months of it are read in a moment, where
the polls themselves are forty thousand a day.

What a sum says is what its polls say: where a period begins or ends within a day, the polls of that day are counted themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, case, func, or_, select, type_coerce
from sqlalchemy.dialects.sqlite import insert

from tracker.model import FetchOutcome, PollRecord
from tracker.store.schema.crawl import fetches, poll_days

_OUTCOMES = {str(outcome): outcome for outcome in FetchOutcome}
_SUCCEEDED = [str(outcome) for outcome in FetchOutcome if outcome.succeeded]

_new = insert(poll_days)
_note = _new.on_conflict_do_update(
    index_elements=[poll_days.c.day, poll_days.c.source_id, poll_days.c.outcome],
    set_={
        "polls": poll_days.c.polls + 1,
        "new_links": poll_days.c.new_links + _new.excluded.new_links,
        "first_at": func.min(poll_days.c.first_at, _new.excluded.first_at),
        "last_at": func.max(poll_days.c.last_at, _new.excluded.last_at),
        **{name: _new.excluded[name] for name in ("fetch_id", "polled_at", "listed", "newest_at", "oldest_at", "detail")},
    },
)


def note(conn: Connection, fetch_id: int, source_id: str, outcome: str, polled_at: datetime, new_links: int, **shown: Any) -> None:
    """Adds one poll to the sums of its day; `shown` is what it listed, with its dates, and its detail."""
    at = dict.fromkeys(("polled_at", "first_at", "last_at"), polled_at)
    key = {"day": polled_at.astimezone(UTC).date().isoformat(), "source_id": source_id, "outcome": outcome}
    conn.execute(_note, {**key, **at, "fetch_id": fetch_id, "polls": 1, "new_links": new_links, **shown})


def polls_by_day(conn: Connection, since: datetime, until: datetime) -> dict[str, list[PollRecord]]:
    """Every source's polls in [since, until], oldest first, a day and an outcome at a time."""
    found: dict[str, list[PollRecord]] = {}
    for source_id, _, outcome, polled_at, listed, brought, newest_at, oldest_at, detail, polls in _sums(conn, since, until):
        day = PollRecord(
            _moment(polled_at),
            _OUTCOMES[outcome],
            listed or 0,
            brought,
            _moment(newest_at) if newest_at else None,
            _moment(oldest_at) if oldest_at else None,
            detail,
            polls,
        )
        found.setdefault(source_id, []).append(day)
    return found


def sources_polled(conn: Connection, since: datetime, until: datetime) -> dict[str, bool]:
    """Every source polled in [since, until], and whether one of its polls gave what was asked for or said that nothing has changed."""
    found: dict[str, bool] = {}
    for table, wanted in ((poll_days, _whole(since, until)), (fetches, _in_cut_days(since, until))):
        usable = func.max(case((table.c.outcome.in_(_SUCCEEDED), 1), else_=0))
        for source_id, good in conn.execute(select(table.c.source_id, usable).where(wanted).group_by(table.c.source_id)):
            found[source_id] = found.get(source_id, False) or bool(good)
    return found


def _sums(conn: Connection, since: datetime, until: datetime) -> list[Any]:
    """(source, newest fetch, outcome, its moment, listed, new links, newest, oldest, detail, polls), by fetch; moments as they are stored."""
    of = poll_days.c
    columns = (
        of.source_id,
        of.fetch_id,
        of.outcome,
        _text(of.polled_at),
        of.listed,
        of.new_links,
        _text(of.newest_at),
        _text(of.oldest_at),
    )
    whole = conn.execute(select(*columns, of.detail, of.polls).where(_whole(since, until))).all()
    each = fetches.c
    days = (
        select(func.max(each.id).label("last_id"), func.sum(func.coalesce(each.new_links, 0)).label("brought"), func.count().label("polls"))
        .where(_in_cut_days(since, until))
        .group_by(each.source_id, func.date(each.fetched_at), each.outcome)
        .subquery()
    )
    last = (each.source_id, each.id, each.outcome, _text(each.fetched_at), each.listed, days.c.brought)
    cut = select(*last, _text(each.newest_at), _text(each.oldest_at), each.detail, days.c.polls).join(days, days.c.last_id == each.id)
    return sorted([*whole, *conn.execute(cut)], key=itemgetter(1))


def _moment(stored: str | datetime) -> datetime:
    """SQLite's driver gives the text, PostgreSQL's the moment."""
    return (datetime.fromisoformat(stored) if isinstance(stored, str) else stored).replace(tzinfo=UTC)


def _text(moment: ColumnElement[Any]) -> ColumnElement[str]:
    """As it is stored: reading one costs more than all else of a row."""
    return type_coerce(moment, String)


def _whole(since: datetime, until: datetime) -> ColumnElement[bool]:
    """Sums of which every poll lies in the period."""
    return poll_days.c.day.between(_day(since), _day(until)) & (poll_days.c.first_at >= since) & (poll_days.c.last_at <= until)


def _in_cut_days(since: datetime, until: datetime) -> ColumnElement[bool]:
    """Polls in the period whose sums also hold polls outside of it."""
    cut = (
        select(poll_days.c.source_id)
        .where(
            poll_days.c.day == func.date(fetches.c.fetched_at),
            poll_days.c.source_id == fetches.c.source_id,
            poll_days.c.outcome == fetches.c.outcome,
            (poll_days.c.first_at < since) | (poll_days.c.last_at > until),
        )
        .exists()
    )
    inside = (fetches.c.fetched_at >= since) & (fetches.c.fetched_at <= until)
    edges = or_(*(fetches.c.fetched_at.between(*bounds) for bounds in _edges(since, until)))
    return fetches.c.source_id.is_not(None) & inside & edges & cut


def _edges(since: datetime, until: datetime) -> Iterable[tuple[datetime, datetime]]:
    """The first and the last day of the period."""
    for moment in (since, until):
        start = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        yield start, start.replace(hour=23, minute=59, second=59, microsecond=999_999)


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()
