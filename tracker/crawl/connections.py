"""Scrapy's HTTP client, once with certificates verified and once, for outlets marked lenient, without."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from twisted.web.client import HostnameCachingHTTPSPolicy

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

CLOSING_SECONDS = 0.1
"""How long idle connections may take to close at the end of a crawl; Scrapy waits a second."""

CACHED_TLS_HOSTS = 64
"""A connection's trust store takes 5 ms to load and about 1 MB to keep."""


class PressDownloadHandler:
    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._strict = _client(crawler, verify=True)
        self._lenient: HTTP11DownloadHandler | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PressDownloadHandler:
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        started = monotonic()
        try:
            return await self._client_for(request).download_request(request)
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
            self._lenient = _client(self._crawler, verify=False)
        return self._lenient


def _client(crawler: Crawler, *, verify: bool) -> HTTP11DownloadHandler:
    client = HTTP11DownloadHandler(crawler)
    policy: Any = client._contextFactory
    policy._verify_certificates = verify
    cached: Any = HostnameCachingHTTPSPolicy(policy, CACHED_TLS_HOSTS)
    client._contextFactory = cached
    client._disconnect_timeout = CLOSING_SECONDS  # type: ignore[assignment]
    return client
