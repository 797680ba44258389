"""Every run and its steps, kept for the report and for what comes after an interrupted one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from tracker.locale.said import from_plain, to_plain
from tracker.model import Reach, RunReport, SourceTrouble, StepReport
from tracker.store import backend
from tracker.store.packing import pack_text, unpack_as
from tracker.store.schema.columns import to_json
from tracker.store.schema.operations import run_steps, runs


def start(conn: Connection, started_at: datetime, arguments: Sequence[str] = (), *, is_night: bool = False) -> int:
    """Opens a run and returns its id. `is_night`: it covers everything from the crawl to the digest."""
    opened = insert(runs).values(started_at=started_at, arguments=[*arguments], is_night=is_night, needs_a_person=[], digest_paths=[])
    return backend.inserted_id(conn, opened)


def arguments(conn: Connection, run_id: int) -> tuple[str, ...]:
    """The arguments it was started with; empty when there is no such run."""
    stored = conn.execute(select(runs.c.arguments).where(runs.c.id == run_id)).scalar()
    return tuple(stored or ())


def save_step(conn: Connection, run_id: int, report: StepReport) -> None:
    """Stores a step's report; a later one of the same step takes its place."""
    steps = select(func.count()).select_from(run_steps).where(run_steps.c.run_id == run_id)
    values = {
        "run_id": run_id,
        "step": report.step,
        "position": conn.execute(steps).scalar_one(),
        "inputs": report.inputs,
        "outcomes": report.outcomes,
        "seconds": report.seconds,
        "remarks": report.remarks,
    }
    conn.execute(backend.upsert(run_steps, ["run_id", "step"], keep=["position"]), values)


def finish(
    conn: Connection,
    run_id: int,
    ended_at: datetime,
    exit_code: int,
    needs: Sequence[str] = (),
    *,
    troubles: Sequence[SourceTrouble] = (),
    digest_paths: Sequence[str] = (),
    reach: Reach | None = None,
) -> None:
    """Closes a run."""
    values = {
        "ended_at": ended_at,
        "exit_code": exit_code,
        "needs_a_person": [to_plain(need) for need in needs],
        "troubles": pack_text(to_json(msgspec.to_builtins([*troubles]))),
        "digest_paths": [*digest_paths],
        "reach": None if reach is None else pack_text(to_json(msgspec.to_builtins(reach))),
    }
    conn.execute(update(runs).where(runs.c.id == run_id).values(values))


def latest(conn: Connection, *, finished: bool = False) -> RunReport | None:
    """The newest run (with `finished`: the newest that came to its end), or None."""
    statement = select(runs).order_by(runs.c.id.desc()).limit(1)
    if finished:
        statement = statement.where(runs.c.ended_at.is_not(None))
    reports = _reports(conn, conn.execute(statement).all())
    return reports[0] if reports else None


def last_with(conn: Connection, step: str) -> datetime | None:
    """When the newest run began that came to its end and had this step; None where none did."""
    return conn.execute(_newest_with(step)).scalar()


def _newest_with(step: str) -> Select[Any]:
    had = select(runs.c.started_at, runs.c.id).join(run_steps, run_steps.c.run_id == runs.c.id)
    ended = had.where(run_steps.c.step == step, runs.c.ended_at.is_not(None))
    return ended.order_by(run_steps.c.run_id.desc()).limit(1)


def forget(conn: Connection, before: datetime, *, limit: int) -> int:
    """Gives up some runs that began before then, the oldest first, with their steps; returns how many. Nights stay, as do the newest run, the
    newest that ended, and the newest that ended of each step: what is told next time goes on from there."""
    old = select(runs.c.id).where(runs.c.is_night.is_(False), runs.c.started_at < before)
    kept = {conn.execute(select(func.max(runs.c.id)).where(*which)).scalar() for which in ((), (runs.c.ended_at.is_not(None),))}
    ids = conn.execute(old.where(runs.c.id.not_in(kept - {None})).order_by(runs.c.started_at, runs.c.id).limit(limit)).scalars().all()
    steps = conn.execute(select(run_steps.c.step).where(run_steps.c.run_id.in_(ids)).distinct()).scalars().all()
    newest = {row.id for step in steps for row in conn.execute(_newest_with(step))}
    return conn.execute(delete(runs).where(runs.c.id.in_({*ids} - newest))).rowcount


def latest_night(conn: Connection) -> RunReport | None:
    """The newest run from the crawl to the digest, or None. Polls between the nights are runs too."""
    newest = select(func.max(runs.c.id + 0)).where(runs.c.is_night)  # of the bare id SQLite looks through all polls since that night
    reports = _reports(conn, conn.execute(select(runs).where(runs.c.id == newest.scalar_subquery())).all())
    return reports[0] if reports else None


def nights_between(conn: Connection, start_at: datetime, end_at: datetime) -> list[RunReport]:
    """Runs that were asked for a whole round and a digest and began in [start_at, end_at), the oldest first."""
    inside = (runs.c.started_at >= start_at, runs.c.started_at < end_at)
    return _reports(conn, conn.execute(select(runs).where(runs.c.is_night, *inside).order_by(runs.c.started_at, runs.c.id)).all())


def interrupted(conn: Connection) -> list[RunReport]:
    """Runs that began and never ended, oldest first. Under the run lock, before a new one is opened, these were killed."""
    return _reports(conn, conn.execute(select(runs).where(runs.c.ended_at.is_(None)).order_by(runs.c.id)).all())


def close_killed(conn: Connection, command: str, before: int, ended_at: datetime) -> int:
    """Closes the runs of a command that began before the run `before` and never ended; returns how many. Under the run lock only: these
    were killed."""
    killed = [one.run_id for one in interrupted(conn) if one.run_id < before and arguments(conn, one.run_id)[:1] == (command,)]
    for run_id in killed:
        finish(conn, run_id, ended_at, 1, ("it was killed before its end; a later run went on",))
    return len(killed)


def _reports(conn: Connection, rows: Sequence[Row[Any]]) -> list[RunReport]:
    steps: dict[int, list[StepReport]] = {row.id: [] for row in rows}
    wanted = select(run_steps).where(run_steps.c.run_id.in_([*steps])).order_by(run_steps.c.run_id, run_steps.c.position)
    for row in conn.execute(wanted):
        steps[row.run_id].append(StepReport(row.step, row.inputs, row.outcomes, row.seconds, row.remarks))
    return [
        RunReport(
            run_id=row.id,
            started_at=row.started_at,
            ended_at=row.ended_at,
            steps=tuple(steps[row.id]),
            needs_a_person=tuple(map(from_plain, row.needs_a_person)),
            troubles=() if row.troubles is None else unpack_as(row.troubles, tuple[SourceTrouble, ...]),
            digest_paths=row.digest_paths,
            reach=None if row.reach is None else unpack_as(row.reach, Reach),
            exit_code=row.exit_code or 0,
        )
        for row in rows
    ]
