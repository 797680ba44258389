"""What is given up of old runs, and that nothing that is told of runs changes by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from tests.builders import NOW
from tests.conftest import some_of_them
from tracker.model import StepReport
from tracker.store import runs
from tracker.store.schema.operations import run_steps
from tracker.store.schema.operations import runs as rows

STEPS = ("poll", "watch", "digest")
RUN = st.tuples(st.integers(-300, 0), st.booleans(), st.booleans(), st.sets(st.sampled_from(STEPS)))
BEFORE = NOW - timedelta(days=90)


def begin(conn: Connection, days: int, is_night: bool, is_ended: bool, steps: set[str]) -> int:
    at = NOW + timedelta(days=days)
    run_id = runs.start(conn, at, is_night=is_night)
    for step in sorted(steps):
        runs.save_step(conn, run_id, StepReport(step, 1, ()))
    if is_ended:
        runs.finish(conn, run_id, at, 0)
    return run_id


def told(conn: Connection) -> list[Any]:
    """All that is ever asked of runs, of open ones those that may be gone on with."""
    open_ones = [run.run_id for run in runs.interrupted(conn) if run.started_at >= BEFORE]
    nights = runs.nights_between(conn, NOW - timedelta(days=400), NOW + timedelta(days=1))
    newest = [runs.latest(conn), runs.latest(conn, finished=True), runs.latest_night(conn)]
    return [newest, nights, open_ones, [runs.last_with(conn, step) for step in STEPS]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=some_of_them(0.6))
@given(st.lists(RUN, max_size=12), st.integers(1, 5))
def test_what_is_told_of_runs_stays_when_old_ones_are_given_up(conn: Connection, begun: Sequence[Any], limit: int) -> None:
    conn.execute(rows.delete())
    for one in begun:
        begin(conn, *one)
    before = told(conn)
    recent = select(func.count()).select_from(rows).where(rows.c.started_at >= BEFORE)
    count = conn.execute(recent).scalar()
    for _ in begun:
        runs.forget(conn, BEFORE, limit=limit)
    assert told(conn) == before
    assert conn.execute(recent).scalar() == count


def test_old_runs_between_the_nights_go_with_their_steps(conn: Connection) -> None:
    old = [begin(conn, -100, False, True, {"poll"}) for _ in range(5)]
    night, killed = begin(conn, -100, True, True, {"poll", "digest"}), begin(conn, -100, False, False, {"poll"})
    new = begin(conn, -1, False, True, {"poll"})
    counts = [runs.forget(conn, BEFORE, limit=4) for _ in range(3)]
    assert counts == [4, 2, 0]
    assert [*conn.execute(select(rows.c.id).order_by(rows.c.id)).scalars()] == [night, new]
    assert {*conn.execute(select(run_steps.c.run_id)).scalars()} == {night, new}
    assert not {*old, killed} & {night, new}


def test_killed_runs_of_a_command_are_closed_by_a_later_one_of_it(conn: Connection) -> None:
    killed, night = (runs.start(conn, NOW, (name,)) for name in ("backfill", "nightly"))
    later = runs.start(conn, NOW, ("backfill",))
    assert runs.close_killed(conn, "backfill", later, NOW) == 1
    assert [one.run_id for one in runs.interrupted(conn)] == [night, later]
    assert killed not in {night, later}
