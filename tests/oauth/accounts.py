"""Settings of mailboxes that are entered by token, and keys for them; all invented."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tracker.mail_settings import OAuth
from tracker.settings import Digest, Mail, Settings

SECRET = "s3cret~of/the+app"


def a_mailbox(token_url: str, **oauth: Any) -> Mail:
    given: dict[str, Any] = {"client_id": "app-1", "client_secret": SECRET, "token_url": token_url} | oauth
    return Mail(host="127.0.0.1", security="none", auth="xoauth2", username="press@ngo.example", oauth=OAuth(**given), timeout_seconds=5)


def settings_of(mail: Mail) -> Settings:
    return Settings(mail=mail, digest=Digest(sender="Štampa <press@ngo.example>"))


@cache
def a_key() -> rsa.RSAPrivateKey:
    """One for all tests: making one takes a tenth of a second."""
    return rsa.generate_private_key(65537, 2048)


def key_pem() -> bytes:
    return a_key().private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


@cache
def certificate() -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "press tracker")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(a_key().public_key()).serial_number(1)
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    return made.not_valid_before(begins).not_valid_after(begins + timedelta(days=999)).sign(a_key(), hashes.SHA256())


def certificate_file(folder: Path) -> str:
    (folder / "app.pem").write_bytes(certificate().public_bytes(serialization.Encoding.PEM) + key_pem())
    return str(folder / "app.pem")


def service_account_file(folder: Path) -> str:
    told = {"type": "service_account", "private_key": key_pem().decode(), "private_key_id": "k1", "client_email": "bot@project.example"}
    (folder / "account.json").write_text(json.dumps(told), "utf-8")
    return str(folder / "account.json")
