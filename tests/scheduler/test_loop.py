"""What `tracker schedule` does over days, in simulated time; real processes are in test_children and test_schedule_service."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import pairwise

import msgspec
import pytest

from tests.clockwork import SETTINGS, ZONE, Machine, local, reported
from tracker.errors import ConfigError, StoreError
from tracker.model.jobs import JobState, Outcome
from tracker.scheduler import loop
from tracker.scheduler.jobs import Job, jobs_of
from tracker.scheduler.processes import ChildEnd
from tracker.scheduler.report import CommandOutcome, CommandReport, encode_report
from tracker.settings import Schedule
from tracker.store.lock import RunLock

BUSY = reported(CommandOutcome.BUSY, 3, f"{RunLock.taken} (process 7); wait for it, or end it and start again")
CRASHED = ChildEnd(-11)
BROKEN = reported(CommandOutcome.FAILED, 3, "coverage.db cannot grow: the disk is full")
HANGS = ChildEnd(-9, lines=("asking klix",), timed_out=True)
NEEDS = ChildEnd(1, encode_report(CommandReport(CommandOutcome.NEEDS_PERSON, 1)), ("Needs a person:", "silent: Zëri"))
WITH_OPERATOR = msgspec.structs.replace(SETTINGS, schedule=Schedule(operator="me@example.org"))


@pytest.fixture(autouse=True)
def _long_naps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at the clock every 30 seconds of two weeks is what would take long here."""
    monkeypatch.setattr(loop, "LONGEST_NAP", timedelta(minutes=5))


def a_fortnight(**given: object) -> Machine:
    """Two weeks from a Tuesday noon over the end of a quarter: 22 September to 6 October 2026."""
    return Machine(local("2026-09-22T12:00"), local("2026-10-06T12:00"), **given)  # type: ignore[arg-type]


def test_a_fortnight_with_two_nights_asleep_does_exactly_what_it_should() -> None:
    """The machine sleeps from Friday evening to Saturday morning, and from Sunday evening over the hour of the weekly edition."""
    asleep = [(local("2026-09-25T21:00"), local("2026-09-26T09:15")), (local("2026-09-27T23:00"), local("2026-09-28T10:40"))]
    machine = a_fortnight(asleep=asleep).live(WITH_OPERATOR)
    nights = machine.times("nightly")
    assert len(nights) == 14
    assert [night for night in nights if not night.endswith(" 02:00")] == ["Sat 26.09. 09:15", "Mon 28.09. 10:40"]
    assert set(machine.by_day("nightly").values()) == {1}
    assert machine.times("weekly") == ["Mon 28.09. 12:43", "Mon 05.10. 06:00"]
    assert machine.times("monthly") == machine.times("quarterly") == ["Thu 01.10. 06:00"]
    assert set(machine.by_day("doctor").values()) == {1}
    assert len(machine.times("doctor")) == 14
    assert set(machine.by_day("prune").values()) == {1}
    assert not [at for _, at in machine.ran for begin, end in asleep if begin < at < end]


def test_between_the_nights_it_polls_and_sends_at_their_pace_and_alerts_after_every_poll() -> None:
    machine = Machine(local("2026-11-25T12:31"), local("2026-11-25T18:31")).live()
    polls = [at for name, at in machine.ran if name == "crawl"]
    assert len(polls) == 36
    assert {later - earlier for earlier, later in pairwise(polls)} <= {
        timedelta(minutes=minutes, seconds=seconds) for minutes in (9, 10) for seconds in range(60)
    }
    assert 60 <= len(machine.times("send")) <= 72
    names = [name for name, _ in machine.ran]
    assert all(names[place + 1] == "alert" for place, name in enumerate(names) if name == "crawl")
    assert machine.naps < 800


def test_what_finds_goes_before_what_makes_editions_and_that_before_what_sends() -> None:
    asleep = [(local("2026-09-30T23:00"), local("2026-10-01T11:00"))]
    machine = Machine(local("2026-09-30T22:00"), local("2026-10-01T13:30"), asleep).live(WITH_OPERATOR)
    after = [name for name, at in machine.ran if at >= local("2026-10-01T11:00")]
    after = after[after.index("nightly") :]
    assert after[:7] == ["nightly", "alert", "crawl", "alert", "monthly", "quarterly", "send"]
    assert after[7] == "doctor"


