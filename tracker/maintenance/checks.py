"""What the doctor looks at besides files and the database's soundness: mail, outbox, PDF, register, the scheduler and its jobs."""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from tracker.delivery.recipients import FILE_NAME, read_recipients
from tracker.delivery.transport import server_trouble
from tracker.delivery.unreached import unreached
from tracker.errors import TrackerError
from tracker.locale.said import Said, wrong
from tracker.model import Campaign
from tracker.model.jobs import JobState, Outcome, in_one_line
from tracker.settings import Settings
from tracker.store import jobs as stored
from tracker.store import registers
from tracker.store.lock import ScheduleLock
from tracker.text.local_time import in_zone
from tracker.urls.hosts import host_of

MAIL_PATIENCE_SECONDS = 10.0
"""A choice: a person waits for the doctor."""
REGISTER_OLD = timedelta(days=30)
"""A choice: a site that is under repair is back within the month."""
MOST_OLD_SOURCES = 0.25
"""Of the register: beyond it outlets have moved, and digests tell of fewer than people think."""
REGISTER_LATELY = timedelta(days=14)
"""For so long the doctor reminds of outlets that are watched no more: somebody looks at it weekly."""
MOST_LOST_OUTLETS = 0.05
"""Of the register: what a yearly review of it takes out."""
UNTOUCHED_FOR = timedelta(hours=2)
"""A scheduler under cron leaves a trace at least every hour."""
BUSY_TOO_LONG = timedelta(hours=24)
"""No run takes so long: a night ends within fetch.stage_minutes and two hours."""
FONT_BYTES = 500
"""Two letters bring their font into a PDF, 1.8 KB of it; without any font on the machine they bring nothing."""
CLOCK_SLACK = timedelta(minutes=10)
"""A choice: a clock that drifts is off by minutes, one that was set wrongly by hours."""


class Check(Struct, frozen=True):
    """One thing the doctor looked at. `advice` says what to do when it is not well. What is not well is `Said`, so that the morning line
    tells it in the reader's language. `days`: how long that lasts, where it was reckoned."""

    name: str
    well: bool
    finding: str
    advice: str = ""
    days: int | None = None


def and_more(first: str, others: int) -> str:
    """The first of several, and how many more there are."""
    return Said("found_and_more", others, first=first) if others else first


def check_mail(workspace: Path, settings: Settings) -> Iterator[Check]:
    """Whether the mail server would take letters: connects, greets, secures, logs in; nothing is sent. Nothing where none is set."""
    mail = settings.mail
    if not mail.host:
        return
    quick = msgspec.structs.replace(mail, timeout_seconds=min(mail.timeout_seconds, MAIL_PATIENCE_SECONDS))
    try:
        trouble = server_trouble(msgspec.structs.replace(settings, mail=quick), workspace / "outbox")
    except TrackerError as error:
        trouble = str(error)
    if trouble:
        found = Said("found_mail", words=trouble, command="`tracker mail check`")
        yield Check("mail", False, found, Said("do_mail", settings="mail.*", file="tracker.toml"))
    else:
        yield Check("mail", True, f"{mail.host} answers")


def check_recipients(workspace: Path, campaigns: Sequence[Campaign] = ()) -> Iterator[Check]:
    """Whether `recipients.toml` can be read, and whether everybody in it can get a letter of these campaigns (none: not looked at).
    Nothing where there is no such file."""
    path = workspace / FILE_NAME
    if path.exists():
        try:
            found = read_recipients(path)
        except TrackerError as error:
            yield Check("recipients", False, wrong(error), Said("do_mend_line"))
        else:
            missed = unreached(found, campaigns) if campaigns else ()
            if not missed:
                yield Check("recipients", True, f"{len(found)}")
                return
            first = Said("found_unreached", words=missed[0], command="`tracker send --dry-run`")
            advice = Said("do_mend_recipients", file=FILE_NAME, command="`tracker send --dry-run`")
            yield Check("recipients", False, and_more(first, len(missed) - 1), advice)


