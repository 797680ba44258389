"""Letters that we sign can be verified by whoever gets them, and no key gets into an error."""

from __future__ import annotations

import re
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from msgspec.structs import replace

from tests.delivery.letters import RENDERED, SENDER, an_envelope
from tests.delivery.mailserver import MailServerOnLoopback
from tests.mailing import Desk, some
from tests.oauth.accounts import a_key, key_pem
from tracker.delivery.message import write_letter
from tracker.delivery.signing import public_key, signer
from tracker.errors import ConfigError
from tracker.mail_settings import Dkim
from tracker.settings import Mail

LETTER = write_letter(RENDERED, (), replace(SENDER, unsubscribe_url="https://ngo.example/out"), an_envelope())


@pytest.fixture
def settings(tmp_path: Path) -> Dkim:
    (tmp_path / "dkim.pem").write_bytes(key_pem())
    return Dkim(selector="tracker", key_file=str(tmp_path / "dkim.pem"))


def verified(letter: bytes, settings: Dkim) -> bool:
    record = f"v=DKIM1; k=rsa; p={public_key(settings.key_file)}".encode()
    return bool(dkim.verify(letter, dnsfunc=lambda name, timeout=5: record))


def test_a_signed_letter_is_verified_and_a_changed_one_is_not(settings: Dkim) -> None:
    signed = signer(settings, "ngo.example")(LETTER)
    assert signed.endswith(LETTER)
    head = b" ".join(signed[: -len(LETTER)].split())
    assert b"d=ngo.example" in head
    assert b"s=tracker" in head
    named = re.sub(rb"\s", b"", re.search(rb"h=([^;]*);", head)[1]).split(b":")  # type: ignore[index]
    assert {b"list-unsubscribe", b"list-unsubscribe-post", b"subject", b"to"} <= {*named}
    assert named.count(b"from") == 2
    assert verified(signed, settings)
    for old, new in [(b"Tekst", b"tekst"), (b"Subject: Java", b"Subject: Jave"), (b"From: ", b"From: x@y.example\r\nFrom: ")]:
        assert old in signed
        assert not verified(signed.replace(old, new, 1), settings)


def test_a_key_of_the_older_form_signs_too_and_another_domain_can(settings: Dkim, tmp_path: Path) -> None:
    older = a_key().private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    (tmp_path / "dkim.pem").write_bytes(older)
    signed = signer(Dkim(selector="s", domain="news.ngo.example", key_file=settings.key_file), "ngo.example")(LETTER)
    assert b"d=news.ngo.example" in b" ".join(signed.split())
    assert verified(signed, settings)


@pytest.mark.parametrize("kind", ["missing", "words", "short", "other", "locked"])
def test_a_key_that_cannot_sign_is_a_clear_error_without_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    path, pem, plain = tmp_path / "key.pem", serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    if kind == "words":
        path.write_bytes(b"-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n")
    elif kind == "other":
        path.write_bytes(ec.generate_private_key(ec.SECP256R1()).private_bytes(pem, plain, serialization.NoEncryption()))
    elif kind == "locked":
        path.write_bytes(a_key().private_bytes(pem, plain, serialization.BestAvailableEncryption(b"word")))
    elif kind == "short":
        path.write_bytes(rsa.generate_private_key(65537, 1024).private_bytes(pem, plain, serialization.NoEncryption()))
        monkeypatch.setattr("tracker.delivery.signing.FEWEST_BITS", 1025)  # shorter ones cannot be made any more
    with pytest.raises(ConfigError, match=r"mail\.dkim\.key_file") as caught:
        signer(Dkim(selector="s", key_file=str(path)), "ngo.example")
    assert "c2Vj" not in str(caught.value)


def test_a_key_without_a_name_is_a_clear_error(settings: Dkim) -> None:
    with pytest.raises(ConfigError, match=r"mail\.dkim\.selector"):
        signer(Dkim(key_file=settings.key_file), "ngo.example")


def test_letters_leave_signed_where_a_key_is_set(tmp_path: Path, settings: Dkim) -> None:
    with MailServerOnLoopback() as server:
        mail = Mail(host="127.0.0.1", port=server.port, security="none", per_minute=100_000, dkim=settings)
        desk = Desk(tmp_path, some("ana", "bora"), mail)
        desk.edition()
        assert dict(desk.send().step.outcomes) == {"sent": 2}
        desk.database.close()
    assert all(verified(letter.content, settings) for letter in server.letters)
