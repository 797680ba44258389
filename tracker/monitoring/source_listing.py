"""Every watched source on one page: how it fares, what it brought a day, and its last answer in words; what needs a person first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

from tracker.model import SiteFile
from tracker.monitoring.assess import histories
from tracker.monitoring.source_health import Finding, Health, PollHistory, finding
from tracker.sources.answers import answer_words
from tracker.store import terms
from tracker.store.database import Database
from tracker.store.registers import SourceState
from tracker.urls.reserved import said_by_pages

MOST_URGENT = (
    Health.SILENT,
    Health.BLOCKED,
    Health.FAILING,
    Health.EMPTY,
    Health.WORKS,
    Health.UNCHANGED,
    Health.NOT_POLLED,
    Health.PAUSED,
)
DAYS = 30
"""Of a source's small chart."""


class SourceRow(Struct, frozen=True):
    """One source. `days`: new items on each of the last days (UTC), the oldest first; None where it was not polled on that day.
    `pages_reserved`: whether its outlet's pages reserve themselves against mining, None: they say nothing; `files`: of the outlet's site."""

    state: SourceState
    finding: Finding
    answer: str
    days: tuple[int | None, ...]
    pages_reserved: bool | None = None
    files: tuple[SiteFile, ...] = ()


def listing(database: Database, now: datetime, days: int = DAYS) -> list[SourceRow]:
    """All watched sources, the silent ones first, then as they need a person; within that by id."""
    with database.reading() as conn:
        said, known = terms.of_outlets(conn), terms.files(conn)
    files: dict[str, tuple[SiteFile, ...]] = {}
    for (outlet_id, _), file in sorted(known.items()):
        files[outlet_id] = (*files.get(outlet_id, ()), file)
    rows = [
        SourceRow(
            state,
            finding(history, now),
            last_answer(state, now),
            _by_day(history, now, days),
            said_by_pages(said.get(state.outlet.id, ())),
            files.get(state.outlet.id, ()),
        )
        for state, history in histories(database, now)
    ]
    return sorted(rows, key=lambda row: (MOST_URGENT.index(row.finding.health), row.state.source.id))


def last_answer(state: SourceState, now: datetime) -> str:
    """What the last poll found, in words; empty where there was none."""
    if state.last_outcome is None:
        return ""
    if state.last_outcome.succeeded and state.failing_since_at is not None:
        return f"failing since {state.failing_since_at:%Y-%m-%d}: {state.failing_detail or state.failing_outcome}; unchanged since"
    return answer_words(
        state.last_outcome,
        now=now,
        detail=state.last_detail,
        listed=state.last_listed or 0,
        newest_at=state.newest_at,
        oldest_at=state.oldest_at,
        status=state.last_status,
    )


def _by_day(history: PollHistory, now: datetime, days: int) -> tuple[int | None, ...]:
    today = now.astimezone(UTC).date()
    brought: dict[date, int] = {}
    for poll in history.polls:
        day = poll.polled_at.astimezone(UTC).date()
        brought[day] = brought.get(day, 0) + poll.new
    return tuple(brought.get(today - timedelta(days=back)) for back in range(days - 1, -1, -1))
