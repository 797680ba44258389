"""What an edition says of its period beside its items: how well the sources could be followed, what was found of known coverage."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tracker.model import Campaign, EditionFacts, Window
from tracker.monitoring import assess, recall
from tracker.store import articles, deliveries, paces, registers
from tracker.store.database import Database
from tracker.store.deliveries import DeliveryState


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
    """What is known of the period when its edition is made at `now`: sources asked and answering in it, sources in trouble by then,
    windows that were outrun, articles read, known coverage found, deliveries that failed."""
    with database.reading() as conn:
        states = [state for state in registers.states(conn) if state.watched and state.enabled]
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
        ),
    )
