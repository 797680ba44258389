"""Each job of the scheduler, killed in each way a process can die: a failure with back-off, named by the doctor and in the morning."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.alerts.test_staff import Teller
from tests.clockwork import ZONE
from tests.conftest import ROOT
from tests.newsdesk import CAMPAIGN
from tracker.alerts.operator import tell_operator
from tracker.maintenance import checks
from tracker.model.jobs import JobState, Outcome
from tracker.recurrence import Every
from tracker.scheduler import processes
from tracker.scheduler.jobs import LONGEST_PAUSE, LONGEST_RETRY, Job, jobs_of
from tracker.scheduler.loop import Scheduler, StoredBook
from tracker.scheduler.processes import Commands, Stop
from tracker.settings import Schedule, Settings
from tracker.workspace import Parts, open_parts

NAMES = ("nightly", "poll", "weekly", "monthly", "quarterly", "send", "morning", "prune")
SETTINGS = Settings(schedule=Schedule(operator="me@example.org"))
JOBS = {job.name: job for job in jobs_of(SETTINGS, ZONE, has_recipients=True)}
NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
PYTHON = (sys.executable, "-I", "-S")
REPORTED = "import os; os.write(int(os.environ['TRACKER_REPORT_FD']), b'''{}'''); "
DEATHS = {
    "a module that raises on import": ((*PYTHON, "-c", "print('begun', flush=True); import antigravity_of_ours"), 1, "ModuleNotFoundError"),
    "a segfault": ((*PYTHON, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"), None, "killed by signal 11"),
    "SIGKILL": ((*PYTHON, "-c", "import os; print('half way', flush=True); os.kill(os.getpid(), 9)"), None, "half way"),
    "an exit code without words": ((*PYTHON, "-c", "raise SystemExit(1)"), 1, "without a report, exit code 1"),
    "another exit code without words": ((*PYTHON, "-c", "raise SystemExit(77)"), 77, "without a report, exit code 77"),
    "exit 0 without a report": ((*PYTHON, "-c", "import os; os._exit(0)"), 0, "without a report, exit code 0"),
    "no such program": ((*PYTHON, "-m", "tracker"), 1, "No module named tracker"),
    "the words of a busy run": (
        (*PYTHON, "-c", "print('tracker: another run is at work here'); raise SystemExit(3)"),
        3,
        "without a report",
    ),
    "a report that is cut off": ((*PYTHON, "-c", REPORTED.format('{"outcome":"done","ex')), 0, "no readable report"),
    "done, and then killed": (
        (*PYTHON, "-c", REPORTED.format('{"outcome":"done","exit_code":0}') + "os.kill(os.getpid(), 9)"),
        None,
        "killed by signal 9",
    ),
    "done, with exit code 3": ((*PYTHON, "-c", REPORTED.format('{"outcome":"done","exit_code":0}') + "os._exit(3)"), 3, "exit code 3"),
    "a program that is not there": (("/nowhere/python",), None, "cannot be started"),
}


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LOOK_SECONDS", 0.005)


class Memory:
    """A store of states."""

    def __init__(self, states: Sequence[JobState] = ()) -> None:
        self.states = {state.name: state for state in states}

    def read(self) -> dict[str, JobState]:
        return dict(self.states)

    def write(self, states: Sequence[JobState]) -> None:
        self.states |= {state.name: state for state in states}


def due(job: Job) -> JobState:
    """Due now, and well until now."""
    return JobState(job.name, NOON, NOON - timedelta(days=1), NOON - timedelta(days=1), 0, outcome=Outcome.DONE, succeeded_at=NOON)


def work(workspace: Path, job: Job, program: Sequence[str], times: int = 1, clock: datetime = NOON) -> list[JobState]:
    """The job's states after each of so many times that it was due."""
    memory, states, now = Memory([due(job)]), [], clock
    for _ in range(times):
        scheduler = Scheduler(lambda: [job], memory, Commands(workspace, Stop(), program=program), Stop(), lambda: now)  # noqa: B023
        scheduler.run_due()
        states.append(memory.states[job.name])
        now = states[-1].due_at
    return states


@pytest.mark.parametrize("death", DEATHS)
@pytest.mark.parametrize("name", NAMES)
def test_a_job_that_dies_has_failed_and_is_tried_again(tmp_path: Path, name: str, death: str) -> None:
    program, exit_code, words = DEATHS[death]
    (state,) = work(tmp_path, JOBS[name], program)
    assert (state.outcome, state.failures, state.exit_code, state.succeeded_at) == (Outcome.FAILED, 1, exit_code, NOON)
    assert words in state.detail
    rhythm = JOBS[name].rhythm
    assert state.due_at == NOON + (rhythm.period if isinstance(rhythm, Every) else timedelta(minutes=10))


