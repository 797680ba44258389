"""What is stored no longer than it is needed: bytes of pages, texts that matched nothing, polls, letters, databases set aside."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from tracker.delivery.address_retention import give_up_addresses
from tracker.delivery.choices import FILE_NAME as CHOICES
from tracker.delivery.sent_log import FILE_NAME as SENT_LOG
from tracker.errors import PagesOutOfReach, RunLocked, TrackerError
from tracker.model import StepReport
from tracker.store import listings, mail_counts, mailbox, nights, pages, pictures, proofs, retention, runs, search_index, sightings
from tracker.store.batches import chunks
from tracker.store.database import Database
from tracker.store.disk_use import Kept, measure
from tracker.store.page_files import PageFiles, is_swept, page_files
from tracker.workspace import Parts

LONGEST_SIGHTINGS_DAYS = 730
"""What nets beside the outlets' own sources named is kept as long as texts, and so long at most: an estimate looks back a year."""
LISTED_KEPT = timedelta(days=60)
"""What is only listed elsewhere and matched nothing: a campaign that is written later looks back so far."""
MOST_TEXTS = 100_000
"""Texts given up in one run, in about two minutes; what an old archive has more goes in the next runs."""
PAGES_AT_ONCE, DAYS_AT_ONCE, RUNS_AT_ONCE = 200, 50, 500
"""In a transaction, during which nobody else writes: some 0.05 s."""
MOST_FREED = 50
"""Transactions that give space back to the disk: 200 MB. The rest is used again, or goes the next night."""


def prune(parts: Parts, now: datetime) -> Iterator[StepReport]:
    """Gives up what the settings of `keep` let go; a report for each kind. Nothing that a mention, a verdict or an edition needs."""
    keep = parts.settings.keep
    failed_before = now - timedelta(days=max(keep.runs_days, keep.pages_days)) if keep.runs_days else None
    yield prune_pages(parts.database, now - timedelta(days=keep.pages_days), failed_before)
    if files := page_files(parts.settings.pages.url):
        yield sweep_pages(parts.database, files, now)
    if keep.texts_days:
        yield prune_texts(parts.database, now - timedelta(days=keep.texts_days), now)
    yield prune_sightings(parts.database, now - timedelta(days=min(keep.texts_days or LONGEST_SIGHTINGS_DAYS, LONGEST_SIGHTINGS_DAYS)))
    yield from prune_listings(parts.database, now - LISTED_KEPT)
    if keep.pictures_days:
        yield prune_pictures(parts.database, now - timedelta(days=keep.pictures_days))
    if keep.runs_days:
        yield from prune_runs(parts.database, now - timedelta(days=keep.runs_days))
    yield prune_files(parts, now)
    if keep.addresses_days:
        yield prune_addresses(parts, now - timedelta(days=keep.addresses_days), now)


def prune_listings(database: Database, before: datetime) -> Iterator[StepReport]:
    """Gives up what second nets listed before then and no campaign matched, and what is known of their files; a report where there was any."""
    started = time.monotonic()
    with database.writing() as conn:
        count = listings.forget(conn, before)
    if count:
        yield StepReport("old listings", count, (("given up", count),), time.monotonic() - started)


def prune_runs(database: Database, before: datetime) -> Iterator[StepReport]:
    """Gives up what rounds between the nights noted before then; a report where there were any. What they polled stays, in sums of days."""
    started, count = time.monotonic(), 0
    gone = -1
    while gone:
        with database.writing() as conn:
            gone = runs.forget(conn, before, limit=RUNS_AT_ONCE)
        count += gone
    if count:
        free_space(database)
        yield StepReport("old runs", count, (("given up", count),), time.monotonic() - started)


def plan(parts: Parts, now: datetime) -> list[Kept]:
    """What there is of each kind, what the settings let go now, and what a thousand of it take. Changes nothing."""
    keep = parts.settings.keep

    def before(days: int) -> datetime | None:
        return now - timedelta(days=days) if days else None

    with parts.database.reading() as conn:
        return list(measure(conn, now - timedelta(days=keep.pages_days), before(keep.texts_days), before(keep.pictures_days)))


def prune_pages(database: Database, before: datetime, failed_before: datetime | None = None) -> StepReport:
    """Gives up the bytes of old pages that no mention needs, and all but one of a day's old polls that went alike and well; and of those
    before `failed_before` that failed alike."""
    started = time.monotonic()
    count = size = 0
    with database.reading() as conn:
        old = pages.prunable(conn, before)
    for ids in chunks(old, PAGES_AT_ONCE):
        with database.writing() as conn:
            rows, row_bytes = pages.prune(conn, before, ids)
        count, size = count + rows, size + row_bytes
    if count:
        free_space(database)
    thinned = _thin_polls(database, before, failed=False)
    if failed_before is not None:
        thinned += _thin_polls(database, failed_before, failed=True)
    freed = [f"{size / 1e6:.1f} MB given up"] if count else []
    remarks = (*freed, *([f"{thinned} polls thinned out"] if thinned else []))
    return StepReport("prune", count, (("pruned", count),) if count else (), time.monotonic() - started, remarks)


def _thin_polls(database: Database, before: datetime, *, failed: bool) -> int:
    thinned = 0
    with database.reading() as conn:
        crowded = nights.crowded_days(conn, before, failed=failed)
    for days in chunks(crowded, DAYS_AT_ONCE):
        with database.writing() as conn:
            thinned += nights.thin_polls(conn, days)
    with database.writing() as conn:
        nights.note_thinned(conn, before, failed=failed)
    return thinned


