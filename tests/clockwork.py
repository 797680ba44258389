"""A scheduler's surroundings in simulated time: a clock, a machine that sleeps, commands that take their time, a store in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.errors import StoreError
from tracker.model.jobs import JobState
from tracker.scheduler.jobs import Job, jobs_of
from tracker.scheduler.loop import Scheduler
from tracker.scheduler.processes import ChildEnd
from tracker.scheduler.report import CommandOutcome, CommandReport, encode_report
from tracker.settings import Settings

ZONE = "Europe/Tirane"
DURATIONS = {"nightly": timedelta(hours=2), "crawl": timedelta(minutes=3), "send": timedelta(seconds=20)}


def reported(outcome: CommandOutcome, exit_code: int, detail: str = "") -> ChildEnd:
    """A command that ended on its feet and said so."""
    return ChildEnd(exit_code, encode_report(CommandReport(outcome, exit_code, detail)))


DONE = reported(CommandOutcome.DONE, 0)


def local(text: str) -> datetime:
    """A moment as a clock on the wall of the campaign's zone shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


@dataclass
class Machine:
    """`asleep`: (from, to). `turns`: (at, by how much the clock is set). `ends`: what commands answer instead of "done"."""

    now: datetime
    until: datetime
    asleep: Sequence[tuple[datetime, datetime]] = ()
    turns: list[tuple[datetime, timedelta]] = field(default_factory=list)
    ends: Callable[[str, datetime], ChildEnd | None] = lambda command, at: None
    ran: list[tuple[str, datetime]] = field(default_factory=list)
    states: dict[str, JobState] = field(default_factory=dict)
    locked: Sequence[tuple[datetime, datetime]] = ()
    said: list[str] = field(default_factory=list)
    naps: int = 0

    # what the scheduler asks of it

    @property
    def asked(self) -> bool:
        return self.now >= self.until and not self.turns

    def wait(self, seconds: float) -> None:
        self.naps += 1
        self._pass(timedelta(seconds=seconds))

    def clock(self) -> datetime:
        return self.now

    def run(self, arguments: Sequence[str], limit: timedelta) -> ChildEnd:
        command = arguments[0] if arguments[0] != "digest" else arguments[-1]
        self.ran.append((command, self.now))
        end = self.ends(command, self.now) or DONE
        worked = DURATIONS.get(command, timedelta(seconds=5)) if end is DONE else timedelta(seconds=5)
        self._pass(limit if end.timed_out else worked)
        return end

    def read(self) -> dict[str, JobState]:
        return dict(self.states)

    def write(self, states: Sequence[JobState]) -> None:
        if any(begin <= self.now < end for begin, end in self.locked):
            raise StoreError("coverage.db is in use by another program")
        self.states |= {state.name: state for state in states}

    # what tests ask of it

    def schedule(self, settings: Settings | None = None, *, has_recipients: bool = True, jobs: Sequence[Job] = ()) -> Scheduler:
        chosen = jobs or jobs_of(settings or SETTINGS, ZONE, has_recipients=has_recipients)
        return Scheduler(lambda: chosen, self, self, self, self.clock, self.said.append)

    def live(self, settings: Settings | None = None) -> Machine:
        self.schedule(settings).run()
        return self

    def times(self, command: str) -> list[str]:
        return [f"{at.astimezone(ZoneInfo(ZONE)):%a %d.%m. %H:%M}" for name, at in self.ran if name == command]

    def by_day(self, command: str) -> dict[date, int]:
        return dict(Counter(at.astimezone(ZoneInfo(ZONE)).date() for name, at in self.ran if name == command))

    def _pass(self, length: timedelta) -> None:
        end = self.now + length
        for begin, awake in self.asleep:
            if self.now < awake and begin < end:
                end = max(end, awake)
        while self.turns and self.turns[0][0] <= end:
            end += self.turns.pop(0)[1]
        self.now = end


SETTINGS = Settings()
