"""The one key pair of a workspace, for signatures alone: Ed25519, made once, never overwritten, for its owner's eyes."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import ConfigError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FOLDER = "secrets"
FILE_NAME = "identity.pem"
NEXT_NAME, BEFORE_NAME = "identity.next.pem", "identity.before.pem"
"""Of the key that will take the place of the present one, and of the one that it took the place of."""
DIRECTORY_NAME = "http-message-signatures-directory"
"""Of the file below `.well-known/` (draft-meunier-http-message-signatures-directory)."""


@dataclass(frozen=True, slots=True)
class Key:
    """The private key, its public part as JSON Web Key writes it, and its name: the thumbprint of RFC 7638."""

    private: Ed25519PrivateKey = field(repr=False)
    x: str
    name: str

    def sign(self, message: bytes) -> bytes:
        """64 bytes (RFC 8032)."""
        return self.private.sign(message)


def key_file(workspace: Path) -> Path:
    """Where a workspace's key lies."""
    return workspace / FOLDER / FILE_NAME


def make_key(workspace: Path, name: str = FILE_NAME) -> bool:
    """Makes a key, mode 0600; False where there is one already, which stays. Raises OSError."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    path = key_file(workspace).with_name(name)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    content = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(unfinished, path)  # fails where there is one, also if it came this moment
    except FileExistsError:
        return False
    finally:
        unfinished.unlink()
    return True


def rotate(workspace: Path) -> None:
    """The next key becomes the present one; the present one stays beside it, to be named in the directory. Killed anywhere it can be done
    again. Raises ConfigError where there is no next key that can be read."""
    present = key_file(workspace)
    following, before = present.with_name(NEXT_NAME), present.with_name(BEFORE_NAME)
    read_key(workspace, NEXT_NAME)
    if present.exists():
        copied = before.with_name(f".{BEFORE_NAME}.{os.getpid()}")
        os.link(present, copied)
        copied.replace(before)
    following.replace(present)


def listed_keys(workspace: Path) -> tuple[Key, ...]:
    """The keys of the directory: the present one first, then the next and the one before, where there are such. Raises ConfigError."""
    others = (name for name in (NEXT_NAME, BEFORE_NAME) if key_file(workspace).with_name(name).exists())
    found = {key.name: key for key in (read_key(workspace), *(read_key(workspace, name) for name in others))}
    return tuple(found.values())


def read_key(workspace: Path, name: str = FILE_NAME) -> Key:
    """A key of the workspace. Raises ConfigError where there is none, others may read it, or it is no such key."""
    path, option = key_file(workspace).with_name(name), " --next" if name == NEXT_NAME else ""
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigError("can be read by others: `chmod 600` it, or remove it and make a new one", place=path)
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read ({error.strerror or error}); `tracker identity{option}` makes a key", place=path) from error
    return key_of(content, path)


def key_of(pem: bytes, place: Path) -> Key:
    """The key that a PEM file holds. Raises ConfigError."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(pem, None)
    except (ValueError, TypeError) as error:
        raise ConfigError("holds no private key", place=place) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise ConfigError("holds a key of another kind; Ed25519 is needed", place=place)
    x = _base64url(private.public_key().public_bytes_raw())
    return Key(private, x, thumbprint(x))


def thumbprint(x: str) -> str:
    """The name of an Ed25519 key by its public part (RFC 7638 over the members of RFC 8037, 2)."""
    members = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": x}, separators=(",", ":"), sort_keys=True)
    return _base64url(hashlib.sha256(members.encode()).digest())


def directory(*keys: Key) -> str:
    """The key directory: a JSON Web Key Set with the public parts alone."""
    public = [{"kty": "OKP", "crv": "Ed25519", "x": key.x, "kid": key.name, "alg": "EdDSA", "use": "sig"} for key in keys]
    return json.dumps({"keys": public}, indent=2) + "\n"


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
