"""How the sources fare, judged from what the store holds of their past: load -> decide -> words. No source falls silent unnoticed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from tracker.locale.wording import wording
from tracker.model import FetchOutcome, Outlet, PollRecord, Reach, SourceKind, SourceTrouble
from tracker.monitoring.completeness import Attempts, Loss, Night, lost_by_group, without_article
from tracker.monitoring.platforms import as_one_fault
from tracker.monitoring.reach import SourcePoll, measure
from tracker.monitoring.source_health import Finding, Health, PollHistory, finding, troubles
from tracker.store import night_counts, nights, paces, poll_days, registers
from tracker.store.database import Database
from tracker.store.night_counts import NightCounts
from tracker.store.registers import SourceState
from tracker.urls.domains import domain_of

JUDGED_BY = timedelta(days=60)
"""How far back polls are looked at to know a source's pace: eight weeks of weekdays."""
NIGHTS_BACK = 22
"""Nights of articles before the judged one: three weeks of weekdays."""
ATTEMPTS_BACK = 7
"""Nights of links before the judged one: every weekday once."""
NIGHT_ENDS = timedelta(hours=6)
"""After its moment: a night's crawl takes no longer, and starts within a few hours of the same time every day."""
LEAST_OUTLETS = 3
"""Outlets in a language before it is judged apart from them."""
LOST = "lost"
OUTRUN = "outrun"


class Fares(Struct, frozen=True):
    """How one source fares."""

    state: SourceState
    finding: Finding


class GapsReport(Struct, frozen=True):
    """Windows that were outrun in a run: how many were made good, and of those that were not, what a digest says."""

    found: int = 0
    repaired: int = 0
    unrepaired: tuple[SourceTrouble, ...] = ()


def findings(database: Database, now: datetime, source_ids: Collection[str] = ()) -> list[Fares]:
    """Every watched source (or those asked for) and how it fares, by id."""
    return [Fares(state, finding(history, now)) for state, history in histories(database, now, source_ids)]


def histories(database: Database, now: datetime, source_ids: Collection[str] = ()) -> list[tuple[SourceState, PollHistory]]:
    """Every watched source (or those asked for) with its polls as far back as it is judged by, by id."""
    with database.reading() as conn:
        states = [state for state in registers.states(conn) if state.watched and (not source_ids or state.source.id in source_ids)]
        polls = poll_days.polls_by_day(conn, now - JUDGED_BY, now)
    return [(state, _history(state, polls)) for state in states]


def measure_run(database: Database, run_id: int, source_ids: Collection[str] = (), *, pages_asked: int = 0, pages_read: int = 0) -> Reach:
    """What of the watched outlets (or of the outlets of the sources asked for) this run read. What it did not come to ask is unread."""
    with database.reading() as conn:
        watched = registers.watched(conn, source_ids=source_ids or None)
        polls = nights.last_polls(conn, run_id)
    found = []
    for one in watched:
        outlet, last = one.outlet, polls.get(one.source.id)
        poll = SourcePoll(outlet.id, outlet.country, outlet.tier, next(iter(outlet.languages), ""), one.source.kind)
        if last is not None:
            facts = {name: getattr(last, name) for name in ("outcome", "requested_url", "final_url", "status", "size_bytes")}
            poll = replace(poll, **facts)
        found.append(poll)
    return measure(found, pages_asked=pages_asked, pages_read=pages_read)


def judge_sources(database: Database, now: datetime, source_ids: Collection[str] = ()) -> tuple[SourceTrouble, ...]:
    """Sources that a digest must name: failing, blocked, or silent though they usually speak."""
    with database.reading() as conn:
        states = [state for state in registers.states(conn) if state.watched and (not source_ids or state.source.id in source_ids)]
        polls = poll_days.polls_by_day(conn, now - JUDGED_BY, now)
    channels = {one.source.id: domain_of(one.source.address) for one in states if one.enabled and one.source.kind is SourceKind.CHANNEL}
    return as_one_fault(troubles([_history(state, polls) for state in states if state.enabled], now), channels)


