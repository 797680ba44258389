"""`tracker backup`, `restore`, `prune`, `doctor`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from tracker.cli.invocation import Invocation, amount, options_anywhere, say_begun, table, workspace_options
from tracker.errors import TrackerError, UsageError
from tracker.maintenance import backup as backups
from tracker.maintenance import doctor as diagnosis
from tracker.text.sizes import size_in_words
from tracker.workspace import display_zone, wall_clock, workspace_settings

if TYPE_CHECKING:
    from tracker.alerts.operator import Morning
    from tracker.settings import Settings
    from tracker.store.disk_use import Kept
    from tracker.workspace import Parts


@click.command("backup")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--all", "everything", is_flag=True, help="Pack settings, recipients, campaigns and outbox/ with it (tar.gz).")
@click.option("--force", is_flag=True, help="Overwrite FILE when it is there already.")
@click.option("--rotate", is_flag=True, help="Pack all into schedule.backup_to and give up the oldest there, as the scheduler does daily.")
@workspace_options
def backup(invocation: Invocation, file: Path | None, everything: bool, force: bool, rotate: bool) -> int:
    """Copy the database to FILE while it is in use; the copy is read back and checked.

    Also needed to go on elsewhere: tracker.toml, recipients.toml, campaigns/ and outbox/. --all packs them too, secrets.env never.

    Example: tracker backup --all ~/backups/coverage-monday.tar.gz
    """
    settings = workspace_settings(invocation.workspace)
    if rotate:
        if file is not None or everything or force:
            raise UsageError("--rotate takes its folder from schedule.backup_to; leave out FILE, --all and --force")
        return _rotate(invocation, settings)
    if file is None:
        raise UsageError("name the FILE to back up to, or say --rotate")
    if everything:
        from tracker.maintenance.packing import pack as make
    else:
        make = backups.backup
    is_new = not file.parent.exists()
    size = make(invocation.workspace, settings, file, overwrite=force)
    made = [f"the folder {file.parent} was not there and was made: if it is on another disk, is that connected?"] if is_new else []
    invocation.show([f"{file}: {size_in_words(size)}, read back and sound", *made], {"file": str(file), "bytes": size})
    return 0


def _rotate(invocation: Invocation, settings: Settings) -> int:
    from tracker.maintenance.kept_backups import backup_and_rotate

    done = backup_and_rotate(invocation.workspace, settings, os.environ, wall_clock())
    how = "read back and sound" if done.made else "made before"
    lines = [f"{done.file}: {size_in_words(done.size_bytes)}, {how}", *(f"given up: {name}" for name in done.given_up)]
    if done.elsewhere:
        lines.append("taken elsewhere by schedule.backup_command")
    report = {"file": str(done.file), "bytes": done.size_bytes, "made": done.made}
    invocation.show(lines, report | {"given_up": done.given_up, "elsewhere": done.elsewhere})
    return 0


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@options_anywhere
def restore(invocation: Invocation, file: Path) -> int:
    """Put a backup in the database's place. The database of now is kept beside it under another name.

    A backup is compared with what this version makes, and opened, before anything is changed. Of a pack (`backup --all`) the other files
    are laid where none are; what is there stays, and the pack's state of it goes into a folder from-backup-*.

    Example: tracker restore ~/backups/coverage-monday.db
    """
    from tracker.maintenance import packing

    workspace, settings, now = invocation.workspace, workspace_settings(invocation.workspace), wall_clock()
    backups.refuse_no_file(file)
    if packing.is_pack(file):
        done = packing.unpack(workspace, settings, file, now)
    else:
        done = packing.Unpacked(backups.restore(workspace, settings, file, now), (), None)
    kept = f"; the database of before is {done.before}" if done.before else ""
    lines = [f"restored from {file}{kept}", *(f"laid: {name}" for name in _laid(done.laid))]
    if done.beside:
        lines.append(f"what is there in another state stays; the backup's state is in {done.beside}")
    report = {"restored": str(file), "before": str(done.before) if done.before else None}
    others = {"laid": done.laid, "beside": str(done.beside) if done.beside else None}
    invocation.show(lines, report | (others if done.laid or done.beside else {}))
    return 0


def _laid(names: Sequence[str]) -> Iterator[str]:
    """Files of the workspace by name; those of `outbox/`, hundreds in a year, as a number, but for the records of what was sent."""
    letters = [name for name in names if name.startswith("outbox/") and not name.endswith(".jsonl")]
    yield from (name for name in names if name not in letters)
    if letters:
        yield f"outbox/, {amount(len(letters), 'file')} of editions and letters"


@click.command("prune")
@click.option("--dry-run", is_flag=True, help="Change nothing: say what would go, and what each kind takes on the disk.")
@workspace_options
def prune(invocation: Invocation, dry_run: bool) -> int:
    """Give up the bytes of pages older than keep.pages_days that no mention needs. Articles and mentions stay.

    Nothing goes that a mention, a verdict, an edition or a pack of evidence needs.

    Example: tracker prune --dry-run
    """
    from tracker.cli.nightly import report_lines
    from tracker.pipeline.nightly import NightOptions, run_night
    from tracker.workspace import open_parts

    with open_parts(invocation.workspace, must_exist=True) as parts:
        if dry_run:
            return _planned(invocation, parts)
        report = run_night(parts, NightOptions(steps=frozenset({"prune"})))
    invocation.show(report_lines(report), report)
    return 0


def _planned(invocation: Invocation, parts: Parts) -> int:
    from tracker.pipeline.pruning import plan

    found = plan(parts, parts.clock())
    rows = [
        (one.kind, one.setting, str(one.count), _megabytes(one.size_bytes), str(one.going), _megabytes(one.going_bytes), _each(one))
        for one in found
    ]
    headings = ("kind", "kept by", "there", "MB", "would go", "MB", "MB per 1,000")
    whole = [{**msgspec.to_builtins(one), "bytes_per_thousand": one.bytes_per_thousand} for one in found]
    invocation.show(table(rows, headings), {"kept": whole})
    return 0


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f}"


def _each(one: Kept) -> str:
    return "not measured" if one.bytes_per_thousand is None else _megabytes(one.bytes_per_thousand)


@click.command("reindex")
@workspace_options
def reindex(invocation: Invocation) -> int:
    """Make the search index anew from the stored articles. Nothing else changes; `doctor --thorough` says whether it is needed.

    Example: tracker reindex
    """
    from tracker.store import search_index
    from tracker.store.lock import RunLock
    from tracker.workspace import open_parts

    with open_parts(invocation.workspace, must_exist=True) as parts, RunLock(invocation.workspace, parts.settings.database.url).acquire():
        count = search_index.rebuild(parts.database)
    invocation.show([f"the search index was made anew from {count} articles"], {"articles": count})
    return 0


@click.command("doctor")
@click.option("--tell", is_flag=True, help="Tell schedule.operator when something needs a person, at most once a day.")
@click.option("--thorough", is_flag=True, help="Read the whole database file and hold the search index against the articles.")
@options_anywhere
def doctor(invocation: Invocation, tell: bool, thorough: bool) -> int:
    """Look at settings, disk, clock, secrets, mail server, database, scheduler and last night; say what to do. Exit 1 when something is wrong.

    Example: tracker doctor
    """
    checks = diagnosis.examine(invocation.workspace, wall_clock(), _switched_off(invocation.workspace), thorough=thorough)
    rows = [
        ("ok" if check.well else "WRONG", check.name, check.finding + (f" -> {check.advice}" if check.advice else "")) for check in checks
    ]
    lines = table(rows, ("", "what", "finding"))
    plain = [msgspec.to_builtins(check, enc_hook=str) for check in checks]
    report: dict[str, object] = {"checks": [{key: value for key, value in one.items() if value is not None} for one in plain]}
    if tell:
        morning = _tell(invocation, checks)
        lines, report["morning"] = [*lines, "", *morning.lines, f"operator: {morning.outcome}"], morning
    invocation.show(lines, report)
    return 0 if all(check.well for check in checks) else 1


def _switched_off(workspace: Path) -> list[str]:
    """The scheduler's jobs that the settings switch off; none while the settings cannot be read, which the doctor says."""
    from tracker.delivery.recipients import FILE_NAME
    from tracker.scheduler.jobs import jobs_of

    try:
        settings = workspace_settings(workspace)
    except TrackerError:
        return []
    jobs = jobs_of(settings, display_zone(workspace), has_recipients=(workspace / FILE_NAME).exists())
    return [job.name for job in jobs if job.off]


def _tell(invocation: Invocation, checks: Sequence[diagnosis.Check]) -> Morning:
    from tracker.alerts.notify import Messenger
    from tracker.alerts.operator import tell_operator
    from tracker.delivery.day_limit import notification_counter
    from tracker.workspace import open_parts

    zone = display_zone(invocation.workspace)  # of a campaign that can be read; the doctor has seen what is wrong with others
    with open_parts(invocation.workspace, on_made=say_begun) as parts:
        url = parts.settings.schedule.apprise_url
        messenger = Messenger(parts.settings, invocation.workspace / "outbox", url, notification_counter(parts))
        return tell_operator(parts, checks, zone, messenger)
