"""People who were erased: what the ledger keeps of them is enough to send them nothing twice, and names nobody."""

from __future__ import annotations

from pathlib import Path

from tracker.delivery.person_key import ERASED, PersonKey, known_key
from tracker.store import deliveries
from tracker.store.database import Database


class ErasedPeople:
    """The letters that went to people who were erased since. Nothing is read while there are none."""

    def __init__(self, database: Database, workspace: Path) -> None:
        with database.reading() as conn:
            self._letters = deliveries.beginning(conn, ERASED)
        self._key: PersonKey | None = known_key(workspace) if self._letters else None

    def had(self, edition_id: int, correction_id: int, address_key: str) -> bool:
        """Whether a letter of the edition, or of the correction, was for this address before it was erased."""
        return self._key is not None and (edition_id, correction_id, self._key.erased(address_key)) in self._letters