def keep_counts(database: Database, as_of: datetime) -> None:
    """Counts those nights whose sums are not kept yet, so that judging one reads the rows of one, or of none where nothing came since it
    was judged last. A killed one is made good by the next. On a server this night's are not kept: pages of other machines that are
    being written while it is counted would not be seen."""
    ends = _ends(as_of)
    with database.reading() as conn:
        missing = night_counts.uncounted(conn, ends[:-1] if database.on_server else ends)
    for end_at in missing:
        state = database.state()
        with database.reading() as conn:  # while others may write: a third of a second where a night brings 40,000 pages
            counted = night_counts.count(conn, end_at)
        with database.writing() as conn:
            night_counts.keep(conn, end_at, counted if database.state() == state else None)
            night_counts.forget(conn, ends[0])


def judge_articles(database: Database, as_of: datetime, outlet_ids: Collection[str] = ()) -> tuple[SourceTrouble, ...]:
    """Outlets whose articles of this night are far fewer than usual, or lost their text, dates or authors, or whose links brought none far
    more often; languages too, when all
    outlets are judged: one broken step can lose a whole language while every source still answers."""
    with database.reading() as conn:
        outlets = registers.outlets(conn)
        counted = night_counts.of_nights(conn, _ends(as_of))
    by_outlet = _nights_by_outlet(counted)
    lost = lost_by_group(by_outlet)
    for outlet_id, listed in _attempts_by_outlet(counted[-ATTEMPTS_BACK - 1 :]).items():
        if jump := without_article(listed):
            lost.setdefault(outlet_id, []).append(jump)
    told = [_outlet_trouble(outlets[name], found) for name, found in lost.items() if not outlet_ids or name in outlet_ids]
    if not outlet_ids:
        told += [_language_trouble(language, found) for language, found in lost_by_group(_by_language(by_outlet, outlets)).items()]
    return tuple(sorted(told, key=lambda trouble: (trouble.country, trouble.outlet_name)))


def count_unseen(database: Database, found: Sequence[SourceTrouble], now: datetime) -> int:
    """How many of these sources showed nothing for a week: silent, or without an answer."""
    with database.reading() as conn:
        answered = {state.source.id: state.last_succeeded_at for state in registers.states(conn)}
    silent = {trouble.source_id for trouble in found if trouble.outcome == str(Health.SILENT)}
    week_ago = now - timedelta(days=7)
    return sum(
        one.source_id in silent or (seen_at := answered[one.source_id]) is None or seen_at < week_ago
        for one in found
        if one.source_id in answered
    )


def settle_gaps(database: Database, run_id: int, now: datetime) -> GapsReport:
    """Whether the windows that this run found outrun were made good by what was asked in their place; notes it with each."""
    with database.writing() as conn:
        found = paces.open_gaps(conn, run_id)
        polls = paces.repair_polls(conn, run_id, {gap.outlet_id for gap in found})
        unrepaired: list[SourceTrouble] = []
        for gap in found:
            made_good, detail = repaired_by(gap.since_at, polls.get(gap.outlet_id, ()))
            paces.settle_gap(conn, gap.id, now if made_good else None, detail)
            if not made_good:
                words = f"published more since {gap.since_at:%Y-%m-%d %H:%M} UTC than its feed shows; {detail}"
                unrepaired.append(SourceTrouble(gap.source_id, gap.outlet_name, gap.country, OUTRUN, words, gap.since_at))
    return GapsReport(len(found), len(found) - len(unrepaired), tuple(unrepaired))


def repaired_by(since_at: datetime, polls: Sequence[paces.RepairPoll]) -> tuple[bool, str]:
    """Whether one of these answers reaches back to `since_at`, and how, in words."""
    if not polls:
        return False, "no sitemap or section page of it is known to look them up in"
    for poll in polls:
        reaches = poll.oldest_at is None or poll.oldest_at <= since_at
        if poll.outcome is FetchOutcome.FETCHED and reaches:
            return True, f"made good by its {poll.kind}: {poll.new_links} more items"
    last = polls[-1]
    if last.outcome is FetchOutcome.FETCHED:
        return False, f"its {last.kind} does not reach back that far"
    if last.outcome is FetchOutcome.UNCHANGED:
        return False, f"its {last.kind} lists nothing newer"
    return False, f"its {last.kind} could not be read ({last.outcome})"


