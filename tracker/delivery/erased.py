"""People whose address is kept no more: what the ledger keeps of them is enough to send them nothing twice, and names nobody."""

from __future__ import annotations

from pathlib import Path

from tracker.delivery.person_key import ERASED, PersonKey, known_key
from tracker.store import deliveries
from tracker.store.database import Database


class ErasedPeople:
    """The letters that went to people who were erased since, or whose address was given up after `keep.addresses_days`."""

    def __init__(self, database: Database, workspace: Path) -> None:
        self._database = database
        with database.reading() as conn:
            there_are_some = deliveries.any_beginning(conn, ERASED)
        self._key: PersonKey | None = known_key(workspace) if there_are_some else None
        self._letters: dict[int, frozenset[tuple[int, str]]] = {}

    def had(self, edition_id: int, correction_id: int, address_key: str) -> bool:
        """Whether a letter of the edition, or of the correction, was for this address before it was taken out."""
        if self._key is None:
            return False
        if edition_id not in self._letters:
            with self._database.reading() as conn:
                self._letters[edition_id] = deliveries.beginning(conn, edition_id, ERASED)
        return (correction_id, self._key.erased(address_key)) in self._letters[edition_id]
