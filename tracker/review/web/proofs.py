"""Starts the process that sends proofs: no request waits for a mail server, and what was asked for outlives the desk."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from tracker.delivery.proof_jobs import may_go_to
from tracker.review.web.making import AGAIN_AFTER_SECONDS, Processes, Start
from tracker.store import proofs
from tracker.store.lock import ProofLock
from tracker.store.proofs import Proof
from tracker.workspace import Parts

__all__ = ["EXTENSION", "ProofSender", "may_go_to"]
EXTENSION = "desk.proofs"


class ProofSender:
    """Sends what waits. `start`: begins a process for a workspace."""

    def __init__(self, parts: Parts, start: Start | None = None) -> None:
        self._parts = parts
        self._start = start or Processes("tracker.delivery.proof_jobs")
        self._lock = threading.Lock()
        self._started_at: float | None = None

    def begin(self) -> None:
        """Starts sending."""
        with self._lock:
            self._started_at = time.monotonic()
        self._start(self._parts.workspace)

    def take_up(self) -> None:
        """Goes on with what an earlier desk left, if anything."""
        with self._parts.database.reading() as conn:
            waiting = proofs.under_way(conn)
        if waiting:
            self.begin()

    def look(self, shown: Sequence[Proof]) -> bool:
        """Whether one of these is under way. What nobody works on is begun again."""
        if not any(one.is_under_way for one in shown):
            return False
        with self._lock:
            waits = self._started_at is not None and time.monotonic() - self._started_at < AGAIN_AFTER_SECONDS
        if not waits and not ProofLock(self._parts.workspace / "outbox").is_held():
            self.begin()
        return True
