"""What the scheduler does, in the order in which it does it when several things are due; and what follows from how a job ended. Pure.

Each job is one or two commands of this program. A job is due at a moment kept in the store; when it has ended the next moment lies
after now, so that what was missed while the machine slept is done once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from tracker.model.jobs import JobState, Outcome, in_one_line
from tracker.recurrence import EVERY_MONTH, QUARTERS, At, Every, Rhythm, is_slot, next_after, read_time
from tracker.scheduler.report import BadReport, CommandOutcome, decode_report
from tracker.settings import Settings

BUSY_AGAIN = timedelta(minutes=5)
"""A night that another run stands in the way of is tried again so soon."""
FIRST_RETRY = timedelta(minutes=10)
"""Long enough for a disk to be freed or a network to return, short beside every period here."""
LONGEST_RETRY = timedelta(hours=6)
"""A job with an hour of its own that fails again is tried after 10, 20, 40 minutes and so on, never less often than this: a weekly edition
is not lost to one bad day."""
LONGEST_PAUSE = timedelta(hours=1)
"""A job that recurs by the minute pauses for its period after a failure, then for 2, 4, 8 periods, never longer than this (or its period,
where that is longer): letters whose hour has come go out within the hour after the fault is mended."""
MOST_DOUBLINGS = 10
"""2 ** 10 first pauses are longer than each longest pause; more would overflow after months of failures."""
AFTER_CRAWL = timedelta(hours=2)
"""What a night may take besides its crawl: reading 30,000 pages at 3 ms, eight languages of an edition, and ten times as much."""
PACKED_WITHIN = timedelta(hours=2)
"""A database of 10 GB is copied, checked, packed and read back in a quarter of it on a small server."""
MORNING = "morning"
"""The job that notifies the operator of all others."""
MORNING_FAILURES = 3
"""In a row: with FIRST_RETRY half an hour after its time, so that a server that is restarted is no news."""
AT_WORKERS = ("nightly", "weekly", "monthly", "quarterly", "send")
"""What a worker with the queue `editions` does in place of the scheduler, where one is alive that has the recipients."""
MONDAY = 0  # as datetime.weekday counts


class Job(Struct, frozen=True):
    """`commands` are what is typed after `tracker`, run one after the other whatever becomes of the first. `off` says why it is not done."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    rhythm: Rhythm
    limit: timedelta
    off: str = ""


class JobEnd(Struct, frozen=True):
    """How a job ended: the worst of its commands' outcomes, with that command's exit code (None: killed by a signal, or never started).

    `detail`: its own error, or what became of it and the last lines that it printed; a line each.
    """

    outcome: Outcome
    exit_code: int | None = None
    detail: str = ""

    @property
    def in_short(self) -> str:
        """The detail in one line."""
        return in_one_line(self.detail)


def jobs_of(settings: Settings, zone: str, *, has_recipients: bool) -> tuple[Job, ...]:
    """All jobs, the one that goes first when several are due first: finding before editions, editions before sending."""
    schedule = settings.schedule
    nightly, editions = read_time(schedule.nightly_at), read_time(schedule.editions_at)
    night = timedelta(minutes=settings.fetch.stage_minutes) + AFTER_CRAWL
    edition = timedelta(minutes=30)
    tells = bool(schedule.operator or schedule.apprise_url)

    def make(kind: str) -> tuple[tuple[str, ...], ...]:
        return (("digest", "make", "--kind", kind),)

    return (
        Job("nightly", (("nightly",), ("alert",)), At(nightly, zone), night),
        Job("poll", (("crawl", "--due", "--find"), ("alert",)), Every(timedelta(minutes=schedule.poll_minutes)), timedelta(hours=1)),
        Job("weekly", make("weekly"), At(editions, zone, weekday=MONDAY), edition),
        Job("monthly", make("monthly"), At(editions, zone, day=1, months=EVERY_MONTH), edition),
        Job("quarterly", make("quarterly"), At(editions, zone, day=1, months=QUARTERS), edition),
        Job(
            "send",
            (("send",),),
            Every(timedelta(minutes=schedule.send_minutes)),
            timedelta(hours=2),
            off="" if has_recipients else "there is no recipients.toml",
        ),
        Job(
            "mailbox",
            (("mailbox", "--once"),),
            Every(timedelta(minutes=settings.mailbox.minutes)),
            timedelta(minutes=30),
            off="" if settings.mailbox.host else "mailbox.host is not set",
        ),
        Job(
            MORNING,
            (("doctor", "--tell"),),
            At(read_time(schedule.morning_at), zone),
            timedelta(minutes=15),
            off="" if tells else "neither schedule.operator nor schedule.apprise_url is set",
        ),
        Job("prune", (("prune",),), At(read_time(schedule.prune_at), zone), timedelta(hours=1)),
        Job(
            "backup",
            (("backup", "--rotate"),),
            At(read_time(schedule.backup_at), zone),
            PACKED_WITHIN + timedelta(minutes=schedule.backup_command_minutes),
            off="" if schedule.backup_to else "schedule.backup_to is not set",
        ),
    )


def needs_other_notification(state: JobState) -> bool:
    """Whether the operator must be notified by the scheduler itself: the job that does it fails again and again."""
    return state.name == MORNING and state.failures >= MORNING_FAILURES and bool(state.outcome) and Outcome.read(state.outcome).is_failure


