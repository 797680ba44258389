"""One run at a time in a workspace. The kernel holds the lock, so a killed run leaves none behind."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path

from tracker.errors import RunLocked, StoreError
from tracker.store.server_url import is_server

FILE_NAME = "tracker.lock"
LOOKS, LOOK_SECONDS = 10, 0.02


class RunLock:
    """The workspace's lock. Child processes that inherit the descriptor keep it held: a crawler that outlives its parent still
    keeps a second run away. Pass `fileno()` in `pass_fds` when starting one."""

    file_name = FILE_NAME
    taken = "another run is at work here"

    def __init__(self, workspace: Path, url: str = "") -> None:
        """`url`: `database.url`; of a server all machines at that database share the lock."""
        self.path = workspace / self.file_name
        self._url = url if is_server(url) else ""
        self._handle: int | None = None

    @contextmanager
    def acquire(self) -> Iterator[RunLock]:
        """Holds the lock inside the `with`. Raises RunLocked at once when another run has it."""
        handle = self._open()
        try:
            self._lock(handle)
            self._handle = handle
            with self._everywhere():
                yield self
        finally:
            self._handle = None
            os.close(handle)

    def _everywhere(self) -> AbstractContextManager[None]:
        """The lock of all machines at the server, where there is one."""
        if not self._url:
            return nullcontext()
        from tracker.store import server_lock

        return server_lock.held(self._url, self.file_name, self.taken)

    def is_held(self) -> bool:
        """Whether somebody holds it now. Makes no file and keeps nobody out: who comes for the lock this very moment tries again."""
        if self._url:
            from tracker.store import server_lock

            if server_lock.is_held(self._url, self.file_name):
                return True
        if not self.path.exists():
            return False
        handle = self._open()
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(handle)
        return False

    def fileno(self) -> int:
        """The descriptor to hand to child processes. Raises ValueError when the lock is not held."""
        if self._handle is None:
            raise ValueError("the run lock is not held")
        return self._handle

    def _open(self) -> int:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StoreError(f"{self.path} cannot be opened: {error.strerror}; make the workspace writable for this user") from error
        os.set_inheritable(handle, True)
        return handle

    def _lock(self, handle: int) -> None:
        try:
            _take(handle)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise StoreError(f"{self.path} cannot be locked: {error.strerror}; use a local disk for the workspace") from error
            raise RunLocked(f"{self.taken} ({_holder(handle)}); wait for it, or end it and start again") from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)


def _take(handle: int) -> None:
    """The lock, tried a few times: somebody may only be looking whether it is held. Raises OSError."""
    for _ in range(LOOKS - 1):
        with suppress(BlockingIOError):
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        time.sleep(LOOK_SECONDS)
    return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class SendingLock(RunLock):
    """The outbox's lock: one mailing at a time, whether or not a night is at work."""

    file_name = ".sending.lock"
    taken = "another `tracker send` is at work here"


class ScheduleLock(RunLock):
    """The scheduler's lock: one `tracker schedule` in a workspace. Its jobs do not hold it."""

    file_name = ".schedule.lock"
    taken = "another `tracker schedule` is at work here"


class AlertLock(RunLock):
    """One at a time tells people something at once."""

    file_name = ".alerts.lock"
    taken = "another `tracker alert` or `tracker doctor --tell` is at work here"


class EditionFilesLock(RunLock):
    """The outbox's lock of whoever makes the files of approved editions."""

    file_name = ".to-make.lock"
    taken = "another process makes the files of editions here"


class ProofLock(RunLock):
    """The outbox's lock of whoever sends the proofs that were asked for on the desk."""

    file_name = ".proofs.lock"
    taken = "another process sends proofs here"


class MailboxLock(RunLock):
    """One reading of the mailbox at a time, whether or not a night is at work."""

    file_name = ".mailbox.lock"
    taken = "another process reads the mailbox here"


class BackupLock(RunLock):
    """One `tracker backup --rotate` in a workspace."""

    file_name = ".backup.lock"
    taken = "another `tracker backup --rotate` is at work here"


def _holder(handle: int) -> str:
    """The process named in the file. When that one is gone, one of its children still works."""
    noted = os.pread(handle, 32, 0).decode("ascii", "replace").strip()
    if not noted.isdigit():
        return "process unknown"
    try:
        os.kill(int(noted), 0)
    except ProcessLookupError:
        return f"process {noted} has ended, but a crawler it started is still running"
    except OSError:
        pass
    return f"process {noted}"
