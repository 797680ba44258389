"""Backs the database up while it is in use, and puts a backup in its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from tracker.errors import StoreError
from tracker.settings import Settings
from tracker.store import backup as copies
from tracker.store.database import database_path, open_database
from tracker.store.lock import AlertLock, RunLock, SendingLock


def backup(workspace: Path, settings: Settings, target: Path) -> int:
    """Copies the database while it is in use; returns the size in bytes. Raises StoreError."""
    source = database_path(workspace, settings.database.url)
    if target.exists() and target.samefile(source):
        raise StoreError("a backup cannot take the place of the database itself; name another file")
    return copies.copy(source, target)


def restore(workspace: Path, settings: Settings, source: Path, now: datetime) -> Path | None:
    """Puts a backup in the database's place; the old database is kept beside it under another name, which is returned.

    Raises StoreError when the backup is damaged or newer than this program, RunLocked while a run is at work.
    """
    if copies.revision(source) is None:
        raise StoreError(f"{source} is no database of the tracker")
    if copies.is_newer(source):
        raise StoreError(f"{source} was made by a newer version of the tracker; install that version first")
    if problems := copies.unsound(source):
        raise StoreError(f"{source} is damaged: {problems[0]}")
    target = database_path(workspace, settings.database.url)
    with RunLock(workspace).acquire(), _nobody_sends(workspace):
        incoming = target.with_name(f".{target.name}.incoming")
        copies.copy(source, incoming)
        copies.use_log(incoming)
        aside = copies.set_aside(target, now.strftime("%Y%m%d-%H%M%S"))
        incoming.replace(target)
    open_database(workspace, settings.database.url).close()
    return aside


@contextmanager
def _nobody_sends(workspace: Path) -> Iterator[None]:
    """No letter and no alert is on its way meanwhile: what becomes of it would be noted in the database that is set aside."""
    outbox = workspace / "outbox"
    with ExitStack() as stack:
        if outbox.is_dir():
            stack.enter_context(SendingLock(outbox).acquire())
        stack.enter_context(AlertLock(workspace).acquire())
        yield
