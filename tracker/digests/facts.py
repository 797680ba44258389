"""What an edition says of its period beside its items: how well the sources could be followed, what was found of known coverage."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tracker.digests.missed import estimate_missed
from tracker.model import Campaign, CountryFacts, EditionFacts, FetchOutcome, Reach, RunReport, SourceTrouble, UnreadNight, Window
from tracker.monitoring import assess, recall
from tracker.monitoring.reach import SourcePoll, is_outage, measure
from tracker.store import deliveries, nights, paces, poll_days, registers, runs
from tracker.store.database import Database
from tracker.store.deliveries import DeliveryState
from tracker.store.registers import SourceState

if TYPE_CHECKING:
    from sqlalchemy import Connection

READ_AFTERWARDS = timedelta(hours=12)
"""After a period's end: the night that reads its last day begins in the early morning (schedule.nightly_at)."""


def facts_of_campaign(campaign: Campaign, facts: EditionFacts) -> EditionFacts:
    """The facts with what the campaign file says today, as an edition keeps it."""
    return replace(
        facts,
        campaign_name=campaign.name,
        campaign_names=campaign.names,
        countries=campaign.countries,
        time_zone=campaign.time_zone,
        kosovo_note=campaign.kosovo_note,
        review=campaign.review,
        since_on=campaign.since.isoformat(),
        key_messages=campaign.key_messages,
        spokespeople=campaign.spokespeople,
        objectives=campaign.objectives,
        branding=campaign.branding,
        release_names=tuple((release.title, release.names) for release in campaign.releases if release.names),
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
        ran = nights_by_day(runs.nights_between(conn, window.start_at, _until(window, now)), campaign.time_zone)
        gaps = paces.gaps_between(conn, window.start_at, window.end_at)
        by_country = facts_by_country(conn, states, window.start_at, _until(window, now), window)
        ended = [one for state in (DeliveryState.REFUSED, DeliveryState.UNKNOWN) for one in deliveries.in_state(conn, state)]
        failed = sum(one.settled_at is not None and one.settled_at >= window.start_at for one in ended)
    # silence is judged by the last round of polls: where nobody asked since, nothing says that a source fell silent
    polled_at = max((state.last_polled_at for state in states if state.last_polled_at), default=now)
    troubles = assess.judge_sources(database, min(now, polled_at))
    lost = [gap.outlet_name for gap in gaps if gap.repaired_at is None]
    known = recall.recall_remembered(database, campaign.id)
    reach = _reach_of(states, window) if any(one.sources_watched for one in by_country) else None
    return facts_of_campaign(
        campaign,
        EditionFacts(
            troubles=_with_languages(troubles, states),
            sources_watched=sum(one.sources_watched for one in by_country),
            sources_answered=sum(one.sources_answered for one in by_country),
            items_looked_at=sum(one.items_looked_at for one in by_country),
            by_country=by_country,
            sources_unseen=assess.count_unseen(database, troubles, min(now, polled_at)),
            windows_outrun=len(gaps),
            windows_repaired=len(gaps) - len(lost),
            outrun_names=tuple(dict.fromkeys(lost)),
            known_items=known.known,
            known_found=known.found,
            failed_deliveries=failed,
            reach=reach,
            nights=len(ran),
            unread_nights=unread_nights(ran, campaign.countries),
            estimate=estimate_missed(database, campaign, window, reach),
        ),
    )


def _with_languages(troubles: Sequence[SourceTrouble], states: Sequence[SourceState]) -> tuple[SourceTrouble, ...]:
    """The troubles with the languages of their outlets, for readers of some languages only."""
    spoken = {state.outlet.id: state.outlet.languages for state in states}
    return tuple(replace(one, languages=spoken.get(one.source_id.split(":")[0], ())) for one in troubles)


def facts_by_country(
    conn: Connection, states: Sequence[SourceState], since: datetime, until: datetime, window: Window
) -> tuple[CountryFacts, ...]:
    """The watched sources polled in [since, until], those of them that gave a usable result, and the articles of the window, by country."""
    polled, read = poll_days.sources_polled(conn, since, until), nights.articles_by_country(conn, window.start_at, window.end_at)
    asked = Counter(state.outlet.country for state in states if state.source.id in polled)
    answered = Counter(state.outlet.country for state in states if polled.get(state.source.id))
    return tuple(CountryFacts(code, asked[code], answered[code], read.get(code, 0)) for code in sorted({*asked, *read}))


def facts_of_run(database: Database, run_id: int, as_of: datetime, source_ids: Collection[str] = ()) -> tuple[CountryFacts, ...]:
    """The watched sources (or those asked for), those of them that gave a usable result in this run, and the articles read since it
    began, by country. What the run did not come to ask gave none."""
    with database.reading() as conn:
        watched, polls = registers.watched(conn, source_ids=source_ids or None), nights.last_polls(conn, run_id)
        read = nights.articles_by_country(conn, as_of, datetime.max.replace(tzinfo=UTC), only_read=True)
    asked = Counter(one.outlet.country for one in watched)
    answered = Counter(one.outlet.country for one in watched if (last := polls.get(one.source.id)) and last.outcome.succeeded)
    return tuple(CountryFacts(code, asked[code], answered[code], read.get(code, 0)) for code in sorted({*asked, *read}))


def _until(window: Window, now: datetime) -> datetime:
    """The last moment whose polls and nights tell of the window."""
    return min(now, window.end_at + READ_AFTERWARDS)


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
