"""The systemd unit that keeps the scheduler running, for this workspace and this installation; and what it is told of our health."""

from __future__ import annotations

import contextlib
import getpass
import socket
import sys
import time
from collections.abc import Callable, Iterable, MutableMapping
from pathlib import Path
from string import Template

from tracker.errors import UsageError
from tracker.workspace import shipped_folder


def service_unit(workspace: Path, python: Path | None = None, user: str = "", writes_to: Iterable[Path] = ()) -> str:
    """The unit's text; the service may write into the workspace and `writes_to`. Raises UsageError for a folder whose name systemd cannot
    be told."""
    folder, program = workspace.absolute(), python or Path(sys.executable)
    others = [path for path in dict.fromkeys(one.absolute() for one in writes_to) if not path.is_relative_to(folder)]
    for path in (folder, program, *others):
        if not str(path).isprintable() or '"' in str(path) or "\\" in str(path):
            raise UsageError(f"{str(path)!r} cannot stand in a unit; give the folder a plain name")
    text = (shipped_folder("templates") / "service" / "tracker.service").read_text("utf-8")
    return Template(text).substitute(
        workspace=_quoted(folder),
        workspace_raw=_plain(folder),
        workspace_shown=_plain(folder),
        writable=" ".join([_quoted(folder), *(f'"-{_quoted(path)[1:]}' for path in others)]),  # "-": one that is away stops nothing
        program=f"{_quoted(program)} -P -m tracker",
        user=user or getpass.getuser(),
    )


def _plain(path: Path) -> str:
    return str(path).replace("%", "%%")


def _quoted(path: Path) -> str:
    """For a line that systemd splits into words; in a command `$` would begin a variable."""
    return f'"{_plain(path).replace("$", "$$")}"'


class ServiceManager:
    """systemd, where it started this process with `Type=notify` (sd_notify(3)): it ends and starts a scheduler that says nothing for
    `WatchdogSec`. Anywhere else nothing is said to anybody, and what cannot be said is no fault."""

    def __init__(self, address: str = "", watchdog_seconds: float = 0.0, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._address, self._monotonic = address, monotonic
        self._pause = watchdog_seconds / 3  # systemd advises half of it or less (sd_watchdog_enabled(3))
        self._next_at = 0.0

    @classmethod
    def claim(cls, environment: MutableMapping[str, str]) -> ServiceManager:
        """Takes the address out of the environment: commands that we start speak for themselves."""
        address, limit = environment.pop("NOTIFY_SOCKET", ""), environment.pop("WATCHDOG_USEC", "")
        return cls(address, int(limit) / 1e6 if limit.isdecimal() else 0.0)

    def ready(self) -> None:
        """The scheduler is at work."""
        self._tell("READY=1")

    def alive(self) -> None:
        """The scheduler goes on; said as often as it must be, however often this is called."""
        if self._pause and self._monotonic() >= self._next_at:
            self._next_at = self._monotonic() + self._pause
            self._tell("WATCHDOG=1")

    def _tell(self, words: str) -> None:
        if not self._address:
            return
        name = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notes:
            notes.setblocking(False)
            notes.sendto(words.encode(), name)