@pytest.mark.parametrize(
    ("day", "night"),
    [("2026-03-29", "Sun 29.03. 03:00"), ("2026-10-25", "Sun 25.10. 02:00")],
    ids=["clocks go forward", "clocks go back"],
)
def test_a_change_of_the_clocks_has_one_night(day: str, night: str) -> None:
    noon = local(f"{day}T12:00")
    machine = Machine(noon - timedelta(days=1, hours=1), noon + timedelta(hours=2)).live()
    assert machine.times("nightly") == [night]


@pytest.mark.parametrize("hours", [1, 5, 20])
def test_a_clock_set_back_repeats_no_night_and_stops_no_poll(hours: int) -> None:
    turned = local("2026-11-26T08:00")
    machine = Machine(local("2026-11-25T12:00"), local("2026-11-28T12:00"), turns=[(turned, -timedelta(hours=hours))]).live()
    assert machine.times("nightly")[0] == "Thu 26.11. 02:00"
    assert set(machine.by_day("nightly").values()) == {1}
    assert len(machine.times("crawl")) > 6 * (72 - 14 + hours)


def test_a_clock_that_was_years_ahead_leaves_nothing_waiting_for_years() -> None:
    years = timedelta(days=1500)
    turns = [(local("2026-11-25T13:00") + years, -years)]
    machine = Machine(local("2026-11-25T12:00") + years, local("2026-11-28T12:00"), turns=turns).live()
    assert [night for night in machine.times("nightly") if ".11." in night] == ["Thu 26.11. 02:00", "Fri 27.11. 02:00", "Sat 28.11. 02:00"]
    assert len([poll for poll in machine.times("crawl") if poll.startswith("Fri 27.11.")]) > 100


def test_a_clock_set_ahead_makes_up_for_what_it_skipped_once() -> None:
    machine = Machine(local("2026-11-25T12:00"), local("2026-11-28T12:00"), turns=[(local("2026-11-25T20:00"), timedelta(hours=30))]).live()
    assert machine.times("nightly") == ["Fri 27.11. 02:00", "Sat 28.11. 02:00"]


def test_a_poll_that_meets_another_run_is_no_failure() -> None:
    machine = Machine(local("2026-11-25T12:00"), local("2026-11-25T13:00"), ends=lambda command, at: BUSY if command == "crawl" else None)
    machine.live()
    state = machine.states["poll"]
    assert (state.outcome, state.failures) == (Outcome.BUSY, 0)
    assert len(machine.times("crawl")) == 6


def test_a_night_that_meets_another_run_is_tried_until_that_has_ended() -> None:
    free = local("2026-11-26T02:31")
    machine = Machine(local("2026-11-25T12:00"), local("2026-11-26T12:00"))
    machine.ends = lambda command, at: BUSY if command == "nightly" and at < free else None
    machine.live()
    assert machine.times("nightly")[0] == "Thu 26.11. 02:00"
    assert 5 <= len(machine.times("nightly")) <= 9
    assert machine.states["nightly"].outcome == Outcome.DONE


@pytest.mark.parametrize("end", [CRASHED, BROKEN, HANGS], ids=["crashed", "broken", "hangs"])
def test_a_night_that_fails_is_tried_again_after_growing_pauses_and_stops_nothing_else(end: ChildEnd) -> None:
    machine = Machine(local("2026-11-26T01:00"), local("2026-11-27T01:00"), ends=lambda command, at: end if command == "nightly" else None)
    machine.live()
    tried = [at for name, at in machine.ran if name == "nightly"]
    assert tried[0] == local("2026-11-26T02:00")
    assert 3 <= len(tried) <= 9
    state = machine.states["nightly"]
    assert state.failures == len(tried)
    assert state.outcome == (Outcome.TIMED_OUT if end.timed_out else Outcome.FAILED)
    assert "signal 11" in state.detail or "disk is full" in state.detail or "was ended after" in state.detail
    assert len(machine.times("crawl")) >= (len(tried) if end.timed_out else 100)


