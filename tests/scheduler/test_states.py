"""What the scheduler stores of a job's state, and whom it notifies of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.clockwork import Machine, local
from tracker.errors import StoreError
from tracker.model.jobs import JobState, Outcome
from tracker.scheduler import loop
from tracker.scheduler.jobs import needs_other_notification
from tracker.scheduler.processes import Commands, Stop
from tracker.settings import Settings


def test_a_state_is_stored_as_it_is(tmp_path: Path) -> None:
    book = loop.StoredBook(tmp_path, Settings())
    assert book.read() == {}
    at = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    state = JobState("poll", at, at, at, 1, 2, "worte", str(Outcome.FAILED), at)
    book.write([state, JobState("nightly", at)])
    book.write([replace(state, failures=0, ended_at=None)])
    assert book.read() == {"poll": replace(state, failures=0, ended_at=None), "nightly": JobState("nightly", at)}


def test_a_database_whose_disk_went_away_is_not_begun_anew(tmp_path: Path) -> None:
    """The empty folder in which the disk was mounted is left as it is, by the scheduler and by what it starts."""
    workspace, away = tmp_path / "workspace", tmp_path / "away"
    workspace.mkdir()
    book = loop.StoredBook(workspace, Settings())
    book.refuse_gone()
    book.write([JobState("nightly", local("2026-11-26T02:00"))])
    workspace.rename(away)
    workspace.mkdir()
    commands = Commands(workspace, Stop(), program=("/nowhere/python",), before=book.refuse_gone)
    for use in (book.read, lambda: book.write([]), lambda: commands.run(("nightly",), timedelta(hours=1))):
        with pytest.raises(StoreError, match="the database is gone: is its disk connected"):
            use()
    assert [*workspace.iterdir()] == []
    workspace.rmdir()
    away.rename(workspace)
    assert [*book.read()] == ["nightly"]


@pytest.mark.parametrize(
    ("state", "needed"),
    [
        (JobState("morning", local("2026-11-26T07:00"), failures=3, outcome=Outcome.FAILED), True),
        (JobState("morning", local("2026-11-26T07:00"), failures=4, outcome=Outcome.TIMED_OUT), True),
        (JobState("morning", local("2026-11-26T07:00"), failures=2, outcome=Outcome.FAILED), False),
        (JobState("morning", local("2026-11-26T07:00"), failures=3, outcome=Outcome.STOPPED), False),
        (JobState("nightly", local("2026-11-26T07:00"), failures=9, outcome=Outcome.FAILED), False),
        (JobState("morning", local("2026-11-26T07:00")), False),
    ],
)
def test_the_scheduler_notifies_only_of_a_morning_job_that_keeps_failing(state: JobState, needed: bool) -> None:
    assert needs_other_notification(state) is needed


def test_a_notification_that_fails_stops_no_job() -> None:
    def fails(state: JobState) -> None:
        raise OSError("no space left on device")

    machine = Machine(local("2026-11-25T12:00"), local("2026-11-25T13:00"))
    scheduler = machine.schedule()
    scheduler._on_ended = fails
    scheduler.run()
    assert len(machine.times("crawl")) == 6
    assert any("no space left" in line for line in machine.said)
