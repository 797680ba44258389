"""The clock of the machine jumps: each job goes on at its times, none twice in a moment, none skipped for ever."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from tracker.model.jobs import Outcome
from tracker.recurrence import Every
from tracker.scheduler.jobs import JobEnd, begun, ended, jobs_of, settled, taken_up
from tracker.settings import Settings

ZONE = "Europe/Tirane"
STEP = timedelta(minutes=1)
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def four_days(start: datetime, jumps: dict[timedelta, timedelta]) -> dict[str, list[tuple[timedelta, datetime]]]:
    """By job: when it began, in time that passes truly and by the clock. `jumps`: by how much the clock is off from a time on."""
    jobs = jobs_of(Settings(), ZONE, has_recipients=True)
    jobs = tuple(job for job in jobs if not job.off)
    states = {job.name: taken_up(job, None, start) for job in jobs}
    began = defaultdict(list)
    passed = timedelta()
    while passed < 4 * DAY:
        off = [by for since, by in jumps.items() if since <= passed]
        now = start + passed + (off[-1] if off else timedelta())
        for job in jobs:
            state = settled(job, states[job.name], now)
            if state.due_at <= now:
                began[job.name].append((passed, now))
                state = ended(job, begun(state, now), JobEnd(Outcome.DONE, 0), now)
            states[job.name] = state
        passed += STEP
    return began


@pytest.mark.parametrize(
    ("start", "jumps"),
    [
        (NOON, {5 * HOUR: 2 * DAY}),
        (NOON, {14 * HOUR: -HOUR}),
        (NOON, {13 * HOUR + STEP: -HOUR}),
        (NOON, {5 * HOUR: -365 * DAY}),
        (NOON, {5 * HOUR: 365 * DAY, 10 * HOUR: timedelta()}),
        (datetime(2026, 3, 28, 12, tzinfo=UTC), {}),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), {}),
    ],
    ids=[
        "two days ahead",
        "an hour back",
        "an hour back right after the night",
        "a year back",
        "a year ahead and back",
        "spring",
        "autumn",
    ],
)
def test_every_job_goes_on_at_its_times(start: datetime, jumps: dict[timedelta, timedelta]) -> None:
    began = four_days(start, jumps)
    for job in jobs_of(Settings(), ZONE, has_recipients=True):
        times = began[job.name]
        gaps = [after[0] - before[0] for before, after in pairwise(times)]
        if isinstance(job.rhythm, Every) and not job.off:
            assert min(gaps) >= job.rhythm.period, job.name
            assert max(gaps) <= 2 * job.rhythm.period, job.name
        if job.name in ("nightly", "prune"):
            assert 3 <= len(times) <= 6, (job.name, times)
            assert min(gaps) >= HOUR, job.name
            assert max(gaps) <= DAY + HOUR, job.name
            at = [moment.astimezone(ZoneInfo(ZONE)).time() for _, moment in times]
            assert at.count(job.rhythm.at) >= len(at) - 1, (job.name, at)