def test_a_weekly_edition_is_not_lost_to_a_bad_monday() -> None:
    good = local("2026-12-01T15:00")
    machine = Machine(local("2026-11-29T12:00"), local("2026-12-02T12:00"))
    machine.ends = lambda command, at: BROKEN if command == "weekly" and at < good else None
    machine.live()
    made = [at for name, at in machine.ran if name == "weekly" and at >= good]
    assert len(made) == 1
    assert made[0] < good + timedelta(hours=6, minutes=30)
    assert machine.states["weekly"].failures == 0


def test_a_locked_database_stops_nothing_and_hears_of_it_afterwards() -> None:
    locked = [(local("2026-11-25T13:00"), local("2026-11-26T09:00"))]
    machine = Machine(local("2026-11-25T12:00"), local("2026-11-26T12:00"), locked=locked).live()
    assert machine.times("nightly") == ["Thu 26.11. 02:00"]
    assert machine.states["nightly"].outcome == Outcome.DONE
    assert machine.states["nightly"].due_at == local("2026-11-27T02:00")
    assert [line for line in machine.said if "kept in memory" in line]


def test_a_database_that_cannot_be_used_at_the_start_is_named() -> None:
    class Locked(Machine):
        def read(self) -> dict[str, object]:  # type: ignore[override]
            raise StoreError("coverage.db is in use by another program")

    with pytest.raises(StoreError, match="in use"):
        Locked(local("2026-11-25T12:00"), local("2026-11-26T12:00")).live()


def test_a_killed_scheduler_does_again_what_it_was_at_once_at_first_and_later_with_pauses() -> None:
    class Killed(Exception):
        pass

    def dies(command: str, at: datetime) -> ChildEnd | None:
        if command == "nightly":
            raise Killed
        return None

    machine = Machine(local("2026-11-26T01:00"), local("2026-11-26T04:00"), ends=dies)
    tried = []
    for _ in range(4):
        with pytest.raises(Killed):
            machine.live()
        tried.append(machine.now)
        machine.now += timedelta(seconds=30)
    assert tried[0] == local("2026-11-26T02:00")
    assert tried[1] - tried[0] == timedelta(seconds=30)
    assert tried[2] - tried[1] > timedelta(minutes=15)
    assert machine.states["nightly"].failures == 3
    machine.ends = lambda command, at: None
    machine.until = local("2026-11-26T12:00")
    machine.live()
    assert machine.states["nightly"].failures == 0


def test_a_scheduler_that_was_asked_to_end_takes_up_what_it_was_at_without_calling_it_a_failure() -> None:
    machine = Machine(local("2026-11-26T01:55"), local("2026-11-26T02:00:05"))
    machine.ends = lambda command, at: ChildEnd(-15, stopped=True) if command == "nightly" else None
    machine.live()
    state = machine.states["nightly"]
    assert (state.outcome, state.failures, state.due_at) == (Outcome.STOPPED, 0, local("2026-11-26T02:00"))
    assert machine.ran[-1][0] == "nightly"
    machine.ends, machine.until = lambda command, at: None, machine.now + timedelta(hours=1)
    machine.live()
    assert [name for name, _ in machine.ran if name == "nightly"] == ["nightly"] * 2
    assert machine.states["nightly"].outcome == Outcome.DONE


def test_the_jobs_are_registered_as_the_package_knows_them_and_their_next_runs_are_the_stores() -> None:
    keeper = Machine(local("2026-11-25T12:31"), local("2026-11-26T12:00")).schedule(WITH_OPERATOR)
    keeper.run_due()
    jobs = {tag: job for job in keeper.registered.get_jobs() for tag in job.tags}
    assert list(jobs) == ["nightly", "poll", "weekly", "monthly", "quarterly", "send", "morning", "prune"]
    assert (jobs["nightly"].unit, jobs["nightly"].interval, jobs["nightly"].at_time) == ("days", 1, time(2))
    assert (jobs["weekly"].start_day, jobs["weekly"].at_time, str(jobs["weekly"].at_time_zone)) == ("monday", time(6), ZONE)
    assert (jobs["poll"].unit, jobs["poll"].interval) == ("seconds", 600)
    first = jobs["nightly"].next_run - keeper.states["nightly"].due_at.replace(tzinfo=None)
    for name, job in jobs.items():
        assert job.next_run - keeper.states[name].due_at.replace(tzinfo=None) == first, name


