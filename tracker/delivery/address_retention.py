"""Addresses are kept no longer than `keep.addresses_days`: in the ledger and in the outbox's record keyed hashes take their place.

As after an erasure, an edition goes to nobody a second time: the hash of the address says who had it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from tracker.delivery.person_key import ERASED, person_key
from tracker.delivery.sent_log import hide_people, read_lines
from tracker.store import personal
from tracker.store.database import Database
from tracker.store.lock import AlertLock, SendingLock


def give_up_addresses(workspace: Path, outbox: Path, database: Database, before: datetime) -> dict[str, int]:
    """Takes out addresses of letters settled before then, and of notifications and records as old; how many of each.

    The same letter gets the same hash each time: killed anywhere and run again, it does what is left. Raises RunLocked while a mailing or
    an alert is on its way, ConfigError and StoreError where a part cannot be read or changed.
    """
    with database.reading() as conn:
        any_old = personal.has_old(conn, before)
    if not any_old and not _settled_before(read_lines(outbox), before):
        return {}
    with SendingLock(outbox).acquire(), AlertLock(workspace).acquire():
        key = person_key(workspace)
        counted = {"letters": 0, "notifications": 0}
        while True:
            with database.writing() as conn:
                found = personal.give_up_old(conn, before, key.erased, key.hidden_message_id)
            counted = {name: number + found[name] for name, number in counted.items()}
            if found["letters"] < personal.AT_ONCE:
                break
        old = _settled_before(read_lines(outbox), before)
        count = hide_people(outbox, key, lambda told: told.get("id") in old and "@" in str(told.get("to")))
    return counted | {"records": count}


def _settled_before(lines: Iterable[tuple[bytes, Mapping[str, Any] | None]], before: datetime) -> frozenset[str]:
    """Letters whose last line is older and says how they ended; one that only began may have arrived or not, and is a person's to decide."""
    last: dict[str, Mapping[str, Any]] = {}
    for _, told in lines:
        if told is not None and isinstance(told.get("id"), str):
            last[told["id"]] = told
    return frozenset(
        identity
        for identity, told in last.items()
        if not identity.startswith(ERASED) and told.get("event") in ("sent", "not_sent") and _is_before(told.get("at"), before)
    )


def _is_before(text: object, before: datetime) -> bool:
    try:
        return datetime.fromisoformat(str(text)) < before
    except (ValueError, TypeError):
        return False
