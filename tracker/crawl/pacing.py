"""What a poll teaches of its source's pace, noted in the transaction that stores the poll."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection

from tracker.model import FetchOutcome, FoundLink, PollResult, Precision, SourceKind
from tracker.sources.polling.pace import Pace, Turn, Visit, after_poll, wishes_of
from tracker.store import paces

WINDOWED = frozenset({SourceKind.FEED, SourceKind.CHANNEL, SourceKind.WORDPRESS})


class Outrun(Struct, frozen=True):
    """An outlet whose feed moved on by more than it shows."""

    outlet_id: str
    since_at: datetime


class Looked(Struct, frozen=True):
    """A source before its poll is stored: its pace, and which of the listed keys it had named already."""

    row: paces.PaceRow
    named: dict[str, datetime]


def look(conn: Connection, poll: PollResult, keys: Sequence[str]) -> Looked | None:
    """To be called before the poll's links are stored. None: a source that the register does not have."""
    row = paces.find(conn, poll.source_id)
    return None if row is None else Looked(row, paces.named_before(conn, poll.source_id, keys))


def note(
    conn: Connection, looked: Looked, poll: PollResult, links: Sequence[tuple[str, FoundLink]], run_id: int | None, now: datetime
) -> Outrun | None:
    """Stores when the source is due again; says whether its window was outrun. `now`: when the poll's links were stored."""
    row = looked.row
    before = Pace(row.last_answered_at, row.last_new_at, row.newest_at, row.window_items, row.items_per_hour, row.haste, row.failures)
    wishes = wishes_of(
        poll.facts.headers, retry_after_seconds=poll.retry_after_seconds, ttl_minutes=poll.ttl_minutes, skip_hours=poll.skip_hours
    )
    visit = _visit(looked, poll, links, now)
    turn = after_poll(poll.source_id, before, visit, wishes, has_window=row.kind in WINDOWED)
    _save(conn, poll.source_id, turn)
    if turn.outrun_since_at is None:
        return None
    paces.note_gap(conn, poll.source_id, row.outlet_id, run_id, turn.outrun_since_at, visit.at)
    return Outrun(row.outlet_id, turn.outrun_since_at)


def _visit(looked: Looked, poll: PollResult, links: Sequence[tuple[str, FoundLink]], now: datetime) -> Visit:
    fresh = [link for key, link in links if key not in looked.named]
    last_new_at = looked.row.last_new_at
    return Visit(
        at=now,
        answered=poll.facts.outcome.succeeded,
        listed=None if poll.facts.outcome is FetchOutcome.UNCHANGED else poll.listed,
        new=len({key for key, _ in links if key not in looked.named}),
        continuing=sum(last_new_at is not None and seen_at >= last_new_at for seen_at in looked.named.values()),
        newest_at=poll.newest_at,
        oldest_at=poll.oldest_at,
        oldest_new_at=min((at for link in fresh if (at := _minute(link))), default=None),
    )


def _minute(link: FoundLink) -> datetime | None:
    return link.published.at if link.published and link.published.precision is Precision.MINUTE else None


def _save(conn: Connection, source_id: str, turn: Turn) -> None:
    paces.save(
        conn,
        source_id,
        next_due_at=turn.next_due_at,
        interval_seconds=turn.interval.total_seconds(),
        items_per_hour=turn.pace.items_per_hour,
        haste=turn.pace.haste,
        last_new_at=turn.pace.last_new_at,
    )