def test_what_a_stopped_machine_missed_is_pending_in_the_order_of_registration() -> None:
    machine = Machine(local("2026-12-01T09:00"), local("2026-12-02T12:00"))
    missed = {"send": "2026-11-29T09:00", "monthly": "2026-12-01T06:00", "nightly": "2026-11-30T02:00"}
    machine.states = {name: JobState(name, local(at)) for name, at in missed.items()}
    keeper = machine.schedule(jobs=[job for job in jobs_of(SETTINGS, ZONE, has_recipients=True) if job.name in missed])
    keeper.registered.run_pending()
    assert [name for name, _ in machine.ran] == ["nightly", "alert", "monthly", "send"]
    keeper.run_due()
    assert len(machine.ran) == 4
    assert machine.states["nightly"].due_at == local("2026-12-02T02:00")


def test_once_does_what_is_due_and_no_more() -> None:
    machine = Machine(local("2026-11-25T12:00"), local("2026-11-30T12:00"))
    machine.schedule().run_due()
    assert [name for name, _ in machine.ran] == ["crawl", "alert", "send"]
    machine.now = local("2026-11-26T09:00")
    machine.schedule().run_due()
    assert [name for name, _ in machine.ran][3:] == ["nightly", "alert", "crawl", "alert", "send", "prune"]
    machine.now += timedelta(minutes=1)
    machine.schedule().run_due()
    assert len(machine.ran) == 9


def test_changed_hours_hold_from_the_next_start() -> None:
    machine = Machine(local("2026-11-25T12:00"), local("2026-11-25T13:00")).live()
    machine.until = local("2026-11-26T12:00")
    machine.live(msgspec.structs.replace(SETTINGS, schedule=Schedule(nightly_at="04:15", poll_minutes=60.0)))
    assert machine.times("nightly") == ["Thu 26.11. 04:15"]
    assert len(machine.times("crawl")) <= 6 + 24


def test_what_is_changed_while_it_runs_holds_from_then_on_and_what_cannot_be_read_changes_nothing() -> None:
    machine = Machine(local("2026-11-25T12:00"), local("2026-11-27T12:00"))
    seen: list[str] = []

    def wanted() -> tuple[Job, ...]:
        if local("2026-11-26T01:00") <= machine.now < local("2026-11-26T12:00"):
            seen.append("broken")
            raise ConfigError("is not valid TOML", place="tracker.toml")
        later = machine.now >= local("2026-11-26T12:00")
        settings = msgspec.structs.replace(SETTINGS, schedule=Schedule(nightly_at="03:30" if later else "02:00"))
        return jobs_of(settings, ZONE, has_recipients=later)

    loop.Scheduler(wanted, machine, machine, machine, machine.clock, machine.said.append).run()
    assert machine.times("nightly") == ["Thu 26.11. 02:00", "Fri 27.11. 03:30"]
    assert min(at for name, at in machine.ran if name == "send") >= local("2026-11-26T12:00")
    assert len(seen) > 10
    assert len([line for line in machine.said if "the settings of before hold: tracker.toml" in line]) == 1


def test_nothing_is_sent_without_recipients_and_nobody_is_told_where_nobody_is_named() -> None:
    off = {job.name: job.off for job in jobs_of(SETTINGS, ZONE, has_recipients=False) if job.off}
    assert off.keys() == {"send", "mailbox", "morning", "backup"}
    machine = Machine(local("2026-11-25T12:00"), local("2026-11-26T12:00"))
    machine.schedule(has_recipients=False).run()
    assert not {"send", "doctor"} & {name for name, _ in machine.ran}


def test_a_backup_is_made_daily_where_a_folder_is_named_and_one_that_fails_is_tried_again() -> None:
    given = msgspec.structs.replace(SETTINGS, schedule=Schedule(backup_to="/srv/backups", backup_at="23:15"))
    (job,) = [job for job in jobs_of(given, ZONE, has_recipients=True) if job.name == "backup"]
    failing = local("2026-11-27T00:00")
    machine = Machine(local("2026-11-25T12:00"), local("2026-11-28T12:00"), ends=lambda name, at: CRASHED if at < failing else None)
    machine.schedule(jobs=[job]).run()
    tried = machine.times("backup")
    assert tried[0] == "Wed 25.11. 23:15"
    assert 4 <= len([at for at in tried if "26.11." in at or "25.11." in at]) <= 12
    assert tried[-1] == "Fri 27.11. 23:15"
    assert machine.states["backup"].failures == 0


