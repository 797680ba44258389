"""DKIM signatures (RFC 6376) under our own letters, for mail servers that do not sign."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import ConfigError
from tracker.mail_settings import Dkim

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

SIGNED = (
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted", "Content-Language"),
    *("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"),
)
"""RFC 8058 (4) wants both headers of one-click sign-off under the signature."""
FEWEST_BITS = 1024
"""RFC 8301 (3.2): shorter keys are not believed."""


def signer(given: Dkim, domain: str) -> Callable[[bytes], bytes]:
    """What adds a signature in the domain's name. Raises ConfigError for a key or selector that cannot be used."""
    if not given.selector:
        raise ConfigError("mail.dkim.key_file is set, mail.dkim.selector is not; it names the record with the public key")
    import dkim  # a tenth of a second, which a server that signs itself does not need

    key = _key(given.key_file)
    selector, signing = given.selector.encode(), (given.domain or domain).encode("idna")
    names = [name.lower().encode() for name in SIGNED]

    def sign(letter: bytes) -> bytes:
        there = {
            line.partition(b":")[0].lower() for line in letter.partition(b"\r\n\r\n")[0].split(b"\r\n") if line[:1] not in (b" ", b"\t")
        }
        signed = [name for name in names if name in there]
        # From once more than it is there: a second one put in on the way would break the signature
        told = dkim.sign(letter, selector, signing, key, canonicalize=(b"relaxed", b"relaxed"), include_headers=[b"from", *signed])
        return bytes(told) + letter

    sign(b"From: a@b.example\r\n\r\nx\r\n")
    return sign


def public_key(key_file: str) -> str:
    """The `p=` of the record to publish. Raises ConfigError."""
    from base64 import b64encode

    from cryptography.hazmat.primitives import serialization

    public = _loaded(key_file).public_key()
    return b64encode(public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)).decode()


def is_open_to_others(key_file: str) -> bool:
    """Whether others on this machine can read it."""
    try:
        return bool(Path(key_file).stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP))
    except OSError:
        return False


def _key(key_file: str) -> bytes:
    """In the form that the signing library reads, whatever form it has."""
    from cryptography.hazmat.primitives import serialization

    key = _loaded(key_file)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())


def _loaded(key_file: str) -> RSAPrivateKey:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    try:
        key = serialization.load_pem_private_key(Path(key_file).read_bytes(), password=None)
    except OSError as error:
        raise ConfigError(f"mail.dkim.key_file cannot be read: {error.strerror}", place=key_file) from error
    except Exception:  # noqa: BLE001 - of a library whose words may hold parts of the key
        raise ConfigError("mail.dkim.key_file holds no private key without a passphrase", place=key_file) from None
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < FEWEST_BITS:
        raise ConfigError(f"mail.dkim.key_file must hold an RSA key of {FEWEST_BITS} bits or more, best 2048", place=key_file)
    return key
