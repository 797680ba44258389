"""Backs the database up while it is in use, and puts a backup in its place."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from tracker.errors import StoreError, UnfitSchema, UpgradeFailed
from tracker.maintenance import server_backup
from tracker.settings import Settings
from tracker.store import backup as copies
from tracker.store import schema_check, search_index
from tracker.store.database import FILE_NAME, database_path, open_database
from tracker.store.lock import AlertLock, RunLock, SendingLock
from tracker.store.migrations.upgrade import known_revisions
from tracker.store.server_url import is_server
from tracker.store.values_check import strange_values
from tracker.text.folding import FOLDING_VERSION


def backup(workspace: Path, settings: Settings, target: Path, *, overwrite: bool = False) -> int:
    """Copies the database while it is in use; returns the size in bytes. Raises StoreError, also for a file that is there already
    unless it may be overwritten."""
    if is_server(settings.database.url):
        refuse_existing(target, overwrite)
        return server_backup.copy(workspace, settings, target)
    source = database_path(workspace, settings.database.url)
    if target.exists() and source.exists() and target.samefile(source):
        raise StoreError("a backup cannot take the place of the database itself; name another file")
    refuse_existing(target, overwrite)
    return copies.copy(source, target)


def refuse_existing(target: Path, overwrite: bool) -> None:
    """Raises StoreError where the backup would take the place of a file."""
    if target.exists() and not overwrite:
        raise StoreError(f"{target} is there already; name another file, or overwrite it with --force")


def restore(workspace: Path, settings: Settings, source: Path, now: datetime) -> Path | str | None:
    """Puts a backup in the database's place; the old database is kept beside it under another name, which is returned: a file, or a
    schema on the server.

    Before that the backup is copied, brought to the newest revision, compared with what this program makes, and read through. Raises
    StoreError, with everything as it was, when the backup is damaged, newer than this program or no whole database of it; RunLocked
    while a run is at work.
    """
    refuse_no_file(source)
    _refuse_unfit(source)
    if is_server(settings.database.url):
        return _restore_on_server(workspace, settings, source, now)
    target = database_path(workspace, settings.database.url)
    with RunLock(workspace).acquire():
        incoming = target.with_name(f".{target.name}.incoming")
        try:
            copies.copy(source, incoming)
            _prepare(incoming, source)
            with _nobody_sends(workspace):
                aside = copies.set_aside(target, now.strftime("%Y%m%d-%H%M%S"))
                incoming.replace(target)
        finally:
            for ending in ("", "-wal", "-shm"):
                incoming.with_name(incoming.name + ending).unlink(missing_ok=True)
    return aside


def _restore_on_server(workspace: Path, settings: Settings, source: Path, now: datetime) -> str | None:
    with RunLock(workspace).acquire(), tempfile.TemporaryDirectory(prefix="tracker-") as folder:
        incoming = Path(folder) / FILE_NAME
        copies.copy(source, incoming)
        _prepare(incoming, source)
        with _nobody_sends(workspace):
            return server_backup.restore(workspace, settings, incoming, now)


def refuse_no_file(source: Path) -> None:
    """Raises StoreError for a pipe or a device: reading one may never end."""
    if not source.is_file():
        raise StoreError(f"{source} is no file; name a backup of the tracker")


def _refuse_unfit(source: Path) -> None:
    copies.refuse_newer_format(source)
    made_by = copies.revision(source)
    if made_by is None:
        raise StoreError(f"{source} is no database of the tracker")
    if copies.is_newer(source):
        raise StoreError(f"{source} was made by a newer version of the tracker; install that version first")
    if made_by not in known_revisions():
        raise StoreError(f"{source} is no whole database of the tracker: no version of it made the revision {made_by!r}")
    if not 0 <= (folding := copies.folding_noted(source)) <= FOLDING_VERSION:
        raise StoreError(f"{source} is no whole database of the tracker: no version of it made a search index of folding {folding}")
    if problems := copies.unsound(source):
        raise StoreError(f"{source} is damaged: {' '.join(problems[0].split())}")


def _prepare(incoming: Path, source: Path) -> None:
    """Opens the copy as every command will, and holds it against what this program makes."""
    copies.use_log(incoming)
    try:
        with closing(open_database(incoming.parent, f"sqlite:///{incoming.resolve()}", must_exist=True, keep_copy=False)) as database:
            if found := schema_check.differences(incoming):
                raise StoreError("; ".join(found))
            if strange := strange_values(incoming):
                raise StoreError("; ".join(strange))
            if search_index.fault(database):
                search_index.rebuild(database)
        if problems := copies.unsound(incoming):
            raise StoreError(problems[0])
        copies.fold_log(incoming)
    except UpgradeFailed as error:
        raise StoreError(str(error).replace(str(incoming), str(source))) from error
    except (StoreError, DatabaseError, sqlite3.Error) as error:
        told = _in_words(error, source).replace(str(incoming), str(source))
        raise StoreError(f"{source} is no whole database of the tracker: {told}") from error


def _in_words(error: Exception, source: Path) -> str:
    """What is wrong, without the statement that met it."""
    if isinstance(error, UnfitSchema):
        return f"its tables are not those of its revision {copies.revision(source)} ({error.why})"
    if isinstance(error, DatabaseError):
        return f"its tables are not those of its revision {copies.revision(source)} ({error.orig})"
    return str(error)


@contextmanager
def _nobody_sends(workspace: Path) -> Iterator[None]:
    """No letter and no alert is on its way meanwhile: what becomes of it would be noted in the database that is set aside."""
    outbox = workspace / "outbox"
    with ExitStack() as stack:
        if outbox.is_dir():
            stack.enter_context(SendingLock(outbox).acquire())
        stack.enter_context(AlertLock(workspace).acquire())
        yield
