"""Under which name the folder of the settings is known in the store."""

from __future__ import annotations

import hashlib

from tracker.settings import Settings


def folder_of(settings: Settings) -> str:
    """The folder's name; it tells neither user nor server."""
    given = settings.mailbox
    return hashlib.sha256(f"{given.host}\0{given.username}\0{given.folder}".encode()).hexdigest()[:32]
