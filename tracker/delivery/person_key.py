"""The key of the recipients: it signs the address of each one's own page, and stands for whom was erased.

It lies beside the database and not in it: who gets a copy of the database can neither sign anybody off nor learn who was erased.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import stat
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tracker.delivery.lines import sync_folder
from tracker.errors import ConfigError, StoreError

FILE_NAME = "recipients.key"
KEY_BYTES = 32
TOKEN_CHARS = 32
"""Base64 of 24 bytes: nobody guesses it."""
LETTER_TOKEN_CHARS = 26
"""Base32 of 16 bytes, in small letters: mail servers change the case of addresses."""
ERASED = "erased-"
"""Begins what stands in place of an address; no address can begin so, for want of an @."""


@dataclass(frozen=True, slots=True)
class PersonKey:
    """The key. It is in no printed form of itself."""

    _key: bytes = field(repr=False)

    def token(self, address_key: str) -> str:
        """What opens the own page of whoever reads at this address."""
        return base64.urlsafe_b64encode(self._digest("page", address_key)[: TOKEN_CHARS * 3 // 4]).decode()

    def owner(self, token: str, address_keys: Iterable[str]) -> str:
        """Whose token it is; empty when it is none of theirs."""
        given = token.encode("utf-8", "replace")
        return next((key for key in address_keys if hmac.compare_digest(self.token(key).encode(), given)), "")

    def letter_token(self, message_id: str) -> str:
        """What a letter with this Message-ID bears, and nobody else can know."""
        return base64.b32encode(self._digest("bounce", message_id)[:16]).decode().rstrip("=").lower()

    def erased(self, address_key: str) -> str:
        """What stands in the ledger where this address stood: the same every time, and nobody can tell the address from it."""
        return ERASED + self._digest("erased", address_key).hex()[:40]

    def hidden(self, identity: str) -> str:
        """What stands in the records where a letter's identity stood: that is computed from the address."""
        return ERASED + self._digest("letter", identity).hex()[:40]

    def hidden_message_id(self, message_id: str) -> str:
        """A letter's Message-ID with its identity hidden; one that is hidden already stays."""
        identity, _, domain = message_id.strip("<>").partition("@")
        return message_id if identity.startswith(ERASED) else f"<{self.hidden(identity)}@{domain}>"

    def _digest(self, use: str, text: str) -> bytes:
        return hmac.new(self._key, f"{use}\0{text}".encode("utf-8", "replace"), hashlib.sha256).digest()


def known_key(workspace: Path) -> PersonKey | None:
    """The workspace's key; None where none was made yet. Raises ConfigError for one that others can read or that is damaged."""
    path = workspace / FILE_NAME
    try:
        mode = path.stat().st_mode
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", place=path) from error
    if mode & stat.S_IRWXO:
        raise ConfigError(f"is open to everybody; it must be private: chmod 600 {path}", place=path)
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ConfigError("is damaged; lay it there again from your copy (a new one would end all links in letters sent)", place=path)
    return PersonKey(key)


def person_key(workspace: Path) -> PersonKey:
    """The workspace's key, made at the first need. Raises ConfigError as `known_key`, StoreError where it cannot be written."""
    if (known := known_key(workspace)) is not None:
        return known
    try:
        _make(workspace / FILE_NAME)
    except FileExistsError:
        pass  # another process made it meanwhile
    except OSError as error:
        raise StoreError(f"{workspace / FILE_NAME} cannot be written: {error.strerror}; make the workspace writable") from error
    made = known_key(workspace)
    assert made is not None
    return made


def _make(path: Path) -> None:
    """Whole or not at all, and never over another. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # private from its first byte
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)
    finally:
        Path(name).unlink()
    sync_folder(path.parent)
