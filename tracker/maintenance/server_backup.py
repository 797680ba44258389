"""Backups of a database on a server: a SQLite file of the same rows, which any machine can read and which a server is restored from."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from tracker.settings import Settings
from tracker.store import backend
from tracker.store import backup as copies
from tracker.store.database import FILE_NAME, database_exists, open_database
from tracker.store.server_admin import dropping_unfinished, put_aside
from tracker.store.transfer import transfer


def copy(workspace: Path, settings: Settings, target: Path) -> int:
    """Copies the rows while the database is in use, as they are at one moment, reads them back and returns the file's size in bytes.
    Raises StoreError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder,
        closing(open_database(workspace, settings.database.url, must_exist=True)) as source,
    ):
        with closing(open_database(Path(folder))) as made:
            transfer(source, made)
        copies.fold_log(Path(folder) / FILE_NAME)
        return copies.copy(Path(folder) / FILE_NAME, target)


def restore(workspace: Path, settings: Settings, prepared: Path, now: datetime) -> str | None:
    """Puts the rows of a file of the newest revision in the place of the server's; returns what the tables of before are called now.
    Where it fails these are put back. Raises StoreError."""
    url = settings.database.url
    with _aside(url, now) as before:
        with closing(open_database(workspace, url)) as target, closing(open_database(prepared.parent, f"sqlite:///{prepared}")) as source:
            transfer(source, target)
        return before


@contextmanager
def _aside(url: str, now: datetime) -> Iterator[str | None]:
    name = f"before_{now:%Y%m%d_%H%M%S}" if database_exists(Path(), url) else None
    if name is not None:
        put_aside(url, name)
    with dropping_unfinished(url, name):
        yield name


def size_bytes(workspace: Path, settings: Settings) -> int:
    """The database's size on the server."""
    with closing(open_database(workspace, settings.database.url, must_exist=True)) as database, database.reading() as conn:
        return backend.of(conn).file_bytes(conn)
