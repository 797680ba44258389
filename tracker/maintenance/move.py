"""A workspace's database brought to another place: from its file to a PostgreSQL server, or back. The workspace's own files stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from msgspec import Struct

from tracker.errors import StoreError, UsageError
from tracker.settings import Settings
from tracker.store.database import Database, database_exists, database_path, open_database
from tracker.store.lock import AlertLock, RunLock, ScheduleLock, SendingLock
from tracker.store.server_url import is_server, place
from tracker.store.transfer import Transfer, counts, transfer

Progress = Callable[[str, int, int], None]


class Plan(Struct, frozen=True):
    """What a move would bring: rows by table, and where."""

    rows: dict[str, int]
    target: str
    target_is_there: bool


def plan(workspace: Path, settings: Settings, url: str) -> Plan:
    """What `move` would do; nothing is made or changed. Raises UsageError and StoreError as `move` does."""
    where = _refuse_same(workspace, settings, url)
    with _opened(workspace, settings.database.url) as source:
        return Plan(counts(source), where, database_exists(workspace, url))


def move(workspace: Path, settings: Settings, url: str, progress: Progress) -> Transfer:
    """Copies every row to the database that `url` names and compares it there; the database of now stays as it is. Interrupted, it is
    run again and goes on.

    Raises UsageError for a target that is the source, StoreError where one of the two cannot be used or the target holds other rows,
    RunLocked while a run, a mailing or the scheduler is at work."""
    _refuse_same(workspace, settings, url)
    with _nobody_writes(workspace), _opened(workspace, settings.database.url) as source, closing(open_database(workspace, url)) as target:
        before = None if source.on_server else source.state()
        done = transfer(source, target, progress)
        if before != (None if source.on_server else source.state()):
            raise StoreError(f"{source.place} was written to meanwhile; stop the review desk, empty {target.place} and move again")
        return done


def _refuse_same(workspace: Path, settings: Settings, url: str) -> str:
    """Raises UsageError where the target is the source; returns what the target is called."""
    if not url:
        raise UsageError("--to needs postgresql+psycopg://USER@HOST/NAME or sqlite:///PATH")
    here = settings.database.url
    if is_server(url):
        if is_server(here) and place(here) == place(url):
            raise UsageError(f"{place(url)} is the database of now; name another")
        return place(url)
    path = database_path(workspace, url)
    if not is_server(here) and path.resolve() == database_path(workspace, here).resolve():
        raise UsageError(f"{path} is the database of now; name another")
    return str(path)


@contextmanager
def _opened(workspace: Path, url: str) -> Iterator[Database]:
    with closing(open_database(workspace, url, must_exist=True)) as database:
        yield database


@contextmanager
def _nobody_writes(workspace: Path) -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(ScheduleLock(workspace).acquire())
        stack.enter_context(RunLock(workspace).acquire())
        stack.enter_context(AlertLock(workspace).acquire())
        outbox = workspace / "outbox"
        if outbox.is_dir():
            stack.enter_context(SendingLock(outbox).acquire())
        yield