@pytest.mark.parametrize("name", NAMES)
def test_pauses_grow_to_the_longest(tmp_path: Path, name: str) -> None:
    states = work(tmp_path, JOBS[name], ("/nowhere/python",), times=12)
    assert [state.failures for state in states] == list(range(1, 13))
    pauses = [(state.due_at - state.ended_at) for state in states if state.ended_at]
    longest = LONGEST_PAUSE if isinstance(JOBS[name].rhythm, Every) else LONGEST_RETRY
    assert pauses[1] == 2 * pauses[0]
    assert max(pauses) == longest


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("report", "exit_code", "outcome"),
    [("needs_person", 1, Outcome.NEEDS_A_PERSON), ("done", 0, Outcome.DONE), ("busy", 3, Outcome.BUSY)],
)
def test_a_job_that_reports_its_end_has_not_failed(tmp_path: Path, name: str, report: str, exit_code: int, outcome: Outcome) -> None:
    code = REPORTED.format(f'{{"outcome":"{report}","exit_code":{exit_code}}}') + f"print('silent: Zeri'); raise SystemExit({exit_code})"
    (state,) = work(tmp_path, JOBS[name], (*PYTHON, "-c", code))
    assert (state.outcome, state.failures, state.exit_code) == (outcome, 0, exit_code)
    assert state.detail == ("" if outcome is Outcome.DONE else "silent: Zeri")


def test_the_doctor_and_the_morning_line_name_every_job_that_died_with_its_last_lines(tmp_path: Path) -> None:
    """All eight jobs are due, and none of their commands can import what it needs."""
    code = "import sys; print('begun with', sys.argv[3], flush=True); import antigravity_of_ours"
    book = StoredBook(tmp_path, Settings())
    book.write([due(job) for job in JOBS.values()])
    runner = Commands(tmp_path, Stop(), program=(*PYTHON, "-c", code))
    Scheduler(lambda: tuple(JOBS.values()), book, runner, Stop(), lambda: NOON).run_due()
    with open_parts(tmp_path) as parts, parts.database.reading() as conn:
        found = [*checks.check_schedule(tmp_path, conn, NOON)]
    wrong = {check.name: check.finding for check in found if check.name.startswith("job ") and not check.well}
    assert wrong.keys() == {f"job {name}" for name in NAMES}
    assert all("begun with" in finding and "No module named 'antigravity_of_ours'" in finding for finding in wrong.values())
    tell = Teller()
    with closing(Parts(tmp_path, SETTINGS, lambda: NOON)) as parts:
        tell_operator(parts, found, ZONE, tell)
    ((_, _, text),) = tell.told
    lines = [line for line in text.splitlines() if "antigravity_of_ours" in line]
    assert sorted(line.split(":")[0] for line in lines) == [f"- job {name}" for name in sorted(NAMES)]
    assert all("it is tried again at" in line for line in lines)


# --- the real program


def breaking(module: str) -> tuple[str, ...]:
    """The command line of this program, in which a module cannot be imported."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.modules[{module!r}] = None; from tracker.cli.main import main; main()"
    return (sys.executable, "-P", "-c", code)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "campaigns" / "rivers.toml").write_text(CAMPAIGN, "utf-8")
    (tmp_path / "tracker.toml").write_text('[schedule]\noperator = "me@example.org"\n', "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("nightly", "tracker.pipeline.nightly"),
        ("poll", "tracker.cli.nightly"),
        ("weekly", "tracker.pipeline.issue_edition"),
        ("send", "tracker.delivery.mailing"),
        ("morning", "tracker.alerts.operator"),
        ("prune", "tracker.pipeline.nightly"),
    ],
)
def test_a_command_of_this_program_that_dies_of_a_traceback_has_failed(workspace: Path, name: str, module: str) -> None:
    (state,) = work(workspace, JOBS[name], breaking(module), clock=datetime.now(UTC))
    assert (state.outcome, state.failures, state.exit_code) == (Outcome.FAILED, 1, 1)
    assert "ended without a report, exit code 1" in state.detail
    assert f"import of {module} halted" in state.detail


def test_a_command_of_this_program_that_needs_a_person_has_not_failed(workspace: Path) -> None:
    (workspace / "secrets.env").write_text("TRACKER_MAIL__PASSWORD=x\n", "utf-8")
    (workspace / "secrets.env").chmod(0o644)
    (state,) = work(workspace, JOBS["morning"], (sys.executable, "-m", "tracker"), clock=datetime.now(UTC))
    assert (state.outcome, state.failures, state.exit_code) == (Outcome.NEEDS_A_PERSON, 0, 1)
    assert state.detail == "operator: told"


def test_a_command_of_this_program_that_refuses_says_why(workspace: Path) -> None:
    (workspace / "tracker.toml").write_text("[keep]\npages_days = 'x'\n", "utf-8")
    (state,) = work(workspace, JOBS["prune"], (sys.executable, "-m", "tracker"), clock=datetime.now(UTC))
    assert (state.outcome, state.failures, state.exit_code) == (Outcome.FAILED, 1, 2)
    assert "tracker.toml:2" in state.detail
