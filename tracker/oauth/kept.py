"""The file in which a token waits for its next use: beside the database, for its owner alone, in no backup."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tracker.config.private_files import write_private
from tracker.oauth.faults import Fault, TokenTrouble

FILE_NAME, LOCK_NAME = "mail-token.json", "mail-token.lock"
AHEAD = timedelta(minutes=5)
"""So long before its end a token is replaced; of a short life the last fifth."""
LOOK_SECONDS, PATIENCE_SECONDS = 0.05, 60.0
"""Another process that fetches is waited for: longer than an answer may take."""


@dataclass(frozen=True, slots=True)
class KeptToken:
    """A token with its life, and what gets the next one. Nothing of it is in a traceback."""

    access_token: str = field(repr=False)
    fetched_at: datetime
    expires_at: datetime
    refresh_token: str = field(default="", repr=False)

    def serves(self, now: datetime) -> bool:
        """Whether it can still be used; not where the clock was set back to before it came."""
        return bool(self.access_token) and self.fetched_at - AHEAD <= now < self.expires_at

    def is_fresh(self, now: datetime) -> bool:
        """Whether it need not be replaced yet."""
        return self.serves(now) and now < self.expires_at - min(AHEAD, (self.expires_at - self.fetched_at) / 5)


class TokenFile:
    """The kept token of a workspace."""

    def __init__(self, workspace: Path) -> None:
        self._path, self._lock = workspace / FILE_NAME, workspace / LOCK_NAME

    def read(self, identity: str) -> KeptToken | None:
        """What was kept for this identity; None where nothing was, or nothing that can be understood."""
        try:
            told = json.loads(self._path.read_bytes())
            if told["identity"] != identity:
                return None
            began, ends = datetime.fromisoformat(told["fetched_at"]), datetime.fromisoformat(told["expires_at"])
            kept = KeptToken(str(told["access_token"]), began, ends, str(told.get("refresh_token", "")))
            return kept if kept.fetched_at.tzinfo and kept.expires_at.tzinfo else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def write(self, identity: str, kept: KeptToken) -> None:
        """Keeps it in place of what was kept. Raises TokenTrouble."""
        told = {
            "identity": identity,
            "access_token": kept.access_token,
            "fetched_at": kept.fetched_at.isoformat(),
            "expires_at": kept.expires_at.isoformat(),
            "refresh_token": kept.refresh_token,
        }
        try:
            write_private(self._path, json.dumps(told).encode())
        except OSError as error:
            raise TokenTrouble(Fault.FILE, f"{self._path}: {error.strerror}") from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time fetches: a refresh token may be good for one use. The kernel frees it after a kill. Raises TokenTrouble."""
        try:
            handle = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise TokenTrouble(Fault.FILE, f"{self._lock}: {error.strerror}") from error
        try:
            until = time.monotonic() + PATIENCE_SECONDS
            while not _taken(handle):
                if time.monotonic() > until:
                    raise TokenTrouble(Fault.BUSY)
                time.sleep(LOOK_SECONDS)
            yield
        finally:
            os.close(handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise TokenTrouble(Fault.FILE, f"it cannot be locked: {error.strerror}") from error
    return True
