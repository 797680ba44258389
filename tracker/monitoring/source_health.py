"""How a source fares, in words: works, unchanged, empty, failing since, blocked since, silent, paused. Pure functions over what its
polls left."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from tracker.model import FetchOutcome, PollRecord, SourceKind, SourceTrouble
from tracker.monitoring.silence import IMPROBABLE, Span, improbable_silence
from tracker.sources.answers import STALE_AFTER

LEAST_SILENCE = timedelta(days=3)  # a weekend and a holiday are no silence, judged by the dates of the items alone
LEAST_BURST_SILENCE = timedelta(days=8)  # where all that is listed came within two days: a weekly publishes so
BURST = timedelta(days=2)
"""What an issue takes to be put online, with its late corrections."""
LEAST_LISTED = 3
"""Two items give one distance, which is no pace."""


class Health(StrEnum):
    """A source's state as people read it."""

    WORKS = "works"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    FAILING = "failing"
    BLOCKED = "blocked"
    SILENT = "silent"
    PAUSED = "paused"
    NOT_POLLED = "not polled yet"


class PollHistory(Struct, frozen=True):
    """A source's polls, oldest first, with what a digest prints of its outlet."""

    source_id: str
    outlet_name: str
    country: str
    polls: tuple[PollRecord, ...]
    outlet_id: str = ""
    kind: SourceKind = SourceKind.FEED
    paused: str = ""  # who switched it off


class Finding(Struct, frozen=True):
    """A source's state, since when, and why, in one line. `failures` counts polls that failed in a row."""

    health: Health
    detail: str = ""
    since_at: datetime | None = None
    failures: int = 0

    @property
    def needs_telling(self) -> bool:
        """Whether a digest names the source."""
        return self.health in (Health.FAILING, Health.BLOCKED, Health.SILENT)

    @property
    def words(self) -> str:
        """The state in one line, as it is shown everywhere."""
        named = f"{self.health} since {self.since_at:%Y-%m-%d}" if self.needs_telling and self.since_at else str(self.health)
        return f"{named}: {self.detail}" if self.detail else named

    @property
    def told(self) -> str:
        """The same for who reads it where no state stands beside it."""
        if self.failures < 2 or self.since_at is None:
            return self.detail
        return f"{self.detail}; {self.failures} visits in a row since {self.since_at:%Y-%m-%d}"


_WORDS: Mapping[FetchOutcome, str] = {
    FetchOutcome.BLOCKED: "the outlet refuses automated visitors",
    FetchOutcome.RATE_LIMITED: "the outlet asks for fewer visits",
    FetchOutcome.ROBOTS_REFUSED: "the outlet's robots.txt does not allow the visit",
    FetchOutcome.NOT_FOUND: "the address is gone",
    FetchOutcome.TIMEOUT: "the outlet did not answer in time",
    FetchOutcome.TOO_LARGE: "the answer was too large",
    FetchOutcome.NOT_A_FEED: "something else was served instead of a feed",
    FetchOutcome.PARSE_FAILED: "the feed cannot be read",
    FetchOutcome.REFUSED_ADDRESS: "the address leads to a network that is not allowed",
    FetchOutcome.REDIRECT_LOOP: "the address leads in a circle",
    FetchOutcome.CERTIFICATE: "the outlet's certificate is not valid",
    FetchOutcome.DNS_FAILED: "the outlet's name is not known on the internet",
    FetchOutcome.CONNECTION_FAILED: "the outlet cannot be reached",
    FetchOutcome.SERVER_ERROR: "the outlet's server reports an error",
    FetchOutcome.EMPTY: "the feed lists nothing",
}
_REPEATED = re.compile(
    r"^(?:did not answer in time|the site refuses us|the site has an error of its own|robots\.txt asks us to stay away|not found|no such host)"
    r"(?: \((.*)\))?$"
)
"""What an outcome's detail says that the words above say already; what stands behind it in brackets adds to them."""
_ANSWERED = frozenset({FetchOutcome.FETCHED, FetchOutcome.UNCHANGED, FetchOutcome.EMPTY})
_CONTENT_FAILURES = frozenset(
    {
        FetchOutcome.EMPTY,
        FetchOutcome.TOO_LARGE,
        FetchOutcome.NOT_HTML,
        FetchOutcome.NOT_A_FEED,
        FetchOutcome.PARSE_FAILED,
        FetchOutcome.FAILED,
    }
)


def finding(history: PollHistory, now: datetime) -> Finding:
    """How one source fares as of `now`."""
    if history.paused:
        return Finding(Health.PAUSED, f"switched off by {history.paused}")
    polls = _as_they_stand(poll for poll in history.polls if poll.polled_at <= now)
    if not polls:
        return Finding(Health.NOT_POLLED)
    last = polls[-1]
    if last.outcome not in _ANSWERED:
        return _failing(polls)
    if silence := _silence(polls, now):
        return silence
    if last.outcome is FetchOutcome.EMPTY:
        return Finding(Health.EMPTY, _WORDS[FetchOutcome.EMPTY], last.polled_at)
    if last.outcome is FetchOutcome.UNCHANGED:
        return Finding(Health.UNCHANGED, _listing(polls, now))
    return Finding(Health.WORKS, _listing(polls, now))


