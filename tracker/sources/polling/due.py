"""When a source or a page is asked again. Pure: outcomes and moments in, moments out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from tracker.model import FetchOutcome, Watched

WAITS_HOURS = (2, 8, 24, 72, 168)  # most outages of outlets end within the day; after five waits (11 days) an article is no news
LONGEST_WAIT = timedelta(days=14)  # whatever a server asks for in Retry-After

TEMPORARY = frozenset(
    {
        FetchOutcome.TIMEOUT,
        FetchOutcome.SERVER_ERROR,
        FetchOutcome.BLOCKED,
        FetchOutcome.RATE_LIMITED,
        FetchOutcome.DNS_FAILED,
        FetchOutcome.CONNECTION_FAILED,
        FetchOutcome.CERTIFICATE,
        FetchOutcome.FAILED,
    }
)
"""Outcomes that may be another one tomorrow. The others are final for a page: asking again would give the same."""


def retry_at(
    outcome: FetchOutcome, attempts: int, now: datetime, retry_after_seconds: float | None = None, *, status: int | None = None
) -> datetime | None:
    """When to fetch a page again after its `attempts`-th try ended so; None: never again.

    Retry-After is obeyed where it asks for more patience than we have ourselves. A refusal by a robots.txt that
    answered 5xx (`status`) is the server's trouble, not the outlet's word, and is temporary.
    """
    robots_down = outcome is FetchOutcome.ROBOTS_REFUSED and status is not None and status >= 500
    if (outcome not in TEMPORARY and not robots_down) or attempts > len(WAITS_HOURS):
        return None
    wait = timedelta(hours=WAITS_HOURS[max(attempts, 1) - 1])
    if retry_after_seconds is not None and retry_after_seconds > 0:
        asked = min(retry_after_seconds, LONGEST_WAIT.total_seconds())
        wait = max(wait, timedelta(seconds=asked))
    return now + wait


def is_due(next_due_at: datetime | None, now: datetime) -> bool:
    """Whether a source's time has come; one that was never asked is due."""
    return next_due_at is None or next_due_at <= now


def due_sources(watched: Iterable[Watched], now: datetime, *, only_due: bool = False) -> tuple[Watched, ...]:
    """What a round polls: every enabled source (`only_due`: whose time has come), outlets spread so that no host is asked many
    times in a row. The nightly round is a full one."""
    by_outlet: dict[str, list[Watched]] = {}
    for one in watched:
        if one.source.enabled and (not only_due or is_due(one.next_due_at, now)):
            by_outlet.setdefault(one.outlet.id, []).append(one)
    rounds = max(map(len, by_outlet.values()), default=0)
    return tuple(listed[turn] for turn in range(rounds) for listed in by_outlet.values() if turn < len(listed))
