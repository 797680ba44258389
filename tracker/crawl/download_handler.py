"""Scrapy's HTTP client, once with certificates verified and once, for outlets marked lenient, without."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from OpenSSL import SSL
from scrapy.core.downloader.contextfactory import _get_creator_context
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.utils.httpobj import urlparse_cached
from twisted.web.client import HostnameCachingHTTPSPolicy

from tracker.crawl.outcomes import EXPIRED

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
    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._expired: set[str] = set()
        self._strict = _client(crawler, self._expired)
        self._lenient: HTTP11DownloadHandler | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PressDownloadHandler:
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        started = monotonic()
        try:
            return await self._client_for(request).download_request(request)
        except Exception as error:
            host = urlparse_cached(request).hostname or ""
            if host in self._expired:
                self._expired.discard(host)
                error.add_note(EXPIRED)
            raise
        finally:
            request.meta["elapsed"] = monotonic() - started

    async def close(self) -> None:
        for client in (self._strict, self._lenient):
            if client is not None:
                await client.close()

    def _client_for(self, request: Request) -> HTTP11DownloadHandler:
        if not request.meta.get("lenient_tls"):
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

        _get_creator_context(creator).set_info_callback(note)
        return creator


def _client(crawler: Crawler, expired: set[str] | None = None) -> HTTP11DownloadHandler:
    """A client that verifies certificates if there is a set for the hosts whose certificate has ended."""
    client = HTTP11DownloadHandler(crawler)
    policy: Any = client._contextFactory
    policy._verify_certificates = expired is not None
    cached: Any = HostnameCachingHTTPSPolicy(policy if expired is None else _Verifying(policy, expired), CACHED_TLS_HOSTS)  # type: ignore[arg-type]
    client._contextFactory = cached
    client._disconnect_timeout = CLOSING_SECONDS  # type: ignore[assignment]
    return client