def free_space(database: Database) -> None:
    """Gives a bounded part of the pruned space back to the disk, a little at a time so that others can write between."""
    for _ in range(MOST_FREED):
        with database.writing() as conn:
            if not pages.free_space(conn):
                return


def sweep_pages(database: Database, files: PageFiles, now: datetime) -> StepReport:
    """Removes what lies outside of the database and no row names any more. A place that is out of reach is named and swept the next time."""
    started, removed = time.monotonic(), 0
    remarks: tuple[str, ...] = ()
    try:
        for day in files.days():
            if is_swept(day, now):
                with database.reading() as conn:
                    named = pages.references_of(conn, day)
                removed += files.sweep(day, named)
    except PagesOutOfReach as error:
        remarks = (str(error),)
    return StepReport("page files", removed, (("removed", removed),) if removed else (), time.monotonic() - started, remarks)


def prune_texts(database: Database, before: datetime, now: datetime) -> StepReport:
    """Gives up the texts of articles fetched before then that matched nothing, some at a time so that others can write between."""
    started = time.monotonic()
    texts, size, after = 0, 0, None

    def some() -> retention.GivenUp:
        with database.writing() as conn:
            return retention.give_up_texts(conn, before, now, after)

    while texts < MOST_TEXTS:
        given_up = search_index.mended(database, some)  # words of a damaged index cannot be taken out of it
        if given_up.after is None:
            break
        texts, size, after = texts + given_up.texts, size + given_up.size_bytes, given_up.after
    if texts:
        free_space(database)
    remarks = (f"{size / 1e6:.1f} MB given up",) if texts else ()
    return StepReport("texts", texts, (("given up", texts),) if texts else (), time.monotonic() - started, remarks)


def prune_sightings(database: Database, before: datetime) -> StepReport:
    """Gives up what second nets, newsletters and partners named before then. Of links, the sources that named them stay."""
    started = time.monotonic()
    with database.writing() as conn:
        count = sightings.forget(conn, before)
    return StepReport("sightings", count, (("given up", count),) if count else (), time.monotonic() - started)


def prune_pictures(database: Database, before: datetime) -> StepReport:
    """Gives up lead pictures stored before then; an edition that is written again shows none in their place."""
    started = time.monotonic()
    with database.writing() as conn:
        count, size = pictures.prune(conn, before)
    if count:
        free_space(database)
    remarks = (f"{size / 1e6:.1f} MB given up",) if count else ()
    return StepReport("old pictures", count, (("given up", count),) if count else (), time.monotonic() - started, remarks)


def prune_files(parts: Parts, now: datetime) -> StepReport:
    """Removes old files of editions and letters and what the database keeps of their words: the editions can be written again. And
    databases that were set aside. The record of what was sent stays."""
    started = time.monotonic()
    keep = parts.settings.keep
    outbox = parts.workspace / "outbox"
    letters = (
        [file for file in outbox.rglob("*") if file.name not in (SENT_LOG, CHOICES) and file.suffix != ".lock"]
        if keep.letters_days and outbox.is_dir()
        else []
    )
    aside = _set_aside(parts.database) if keep.aside_days else ()
    counted = {
        "letters and editions": _remove(letters, now - timedelta(days=keep.letters_days)),
        "databases set aside": _remove(aside, now - timedelta(days=keep.aside_days)),
    }
    if keep.letters_days:
        with parts.database.writing() as conn:
            counted["stored mails"] = retention.give_up_renderings(conn, now - timedelta(days=keep.letters_days))
    outcomes = tuple((name, count) for name, count in counted.items() if count)
    return StepReport("files", sum(counted.values()), outcomes, time.monotonic() - started)


def _set_aside(database: Database) -> Iterable[Path]:
    """Databases that `restore` has put aside; a server has none."""
    return () if database.on_server else database.path.parent.glob(f"{database.path.name}.before-*")


def _remove(files: Iterable[Path], before: datetime) -> int:
    """How many were last changed before then, and are gone now. A link is never followed; one that cannot be removed stays."""
    gone = 0
    for file in list(files):
        try:
            if not file.is_symlink() and file.is_file() and file.stat().st_mtime < before.timestamp():
                file.unlink()
                gone += 1
        except OSError:
            continue
    return gone


def prune_addresses(parts: Parts, before: datetime, now: datetime) -> StepReport:
    """Takes out the addresses of letters sent before then, and of proofs that ended long ago. Nothing while a mailing is at work, which the next run comes after."""
    started = time.monotonic()
    counted: dict[str, int] = {}
    remarks: tuple[str, ...] = ()
    try:
        counted = give_up_addresses(parts.workspace, parts.workspace / "outbox", parts.database, before)
        with parts.database.writing() as conn:
            counted["counts of other mail"] = mail_counts.forget(conn, before)
            counted["proofs"] = proofs.forget(conn, now)
            counted["what came in by mail"] = mailbox.forget(conn, before)
    except RunLocked:
        remarks = ("a mailing is at work: addresses are given up the next time",)
    except TrackerError as error:
        remarks = (f"addresses are kept longer: {error}",)
    outcomes = tuple((name, count) for name, count in counted.items() if count)
    return StepReport("addresses", sum(counted.values()), outcomes, time.monotonic() - started, remarks)
