"""Signed statements of who we are, in place of a password: an app with a certificate, a Google service account."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from tracker.errors import ConfigError

LIVES = timedelta(minutes=10)
"""Both providers take an hour at most; ten minutes forgive a clock that is a little off."""


def client_assertion(key_file: str, client_id: str, token_url: str, now: datetime) -> str:
    """An app's statement, signed with the key in a PEM file that holds its certificate too. Raises ConfigError."""
    content = _read(key_file)
    try:
        thumbprint = urlsafe_b64encode(x509.load_pem_x509_certificate(content).fingerprint(hashes.SHA256())).decode().rstrip("=")
    except ValueError as error:
        raise ConfigError("mail.oauth.key_file holds no certificate; put key and certificate into one PEM file", place=key_file) from error
    claims = {"iss": client_id, "sub": client_id, "aud": token_url, "jti": secrets.token_hex(16), **_times(now)}
    return _signed(claims, _pem_key(content, key_file), "PS256", {"x5t#S256": thumbprint}, key_file)


def service_account_assertion(key_file: str, scope: str, mailbox: str, token_url: str, now: datetime) -> str:
    """A service account's statement in a mailbox's name, signed with its JSON key. Raises ConfigError."""
    try:
        told = json.loads(_read(key_file))
        key, email, number = str(told["private_key"]), str(told["client_email"]), told.get("private_key_id")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ConfigError(
            "mail.oauth.key_file is no key of a service account; take the JSON file of Google's console", place=key_file
        ) from error
    claims = {"iss": email, "sub": mailbox, "scope": scope, "aud": token_url, **_times(now)}
    return _signed(claims, key.encode(), "RS256", {"kid": str(number)} if number else {}, key_file)


def key_digest(key_file: str) -> str:
    """Another word for another key in the same file; empty where it cannot be read."""
    try:
        return hashlib.sha256(Path(key_file).read_bytes()).hexdigest()
    except OSError:
        return ""


def _times(now: datetime) -> dict[str, int]:
    begins = int(now.timestamp())
    return {"iat": begins, "nbf": begins, "exp": begins + int(LIVES.total_seconds())}


def _signed(claims: dict[str, Any], key: bytes, algorithm: str, headers: dict[str, str], key_file: str) -> str:
    try:
        return jwt.encode(claims, key, algorithm=algorithm, headers=headers)
    except Exception as error:
        raise ConfigError("mail.oauth.key_file holds no RSA key without a passphrase", place=key_file) from error


def _pem_key(content: bytes, key_file: str) -> bytes:
    begin, end = content.find(b"-----BEGIN "), -1
    while begin >= 0:
        end = content.find(b"-----END ", begin)
        line_end = content.find(b"-----", end + 9)
        if b"PRIVATE KEY" in content[begin : content.find(b"\n", begin)] and end >= 0 and line_end >= 0:
            return content[begin : line_end + 5] + b"\n"
        begin = content.find(b"-----BEGIN ", max(end, begin + 1))
    raise ConfigError("mail.oauth.key_file holds no private key; put key and certificate into one PEM file", place=key_file)


def _read(key_file: str) -> bytes:
    try:
        return Path(key_file).read_bytes()
    except OSError as error:
        raise ConfigError(f"mail.oauth.key_file cannot be read: {error.strerror}", place=key_file) from error