def check_branding(campaigns: Sequence[Campaign]) -> Iterator[Check]:
    """Whether every logo and donor's mark can stand in a mail; nothing where no campaign has any."""
    branded = [campaign for campaign in campaigns if campaign.branding.logo or campaign.branding.marks]
    if not branded:
        return
    from tracker.digests.forms.branding import not_in_mails

    missing = [
        f"{campaign.id}: {told}"
        for campaign in branded
        for told in not_in_mails(campaign.branding, partial(_bytes_of, Path(campaign.folder)))
    ]
    if not missing:
        yield Check("branding", True, "every logo and mark can stand in mails")
        return
    finding = and_more(Said("found_branding", words=missing[0]), len(missing) - 1)
    yield Check("branding", False, finding, Said("do_lists_all", command="`tracker campaign check`"))


def _bytes_of(folder: Path, name: str) -> bytes:
    return (folder / name).read_bytes()


def check_outbox(workspace: Path) -> Check:
    """Whether files can be laid into `outbox/`. Makes nothing that stays."""
    outbox = workspace / "outbox"
    folder = outbox if outbox.exists() else workspace
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return Check("outbox", False, Said("found_not_writable", folder=str(folder), words=str(error.strerror)), Said("do_writable"))
    return Check("outbox", True, "writable")


def check_privacy(workspace: Path, database: Path | None) -> Iterator[Check]:
    """Whether other users of the machine can read the database (None: it is no file), editions and letters. A folder that they cannot enter hides what is in it."""
    files = (database, *database.parent.glob(f"{database.name}[-.]*")) if database else ()
    kept = [path for path in files if path.is_file()]
    outbox = workspace / "outbox"
    for name, paths in (("privacy of the database", kept), ("privacy of outbox", list(outbox.rglob("*")) if outbox.is_dir() else [])):
        if not paths:
            continue
        open_ones = [path for path in paths if path.is_file() and path.stat().st_mode & stat.S_IROTH and _can_be_entered(path.parent)]
        advice = f"chmod -R go-rwx {outbox}" if paths is not kept else f"chmod 600 {database}*"
        yield Check(
            name,
            not open_ones,
            Said("found_open_files", open=str(len(open_ones)), total=str(len(paths))) if open_ones else "private",
            advice if open_ones else "",
        )


def _can_be_entered(folder: Path) -> bool:
    return all(one.stat().st_mode & stat.S_IXOTH for one in (folder.absolute(), *folder.absolute().parents))


def check_pdf(workspace: Path, settings: Settings) -> Iterator[Check]:
    """Whether this machine can make the PDF that somebody is to get. Nothing where nobody is."""
    if not _wants_pdf(workspace, settings):
        return
    from tracker.digests.forms.pdf import MissingLibraries, render_pdf

    try:
        embedded = len(render_pdf("Ћ ё")) - len(render_pdf(""))
    except MissingLibraries as error:
        advice = Said("do_install_libraries", pdf="`pdf`", setting="digest.formats", file=FILE_NAME)
        yield Check("pdf", False, Said("found_libraries", words=str(error)), advice)
        return
    if embedded > FONT_BYTES:
        yield Check("pdf", True, "can be made")
    else:
        yield Check("pdf", False, Said("found_no_font"), Said("do_install_fonts", package="fonts-noto-core"))


def check_register(conn: Connection, now: datetime) -> Check:
    """How much of the register has answered lately; of a workspace that has not watched for so long yet, nothing can be said."""
    every = registers.states(conn)
    states = [state for state in every if state.enabled and state.watched]
    if lost := _no_longer_watched(every, now):
        counted = {"sources": Said("count_sources", len(states)), "outlets": Said("count_outlets", len(lost))}
        finding = Said("found_register_less", names=", ".join(lost[:3]), **counted)
        return Check("register", False, finding, Said("do_register_back", command="`tracker sources import`"))
    known = [state for state in states if state.polls and now - state.first_watched_at > REGISTER_OLD]
    old = [state for state in known if state.last_succeeded_at is None or now - state.last_succeeded_at > REGISTER_OLD]
    well = len(old) <= MOST_OLD_SOURCES * max(len(states), 1)
    sources = Said("count_sources", len(states))
    finding = Said("found_register_old", sources=sources, old=str(len(old)), days=str(REGISTER_OLD.days)) if old else sources
    return Check("register", well, finding, "" if well else Said("do_register_update", command="`tracker sources health`"))


