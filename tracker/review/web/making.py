"""Starts the process that makes the files of approved editions: no request waits for it, and it lives on when the desk ends."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import tracker
from tracker.pipeline import edition_files
from tracker.pipeline.edition_files import Making

EXTENSION = "desk.files"
AGAIN_AFTER_SECONDS = 20.0
"""Between two starts that nobody asked for: a process that dies at once is not started by every look at the page."""
Start = Callable[[Path], None]
_log = logging.getLogger(__name__)


class FileMaker:
    """Makes what is noted in the workspace's outbox. `start`: begins a process for a workspace."""

    def __init__(self, workspace: Path, start: Start | None = None) -> None:
        self._workspace, self._outbox = workspace, workspace / "outbox"
        self._start = start or Processes()
        self._lock = threading.Lock()
        self._started_at: float | None = None

    def ask_for(self, edition_id: int) -> None:
        """Notes the edition; `begin` follows once it is approved."""
        edition_files.ask_for(self._outbox, edition_id)

    def forget(self, edition_id: int) -> None:
        """Takes the note back."""
        edition_files.forget(self._outbox, edition_id)

    def begin(self) -> None:
        """Starts making what is noted."""
        with self._lock:
            self._started_at = time.monotonic()
        self._start(self._workspace)

    def take_up(self) -> None:
        """Goes on with what an earlier desk left, if anything."""
        if edition_files.is_asked_for(self._outbox):
            self.begin()

    def standing(self, edition_id: int) -> Making:
        """How the edition's files stand. What was interrupted is begun again."""
        found = edition_files.standing(self._outbox, edition_id)
        if found is not Making.INTERRUPTED:
            return found
        with self._lock:
            waits = self._started_at is not None and time.monotonic() - self._started_at < AGAIN_AFTER_SECONDS
        if not waits:
            self.begin()
        return Making.UNDER_WAY


class Processes:
    """Processes of our own interpreter that run a module for a workspace, one a start; those that ended are noticed at the next."""

    def __init__(self, module: str = "tracker.pipeline.edition_files") -> None:
        self._module = module
        self._lock = threading.Lock()
        self._running: list[subprocess.Popen[bytes]] = []

    def __call__(self, workspace: Path) -> None:
        root = str(Path(tracker.__file__).resolve().parent.parent)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))}
        command = [sys.executable, "-P", "-m", self._module, str(workspace.resolve())]
        with self._lock:
            self._running = [one for one in self._running if one.poll() is None]
            try:
                child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment, start_new_session=True
                )
                self._running.append(child)
            except OSError as error:
                _log.error("%s waits: no process can be started: %s", self._module, error)

    def wait(self) -> None:
        """Until all have ended."""
        with self._lock:
            for one in self._running:
                one.wait()
            self._running = []
