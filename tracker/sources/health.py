"""How a source fares, in words: failing since, blocked since, silent. Pure functions over what its polls left."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median

from tracker.model import FetchOutcome, SourceKind, SourceTrouble

IMPROBABLE = 0.01  # silence this unlikely is told to a person: about one false word a year from a source with a daily chance
LEAST_NIGHTS = 3  # nights of the past before a source's pace means anything
LEAST_SILENCE = timedelta(days=3)  # a weekend and a holiday are no silence, judged by the dates of the items alone
LEAST_BURST_SILENCE = timedelta(days=8)  # where all that is listed came within two days: a weekly publishes so
BURST = timedelta(days=2)
LEAST_LISTED = 3


class Health(StrEnum):
    """A source's state as people read it."""

    WORKS = "works"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    FAILING = "failing"
    BLOCKED = "blocked"
    SILENT = "silent"
    NOT_POLLED = "not polled yet"


@dataclass(frozen=True, slots=True)
class PollRecord:
    """One past poll. `new` counts what had not been seen before; `newest_at` and `oldest_at` date what was listed."""

    polled_at: datetime
    outcome: FetchOutcome
    listed: int = 0
    new: int = 0
    newest_at: datetime | None = None
    oldest_at: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PollHistory:
    """A source's polls, oldest first, with what a digest prints of its outlet."""

    source_id: str
    outlet_name: str
    country: str
    polls: tuple[PollRecord, ...]
    outlet_id: str = ""
    kind: SourceKind = SourceKind.FEED


@dataclass(frozen=True, slots=True)
class Finding:
    """A source's state, since when, and why, in one line. `failures` counts polls that failed in a row."""

    health: Health
    detail: str = ""
    since_at: datetime | None = None
    failures: int = 0

    @property
    def needs_telling(self) -> bool:
        return self.health in (Health.FAILING, Health.BLOCKED, Health.SILENT)


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
_ANSWERED = frozenset({FetchOutcome.FETCHED, FetchOutcome.UNCHANGED, FetchOutcome.EMPTY})


def finding(history: PollHistory, now: datetime) -> Finding:
    """How one source fares as of `now`."""
    polls = [poll for poll in history.polls if poll.polled_at <= now]
    if not polls:
        return Finding(Health.NOT_POLLED)
    last = polls[-1]
    if last.outcome not in _ANSWERED:
        return _failing(polls)
    if silence := _silence(polls, now):
        return silence
    if last.outcome is FetchOutcome.EMPTY:
        return Finding(Health.EMPTY, _WORDS[FetchOutcome.EMPTY], last.polled_at)
    return Finding(Health.UNCHANGED if last.outcome is FetchOutcome.UNCHANGED else Health.WORKS)


def troubles(histories: Iterable[PollHistory], now: datetime) -> tuple[SourceTrouble, ...]:
    """Sources that a digest must name, by country and outlet. An outlet's failing address is left out while another
    of the same kind answers: the register lists alternatives.
    """
    found = [(history, finding(history, now)) for history in histories]
    answering = {(history.outlet_id, history.kind) for history, state in found if state.health in (Health.WORKS, Health.UNCHANGED)}
    named = [
        SourceTrouble(history.source_id, history.outlet_name, history.country, _outcome(history, state), state.detail, state.since_at)
        for history, state in found
        if state.needs_telling and not (history.outlet_id and (history.outlet_id, history.kind) in answering)
    ]
    return tuple(sorted(named, key=lambda trouble: (trouble.country, trouble.outlet_name, trouble.source_id)))


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
    detail = f"{words} ({last.detail})" if last.detail and last.detail != words else words
    if len(tail) > 1:
        detail += f"; {len(tail)} visits in a row since {first.polled_at:%Y-%m-%d}"
    refused = last.outcome in (FetchOutcome.BLOCKED, FetchOutcome.ROBOTS_REFUSED, FetchOutcome.RATE_LIMITED)
    return Finding(Health.BLOCKED if refused else Health.FAILING, detail, first.polled_at, len(tail))


def _silence(polls: Sequence[PollRecord], now: datetime) -> Finding | None:
    """Silence by the source's own past: by what it brought night by night, else by the dates of what it lists."""
    nights = _nights(polls)
    quiet = _quiet_tail(nights)
    past = nights[: len(nights) - len(quiet)]
    if quiet and len(past) >= LEAST_NIGHTS:
        expected = sum(_expected(past, night) for night, _ in quiet)
        if math.exp(-expected) < IMPROBABLE:
            usual = median(count for _, count in past)
            since = max((poll.polled_at for poll in polls if poll.new), default=polls[0].polled_at)
            detail = f"nothing new for {_days(now - since)}; {usual:.0f} items a night are usual"
            return Finding(Health.SILENT, detail, since)
        return None
    return _stale(polls, now)


def _nights(polls: Sequence[PollRecord]) -> list[tuple[date, int]]:
    """New items a day, days without an answered poll left out; the first poll brings the whole window and says nothing of the pace."""
    counts: dict[date, int] = {}
    for number, poll in enumerate(polls):
        if number and poll.outcome in _ANSWERED:
            day = poll.polled_at.date()
            counts[day] = counts.get(day, 0) + poll.new
    return sorted(counts.items())


def _quiet_tail(nights: Sequence[tuple[date, int]]) -> Sequence[tuple[date, int]]:
    speaking = [number for number, (_, count) in enumerate(nights) if count]
    return nights[speaking[-1] + 1 :] if speaking else nights


def _expected(past: Sequence[tuple[date, int]], night: date) -> float:
    """Items a night should bring: the median of its weekday once that is known, else of all nights."""
    same_weekday = [count for day, count in past if day.weekday() == night.weekday()]
    return float(median(same_weekday if len(same_weekday) >= LEAST_NIGHTS else [count for _, count in past]))


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
        return Finding(Health.SILENT, f"the newest item is {_days(silence)} old; {usual}", listing.newest_at)
    return None


def _days(span: timedelta) -> str:
    days = max(1, round(span / timedelta(days=1)))
    return "a day" if days == 1 else f"{days} days"
