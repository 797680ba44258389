"""Time stamps of an authority: a real one on loopback, made by OpenSSL; silent, refused and wrong ones."""

from __future__ import annotations

import io
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import msgspec
import pytest

from tests.builders import NOW
from tests.conftest import lacking
from tests.evidence.archive import packed, three_days
from tracker.evidence.days import close_days
from tracker.evidence.timestamps import TimestampTrouble, ask_authority, check_stamp, stamp_newest
from tracker.evidence.verify import verify
from tracker.settings import Evidence, Fetch, Settings
from tracker.store import evidence

CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/cert.pem
signer_key = {folder}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = no
ess_cert_id_chain = no
[req]
distinguished_name = name
x509_extensions = stamping
prompt = no
[name]
CN = Authority of a test
[stamping]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
basicConstraints = critical,CA:FALSE
"""
LINK = bytes(range(32))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an authority: its key, its certificate and what OpenSSL needs to sign."""
    if not shutil.which("openssl"):
        lacking("openssl")
    folder = tmp_path_factory.mktemp("authority")
    (folder / "openssl.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-config", f"{folder}/openssl.cnf"]
    subprocess.run([*new, "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"], check=True, capture_output=True)
    return folder


def signed_by(folder: Path) -> Callable[[bytes], bytes]:
    def sign(query: bytes) -> bytes:
        (folder / "query.tsq").write_bytes(query)
        reply = ["openssl", "ts", "-reply", "-config", f"{folder}/openssl.cnf", "-queryfile", f"{folder}/query.tsq"]
        return subprocess.run(reply, check=True, capture_output=True).stdout

    return sign


@contextmanager
def serving(answer: Callable[[bytes], bytes], status: int = 200) -> Iterator[Settings]:
    """Settings that name an authority on loopback which answers so."""

    class Authority(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Authority) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield settings_for(f"http://127.0.0.1:{server.server_port}/tsr")
        server.shutdown()


def settings_for(url: str, networks: tuple[str, ...] = ("127.0.0.0/8",)) -> Settings:
    return msgspec.structs.replace(Settings(), evidence=Evidence(timestamp_url=url), fetch=Fetch(allow_networks=[*networks]))


def test_a_day_is_stamped_once_and_the_pack_holds_a_stamp_that_can_be_checked(authority: Path, tmp_path: Path) -> None:
    database = three_days(tmp_path)
    with serving(signed_by(authority)) as settings:
        first, second = stamp_newest(database, settings), stamp_newest(database, settings)
    assert first is not None
    assert (first.outcomes, second) == ((("stamped", 1),), None)
    pack = packed(database, [1, 6])
    found = verify(io.BytesIO(pack))
    assert (found.faults, [(day, signed) for day, _, signed in found.stamps]) == ([], [("2026-03-17", False)])
    certificate = (authority / "cert.pem").read_bytes()
    assert verify(io.BytesIO(pack), None, certificate).stamps[0][2] is True
    assert verify(io.BytesIO(pack), None, b"no certificate").faults[0][1].startswith("the time stamp of 2026-03-17")
    with database.writing() as conn:
        token = evidence.roots(conn)[-1].timestamp
        assert token is not None
        evidence.note_timestamp(conn, "2026-03-14", token)
    assert verify(io.BytesIO(packed(database, [1]))).faults[0][1].endswith("the authority stamped something else")
    database.close()


@pytest.mark.parametrize(
    ("answer", "status", "why"),
    [
        (b"", 200, "no time stamp"),
        (b"<html>", 200, "no time stamp"),
        (b"0" * 1_000_000, 200, "no time stamp"),
        (b"0\x03\x02\x01\x02", 200, "no time stamp"),
        (b"", 302, "status 302"),
        (b"", 500, "status 500"),
    ],
)
def test_what_is_no_stamp_is_an_outcome_in_words(answer: bytes, status: int, why: str) -> None:
    with serving(lambda _: answer, status) as settings, pytest.raises(TimestampTrouble, match=why):
        ask_authority(settings, LINK)


def test_an_old_answer_played_again_is_refused(authority: Path) -> None:
    with serving(signed_by(authority)) as settings:
        old = ask_authority(settings, LINK)
    assert check_stamp(old, LINK).signed is False
    with serving(lambda _: old) as settings, pytest.raises(TimestampTrouble, match="something else"):
        ask_authority(settings, LINK)


def test_the_guard_holds_and_nobody_there_is_an_outcome(tmp_path: Path) -> None:
    with serving(lambda _: b"") as settings, pytest.raises(TimestampTrouble, match="not allowed"):
        ask_authority(settings_for(settings.evidence.timestamp_url, ()), LINK)
    database = three_days(tmp_path)
    told = stamp_newest(database, settings_for("http://127.0.0.1:1/"))
    assert told is not None
    assert (told.outcomes, told.remarks) == ((("not stamped", 1),), ("2026-03-17: the authority cannot be reached",))
    assert stamp_newest(database, Settings()) is None
    assert close_days(database, NOW + timedelta(days=4)) == []
    database.close()
