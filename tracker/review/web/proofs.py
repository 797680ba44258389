"""Proofs that were sent from this desk since it was started. They are in nobody's ledger, so they are kept here and nowhere else."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

EXTENSION = "desk.proofs"
MOST = 200
"""Kept of all editions together, the newest."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof and how it stands: `sent`, `filed` (no mail server is set) or `refused`."""

    edition_id: int
    to: str
    language: str
    state: str
    at: datetime


class Proofs:
    """Safe to use from several threads."""

    def __init__(self) -> None:
        self._kept: deque[Proof] = deque(maxlen=MOST)
        self._lock = Lock()

    def note(self, proof: Proof) -> None:
        """Keeps one more."""
        with self._lock:
            self._kept.appendleft(proof)

    def of_edition(self, edition_id: int) -> list[Proof]:
        """Those of the edition, the newest first."""
        with self._lock:
            return [one for one in self._kept if one.edition_id == edition_id]