def taken_up(job: Job, state: JobState | None, now: datetime) -> JobState:
    """The job's state when a scheduler starts, or looks at the clock again.

    A new job that recurs by the minute is due at once, one with an hour at that hour. A job that was at work when its scheduler was
    killed has failed; it is due at once unless that happened before. The due time is set anew where the settings no longer have it.
    It is also set anew where it lies further off than the one after next: the clock was ahead.
    """
    if state is None:
        return JobState(job.name, now if isinstance(job.rhythm, Every) else next_after(job.rhythm, now))
    if state.started_at is not None and state.ended_at is None:
        again = now if not state.failures else _retry_at(job, state.failures + 1, now)
        return replace(
            state,
            ended_at=now,
            exit_code=None,
            outcome=Outcome.INTERRUPTED,
            detail="its scheduler was killed",
            due_at=again,
            failures=state.failures + 1,
        )
    return settled(job, state, now)


def settled(job: Job, state: JobState, now: datetime) -> JobState:
    """The state with a due time that the clock and the settings allow."""
    if state.due_at <= now:
        return state
    following = next_after(job.rhythm, now)
    if isinstance(job.rhythm, Every):
        return replace(state, due_at=min(state.due_at, _retry_at(job, state.failures, now) if state.failures else following))
    waits = state.outcome and not Outcome.read(state.outcome).is_end and state.due_at <= following
    on_time = is_slot(job.rhythm, state.due_at) and state.due_at <= next_after(job.rhythm, following)
    return state if waits or on_time else replace(state, due_at=following)


def begun(state: JobState, now: datetime) -> JobState:
    """The job is at work."""
    return replace(state, started_at=now, ended_at=None)


def ended(job: Job, state: JobState, end: JobEnd, now: datetime) -> JobState:
    """The job's state after it ended, with the next time it is due."""
    failures = state.failures + 1 if end.outcome.is_failure else 0 if end.outcome.is_end else state.failures
    return replace(
        state,
        ended_at=now,
        exit_code=end.exit_code,
        outcome=str(end.outcome),
        detail=end.detail,
        failures=failures,
        succeeded_at=now if end.outcome.is_end else state.succeeded_at,
        busy_since_at=_busy_since(state, end.outcome, now),
        due_at=_next_due(job, state, end.outcome, failures, now),
    )


def _busy_since(state: JobState, outcome: Outcome, now: datetime) -> datetime | None:
    if outcome is Outcome.BUSY:
        return state.busy_since_at or now
    return state.busy_since_at if outcome is Outcome.STOPPED else None


def _next_due(job: Job, state: JobState, outcome: Outcome, failures: int, now: datetime) -> datetime:
    if outcome is Outcome.STOPPED:
        return state.due_at
    if outcome.is_failure:
        return _retry_at(job, failures, now)
    if isinstance(job.rhythm, Every):
        return max(now, min(now, state.started_at or now) + job.rhythm.period)
    if outcome is Outcome.BUSY:
        return min(now + BUSY_AGAIN, next_after(job.rhythm, now))
    return next_after(job.rhythm, now)


def _retry_at(job: Job, failures: int, now: datetime) -> datetime:
    """When a job is tried again that has failed so many times in a row (1 or more): pauses double from failure to failure."""
    doublings = 1 << min(failures - 1, MOST_DOUBLINGS)
    if isinstance(job.rhythm, Every):
        return now + min(job.rhythm.period * doublings, max(job.rhythm.period, LONGEST_PAUSE))
    return min(now + min(FIRST_RETRY * doublings, LONGEST_RETRY), next_after(job.rhythm, now))


def judge(command: str, exit_code: int, report: bytes, lines: Sequence[str]) -> JobEnd:
    """How a command ended, by its report. It has failed, whatever its exit code, without a report or with one that is malformed, too large
    or contradicts the exit code (negative: the signal that killed it). `lines` are the last that it printed."""
    try:
        said = decode_report(report)
        if said.exit_code != exit_code:
            raise BadReport(f"reported {str(said.outcome)!r} with exit code {said.exit_code}")
    except BadReport as error:
        end = f"exit code {exit_code}" if exit_code >= 0 else f"killed by signal {-exit_code}"
        detail = "\n".join((f"`tracker {command}` {error}, {end}", *lines))
        return JobEnd(Outcome.FAILED, exit_code if exit_code >= 0 else None, detail)
    outcome = OUTCOMES[said.outcome]
    return JobEnd(outcome, exit_code, "" if outcome is Outcome.DONE else said.detail or "\n".join(lines[-1:]))


def worst(ends: Iterable[JobEnd]) -> JobEnd:
    """The end that gives a job its outcome. BUSY weighs more than NEEDS_A_PERSON: that command is still to be done. Of equals the first."""
    return max(ends, key=lambda end: _SEVERITY.index(end.outcome), default=JobEnd(Outcome.DONE))


OUTCOMES = {
    CommandOutcome.DONE: Outcome.DONE,
    CommandOutcome.NEEDS_PERSON: Outcome.NEEDS_A_PERSON,
    CommandOutcome.BUSY: Outcome.BUSY,
    CommandOutcome.FAILED: Outcome.FAILED,
}
_SEVERITY = (Outcome.DONE, Outcome.NEEDS_A_PERSON, Outcome.BUSY, Outcome.FAILED, Outcome.TIMED_OUT, Outcome.STOPPED)
