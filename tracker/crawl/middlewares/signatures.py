"""Signs what is asked of outlets, where `identity.sign` says so: each request anew, also one that a redirect or a retry made."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from tracker.crawl.request_state import OF_A_NET, state_of
from tracker.identity.signing import HEADERS, Signer

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class Signatures:
    """Scrapy's downloader middleware, behind what refuses addresses."""

    def __init__(self, signer: Signer | None, now: Callable[[], float] = time.time) -> None:
        self._signer = signer
        self._now = now

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Signatures:
        """Scrapy's way to make it."""
        return cls(crawler.settings["TRACKER_SIGNER"])

    def process_request(self, request: Request) -> None:
        """What another request was signed with never stays: a redirect to another host carries no signature of the first."""
        for name in HEADERS:
            request.headers.pop(name, None)
        outlet = state_of(request).outlet
        if self._signer is not None and outlet is not None and outlet.id != OF_A_NET:
            for name, value in self._signer.headers(request.url, self._now(), secrets.token_urlsafe(16)).items():
                request.headers[name] = value
