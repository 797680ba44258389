"""Scrapy's HTTP client, once with certificates verified and once, for outlets marked lenient, without."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from OpenSSL import SSL
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.utils.httpobj import urlparse_cached
from twisted.web.client import HostnameCachingHTTPSPolicy

from tracker.crawl.exchanges import header_lines
from tracker.crawl.outcomes import CertificateExpired
from tracker.crawl.request_state import set_state, state_of
from tracker.crawl.scheduler import host_of, turns_of
from tracker.crawl.scrapy_internals import make_client, set_alert_callback

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

CLOSING_SECONDS = 0.1
"""How long idle connections may take to close at the end of a crawl; Scrapy waits a second."""

CACHED_TLS_HOSTS = 64
"""A connection's trust store takes 5 ms to load and about 1 MB to keep."""

CERTIFICATE_EXPIRED = 45
"""The alert by which TLS says so; the error that follows says only that the certificate could not be verified."""


class PressDownloadHandler:
    """http and https (DOWNLOAD_HANDLERS): one client that verifies certificates, one for lenient outlets, made when first needed."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._expired: set[str] = set()
        self._strict = _client(crawler, self._expired)
        self._lenient: HTTP11DownloadHandler | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PressDownloadHandler:
        """Scrapy's way to make it."""
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        started, is_page = monotonic(), (ticket := state_of(request).ticket) is not None and ticket.is_page
        noted: dict[str, Any] = {"sent": header_lines(request.headers), "received": ()} if is_page else {}
        if (turns := turns_of(self._crawler)) is not None:
            turns.check(host_of(request))
        try:
            response = await self._client_for(request).download_request(request)
            if is_page:
                noted["received"] = header_lines(response.headers)
            return response
        except Exception as error:
            host = urlparse_cached(request).hostname or ""
            if host in self._expired:
                self._expired.discard(host)
                raise CertificateExpired from error
            raise
        finally:
            set_state(request, replace(state_of(request), elapsed_seconds=monotonic() - started, **noted))

    async def close(self) -> None:
        """Closes idle connections."""
        for client in (self._strict, self._lenient):
            if client is not None:
                await client.close()

    def _client_for(self, request: Request) -> HTTP11DownloadHandler:
        outlet = state_of(request).outlet
        if outlet is None or not outlet.lenient_tls:
            return self._strict
        if self._lenient is None:
            self._lenient = _client(self._crawler)
        return self._lenient


class _Verifying:
    """Scrapy's policy with certificates verified; into `expired` go the hosts whose certificate has ended."""

    def __init__(self, policy: Any, expired: set[str]) -> None:
        self._policy, self._expired = policy, expired

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # Twisted's name
        creator = self._policy.creatorForNetloc(hostname, port)
        host = hostname.decode("ascii")

        def note(connection: SSL.Connection, where: int, alert: int) -> None:
            if where & SSL.SSL_CB_WRITE_ALERT == SSL.SSL_CB_WRITE_ALERT and alert & 0xFF == CERTIFICATE_EXPIRED:
                self._expired.add(host)

        set_alert_callback(creator, note)
        return creator


def _client(crawler: Crawler, expired: set[str] | None = None) -> HTTP11DownloadHandler:
    """A client that verifies certificates if there is a set for the hosts whose certificate has ended."""

    def policy_of(policy: Any) -> Any:
        verifying: Any = policy if expired is None else _Verifying(policy, expired)
        return HostnameCachingHTTPSPolicy(verifying, CACHED_TLS_HOSTS)

    return make_client(crawler, verify=expired is not None, closing_seconds=CLOSING_SECONDS, policy_of=policy_of)
