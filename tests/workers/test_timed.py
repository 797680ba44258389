"""The night, editions and sending as jobs of workers: at their times, once, and again after a worker that died in one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from tests.newsdesk import CAMPAIGN
from tests.workers.desk import WorkDesk, ended
from tracker.cli.invocation import Invocation
from tracker.cli.schedule import _jobs
from tracker.model.jobs import JobState, Outcome
from tracker.queue.jobs import SCHEDULE, lock_of
from tracker.scheduler.jobs import AT_WORKERS, JobEnd, begun
from tracker.store import jobs as stored
from tracker.store.work import jobs as queued
from tracker.store.work import rounds, workers
from tracker.store.work.schema import is_prepared
from tracker.workers import timed
from tracker.workers.timed import TimedJobs
from tracker.workspace import Parts, open_parts

RECIPIENTS = """[[recipients]]
name = "Ana"
email = "ana@ngo.example"
role = "staff"
language = "en"
edition = "weekly"
"""
LONG_SECONDS = 500


@pytest.fixture
def desk(postgres_url: str, tmp_path: Path) -> Iterator[WorkDesk]:
    made = WorkDesk(tmp_path / "desk", postgres_url)
    (made.folder / "campaigns").mkdir()
    (made.folder / "campaigns" / "rivers.toml").write_text(CAMPAIGN, "utf-8")
    (made.folder / "recipients.toml").write_text(RECIPIENTS, "utf-8")
    yield made
    made.close()


@pytest.fixture
def parts(desk: WorkDesk) -> Iterator[Parts]:
    with open_parts(desk.folder) as opened:
        yield opened


@dataclass
class Done:
    """In the place of commands: what was run, and what becomes of it."""

    names: list[str] = field(default_factory=list)
    end: JobEnd | BaseException = field(default_factory=lambda: JobEnd(Outcome.DONE, 0))

    def __call__(self, commands: object, job: timed.Job) -> JobEnd:
        self.names.append(job.name)
        if isinstance(self.end, BaseException):
            raise self.end
        return self.end


def states(desk: WorkDesk) -> dict[str, JobState]:
    with desk.database.reading() as conn:
        return stored.every(conn)


def is_due(desk: WorkDesk, name: str) -> bool:
    return states(desk)[name].due_at <= workers.now(desk.link)


def test_a_job_is_enqueued_when_its_time_has_come_and_done_once(desk: WorkDesk, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    done = Done()
    monkeypatch.setattr(timed, "run_commands", done)
    jobs = TimedJobs(parts, desk.link)
    assert jobs.enqueued(()) == ["send"], "what recurs is due at once, what has an hour at that hour"
    assert set(states(desk)) == set(AT_WORKERS)
    assert jobs.enqueued({lock_of("send")}) == []
    assert jobs.run("send") == JobEnd(Outcome.DONE, 0)
    assert jobs.run("send") is None, "another worker has done it meanwhile"
    assert jobs.run("weekly") is None, "not due"
    assert done.names == ["send"]
    assert not is_due(desk, "send")
    assert jobs.enqueued(()) == []
    with desk.database.writing() as conn:
        stored.save(conn, JobState("weekly", workers.now(desk.link) - timedelta(minutes=1)))
    assert jobs.enqueued(()) == ["weekly"]


def test_a_job_whose_worker_died_is_due_again_and_one_that_is_under_way_is_not(
    desk: WorkDesk, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timed, "run_commands", Done(end=KeyboardInterrupt()))
    jobs = TimedJobs(parts, desk.link)
    jobs.enqueued(())
    with pytest.raises(KeyboardInterrupt):
        jobs.run("send")
    assert (jobs.enqueued(()), jobs.run("send")) == ([], None)
    jobs.interrupted("send")
    state = states(desk)["send"]
    assert (state.outcome, state.failures) == (str(Outcome.INTERRUPTED), 1)
    assert jobs.enqueued(()) == ["send"]
    monkeypatch.setattr(timed, "run_commands", Done())
    assert jobs.run("send") is not None
    assert states(desk)["send"].failures == 0


def test_what_nobody_took_back_is_due_again_after_its_limit(desk: WorkDesk, parts: Parts) -> None:
    long_ago = workers.now(desk.link) - timedelta(hours=3)
    with desk.database.writing() as conn:
        stored.save(conn, begun(JobState("send", long_ago), long_ago))
    assert TimedJobs(parts, desk.link).enqueued(()) == ["send"]


def test_a_workspace_without_recipients_leaves_these_jobs_to_others(desk: WorkDesk, parts: Parts) -> None:
    (desk.folder / "recipients.toml").unlink()
    assert TimedJobs(parts, desk.link).enqueued(()) == []
    assert states(desk) == {}


def test_the_scheduler_leaves_these_jobs_to_workers_as_long_as_one_is_alive(desk: WorkDesk) -> None:
    assert is_prepared(desk.link)
    invocation = Invocation(desk.folder)
    assert not _left(invocation)
    workers.seen(desk.link, "one:1", ["polls", "editions"], "1")
    assert not _left(invocation)
    workers.seen(desk.link, "two:1", ["editions", SCHEDULE], "1")
    assert _left(invocation) == set(AT_WORKERS)
    workers.gone(desk.link, "two:1")
    assert not _left(invocation)


def _left(invocation: Invocation) -> set[str]:
    return {job.name for job in _jobs(invocation, "Europe/Tirane") if "worker" in job.off}


def test_two_workers_send_once_by_the_real_command_and_end(desk: WorkDesk) -> None:
    both = [desk.start("--queues", "editions", "--once") for _ in range(2)]
    with ended(both):
        assert [one.wait(LONG_SECONDS) for one in both] == [0, 0], desk.log()
    assert _sent(desk) == 1, desk.log()
    assert (desk.folder / "jobs.log").read_text("utf-8").count("--- tracker send") == 1
    assert states(desk)["send"].outcome == str(Outcome.DONE), desk.log()
    assert queued.queues(desk.link) == []


def _sent(desk: WorkDesk) -> int:
    found: Sequence[tuple[str, str, int]] = rounds.by_outcome(desk.link)
    return sum(count for queue, outcome, count in found if (queue, outcome) == ("editions", str(Outcome.DONE)))
