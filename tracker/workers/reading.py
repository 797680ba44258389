"""Reading pages into articles, side by side with other workers; then matching and grouping, in one place at a time."""

from __future__ import annotations

import time
from datetime import datetime

from tracker.alerts.notify import Messenger
from tracker.alerts.staff import run_alerts
from tracker.delivery.audience import read_audience
from tracker.delivery.recipients import FILE_NAME as RECIPIENTS
from tracker.errors import RunLocked
from tracker.model import StepReport
from tracker.pipeline.edition_files import make_all
from tracker.pipeline.finding import Finding
from tracker.pipeline.page_claims import StoredClaims
from tracker.pipeline.run import Run
from tracker.pipeline.steps import ExtractStep
from tracker.store.lock import RunLock
from tracker.store.work.link import Link
from tracker.workspace import Parts, read_campaigns

NO_LOCK = -1


def read(parts: Parts, link: Link, worker: str, as_of: datetime) -> StepReport:
    """Reads until no page is left that nobody reads. Raises TrackerError."""
    with Run(parts, read_campaigns(parts.workspace), NO_LOCK) as run:
        step = ExtractStep(run.database, run.pool, as_of, StoredClaims(link, worker))
        started = time.monotonic()
        while step.advance(0.5) or step.is_waiting:
            pass
        report = step.report(time.monotonic() - started)
    return report


def find(parts: Parts, as_of: datetime) -> tuple[StepReport, ...]:
    """Matches and groups what was read, then notifies staff. A night that is under way does it itself: nothing to do. Raises TrackerError."""
    campaigns = read_campaigns(parts.workspace)
    try:
        with RunLock(parts.workspace).acquire() as lock, Run(parts, campaigns, lock.fileno()) as run:
            run.open(as_of, ["worker=find"])
            Finding(run, campaigns, {"match", "group"}).finish()
            reports = tuple(run.reports)
            run.close()
    except RunLocked:
        return ()
    recipients = read_audience(parts.workspace) if (parts.workspace / RECIPIENTS).exists() else ()
    messenger = Messenger(parts.settings, parts.workspace / "outbox", parts.settings.alerts.apprise_url)
    told = run_alerts(parts, campaigns, recipients, messenger)
    return (*reports, told.step)


def make_files(parts: Parts) -> None:
    """Makes the files of approved editions that are noted in this workspace's outbox."""
    make_all(parts)
