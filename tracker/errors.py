"""Errors by what their catcher should do next.

Expected outcomes are values with a reason (`model.Skipped`, `model.FetchOutcome`); these are the surprises.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path


class TrackerError(Exception):
    """Root of all errors this package raises on purpose. The text is one line a person can act on."""

    exit_code = 3
    is_busy = False
    """Whether another run stood in the way, so that nothing was done and the same command may succeed later."""


class MachineLacks(TrackerError):
    """This machine refused what every program needs: nothing that was asked, and nobody who was asked, is at fault."""


NO_ROOM = (
    "the system has no room for another process or thread of this user; end other programs, or raise the limit"
    " (`ulimit -u`, `TasksMax` of the service, `pids` of the container), and run the same command again"
)
NO_FILES = (
    "the system lets this program open no more files; raise the limit (`ulimit -n`, `LimitNOFILE` of the service), and run the same"
    " command again"
)
NO_MEMORY = (
    "the system gives this program no more memory; end other programs, or raise the limit (`ulimit -v`, `MemoryMax` of the service),"
    " and run the same command again"
)
_LACKS = {errno.EMFILE: NO_FILES, errno.ENFILE: NO_FILES, errno.ENOMEM: NO_MEMORY, errno.ENOBUFS: NO_MEMORY}
_UNMAPPED = ("failed to map segment", "annot allocate memory")
"""How the system's loader says that a library found no room in memory."""


def lacks_room(error: BaseException | None) -> bool:
    """Whether the system refused a process or a thread: of the latter Python says so in words alone."""
    if isinstance(error, OSError):
        return error.errno == errno.EAGAIN and error.filename is None and error.strerror == os.strerror(errno.EAGAIN)
    return isinstance(error, RuntimeError) and str(error) == "can't start new thread"


class ConfigError(TrackerError):
    """A person must mend a file, a setting or an argument; nothing has been done yet.

    `place` names the file (or variable), `line` and `column` count from 1 where they are known.
    """

    exit_code = 2

    def __init__(self, message: str, *, place: str | Path | None = None, line: int | None = None, column: int | None = None) -> None:
        self.message = message
        self.place = None if place is None else str(place)
        self.line = line
        self.column = column
        where = ":".join(str(part) for part in (self.place, line, column) if part is not None)
        super().__init__(" ".join(f"{where}: {message}".split()) if where else " ".join(message.split()))


class UsageError(TrackerError):
    """The command was asked for something that does not exist or does not fit; exit 2."""

    exit_code = 2


class StoreError(TrackerError):
    """The database cannot be used as it is: locked, full, newer than this program, or damaged."""


class PagesOutOfReach(StoreError):
    """The place outside of the database where pages lie cannot be reached, or is another one."""


class UnfitSchema(StoreError):
    """The tables are not those of the schema that the database names. `why`: what a migration met, in the database's words."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


class UpgradeFailed(StoreError):
    """A migration failed on tables as a version of this program left them, most likely by a mistake of its own. `why`: as of `UnfitSchema`."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


class SearchIndexDamaged(StoreError):
    """The search index is damaged; the articles, from which it can be made anew, are not."""


class RunLocked(TrackerError):
    """Another run holds the workspace's lock."""

    is_busy = True


class DeliveryRefused(TrackerError):
    """The mail server refused for good; shown to a person, never tried again by itself."""


def lack_of(error: BaseException | None) -> str:
    """What this machine lacks, in a sentence that says what to do; empty where the error, or what it came of, says no such thing."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, MachineLacks):
            return str(error)
        if lacks_room(error):
            return NO_ROOM
        number = error.errno if isinstance(error, OSError) else getattr(error, "osError", None)  # as Twisted keeps it
        if number in _LACKS:
            return _LACKS[number]
        if isinstance(error, MemoryError) or (isinstance(error, ImportError) and any(words in str(error) for words in _UNMAPPED)):
            return NO_MEMORY
        error = error.__cause__ or error.__context__
    return ""
