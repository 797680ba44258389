"""`tracker status`: how the work stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.invocation import Invocation, amount, table, workspace_options
from tracker.text.local_time import in_zone
from tracker.workspace import display_zone, open_parts

if TYPE_CHECKING:
    from tracker.maintenance.work_status import Shared, WorkStatus

NO_WORKER = "No worker is alive: what is due waits; `tracker worker` starts one"


@click.command("status")
@workspace_options
def status(invocation: Invocation) -> int:
    """Show how the work stands: the last night, what is due, what is at work; with PostgreSQL queues, workers and hosts.

    Exit 1: a job was given up, or a worker died.

    Example: tracker status --json
    """
    from tracker.maintenance.work_status import work_status

    with open_parts(invocation.workspace, must_exist=True) as parts:
        found = work_status(parts)
    invocation.show(status_lines(found, display_zone(invocation.workspace)), found)
    return 1 if found.needs_a_person else 0


def status_lines(found: WorkStatus, zone: str) -> list[str]:
    """The state in words."""
    night = found.night
    ended = "never" if night is None else "not ended" if night.ended_at is None else in_zone(night.ended_at, zone)
    lines = [
        f"Store:        {found.store}",
        f"Last night:   {ended}{f', exit code {night.exit_code}' if night and night.ended_at else ''}",
        f"Due:          {amount(found.outlets_due, 'outlet')}{_lateness(found, zone)}",
        f"Waiting:      {amount(found.links_waiting, 'link')} to be fetched, {amount(found.pages_unread, 'page')} to be read",
        f"At work here: {', '.join(found.locks) or 'nothing'}",
    ]
    if found.jobs:
        rows = [
            (job.name, in_zone(job.due_at, zone), job.outcome or "never ended") for job in sorted(found.jobs, key=lambda job: job.due_at)
        ]
        lines += ["", *table(rows, ("job", f"next ({zone})", "last outcome"))]
    if found.shared is not None:
        lines += _shared_lines(found.shared)
    elif found.store == "postgresql":
        lines += ["", "No worker has worked with this database yet; start one with `tracker worker`"]
    if found.needs_a_person:
        lines += ["", "Needs a person:", *[f"  {line}" for line in found.needs_a_person]]
    return lines


def _lateness(found: WorkStatus, zone: str) -> str:
    if found.oldest_due_at is None:
        return ""
    if found.is_at_rest and found.last_polled_at:
        return f"; the last poll was {in_zone(found.last_polled_at, zone)}"
    return f", the longest for {_span((found.now - found.oldest_due_at).total_seconds())}"


def _shared_lines(shared: Shared) -> list[str]:
    from tracker.maintenance.work_status import is_replaced

    pace = shared.pace
    lines = [
        "",
        f"Last {pace.minutes} minutes: {pace.polls} polls, {pace.pages} pages ({pace.pages_a_minute:.1f} a minute), {pace.failed} of {pace.rounds} rounds failed",
    ]
    workers = [
        (one.name, ",".join(one.queues), "alive" if one.is_alive else "gone", _span(one.seen_seconds_ago), one.doing)
        for one in shared.workers
        if one.is_alive or not is_replaced(one, shared.workers)
    ]
    lines += ["", *(table(workers, ("worker", "queues", "state", "seen before", "at")) if workers else [NO_WORKER])]
    if shared.queues:
        rows = [(one.name, str(one.waiting), str(one.under_way), str(one.failed), _span(one.oldest_seconds or 0)) for one in shared.queues]
        lines += ["", *table(rows, ("queue", "waiting", "under way", "failed", "oldest waits"))]
    if shared.waits:
        waits = [(one.domain, one.holder, f"{one.pause_seconds:.1f} s", _span(one.held_seconds)) for one in shared.waits]
        lines += ["", *table(waits, ("domain", "worker", "pause", "turn ends in"))]
    if shared.troubles:
        troubles = [(one.name, str(one.failures), "given up" if one.given_up else "tried again", one.detail) for one in shared.troubles]
        lines += ["", *table(troubles, ("job that broke off", "times", "state", "why"))]
    return lines


def _span(seconds: float) -> str:
    """A length of time in its largest whole unit."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"