def troubles(histories: Iterable[PollHistory], now: datetime) -> tuple[SourceTrouble, ...]:
    """Sources that a digest must name, by country and outlet. An outlet's failing address is left out while another
    of the same kind answers: the register lists alternatives.
    """
    found = [(history, finding(history, now)) for history in histories]
    answering = {(history.outlet_id, history.kind) for history, state in found if state.health in (Health.WORKS, Health.UNCHANGED)}
    named = [
        SourceTrouble(history.source_id, history.outlet_name, history.country, _outcome(history, state), state.told, state.since_at)
        for history, state in found
        if state.needs_telling and not (history.outlet_id and (history.outlet_id, history.kind) in answering)
    ]
    return tuple(sorted(named, key=lambda trouble: (trouble.country, trouble.outlet_name, trouble.source_id)))


def _as_they_stand(polls: Iterable[PollRecord]) -> list[PollRecord]:
    """Polls with "unchanged" after a failure of the content read as what it says: it is still so."""
    found: list[PollRecord] = []
    for poll in polls:
        before = found[-1] if found else None
        if poll.outcome is FetchOutcome.UNCHANGED and before and before.outcome in _CONTENT_FAILURES:
            poll = replace(poll, outcome=before.outcome, detail=before.detail)
        found.append(poll)
    return found


def _listing(polls: Sequence[PollRecord], now: datetime) -> str:
    """What the source showed when it last showed anything."""
    listing = next((poll for poll in reversed(polls) if poll.listed), None)
    if listing is None:
        return ""
    words = "1 item" if listing.listed == 1 else f"{listing.listed} items"
    if listing.newest_at is None:
        return f"{words}, without dates"
    if now - listing.newest_at > STALE_AFTER:
        return f"{words}, stale since {listing.newest_at:%Y-%m-%d}"
    words += f", newest {listing.newest_at:%Y-%m-%d %H:%M}"
    span = listing.newest_at - listing.oldest_at if listing.oldest_at else timedelta(0)
    return f"{words}, window {span / timedelta(hours=1):.0f} hours" if listing.listed > 1 and span > timedelta(0) else words


def _outcome(history: PollHistory, state: Finding) -> str:
    return str(Health.SILENT) if state.health is Health.SILENT else str(history.polls[-1].outcome)


def _failing(polls: Sequence[PollRecord]) -> Finding:
    tail: list[PollRecord] = []
    for poll in reversed(polls):
        if poll.outcome in _ANSWERED:
            break
        tail.append(poll)
    last, first = tail[0], tail[-1]
    words = _WORDS.get(last.outcome, "the visit failed")
    added = _REPEATED.sub(r"\1", last.detail)
    detail = f"{words} ({added})" if added and added != words else words
    visits = sum(poll.visits for poll in tail)
    refused = last.outcome in (FetchOutcome.BLOCKED, FetchOutcome.ROBOTS_REFUSED, FetchOutcome.RATE_LIMITED)
    return Finding(Health.BLOCKED if refused else Health.FAILING, detail, first.polled_at, visits)


def _silence(polls: Sequence[PollRecord], now: datetime) -> Finding | None:
    """Silence by the source's own past: by what it brought day by day, else by the dates of what it lists."""
    spans = spans_of(polls)
    if silence := improbable_silence(spans):
        detail = f"nothing new for {_in_days(now - silence.since_at)}; {silence.usual:.0f} items a day are usual"
        return Finding(Health.SILENT, detail, silence.since_at)
    return None if any(span.new for span in spans) else _stale(polls, now)


def spans_of(polls: Sequence[PollRecord]) -> list[Span]:
    """What came between one answered visit and the next; the first brings the whole window and says nothing of the pace."""
    answered = [poll for poll in polls if poll.outcome in _ANSWERED]
    pairs = itertools.pairwise(answered)
    return [Span(before.polled_at, poll.polled_at, poll.new) for before, poll in pairs if before.polled_at < poll.polled_at]


def _stale(polls: Sequence[PollRecord], now: datetime) -> Finding | None:
    listing = next((poll for poll in reversed(polls) if poll.newest_at and poll.oldest_at), None)
    if listing is None or listing.newest_at is None or listing.oldest_at is None or listing.listed < LEAST_LISTED:
        return None
    span, silence = listing.newest_at - listing.oldest_at, now - listing.newest_at
    if span <= timedelta(0) or silence < (LEAST_SILENCE if span >= BURST else LEAST_BURST_SILENCE):
        return None
    if math.exp(-(listing.listed - 1) * (silence / span)) < IMPROBABLE:
        pace = (listing.listed - 1) / (span / timedelta(days=1))
        usual = f"{pace:.0f} items a day were usual" if pace >= 1.5 else f"an item every {1 / pace:.0f} days was usual"
        return Finding(Health.SILENT, f"the newest item is {_in_days(silence)} old; {usual}", listing.newest_at)
    return None


def _in_days(span: timedelta) -> str:
    days = max(1, round(span / timedelta(days=1)))
    return "a day" if days == 1 else f"{days} days"
