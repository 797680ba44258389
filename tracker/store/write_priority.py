"""Who writes first to a SQLite file: a person waits at the desk, a crawl has all night.

SQLite lets one process write at a time. Whoever waits looks again after growing pauses, so a process that writes batch after batch comes
first nearly always. Therefore the desk holds a lock of its own, shared by its requests, from when it wants to write until it has written.
All others look at that lock before each transaction. The kernel holds it: a desk that is killed stands in nobody's way.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.errors import StoreError

GIVES_WAY_SECONDS = 1.0
"""At most, before one transaction: whatever twenty people write, the night goes on."""
LOOK_SECONDS = 0.003
PATIENCE_SECONDS = 10.0
"""For another request of the same desk; after that SQLite is asked, which says what stands in the way."""


class WritePriority:
    """The lock beside one database file."""

    def __init__(self, database: Path) -> None:
        self._here = threading.Lock()
        self.path = database.with_name(f"{database.name}-desk.lock")

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Others begin no transaction inside the `with`. Raises StoreError where the file cannot be made."""
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreError(f"{self.path} cannot be opened: {error.strerror}; make the workspace writable for this user") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_SH)  # others hold it for no longer than a look
            with self._turn():
                yield
        finally:
            os.close(handle)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One request after the other: who waits here is woken at once, who waits for SQLite looks again after up to a tenth of a second."""
        got = self._here.acquire(timeout=PATIENCE_SECONDS)
        try:
            yield
        finally:
            if got:
                self._here.release()

    def give_way(self, seconds: float = GIVES_WAY_SECONDS) -> None:
        """Returns once nobody at the desk wants to write, or after so many seconds."""
        until = time.monotonic() + seconds
        while self._is_taken() and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)

    def _is_taken(self) -> bool:
        """False also where no desk has ever written."""
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:  # a file system without such locks
            return False
        finally:
            os.close(handle)
        return False
