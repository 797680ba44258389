"""What one answer of a source says, in words, for whoever checks the register. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from tracker.model import FetchOutcome

STALE_AFTER = timedelta(days=30)
"""An address whose newest item is older is kept by nobody; slower outlets are rare, and a person reads this."""

_NAMES = {
    FetchOutcome.BLOCKED: "blocked",
    FetchOutcome.RATE_LIMITED: "blocked: asks for fewer visits",
    FetchOutcome.ROBOTS_REFUSED: "robots refuse",
    FetchOutcome.NOT_FOUND: "not found",
    FetchOutcome.CERTIFICATE: "certificate not valid",
    FetchOutcome.DNS_FAILED: "no such host",
    FetchOutcome.CONNECTION_FAILED: "cannot be reached",
    FetchOutcome.TIMEOUT: "no answer in time",
    FetchOutcome.SERVER_ERROR: "server error",
    FetchOutcome.EMPTY: "empty: lists nothing",
    FetchOutcome.PARSE_FAILED: "cannot be read",
    FetchOutcome.TOO_LARGE: "too large",
    FetchOutcome.REFUSED_ADDRESS: "address not allowed",
    FetchOutcome.REDIRECT_LOOP: "leads in a circle",
    FetchOutcome.FAILED: "failed",
}


def is_working(outcome: FetchOutcome, *, now: datetime, newest_at: datetime | None = None) -> bool:
    """Whether the answer is that of a source which lists something and whose newest item is younger than `STALE_AFTER`."""
    fresh = newest_at is None or now - newest_at <= STALE_AFTER
    return outcome is FetchOutcome.UNCHANGED or (outcome is FetchOutcome.FETCHED and fresh)


def answer_words(
    outcome: FetchOutcome,
    *,
    now: datetime,
    detail: str = "",
    listed: int = 0,
    newest_at: datetime | None = None,
    oldest_at: datetime | None = None,
    asked: str = "",
    answered: str = "",
    status: int | None = None,
) -> str:
    """The finding in one line: works (items, newest, window), stale since, or what stands in the way; and where it moved to."""
    moved = f"; moved to {answered}" if answered and _place(asked) != _place(answered) else ""
    if outcome is FetchOutcome.UNCHANGED:
        words = "works: unchanged since the last visit"
    elif outcome is FetchOutcome.FETCHED and newest_at is not None and not is_working(outcome, now=now, newest_at=newest_at):
        words = f"stale since {newest_at:%Y-%m-%d}: {_items(listed)}"
    elif outcome is FetchOutcome.FETCHED:
        words = f"works: {_items(listed)}{_window(newest_at, oldest_at, listed)}"
    elif outcome is FetchOutcome.NOT_A_FEED:
        words = f"no feed: {detail}" if detail else "no feed"
    else:
        words = _with(_NAMES.get(outcome, str(outcome)), detail or (f"HTTP {status}" if status else ""))
    return words + moved


def _with(name: str, detail: str) -> str:
    return f"{name} ({detail})" if detail and detail not in name else name


def _items(listed: int) -> str:
    return "1 item" if listed == 1 else f"{listed} items"


def _window(newest_at: datetime | None, oldest_at: datetime | None, listed: int) -> str:
    if newest_at is None:
        return ", without dates"
    hours = (newest_at - oldest_at) / timedelta(hours=1) if oldest_at and listed > 1 else 0.0
    return f", newest {newest_at:%Y-%m-%d %H:%M} UTC" + (f", window {hours:.0f} hours" if hours >= 0.5 else "")


def _place(url: str) -> tuple[str, str, str]:
    """An address without what a redirect may change and it still is the same place."""
    parts = urlsplit(url)
    return (parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/"), parts.query)