def silent_names(found: Sequence[SourceTrouble]) -> list[str]:
    """Whose silence a person must look at: nothing else would tell."""
    return list(dict.fromkeys(trouble.outlet_name for trouble in found if trouble.outcome == str(Health.SILENT)))


def _history(state: SourceState, polls: Mapping[str, Sequence[PollRecord]]) -> PollHistory:
    switched = ("a person" if state.switched_by_person else "the catalogue") if not state.enabled else ""
    return PollHistory(
        source_id=state.source.id,
        outlet_name=state.outlet.name,
        country=state.outlet.country,
        outlet_id=state.outlet.id,
        kind=state.source.kind,
        polls=tuple(polls.get(state.source.id, ())),
        paused=switched,
    )


def _ends(as_of: datetime) -> list[datetime]:
    """When the nights up to this one end, oldest first: at whole hours, so that those of a night that begins some minutes later end alike."""
    last = (as_of + NIGHT_ENDS).replace(minute=0, second=0, microsecond=0)
    return [last - timedelta(days=back) for back in range(NIGHTS_BACK, -1, -1)]


def _nights_by_outlet(counted: Sequence[Mapping[str, NightCounts]]) -> dict[str, list[Night]]:
    """The nights, oldest first, of every outlet that any of them brought pages of."""
    nights_of: list[dict[str, Night]] = []
    for by_outlet in counted:
        came = {outlet_id: one for outlet_id, one in by_outlet.items() if one.read or one.empty}
        if came or nights_of or by_outlet is counted[-1]:  # nothing is told by the days before the first night of all
            nights_of.append({outlet_id: _night(one) for outlet_id, one in came.items()})
    outlet_ids = {outlet_id for night in nights_of for outlet_id in night}
    return {outlet_id: [night.get(outlet_id, Night()) for night in nights_of] for outlet_id in outlet_ids}


def _night(one: NightCounts) -> Night:
    return Night(one.read, one.empty, one.letters, one.full, one.with_date, one.with_author)


def _attempts_by_outlet(counted: Sequence[Mapping[str, NightCounts]]) -> dict[str, list[Attempts]]:
    """The links of these nights, oldest first."""
    outlet_ids = {outlet_id for by_outlet in counted for outlet_id, one in by_outlet.items() if one.attempted}
    none = NightCounts()
    return {
        outlet_id: [Attempts(one.attempted, one.without) for one in (by_outlet.get(outlet_id, none) for by_outlet in counted)]
        for outlet_id in outlet_ids
    }


def _by_language(by_outlet: Mapping[str, Sequence[Night]], outlets: Mapping[str, Outlet]) -> dict[str, list[Night]]:
    """By the outlets' main language."""
    found: dict[str, list[Night]] = {}
    spoken = Counter(next(iter(outlets[outlet_id].languages), "") for outlet_id in by_outlet)
    for outlet_id, listed in by_outlet.items():
        language = next(iter(outlets[outlet_id].languages), "")
        if spoken[language] < LEAST_OUTLETS:
            continue
        before = found.get(language) or [Night()] * len(listed)
        found[language] = [one + other for one, other in zip(before, listed, strict=True)]
    return found


def _outlet_trouble(outlet: Outlet, found: Sequence[Loss]) -> SourceTrouble:
    return SourceTrouble(outlet.id, outlet.name, outlet.country, LOST, "; ".join(loss.detail for loss in found))


def _language_trouble(language: str, found: Sequence[Loss]) -> SourceTrouble:
    name = f"All outlets in {wording('en').language_name(language)}"
    return SourceTrouble(language, name, "XB", LOST, "; ".join(loss.detail for loss in found))