def _no_longer_watched(states: list[registers.SourceState], now: datetime) -> list[str]:
    """Outlets that were watched lately, when they are more than a few of the register; an outlet that only got another id is none."""
    watched = [state for state in states if state.watched]
    hosts = {host_of(state.outlet.homepage) for state in watched}
    lately = [state for state in states if not state.watched and now - (state.last_polled_at or state.first_watched_at) < REGISTER_LATELY]
    lost = sorted({state.outlet.id for state in lately if host_of(state.outlet.homepage) not in hosts})
    return lost if len(lost) > MOST_LOST_OUTLETS * (len(hosts) + len(lost)) else []


def check_clock(known: dict[str, JobState], latest_run_at: datetime | None, now: datetime, zone: str = "UTC") -> Iterator[Check]:
    """Whether the clock stands behind what the database has seen."""
    seen = [state.ended_at for state in known.values() if state.ended_at] + ([latest_run_at] if latest_run_at else [])
    if seen and max(seen) - now > CLOCK_SLACK:
        yield Check(
            "clock and database",
            False,
            Said("found_clock_behind", when=in_zone(max(seen), zone)),
            Said("do_set_clock_back"),
        )


def check_schedule(workspace: Path, conn: Connection, now: datetime, zone: str = "UTC", off: Collection[str] = ()) -> Iterator[Check]:
    """Whether the scheduler lives, and how its jobs ended; those of `off` are switched off, so that what became of them last is
    no trouble any more. Nothing where none was ever started here."""
    known = stored.every(conn)
    if not known:
        return
    last = max((moment for state in known.values() for moment in (state.started_at, state.ended_at) if moment), default=None)
    if ScheduleLock(workspace).is_held():
        yield Check("scheduler", True, "at work")
    elif last is not None and now - last < UNTOUCHED_FOR:
        yield Check("scheduler", True, f"not running now; its last job was at {in_zone(last, zone)}")
    else:
        finding = Said("found_not_running_since", when=in_zone(last, zone)) if last else Said("found_not_running")
        yield Check("scheduler", False, finding, Said("do_start_service", command="`tracker schedule`"))
    for state in known.values():
        if state.name not in off:
            yield from _job(state, now, zone)


def _job(state: JobState, now: datetime, zone: str) -> Iterator[Check]:
    name = f"job {state.name}"
    if state.failures:
        failed = state.outcome if Outcome.read(state.outcome).is_failure else Outcome.FAILED  # busy or stopped since
        told = {"how": str(failed), "words": in_one_line(state.detail)}
        finding = Said("found_job_failed_times", state.failures, **told) if state.failures > 1 else Said("found_job_failed", **told)
        yield Check(name, False, finding, Said("do_see_log", log="jobs.log", when=in_zone(state.due_at, zone)))
    elif state.outcome == Outcome.BUSY and state.busy_since_at and now - state.busy_since_at > BUSY_TOO_LONG:
        since = in_zone(state.busy_since_at, zone)
        yield Check(name, False, Said("found_job_busy", when=since, words=in_one_line(state.detail)), Said("do_end_run"))


def _wants_pdf(workspace: Path, settings: Settings) -> bool:
    if "pdf" in settings.digest.formats:
        return True
    path = workspace / FILE_NAME
    try:
        return path.exists() and any("pdf" in one.documents for one in read_recipients(path))
    except TrackerError:
        return False
