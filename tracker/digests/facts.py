"""What an edition says of its period beside its items: how well the sources could be followed, what was found of known coverage."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tracker.model import Campaign, EditionFacts, FetchOutcome, Reach, RunReport, UnreadNight, Window
from tracker.monitoring import assess, recall
from tracker.monitoring.reach import SourcePoll, is_outage, measure
from tracker.store import articles, deliveries, paces, registers, runs
from tracker.store.database import Database
from tracker.store.deliveries import DeliveryState
from tracker.store.registers import SourceState

READ_AFTERWARDS = timedelta(hours=12)
"""After a period's end: the night that reads its last day begins in the early morning (schedule.nightly_at)."""


def facts_of_campaign(campaign: Campaign, facts: EditionFacts) -> EditionFacts:
    """The facts with what the campaign file says today, as an edition keeps it."""
    return replace(
        facts,
        campaign_name=campaign.name,
        countries=campaign.countries,
        time_zone=campaign.time_zone,
        kosovo_note=campaign.kosovo_note,
        review=campaign.review,
        since_on=campaign.since.isoformat(),
        key_messages=campaign.key_messages,
        spokespeople=campaign.spokespeople,
        objectives=campaign.objectives,
        branding=campaign.branding,
        pictures=_pictures(campaign),
        query=" ".join(next((circle.query for circle in campaign.circles if circle.audience == "partners"), "").split()),
    )


def _pictures(campaign: Campaign) -> tuple[tuple[str, bytes], ...]:
    """The files of logo and marks as they are today; one that went missing since the file was read is left out."""
    found = []
    for name in filter(None, (campaign.branding.logo, *campaign.branding.marks)):
        with contextlib.suppress(OSError):
            found.append((name, (Path(campaign.folder) / name).read_bytes()))
    return tuple(found)


def facts_of_period(database: Database, campaign: Campaign, window: Window, now: datetime) -> EditionFacts:
    """What is known of the period when its edition is made at `now`.

    Sources polled and answering, sources in trouble, outlets read, nights that failed, windows that were outrun. Also articles
    read, known coverage found, and deliveries that failed.
    """
    with database.reading() as conn:
        states = [state for state in registers.states(conn) if state.watched and state.enabled]
        ran = nights_by_day(runs.nights_between(conn, window.start_at, min(now, window.end_at + READ_AFTERWARDS)), campaign.time_zone)
        gaps = paces.gaps_between(conn, window.start_at, window.end_at)
        read = articles.count_stored(conn, window.start_at, window.end_at)
        ended = [one for state in (DeliveryState.REFUSED, DeliveryState.UNKNOWN) for one in deliveries.in_state(conn, state)]
        failed = sum(one.settled_at is not None and one.settled_at >= window.start_at for one in ended)
    # silence is judged by the last round of polls: where nobody asked since, nothing says that a source fell silent
    polled_at = max((state.last_polled_at for state in states if state.last_polled_at), default=now)
    troubles = assess.judge_sources(database, min(now, polled_at))
    asked = [state for state in states if state.last_polled_at and state.last_polled_at >= window.start_at]
    answered = [state for state in asked if state.last_succeeded_at and state.last_succeeded_at >= window.start_at]
    lost = [gap.outlet_name for gap in gaps if gap.repaired_at is None]
    known = recall.recall_remembered(database, campaign.id)
    return facts_of_campaign(
        campaign,
        EditionFacts(
            troubles=troubles,
            sources_watched=len(asked),
            sources_answered=len(answered),
            items_looked_at=read,
            sources_unseen=assess.count_unseen(database, troubles, min(now, polled_at)),
            windows_outrun=len(gaps),
            windows_repaired=len(gaps) - len(lost),
            outrun_names=tuple(dict.fromkeys(lost)),
            known_items=known.known,
            known_found=known.found,
            failed_deliveries=failed,
            reach=_reach_of(states, window) if asked else None,
            nights=len(ran),
            unread_nights=unread_nights(ran, campaign.countries),
        ),
    )


def _reach_of(states: Sequence[SourceState], window: Window) -> Reach:
    """What of the watched outlets was read since the period began: an outage that was made good within it is none."""
    return measure(
        SourcePoll(
            state.outlet.id,
            state.outlet.country,
            state.outlet.tier,
            next(iter(state.outlet.languages), ""),
            state.source.kind,
            _outcome_since(state, window.start_at),
            size_bytes=state.last_listed or 0,
        )
        for state in states
    )


def _outcome_since(state: SourceState, start_at: datetime) -> FetchOutcome | None:
    if state.last_succeeded_at is not None and state.last_succeeded_at >= start_at:
        return FetchOutcome.FETCHED
    asked = state.last_polled_at is not None and state.last_polled_at >= start_at
    return state.last_outcome if asked else None


def nights_by_day(ran: Iterable[RunReport], time_zone: str) -> dict[str, list[RunReport]]:
    """Runs by the day on which they began in this zone (ISO): a night that failed is tried again until one of its day went well."""
    found: dict[str, list[RunReport]] = {}
    for run in ran:
        found.setdefault(run.started_at.astimezone(ZoneInfo(time_zone)).date().isoformat(), []).append(run)
    return found


def unread_nights(by_day: Mapping[str, Sequence[RunReport]], countries: Sequence[str]) -> tuple[UnreadNight, ...]:
    """Days of which no night read most of what is watched: each was stopped, or failed. What was measured is that of the last."""
    found = []
    for day, ran in by_day.items():
        if all(run.ended_at is None or is_outage(run.reach, countries) for run in ran):
            reach = ran[-1].reach or Reach()
            found.append(UnreadNight(day, reach.watched, reach.read))
    return tuple(found)
