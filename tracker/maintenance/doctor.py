"""Examines a workspace: says what is wrong and what to do about it."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Collection, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from tracker.errors import StoreError, TrackerError
from tracker.locale.said import Said, wrong
from tracker.maintenance import checks, disk_space
from tracker.maintenance.backup_checks import check_backups
from tracker.maintenance.checks import Check as Check
from tracker.maintenance.checks import and_more
from tracker.maintenance.mail_arrival import check_arrival
from tracker.maintenance.mailbox_check import check_mailbox
from tracker.maintenance.rule_checks import check_outlet_rules
from tracker.model import Campaign, RunReport
from tracker.monitoring import reach
from tracker.monitoring.assess import LOST
from tracker.oauth.kept import FILE_NAME as TOKEN_FILE
from tracker.settings import WORKSPACE_FILE, Settings, holds_secrets
from tracker.store import backend, backup, runs, search_index
from tracker.store import jobs as stored_jobs
from tracker.store.database import database_exists, database_path, open_database
from tracker.store.lock import RunLock
from tracker.store.server_url import is_server, place
from tracker.text.local_time import in_zone
from tracker.workspace import campaign_files, display_zone, not_read, read_campaigns, workspace_settings

LOW_DISK_BYTES = 2 * 1024**3
"""About a night of 576 outlets, pages of 15-50 KB compressed (design.md 7)."""
SECRETS_FILE = "secrets.env"
"""Where the service reads its passwords from."""
STALE_AFTER = timedelta(hours=36)
"""A night and a half: one that is late is none that is missing."""
LONGEST_NIGHT = timedelta(hours=12)
"""Three times what a crawl may take (`fetch.stage_minutes`): a night that is at work for longer hangs."""
LAST_NIGHT = "last night"
ARTICLES = "articles"
CLOCK_FLOOR = datetime.fromisoformat("2026-11-01T00:00:00+00:00")
"""This program is no older than that; a clock that says so is wrong."""


def examine(workspace: Path, now: datetime, off: Collection[str] = (), *, thorough: bool = False) -> list[Check]:
    """All checks, in the order a person would mend them. `off`: names of the scheduler's jobs that are switched off. `thorough`: with
    those that read the whole database."""
    try:
        settings = workspace_settings(workspace)
    except TrackerError as error:
        return [Check("settings", False, wrong(error), Said("do_mend_named"))]
    return [
        _settings(workspace, settings),
        _campaigns(workspace),
        _clock(now),
        _disk(workspace),
        *_secrets(workspace),
        *checks.check_privacy(workspace, None if is_server(settings.database.url) else database_path(workspace, settings.database.url)),
        *checks.check_recipients(workspace, _readable_campaigns(workspace)),
        *checks.check_branding(_readable_campaigns(workspace)),
        checks.check_outbox(workspace),
        *checks.check_mail(workspace, settings),
        *check_arrival(settings),
        *checks.check_pdf(workspace, settings),
        *check_backups(workspace, settings, now, display_zone(workspace), thorough=thorough),
        *_database(workspace, settings, now, off, thorough),
    ]


def _campaigns(workspace: Path) -> Check:
    try:
        found = read_campaigns(workspace)
    except TrackerError as error:
        return Check("campaigns", False, wrong(error), Said("do_mend_campaign", command="`tracker campaign check`"))
    shipped = "" if any(path.is_relative_to(workspace) for path in campaign_files(workspace)) else ", shipped with the program"
    if not found:
        return Check("campaigns", False, Said("found_no_campaign"), Said("do_put_campaign", folder="campaigns/"))
    named = ", ".join(campaign.id for campaign in found)
    if shipped and (left := not_read(workspace)):
        told = Said("found_campaign_unread", campaign=named, names=", ".join(path.name for path in left))
        return Check("campaigns", False, told, Said("do_mend_campaign", command="`tracker campaign check`"))
    return Check("campaigns", True, f"{named}{shipped}")


def _readable_campaigns(workspace: Path) -> tuple[Campaign, ...]:
    """None where a file is wrong: the check of the campaigns says so."""
    try:
        return read_campaigns(workspace)
    except TrackerError:
        return ()


def _clock(now: datetime) -> Check:
    well = now >= CLOCK_FLOOR
    return Check("clock", well, f"{now:%Y-%m-%d %H:%M} UTC", "" if well else Said("do_set_clock"))


def _disk(workspace: Path) -> Check:
    free = shutil.disk_usage(workspace).free
    well = free >= LOW_DISK_BYTES
    advice = "" if well else Said("do_make_room", setting="keep.pages_days", command="`tracker prune`")
    return Check("disk", well, Said("found_disk_free", free=f"{free / 1e9:.1f}"), advice)


def _settings(workspace: Path, settings: Settings) -> Check:
    read = f"{workspace / WORKSPACE_FILE}" if (workspace / WORKSPACE_FILE).exists() else "defaults"
    nameless = settings.fetch.user_agent == Settings().fetch.user_agent
    return Check("settings", True, read, "set fetch.user_agent: outlets see whom they can write to" if nameless else "")


def _secrets(workspace: Path) -> Iterator[Check]:
    for name in (WORKSPACE_FILE, "recipients.toml", "recipients.key", SECRETS_FILE, TOKEN_FILE):
        path = workspace / name
        if name == WORKSPACE_FILE and path.exists() and not holds_secrets(path):
            yield Check(name, True, "no secret in it")
        elif path.exists():
            mode = path.stat().st_mode
            others = bool(mode & stat.S_IRWXO)
            open_to = "found_open_everybody" if others else "found_open_group" if mode & stat.S_IWGRP else ""
            yield Check(name, not open_to, Said(open_to) if open_to else "private", f"chmod 600 {path}" if open_to else "")


def _database(workspace: Path, settings: Settings, now: datetime, off: Collection[str], thorough: bool) -> Iterator[Check]:
    if is_server(settings.database.url):
        yield from _on_server(workspace, settings, now, off, thorough)
        return
    path = database_path(workspace, settings.database.url)
    if not path.exists():
        yield Check("database", True, "not made yet; `tracker nightly` makes it")
        return
    if backup.is_newer(path):
        yield Check("database", False, Said("found_newer"), Said("do_install_newer"))
        return
    if locked := [place for place in (path, path.parent) if not os.access(place, os.W_OK)]:
        words = f"this user may not write to {locked[0].name or locked[0]}"
        yield Check("database", False, Said("found_not_writable", folder=str(locked[0]), words=words), Said("do_writable"))
        return
    if problems := backup.unsound(path, quick=not thorough):
        yield Check("database", False, Said("found_unsound", words="; ".join(problems)), Said("do_restore", command="tracker restore FILE"))
        return
    try:
        contents = _contents(workspace, settings, now, off)
        index = [_search_index(workspace, settings)] if thorough else []
    except StoreError as error:
        yield Check("database", False, wrong(error), Said("do_as_said", doctor="`tracker doctor`"))
        return
    yield Check("database", True, f"sound, {path.stat().st_size / 1e6:.1f} MB")
    yield from index
    yield from contents


def _on_server(workspace: Path, settings: Settings, now: datetime, off: Collection[str], thorough: bool) -> Iterator[Check]:
    """The same of a database on a server, whose pages the server checks itself."""
    url = settings.database.url
    try:
        if not database_exists(workspace, url):
            yield Check("database", True, f"{place(url)} holds nothing yet; `tracker nightly` fills it")
            return
        contents = _contents(workspace, settings, now, off)
        index = [_search_index(workspace, settings)] if thorough else []
        with closing(open_database(workspace, url, must_exist=True)) as database, database.reading() as conn:
            size = backend.of(conn).file_bytes(conn)
    except StoreError as error:
        yield Check("database", False, wrong(error), Said("do_as_said", doctor="`tracker doctor`"))
        return
    yield Check("database", True, f"{place(url)}, {size / 1e6:.1f} MB")
    yield from index
    yield from contents


def _search_index(workspace: Path, settings: Settings) -> Check:
    database = open_database(workspace, settings.database.url, must_exist=True)
    with closing(database):
        fault = search_index.fault(database)
    if not fault:
        return Check("search index", True, "finds every article")
    return Check("search index", False, Said("found_index", words=fault), Said("do_reindex", command="tracker reindex"))


def _contents(workspace: Path, settings: Settings, now: datetime, off: Collection[str]) -> list[Check]:
    zone = display_zone(workspace)
    database = open_database(workspace, settings.database.url, busy_timeout_seconds=5, must_exist=True)
    with closing(database), database.reading() as conn:
        last, night = runs.latest(conn), runs.latest_night(conn)
        return [
            *checks.check_clock(stored_jobs.every(conn), last.started_at if last else None, now, zone),
            *disk_space.check_growth(conn, workspace, settings, now),
            checks.check_register(conn, now),
            *check_outlet_rules(conn, now.date()),
            *checks.check_schedule(workspace, conn, now, zone, off=off),
            *check_mailbox(conn, settings, now, zone),
            *_articles(night),
            _last_night(night, now, zone, at_work=RunLock(workspace, settings.database.url).is_held()),
        ]


def _articles(night: RunReport | None) -> Iterator[Check]:
    """Outlets whose links or articles brought far less than usual in the last night; nothing where there are none."""
    lost = [trouble for trouble in night.troubles if trouble.outcome == LOST] if night else []
    if lost:
        first = Said("found_lost", outlet=lost[0].outlet_name, words=lost[0].detail)
        yield Check(ARTICLES, False, and_more(first, len(lost) - 1), Said("do_see", command="`tracker sources health`"))


def _last_night(night: RunReport | None, now: datetime, zone: str, *, at_work: bool) -> Check:
    if night is None:
        return Check(LAST_NIGHT, False, Said("found_no_night"), Said("do_run_or_wait", command="`tracker nightly`"))
    started_at, needs = night.started_at, night.needs_a_person
    when = in_zone(started_at, zone)
    if night.ended_at is None and at_work and now - started_at < LONGEST_NIGHT:
        return Check(LAST_NIGHT, True, f"began {when} and is at work")
    if night.ended_at is None:
        advice = Said("do_end_run") if at_work else Said("do_go_on", command="`tracker nightly`")
        return Check(LAST_NIGHT, False, Said("found_night_open", when=when), advice)
    if now - started_at > STALE_AFTER:
        return Check(LAST_NIGHT, False, Said("found_night_old", when=when), Said("do_see_schedule"))
    if needs:
        return Check(LAST_NIGHT, False, and_more(needs[0], len(needs) - 1), Said("do_look_into"))
    read = f"; {reach.figures(night.reach)}" if night.reach is not None and night.reach.watched else ""
    return Check(LAST_NIGHT, True, f"ended well, {when}{read}")
