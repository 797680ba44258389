"""The chain's newest link, signed by a time-stamping authority (RFC 3161) of the user's choice: a witness who is nobody's partner.

The request goes to public addresses and allowed networks only, follows no redirect, and takes an answer of limited size and time. What is
signed is the SHA-256 of the link's 32 bytes.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from contextlib import closing
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import Struct

from tracker.model import StepReport
from tracker.store import evidence
from tracker.store.database import Database

if TYPE_CHECKING:
    from tracker.settings import Settings

SECONDS = 20.0
MOST_BYTES = 64 * 1024
"""An answer with its certificates has 3-8 KB."""
SHA256 = "2.16.840.1.101.3.4.2.1"
"""Its object identifier."""
REFUSED, SILENT, NO_STAMP, OTHER = (
    "its address leads to a network that is not allowed",
    "the authority cannot be reached",
    "the authority answered no time stamp",
    "the authority stamped something else",
)


class TimestampTrouble(Exception):
    """Why there is no time stamp, in words of ours."""


class Stamp(Struct, frozen=True):
    """What a time stamp says. `signed`: whether its signature was checked up to a certificate that the reader trusts."""

    at: datetime
    signed: bool


def stamp_newest(database: Database, settings: Settings) -> StepReport | None:
    """Has the newest closed day stamped, unless it is; None where nobody is to be asked. A failure is counted and ends nothing."""
    with database.reading() as conn:
        newest = evidence.newest_root(conn)
    if not settings.evidence.timestamp_url or newest is None or newest.timestamp is not None:
        return None
    started = time.monotonic()
    try:
        token = ask_authority(settings, bytes.fromhex(newest.link))
    except TimestampTrouble as why:
        return StepReport("timestamp", 1, (("not stamped", 1),), time.monotonic() - started, (f"{newest.day}: {why}",))
    with database.writing() as conn:
        evidence.note_timestamp(conn, newest.day, token)
    return StepReport("timestamp", 1, (("stamped", 1),), time.monotonic() - started)


def ask_authority(settings: Settings, link: bytes) -> bytes:
    """The authority's answer for a link, DER. Raises TimestampTrouble."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    request = TimestampRequestBuilder(link, HashAlgorithm.SHA256, nonce=True, cert_req=True).build()
    answer = _post(settings, request.as_bytes())
    stamp = _read(answer)
    if stamp.tst_info.nonce != request.nonce or not _is_of(stamp, link):
        raise TimestampTrouble(OTHER)
    return answer


def check_stamp(token: bytes, link: bytes, authority: bytes | None = None) -> Stamp:
    """What a stored answer says of a link. `authority`: PEM certificates that the reader trusts. Raises TimestampTrouble."""
    stamp = _read(token)
    if not _is_of(stamp, link):
        raise TimestampTrouble(OTHER)
    if authority is not None:
        _check_signature(stamp, link, authority)
    return Stamp(stamp.tst_info.gen_time, authority is not None)


def _check_signature(stamp: Any, link: bytes, authority: bytes) -> None:
    from cryptography.x509 import load_pem_x509_certificates
    from rfc3161_client import VerifierBuilder

    try:
        verifier = VerifierBuilder(roots=load_pem_x509_certificates(authority)).build()
        verifier.verify(stamp, sha256(link).digest())
    except BaseException as error:  # its Rust part panics on what it does not know
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise TimestampTrouble("its signature leads to no certificate that was named") from error


def _read(answer: bytes) -> Any:
    from rfc3161_client import decode_timestamp_response

    try:
        stamp = decode_timestamp_response(answer)
        assert stamp.tst_info.gen_time
    except BaseException as error:  # as above
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise TimestampTrouble(NO_STAMP) from error
    if stamp.status not in (0, 1):  # granted, granted with changes
        raise TimestampTrouble(NO_STAMP)
    return stamp


def _is_of(stamp: Any, link: bytes) -> bool:
    imprint = stamp.tst_info.message_imprint
    return bool(imprint.hash_algorithm.dotted_string == SHA256 and imprint.message == sha256(link).digest())


def _post(settings: Settings, content: bytes) -> bytes:
    parts = urlsplit(settings.evidence.timestamp_url)
    secure, until = parts.scheme == "https", time.monotonic() + SECONDS
    agent = settings.fetch.user_agent.encode("ascii", "replace").decode()
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply", "User-Agent": agent}
    try:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port or (443 if secure else 80), timeout=SECONDS)
        with closing(connection):
            connection.sock = _connected(connection.host, connection.port, settings, secure=secure)
            connection.request("POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", content, headers)
            answer = connection.getresponse()
            if answer.status != 200:
                raise TimestampTrouble(f"the authority answered with status {answer.status}")
            return _body(answer, until)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise TimestampTrouble(SILENT) from error


def _body(answer: http.client.HTTPResponse, until: float) -> bytes:
    found = b""
    while piece := answer.read1(8192):
        found += piece
        if len(found) > MOST_BYTES or time.monotonic() > until:
            raise TimestampTrouble(NO_STAMP)
    return found


def _connected(host: str, port: int, settings: Settings, *, secure: bool) -> socket.socket:
    """A connection to an address that was looked at first: a name that answers otherwise the second time gains nothing."""
    from tracker.crawl.address_guard import allowed, networks

    permitted = networks(settings.fetch.allow_networks)
    found = [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    open_ = [str(address) for address in found if allowed(str(address), permitted)]
    if not open_:
        raise TimestampTrouble(REFUSED)
    plain = socket.create_connection((open_[0], port), SECONDS)
    if not secure:
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise
