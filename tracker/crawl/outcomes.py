"""How a request ended: from what came back (or did not) to one outcome and one line a press officer can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct
from scrapy import exceptions as scrapy_errors
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import IgnoreRequest
from twisted.internet import error as twisted_errors

from tracker.model import FetchOutcome as Outcome

if TYPE_CHECKING:
    from scrapy.http import Response


class RobotsRefused(IgnoreRequest):
    """The site's robots.txt does not want us there."""


class RobotsUnavailable(IgnoreRequest):
    """robots.txt could not be had from a server in trouble, and so says nothing yet (RFC 9309, 2.3.1.4)."""


class RefusedAddress(IgnoreRequest):
    """An address we do not ask: not http(s), with a password in it, or inside a network that is not ours to visit."""


class TooLarge(IgnoreRequest):
    """More bytes than `fetch.max_bytes`, as sent or once unpacked."""


class RedirectLoop(IgnoreRequest):
    """More redirects than REDIRECT_MAX_TIMES."""


class CertificateExpired(Exception):
    """A certificate was refused because it has ended; the TLS library says only that it cannot be verified."""


class Unreadable(IgnoreRequest):
    """The answer's compression is broken."""


class Answer(Struct, frozen=True):
    """What one request brought: a status with its facts, or a failure."""

    wants_page: bool
    asked_for_changes: bool = False
    status: int | None = None
    content_type: str = ""
    head: bytes = b""
    location: str = ""
    challenged: bool = False
    led_elsewhere: str = ""
    """Where a redirect led in place of the article, in words."""
    is_cut: bool = False
    failure: BaseException | None = None
    refused_network: str = ""
    timeout_seconds: float = 0.0


HTML_TYPES = ("text/html", "application/xhtml+xml", "application/xhtml")
SNIFFED_TYPES = ("", "text/plain", "text/xml", "application/xml", "application/octet-stream", "unknown/unknown", "text")
"""Types under which pages are served by mistake: the body's first bytes decide."""

CUT = "tracker_cut"
"""Flag of an answer whose compression did not end."""
LONGEST_END = 4096
"""Bytes after a page's last tag: counters and comments of caches."""
_BLANK = b" \t\r\n\x0b\x0c\0"
_NO_TEXT = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")

BLOCKING = {
    401: "asks for a login",
    402: "asks for payment",
    403: "refuses us",
    406: "refuses us",
    451: "is legally blocked",
}


def decide(answer: Answer) -> tuple[Outcome, str]:
    """The outcome of an answer and its reason in words."""
    if answer.failure is not None:
        return _of_failure(answer)
    status = answer.status or 0
    if 200 <= status < 300 and not answer.challenged:
        return _of_success(answer, status)
    if 300 <= status < 400:
        return _of_redirect(answer, status)
    return _of_refusal(answer, status)


def may_be_html(content_type: str) -> bool:
    """Whether a body is worth downloading as a page, by its header alone."""
    media = media_type(content_type)
    return media in HTML_TYPES or media in SNIFFED_TYPES


def media_type(content_type: str) -> str:
    """The type alone, in lower case: `text/html` of `Text/HTML; charset=utf-8`."""
    return " ".join(content_type.partition(";")[0].partition(",")[0].split()).lower()


def _of_success(answer: Answer, status: int) -> tuple[Outcome, str]:
    if answer.wants_page and not may_be_html(answer.content_type):
        return Outcome.NOT_HTML, f"served as {media_type(answer.content_type)[:60]}, not as a page"
    if status in (204, 205) or not answer.head.strip(_BLANK):
        return Outcome.EMPTY, "answered without any content"
    if answer.wants_page and answer.led_elsewhere:
        return Outcome.NOT_FOUND, f"sends on to {answer.led_elsewhere} instead"
    if answer.wants_page and answer.is_cut:
        return Outcome.CONNECTION_FAILED, "the answer broke off"
    if answer.wants_page and status == 206:
        return Outcome.FAILED, "answered with a part of the page only"
    if (
        answer.wants_page
        and not _looks_like_html(answer.head)
        and (media_type(answer.content_type) not in HTML_TYPES or _is_binary(answer.head))
    ):
        return Outcome.NOT_HTML, f"served as {media_type(answer.content_type) or 'nothing in particular'}, and it is no page"
    return Outcome.FETCHED, ""


def _of_redirect(answer: Answer, status: int) -> tuple[Outcome, str]:
    if status == 304:
        return (
            (Outcome.FAILED, "answered 'not modified' to a first request")
            if answer.wants_page and not answer.asked_for_changes
            else (Outcome.UNCHANGED, "unchanged since the last poll")
        )
    if answer.location:
        return Outcome.REFUSED_ADDRESS, f"sends on to an address that is not asked: {answer.location[:200]}"
    return Outcome.FAILED, f"sends on (status {status}) without saying where"


def _of_refusal(answer: Answer, status: int) -> tuple[Outcome, str]:
    if answer.challenged:
        return Outcome.BLOCKED, f"shows a test for humans (status {status})"
    if status in BLOCKING:
        return Outcome.BLOCKED, f"the site {BLOCKING[status]} (status {status})"
    if status == 407:
        return Outcome.CONNECTION_FAILED, "the proxy asks for another login; see fetch.proxy"
    if status in (404, 410):
        return Outcome.NOT_FOUND, "gone for good" if status == 410 else "not found"
    if status == 429:
        return Outcome.RATE_LIMITED, "the site asks us to come less often"
    if status == 408:
        return Outcome.TIMEOUT, "the site gave up waiting"
    if status >= 500:
        return Outcome.SERVER_ERROR, f"the site has an error of its own (status {status})"
    return Outcome.FAILED, f"unexpected answer (status {status})"