def test_a_job_that_needs_a_person_has_come_to_its_end() -> None:
    machine = Machine(local("2026-11-25T12:00"), local("2026-11-25T12:05"), ends=lambda command, at: NEEDS)
    machine.live()
    state = machine.states["poll"]
    assert (state.outcome, state.exit_code, state.failures, state.detail) == (Outcome.NEEDS_A_PERSON, 1, 0, "silent: Zëri")
    assert state.succeeded_at is not None


@pytest.mark.parametrize(("command", "job", "period"), [("crawl", "poll", 10), ("send", "send", 5)])
@pytest.mark.parametrize("end", [CRASHED, ChildEnd(1, lines=("ModuleNotFoundError: x",)), HANGS], ids=["killed", "traceback", "hangs"])
def test_what_recurs_by_the_minute_pauses_after_failures_and_tries_once_an_hour_at_least(
    command: str, job: str, period: int, end: ChildEnd
) -> None:
    mended = local("2026-11-26T12:00")
    machine = Machine(local("2026-11-25T12:00"), mended, ends=lambda name, at: end if name == command else None).live()
    tried = [at for name, at in machine.ran if name == command]
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    limits = {one.name: one.limit for one in jobs_of(SETTINGS, ZONE, has_recipients=True)}
    beside = timedelta(hours=2, minutes=15) + (limits[job] if end.timed_out else timedelta())  # the night goes first
    assert min(pauses) >= timedelta(minutes=period)
    assert max(pauses) <= timedelta(hours=1, minutes=5) + beside
    assert machine.states[job].failures == len(tried)
    assert machine.states[job].succeeded_at is None
    assert len(tried) <= 30
    machine.ends, machine.until = lambda name, at: None, mended + timedelta(hours=4)
    machine.live()
    first = min(at for name, at in machine.ran if name == command and at >= mended)
    assert first <= max(mended, max(tried)) + timedelta(hours=1, minutes=5) + (limits[job] if end.timed_out else timedelta())
    assert machine.states[job].failures == 0
    assert len([name for name, at in machine.ran if name == command and at >= first]) > 10


def test_a_poll_with_a_period_above_an_hour_is_not_tried_more_seldom_after_failures() -> None:
    slow = msgspec.structs.replace(SETTINGS, schedule=Schedule(poll_minutes=180.0))
    machine = Machine(local("2026-11-25T12:00"), local("2026-11-26T12:00"), ends=lambda name, at: CRASHED if name == "crawl" else None)
    assert len([name for name, _ in machine.live(slow).ran if name == "crawl"]) == 8


def test_a_scheduler_killed_at_the_same_poll_again_and_again_pauses_longer_and_longer() -> None:
    def dies(command: str, at: datetime) -> ChildEnd | None:
        if command == "crawl":
            raise InterruptedError
        return None

    machine = Machine(local("2026-11-25T12:00"), local("2026-11-25T20:00"), ends=dies)
    tried = []
    for _ in range(5):
        with pytest.raises(InterruptedError):
            machine.live()
        tried.append(machine.now)
        machine.now += timedelta(seconds=1)
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert pauses[0] == timedelta(seconds=1)
    assert timedelta(minutes=19) < pauses[1] < pauses[2] <= pauses[3] < timedelta(hours=1, minutes=5)


def test_an_alert_that_needs_a_person_does_not_hide_that_the_night_was_kept_away() -> None:
    ends = {"nightly": BUSY, "alert": NEEDS}
    machine = Machine(local("2026-11-26T01:59"), local("2026-11-26T02:04"), ends=lambda command, at: ends.get(command)).live()
    state = machine.states["nightly"]
    assert (state.outcome, state.failures) == (Outcome.BUSY, 0)
    assert state.due_at < local("2026-11-26T02:10")
    assert "process 7" in state.detail


def test_a_job_kept_away_by_another_run_after_failures_still_counts_them() -> None:
    machine = Machine(local("2026-11-25T12:00"), local("2026-11-25T12:29"))
    machine.ends = lambda command, at: None if command != "crawl" else CRASHED if at < local("2026-11-25T12:05") else BUSY
    state = machine.live().states["poll"]
    assert (state.outcome, state.failures, state.succeeded_at) == (Outcome.BUSY, 1, None)
