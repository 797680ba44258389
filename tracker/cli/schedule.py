"""`tracker schedule` and `tracker alert`: it runs alone, and tells staff at once what cannot wait."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
from msgspec.structs import replace

from tracker.cli.invocation import Invocation, options_anywhere, say_begun, table, workspace_options
from tracker.delivery.audience import read_audience
from tracker.delivery.recipients import FILE_NAME, Recipient
from tracker.errors import RunLocked, UsageError
from tracker.model.jobs import JobState, in_one_line
from tracker.scheduler.jobs import AT_WORKERS, Job, jobs_of, needs_other_notification, taken_up
from tracker.store.lock import ScheduleLock
from tracker.text.log_lines import log_line
from tracker.workspace import Parts, open_parts, read_campaigns, require_workspace, wall_clock, workspace_settings

if TYPE_CHECKING:
    from tracker.alerts.staff import AlertReport
    from tracker.scheduler.processes import Stop
    from tracker.scheduler.systemd import ServiceManager


@click.command("schedule")
@click.option("--list", "show", is_flag=True, help="Show the jobs, how each ended last and when it is due; start nothing.")
@click.option("--once", is_flag=True, help="Do what is due now and end: for cron.")
@click.option("--unit", is_flag=True, help="Print a systemd unit for this workspace.")
@options_anywhere
def schedule(invocation: Invocation, show: bool, once: bool, unit: bool) -> int:
    """Keep running: the night, polls between, editions, sending, pruning and the morning line, at their times in the campaign's zone.

    What was missed while the machine slept is caught up once. Each job is a process of its own with a time limit, one at a time; what
    they print is in jobs.log. SIGTERM, Ctrl-C or a closed terminal ends it cleanly.

    Example: tracker --workspace ~/coverage schedule
    """
    if sum([show, once, unit]) > 1:
        raise UsageError("--list, --once and --unit exclude one another")
    if unit:
        from tracker.scheduler.systemd import service_unit

        click.echo(service_unit(invocation.workspace, writes_to=_written_beside(invocation.workspace)), nl=False)
        return 0
    require_workspace(invocation.workspace)  # a disk that is not connected leaves an empty folder: no second database begins there
    zone = read_campaigns(invocation.workspace)[0].time_zone
    if show:
        return _show(invocation, zone)
    from tracker.scheduler.processes import Stop
    from tracker.scheduler.systemd import ServiceManager

    manager = ServiceManager.claim(os.environ)
    stop = Stop(manager.alive)
    stop.listen()  # before the lock: who reads this process's number there may ask it to end at once
    try:
        with ScheduleLock(invocation.workspace, workspace_settings(invocation.workspace).database.url).acquire():
            _keep_going(invocation, zone, manager, stop, once=once)
    except RunLocked as error:
        if not once:
            raise
        click.echo(f"tracker: {error}")  # cron will come again; nothing is wrong
    return 0


def _written_beside(workspace: Path) -> list[Path]:
    """Folders that jobs write to and that may lie outside the workspace."""
    from tracker.maintenance.kept_backups import backup_folder
    from tracker.store.database import database_path
    from tracker.store.server_url import is_server

    settings = workspace_settings(workspace)
    backups, url = backup_folder(workspace, settings), settings.database.url
    return [*([] if is_server(url) else [database_path(workspace, url).parent]), *([backups] if backups else [])]


def _jobs(invocation: Invocation, zone: str) -> tuple[Job, ...]:
    """As the settings have them now, without those that workers do."""
    settings = workspace_settings(invocation.workspace)
    found = jobs_of(settings, zone, has_recipients=(invocation.workspace / FILE_NAME).exists())
    if not _workers_do_them(settings.database.url):
        return found
    return tuple(
        replace(job, off=job.off or "a worker with the queue editions does it") if job.name in AT_WORKERS else job for job in found
    )


def _workers_do_them(url: str) -> bool:
    """Whether a worker is alive that does what `AT_WORKERS` names. Raises StoreError."""
    from tracker.store.server_url import is_server

    if not is_server(url):
        return False
    from tracker.queue.jobs import SCHEDULE
    from tracker.store.work import schema, workers
    from tracker.store.work.link import Link

    link = Link(url)
    try:
        return schema.is_prepared(link) and workers.serving(link, SCHEDULE) > 0
    finally:
        link.close()


def _keep_going(invocation: Invocation, zone: str, manager: ServiceManager, stop: Stop, *, once: bool) -> None:
    from tracker.scheduler.loop import Scheduler, StoredBook
    from tracker.scheduler.processes import Commands

    book = StoredBook(invocation.workspace, workspace_settings(invocation.workspace), say_begun)
    commands = Commands(invocation.workspace, stop, before=book.refuse_gone)
    scheduler = Scheduler(
        lambda: _jobs(invocation, zone),
        book,
        commands,
        stop,
        wall_clock,
        say=_say,
        on_ended=lambda state: notify_operator(invocation.workspace, state, zone),
        zone=zone,
    )
    if once:
        scheduler.run_due()
        return
    jobs = _jobs(invocation, zone)
    _say(f"at work: {', '.join(job.name for job in jobs if not job.off)}; what they print is in jobs.log")
    for job in jobs:
        if job.off:
            _say(f"{job.name} is off: {job.off}")
    manager.ready()
    scheduler.run()
    _say("ended as it was asked to")


def _say(line: str) -> None:
    click.echo(log_line(line), err=True)


def notify_operator(workspace: Path, state: JobState, zone: str) -> None:
    """Notifies the operator where the job that does so fails again and again. Raises TrackerError when that does not get out either."""
    if not needs_other_notification(state):
        return
    from tracker.alerts.notify import Messenger
    from tracker.alerts.operator import tell_of_failures
    from tracker.delivery.day_limit import notification_counter

    with open_parts(workspace, must_exist=True) as parts:
        url = parts.settings.schedule.apprise_url
        tell_of_failures(parts, state, zone, Messenger(parts.settings, workspace / "outbox", url, notification_counter(parts)))


def _show(invocation: Invocation, zone: str) -> int:
    jobs = _jobs(invocation, zone)
    known, now = _states(invocation), wall_clock()
    alive = ScheduleLock(invocation.workspace).is_held()
    rows, report = [], []
    for job in jobs:
        state = known.get(job.name)
        at_work = bool(alive and state and state.started_at and state.ended_at is None)
        due_at = None if job.off else (state or taken_up(job, None, now)).due_at
        last = "never" if state is None or state.started_at is None else _local(state.started_at, zone)
        outcome = "at work" if at_work else state.outcome if state else ""
        said = in_one_line(state.detail) if state else ""
        rows.append((job.name, last, outcome, f"off: {job.off}" if due_at is None else _local(due_at, zone), said))
        report.append({"name": job.name, "off": job.off, "state": state, "due_at": due_at, "at_work": at_work})
    what = "a scheduler is at work here" if alive else "no scheduler is at work here"
    headings = ("job", "last begun", "outcome", f"next ({zone})", "what it said")
    invocation.show([*table(rows, headings), "", what], {"alive": alive, "jobs": report})
    return 0


def _states(invocation: Invocation) -> dict[str, JobState]:
    """What the store knows, without making it."""
    from tracker.store import jobs as stored

    with open_parts(invocation.workspace, must_exist=True) as parts:
        if not parts.database_exists:
            return {}
        with parts.database.reading() as conn:
            return stored.every(conn)


def _local(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}"


@click.command("alert")
@click.option("--campaign", "campaign_ids", multiple=True, help="Only this campaign; may be repeated.")
@workspace_options
def alert(invocation: Invocation, campaign_ids: tuple[str, ...]) -> int:
    """Tell staff at once of what cannot wait: the organisation in a headline, items an hour far above the usual. Safe to repeat.

    Goes to everybody with the role staff in recipients.toml and to alerts.apprise_url; each story once. Headlines wait for the end of
    alerts.quiet_hours, a rise of coverage does not. An item that may identify a child is told of without its headline.

    Example: tracker alert
    """
    from tracker.cli.nightly import step_lines

    with open_parts(invocation.workspace, must_exist=True) as parts:
        report = notify_staff(parts, campaign_ids)
    needs = ["", "Needs a person:", *[f"  {line}" for line in report.needs_a_person]] if report.needs_a_person else []
    invocation.show([*step_lines(report.step), *[f"  {subject}" for subject in report.told], *needs], report)
    return 1 if report.needs_a_person else 0


def notify_staff(parts: Parts, campaign_ids: Sequence[str] = ()) -> AlertReport:
    """The notifications due now. Raises TrackerError as `alerts.staff.run_alerts` does, and for a file that cannot be read."""
    from tracker.alerts.notify import Messenger
    from tracker.alerts.staff import run_alerts
    from tracker.delivery.day_limit import notification_counter

    url = parts.settings.alerts.apprise_url
    messenger = Messenger(parts.settings, parts.workspace / "outbox", url, notification_counter(parts))
    return run_alerts(parts, read_campaigns(parts.workspace, campaign_ids), _recipients(parts), messenger)


def _recipients(parts: Parts) -> tuple[Recipient, ...]:
    path = parts.workspace / FILE_NAME
    return read_audience(parts.workspace) if path.exists() else ()