_NAMED: tuple[tuple[type[BaseException], Outcome, str], ...] = (
    (RobotsRefused, Outcome.ROBOTS_REFUSED, "robots.txt asks us to stay away"),
    (RedirectLoop, Outcome.REDIRECT_LOOP, "sends us in circles"),
    (CertificateExpired, Outcome.CERTIFICATE, "the certificate has expired"),
    (Unreadable, Outcome.PARSE_FAILED, "the answer's compression is broken"),
    (scrapy_errors.DownloadCancelledError, Outcome.TOO_LARGE, "larger than fetch.max_bytes"),
    (scrapy_errors.DownloadTimeoutError, Outcome.TIMEOUT, "did not answer in time"),
    (scrapy_errors.ResponseDataLossError, Outcome.CONNECTION_FAILED, "the answer broke off"),
    (TunnelError, Outcome.CONNECTION_FAILED, "the proxy did not let us through"),
    (scrapy_errors.DownloadConnectionRefusedError, Outcome.CONNECTION_FAILED, "the connection was refused"),
    (scrapy_errors.UnsupportedURLSchemeError, Outcome.REFUSED_ADDRESS, "not a web address"),
    (twisted_errors.TimeoutError, Outcome.TIMEOUT, "did not answer in time"),
    (twisted_errors.ConnectError, Outcome.CONNECTION_FAILED, "the connection could not be made"),
    (twisted_errors.ConnectionClosed, Outcome.CONNECTION_FAILED, "the connection was cut"),
    (scrapy_errors.NotSupported, Outcome.REFUSED_ADDRESS, "not a web address"),
)


_SPEAKING: tuple[tuple[type[BaseException], Outcome, str], ...] = (
    (RefusedAddress, Outcome.REFUSED_ADDRESS, "not an address we ask"),
    (TooLarge, Outcome.TOO_LARGE, "larger than fetch.max_bytes"),
    (RobotsUnavailable, Outcome.SERVER_ERROR, "could not be asked: robots.txt is not available"),
)
"""Errors of our own, which bring their words."""


def _of_failure(answer: Answer) -> tuple[Outcome, str]:
    failure = answer.failure
    for kind, outcome, words in _SPEAKING:
        if isinstance(failure, kind):
            return outcome, str(failure) or words
    if isinstance(failure, scrapy_errors.CannotResolveHostError):
        if answer.refused_network:
            return Outcome.REFUSED_ADDRESS, f"the host is {answer.refused_network}, inside a network that is not asked"
        return Outcome.DNS_FAILED, "no such host"
    if not isinstance(failure, CertificateExpired) and (certificate := _certificate_words(failure)):
        return Outcome.CERTIFICATE, certificate
    for kind, outcome, words in _NAMED:
        if isinstance(failure, kind):
            return outcome, f"{words} ({answer.timeout_seconds:g} s)" if outcome is Outcome.TIMEOUT and answer.timeout_seconds else words
    if isinstance(failure, scrapy_errors.DownloadFailedError):
        return Outcome.CONNECTION_FAILED, "the answer could not be read"
    return Outcome.FAILED, f"{type(failure).__name__}: {' '.join(str(failure).split())[:200]}"


_SSL_MODULES = ("OpenSSL", "service_identity")


def _certificate_words(failure: BaseException | None) -> str:
    for cause in _causes(failure):
        if type(cause).__module__.partition(".")[0] not in _SSL_MODULES:
            continue
        words = " ".join(str(part) for part in cause.args)
        if type(cause).__module__.startswith("service_identity"):
            return "the certificate is for another host"
        if "certificate" in words:
            return "the certificate cannot be trusted"
        return "no secure connection could be agreed on"
    return ""


def _causes(failure: BaseException | None) -> Iterator[BaseException]:
    """An error, what caused it, and what Twisted wrapped inside it."""
    waiting, seen = [failure], set[int]()
    while waiting:
        error = waiting.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        yield error
        waiting += [
            error.__cause__,
            error.__context__,
            *(getattr(reason, "value", None) for reason in getattr(error, "reasons", None) or ()),
        ]


def is_cut(response: Response) -> bool:
    """Whether a page ended before its end, as far as can be told: its compression did not end, or the connection was closed on a page of
    no stated length, and its last tags are missing. Many pages end in one of these ways and are whole."""
    if "partial" not in response.flags and CUT not in response.flags:
        return False
    end = response.body[-LONGEST_END:].replace(b"\0", b"").lower()
    return b"</html" not in end and b"</body" not in end


def _is_binary(head: bytes) -> bool:
    """Bytes that stand in no text; UTF-16 has them as halves of letters."""
    return not head.startswith((b"\xff\xfe", b"\xfe\xff")) and _NO_TEXT.search(head[:512]) is not None


def _looks_like_html(head: bytes) -> bool:
    start = head[:2048].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or b"<html" in start or b"<body" in start or b"<head" in start
