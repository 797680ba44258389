"""The scheduler: what is due is done, one thing after the other, each in a child process with a time limit.

The `schedule` package keeps the jobs and runs those that are due; their `next_run` comes from the store. A job's next time is stored
when the job has ended: killed anywhere, the scheduler does again what it was at. Every job may be done again without harm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import schedule

from tracker.errors import StoreError, TrackerError
from tracker.model.jobs import JobState, Outcome
from tracker.recurrence import WEEKDAYS, Every
from tracker.scheduler.jobs import Job, JobEnd, begun, ended, judge, settled, taken_up, worst
from tracker.scheduler.processes import ChildEnd
from tracker.settings import Settings
from tracker.store import jobs as stored
from tracker.store.database import Database, database_exists, open_database
from tracker.text.local_time import in_zone

LONGEST_NAP = timedelta(seconds=30)
"""A machine that was asleep is noticed that soon: the sleep of a process does not count the sleep of the machine."""
BOOK_PATIENCE_SECONDS = 5.0
"""How long a locked database is waited for: the states stay in memory, so a later write loses nothing."""


class Runner(Protocol):
    def run(self, arguments: Sequence[str], limit: timedelta, /) -> ChildEnd:
        """A command, to its end."""


class Stopping(Protocol):
    asked: bool

    def wait(self, seconds: float) -> None:
        """Sleeps so long, or until it is asked."""


class Book(Protocol):
    """Where the jobs' states are kept. Both raise StoreError while the database cannot be used."""

    def read(self) -> dict[str, JobState]:
        """All states, by name."""

    def write(self, states: Sequence[JobState]) -> None:
        """Stores these."""


class StoredBook:
    """The table `jobs`. Opened for every use: a backup may take the database's place, and a program of tomorrow may migrate it."""

    def __init__(self, workspace: Path, settings: Settings, on_made: Callable[[str], None] | None = None) -> None:
        self._workspace, self._given, self._on_made = workspace, settings.database, on_made
        self._was_there = False

    def read(self) -> dict[str, JobState]:
        """All states, by name."""
        with closing(self._open()) as database, database.reading() as conn:
            return stored.every(conn)

    def write(self, states: Sequence[JobState]) -> None:
        """Stores these."""
        with closing(self._open()) as database, database.writing() as conn:
            for state in states:
                stored.save(conn, state)

    def refuse_gone(self) -> None:
        """Raises StoreError where the database was there and is not any more: a job would begin another one in its place."""
        if self._was_there and not database_exists(self._workspace, self._given.url):
            raise StoreError("the database is gone: is its disk connected? Bring it back; none is begun in its place")

    def _open(self) -> Database:
        patience = min(self._given.busy_timeout_seconds, BOOK_PATIENCE_SECONDS)
        self.refuse_gone()
        found = open_database(self._workspace, self._given.url, busy_timeout_seconds=patience, on_made=self._on_made)
        self._was_there = not found.on_server  # a server would be asked once more each time
        return found


def register(jobs: schedule.Scheduler, job: Job, work: Callable[[Job], None]) -> schedule.Job:
    """Adds the job to the package's list, tagged with its name. Days of the month, which the package does not know, are the store's:
    such a job is registered for its hour of every day, and its `next_run` is set."""
    rhythm = job.rhythm
    if isinstance(rhythm, Every):
        made: schedule.Job = jobs.every(max(round(rhythm.period.total_seconds()), 1)).seconds
    else:
        day = jobs.every().day if rhythm.weekday is None else getattr(jobs.every(), WEEKDAYS[rhythm.weekday])
        made = day.at(f"{rhythm.at:%H:%M}", rhythm.zone)
    made.do(work, job).tag(job.name)
    return made


def run_commands(runner: Runner, job: Job) -> JobEnd:
    """All commands of the job. The worst end gives the job its outcome; the others are run all the same."""
    ends: list[JobEnd] = []
    for arguments in job.commands:
        ends.append(_command(runner, arguments, job.limit))
        if ends[-1].outcome is Outcome.STOPPED:
            break
    return worst(ends)


def _command(runner: Runner, arguments: Sequence[str], limit: timedelta) -> JobEnd:
    try:
        end = runner.run(arguments, limit)
    except TrackerError as error:
        return JobEnd(Outcome.FAILED, None, str(error))
    if end.stopped:
        return JobEnd(Outcome.STOPPED, None, "the scheduler was asked to end")
    if end.timed_out:
        return JobEnd(Outcome.TIMED_OUT, None, "\n".join((f"`tracker {' '.join(arguments)}` was ended after {limit}", *end.lines)))
    return judge(" ".join(arguments), end.exit_code, end.report, end.lines)


class Scheduler:
    """Keeps the jobs going until it is asked to stop. Its own memory is what counts while it lives; a database that is locked or full
    for a while gets it later."""

    def __init__(
        self,
        wanted: Callable[[], Sequence[Job]],
        book: Book,
        runner: Runner,
        stop: Stopping,
        clock: Callable[[], datetime],
        say: Callable[[str], None] = lambda line: None,
        on_ended: Callable[[JobState], None] = lambda state: None,
        zone: str = "UTC",
    ) -> None:
        """`wanted` gives the jobs as the settings have them now; `on_ended` is called with each job's state after it has ended; `say` is
        told moments of `zone`. Raises what `wanted` or the book raises."""
        self._on_ended, self._zone = on_ended, zone
        self._wanted, self._book, self._runner, self._stop, self._clock, self._say = wanted, book, runner, stop, clock, say
        self._known = book.read()
        self.states: dict[str, JobState] = {}
        self._unsaved: set[str] = set()
        self.registered = schedule.Scheduler()
        self._jobs: tuple[Job, ...] = ()
        self._trouble = ""
        self._take_up(wanted())
        self._save()

    def run(self) -> None:
        """Does what is due whenever it is, until asked to stop."""
        while not self._stop.asked:
            self.run_due()
            self._stop.wait(self._seconds_until_next())

    def run_due(self) -> None:
        """Does once what is due now."""
        self._look_again()
        now = self._clock()
        for job in self._jobs:
            self._keep(settled(job, self.states[job.name], now))
        self._save()
        self._set_next_runs()
        self.registered.run_pending()
        self._set_next_runs()

    def _set_next_runs(self) -> None:
        """The package's times are those of the store: what a stopped or sleeping machine missed is caught up with once.

        The package compares them with this machine's clock, so they are counted from its now. What is due is due at one moment: the
        package then keeps the order of registration.
        """
        now, local = self._clock(), datetime.now()  # noqa: DTZ005 (the package's times have no zone)
        for registered, job in zip(self.registered.jobs, self._jobs, strict=True):
            registered.next_run = local + max(self.states[job.name].due_at - now, timedelta())

    def _work(self, job: Job) -> None:
        """Runs the job and notes how it ended, unless the scheduler was asked to stop meanwhile."""
        if self._stop.asked:
            return
        self._keep(begun(self.states[job.name], self._clock()))
        self._save()
        end = run_commands(self._runner, job)
        self._keep(ended(job, self.states[job.name], end, self._clock()))
        self._save()
        state = self.states[job.name]
        self._say(f"{job.name}: {end.outcome}{f' ({end.in_short})' if end.detail else ''}; next {in_zone(state.due_at, self._zone)}")
        try:
            self._on_ended(state)
        except (TrackerError, OSError) as error:
            self._say(f"{job.name}: {error}")

    def _look_again(self) -> None:
        """The settings hold from when they are changed; ones that cannot be read leave all as it was."""
        try:
            self._take_up(self._wanted())
        except TrackerError as error:
            if str(error) != self._trouble:
                self._say(f"the settings of before hold: {error}")
            self._trouble = str(error)
        else:
            self._trouble = ""

    def _take_up(self, wanted: Sequence[Job]) -> None:
        jobs = tuple(job for job in wanted if not job.off)
        if jobs == self._jobs:
            return
        before = {job.name for job in self._jobs}
        added = [job for job in jobs if job.name not in before and job.name not in self._unsaved]
        known = self._known if not before else self._book.read() if added else {}  # workers may have done it meanwhile
        for job in added:
            self.states[job.name] = taken_up(job, known.get(job.name), self._clock())
            self._unsaved.add(job.name)
        self._jobs = jobs
        self.registered.clear()
        for job in jobs:
            register(self.registered, job, self._work)
        self._set_next_runs()

    def _keep(self, state: JobState) -> None:
        if self.states[state.name] != state:
            self.states[state.name] = state
            self._unsaved.add(state.name)

    def _save(self) -> None:
        if not self._unsaved:
            return
        try:
            self._book.write([self.states[name] for name in sorted(self._unsaved)])
        except StoreError as error:
            self._say(f"the jobs' times are kept in memory for now: {error}")
        else:
            self._unsaved.clear()

    def _seconds_until_next(self) -> float:
        soonest = min((self.states[job.name].due_at for job in self._jobs), default=self._clock() + LONGEST_NAP)
        return min(max((soonest - self._clock()).total_seconds(), 0.0), LONGEST_NAP.total_seconds())
