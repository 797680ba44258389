"""From an answer to its one outcome; every row is a thing that was seen or can be provoked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL import SSL
from scrapy import exceptions as scrapy_errors
from twisted.internet import error as twisted_errors
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from tracker.crawl.outcomes import Answer, CertificateExpired, RedirectLoop, RefusedAddress, RobotsRefused, TooLarge, Unreadable, decide
from tracker.model import FetchOutcome as Outcome

HTML = b"<!doctype html><html><body>a</body></html>"


def page(status: int = 200, content_type: str = "text/html", head: bytes = HTML, **more: object) -> Answer:
    return Answer(wants_page=True, status=status, content_type=content_type, head=head, **more)  # type: ignore[arg-type]


def feed(status: int = 200, content_type: str = "application/rss+xml", head: bytes = b"<rss/>", **more: object) -> Answer:
    return Answer(wants_page=False, status=status, content_type=content_type, head=head, **more)  # type: ignore[arg-type]


def failed(failure: BaseException, **more: object) -> Answer:
    return Answer(wants_page=True, failure=failure, **more)  # type: ignore[arg-type]


def broken_by(*reasons: Exception) -> Exception:
    error = scrapy_errors.DownloadFailedError("failed")
    error.__cause__ = ResponseFailed([Failure(reason) for reason in reasons])
    return error


def caused(error: Exception, by: BaseException) -> Exception:
    error.__cause__ = by
    return error


UNTRUSTED = SSL.Error([("SSL routines", "", "certificate verify failed")])

ROWS = [
    (page(), Outcome.FETCHED, ""),
    (page(content_type="TEXT/HTML; charset=windows-1250"), Outcome.FETCHED, ""),
    (page(content_type="application/xhtml+xml"), Outcome.FETCHED, ""),
    (page(content_type="", head=HTML), Outcome.FETCHED, ""),
    (page(content_type="text/plain", head=b"\xef\xbb\xbf\r\n<HTML>"), Outcome.FETCHED, ""),
    (page(content_type="text/plain", head=b"hello"), Outcome.NOT_HTML, "text/plain"),
    (page(content_type="image/jpeg", head=b""), Outcome.NOT_HTML, "image/jpeg"),
    (page(content_type="application/json", head=b"{}"), Outcome.NOT_HTML, "application/json"),
    (page(head=b" \r\n"), Outcome.EMPTY, "without any content"),
    (page(204, head=b""), Outcome.EMPTY, "without any content"),
    (page(led_elsewhere="the front page"), Outcome.NOT_FOUND, "front page"),
    (page(206), Outcome.FAILED, "a part of the page only"),
    (page(is_cut=True), Outcome.CONNECTION_FAILED, "broke off"),
    (page(202, challenged=True), Outcome.BLOCKED, "test for humans"),
    (page(head=b"\0" * 40), Outcome.EMPTY, "without any content"),
    (page(head=b"\x8b\x05\x80packed"), Outcome.NOT_HTML, "no page"),
    (page(head=HTML.decode().encode("utf-16")), Outcome.FETCHED, ""),
    (page(head="Вести из града".encode("utf-16")), Outcome.FETCHED, ""),
    (page(301), Outcome.FAILED, "without saying where"),
    (page(302, location="file:///etc/passwd"), Outcome.REFUSED_ADDRESS, "file:///etc/passwd"),
    (page(304), Outcome.FAILED, "not modified"),
    (page(401), Outcome.BLOCKED, "login"),
    (page(402), Outcome.BLOCKED, "payment"),
    (page(403), Outcome.BLOCKED, "403"),
    (page(451), Outcome.BLOCKED, "legally"),
    (page(403, challenged=True), Outcome.BLOCKED, "test for humans"),
    (page(404), Outcome.NOT_FOUND, "not found"),
    (page(410), Outcome.NOT_FOUND, "for good"),
    (page(408), Outcome.TIMEOUT, "gave up"),
    (page(418), Outcome.FAILED, "418"),
    (page(429), Outcome.RATE_LIMITED, "less often"),
    (page(500), Outcome.SERVER_ERROR, "500"),
    (page(503), Outcome.SERVER_ERROR, "503"),
    (page(0), Outcome.FAILED, ""),
    (feed(), Outcome.FETCHED, ""),
    (feed(content_type="text/html"), Outcome.FETCHED, ""),
    (feed(304, head=b""), Outcome.UNCHANGED, "unchanged"),
    (feed(head=b""), Outcome.EMPTY, ""),
    (failed(RobotsRefused()), Outcome.ROBOTS_REFUSED, "robots.txt"),
    (failed(RefusedAddress("the address carries a password")), Outcome.REFUSED_ADDRESS, "password"),
    (failed(TooLarge()), Outcome.TOO_LARGE, "max_bytes"),
    (failed(Unreadable("zlib")), Outcome.PARSE_FAILED, "compression"),
    (failed(scrapy_errors.DownloadCancelledError("x")), Outcome.TOO_LARGE, "max_bytes"),
    (failed(scrapy_errors.DownloadTimeoutError("x"), timeout_seconds=45.0), Outcome.TIMEOUT, "(45 s)"),
    (failed(scrapy_errors.CannotResolveHostError("x")), Outcome.DNS_FAILED, "no such host"),
    (failed(scrapy_errors.CannotResolveHostError("x"), refused_network="10.0.0.1"), Outcome.REFUSED_ADDRESS, "10.0.0.1"),
    (failed(scrapy_errors.UnsupportedURLSchemeError("x")), Outcome.REFUSED_ADDRESS, "not a web address"),
    (failed(scrapy_errors.NotSupported("x")), Outcome.REFUSED_ADDRESS, "not a web address"),
    (failed(scrapy_errors.ResponseDataLossError()), Outcome.CONNECTION_FAILED, "broke off"),
    (failed(scrapy_errors.DownloadConnectionRefusedError("x")), Outcome.CONNECTION_FAILED, "refused"),
    (failed(twisted_errors.ConnectionLost()), Outcome.CONNECTION_FAILED, "cut"),
    (failed(twisted_errors.TCPTimedOutError()), Outcome.CONNECTION_FAILED, ""),
    (failed(twisted_errors.TimeoutError()), Outcome.TIMEOUT, "in time"),
    (failed(RedirectLoop()), Outcome.REDIRECT_LOOP, "circles"),
    (failed(caused(CertificateExpired(), broken_by(UNTRUSTED))), Outcome.CERTIFICATE, "expired"),
    (failed(broken_by(UNTRUSTED)), Outcome.CERTIFICATE, "cannot be trusted"),
    (failed(broken_by(SSL.Error([("SSL routines", "", "wrong version number")]))), Outcome.CERTIFICATE, "no secure connection"),
    (failed(broken_by(ValueError("bad header"))), Outcome.CONNECTION_FAILED, "could not be read"),
    (failed(RuntimeError("our  own\nfault")), Outcome.FAILED, "RuntimeError: our own fault"),
]


@pytest.mark.parametrize(("answer", "outcome", "words"), ROWS, ids=lambda value: str(value)[:60])
def test_an_answer_has_its_outcome(answer: Answer, outcome: Outcome, words: str) -> None:
    found, detail = decide(answer)
    assert found is outcome
    assert words in detail


@given(st.booleans(), st.integers(0, 999), st.text(max_size=30), st.binary(max_size=50))
def test_every_answer_has_an_outcome_and_failures_a_reason(wants_page: bool, status: int, content_type: str, head: bytes) -> None:
    outcome, detail = decide(Answer(wants_page=wants_page, status=status, content_type=content_type, head=head))
    assert outcome is Outcome.FETCHED or detail
    assert "\n" not in detail
