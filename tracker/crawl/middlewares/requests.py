"""What every request gets and what every answer goes through: allowed addresses, headers, unpacking, redirects, cookies."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.logformatter import LogFormatter
from scrapy.utils.httpobj import urlparse_cached

from tracker.crawl.address_guard import allowed, is_number, networks
from tracker.crawl.outcomes import CUT, RedirectLoop, RefusedAddress, TooLarge, Unreadable
from tracker.crawl.request_state import state_of
from tracker.crawl.scrapy_internals import RedirectsWithoutReferer, make_cookies
from tracker.sources.site_files import LONGEST_FILE_BYTES
from tracker.sources.unpacking import GZIP, MAX_LAYERS, ZLIB, is_unended, unpacked
from tracker.urls.canonical import is_host

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.downloadermiddlewares.cookies import CookiesMiddleware

    from tracker.crawl.proxy import Proxy

COOKIES_PER_OUTLET = 100
"""Browsers keep 180 a site (Chromium); a jar that grows beyond this is one that sets a new name with each answer."""
ACCEPT = b"text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.8"
ACCEPT_LANGUAGE = b"sq,sr,bs,hr,mk,en;q=0.7"

logger = logging.getLogger(__name__)


class Requests:
    """Outermost: refuses addresses that are not ours to ask, and gives each request its headers, limits and proxy."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.user_agent = settings["USER_AGENT"]
        self.timeout_seconds = settings.getfloat("DOWNLOAD_TIMEOUT")
        self.proxy: Proxy | None = settings["TRACKER_PROXY"]
        self.permitted = networks(settings.getlist("TRACKER_ALLOW_NETWORKS"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Requests:
        """Scrapy's way to make it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises RefusedAddress."""
        parts = urlparse_cached(request)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RefusedAddress("not a web address")
        if not is_host(parts.hostname):
            raise RefusedAddress("no host can have this name")  # looking it up would fail in a thread and nobody would hear of it
        if "@" in parts.netloc:
            raise RefusedAddress("the address carries a user name or password")
        outlet = state_of(request).outlet
        meta, headers = request.meta, request.headers
        meta["download_timeout"] = self.timeout_seconds
        if self.proxy is not None:
            if is_number(parts.hostname) and not allowed(parts.hostname, self.permitted):
                raise RefusedAddress(f"the host is {parts.hostname}, inside a network that is not asked")  # the proxy would connect to it
            self.proxy.set_on(request)
        headers[b"User-Agent"] = (outlet and outlet.user_agent) or self.user_agent
        headers[b"Accept"] = ACCEPT
        headers[b"Accept-Language"] = ACCEPT_LANGUAGE
        if outlet is not None:
            meta["cookiejar"] = outlet.id


class Compression(HttpCompressionMiddleware):
    """Unpacks answers within fetch.max_bytes; a bomb and a broken archive have outcomes of their own.

    Gzip is known by its first bytes: many servers name it and send plain bytes, or send it unnamed or twice. Of a robots.txt its
    beginning is unpacked, however long it is."""

    def process_response(self, request: Request, response: Response, spider: Spider | None = None) -> Request | Response:
        """The answer unpacked. Raises TooLarge and Unreadable."""
        try:
            if state_of(request).robots_of:
                if response.body.startswith((GZIP, *ZLIB)):
                    return _without_encoding(response).replace(body=unpacked(response.body, LONGEST_FILE_BYTES))
                # as sent it may be of any length, since it is cut; in a packing that we did not ask for it may not be a bomb
                request = request.replace(meta={**request.meta, "download_maxsize": LONGEST_FILE_BYTES})
            for _ in range(MAX_LAYERS):
                response = _named_as_it_is(response)
                if b"Content-Encoding" not in response.headers:
                    break
                packed, named = response.body, response.headers[b"Content-Encoding"] or b""
                plain = super().process_response(request, response)
                if not isinstance(plain, Response):
                    return plain
                response = plain.replace(flags=[*plain.flags, CUT]) if is_unended(packed, named) else plain
            return response
        except IgnoreRequest as error:
            raise TooLarge("larger than fetch.max_bytes once unpacked") from error
        except Exception as error:
            if response.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"{", b"[")):
                return _without_encoding(response)  # plain text under a wrong name
            raise Unreadable(f"{type(error).__name__}: {error}") from error


def _named_as_it_is(response: Response) -> Response:
    """The answer with the Content-Encoding that its bytes have; files that are archives by name (`sitemap.xml.gz`) stay packed."""
    named = response.headers.get(b"Content-Encoding", b"").strip().lower()  # type: ignore[union-attr]
    packed = response.body.startswith(GZIP)
    if named in (b"gzip", b"x-gzip") and response.body and not packed:
        return _without_encoding(response)
    if named or not packed or urlparse_cached(response).path.lower().endswith((".gz", ".tgz")):
        return response
    headers = response.headers.copy()
    headers[b"Content-Encoding"] = b"gzip"
    return response.replace(headers=headers)


def _without_encoding(response: Response) -> Response:
    headers = response.headers.copy()
    headers.pop(b"Content-Encoding", None)
    return response.replace(headers=headers)


class Redirects(RedirectsWithoutReferer):
    """Redirects that lead to no web address are left as they are: the answer then ends as refused."""

    def process_response(self, request: Request, response: Response, spider: Spider | None = None) -> Request | Response:
        """The answer, or the request it leads to. Raises RedirectLoop."""
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise RedirectLoop from error
        except ValueError:
            return response

    def handle_referer(self, request: Request, response: Response) -> None:
        request.headers.pop("Referer", None)


class OutletCookies:
    """One jar per outlet, for this crawl only. Does nothing for the many answers without cookies: Scrapy's own are made with the first."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._kept: CookiesMiddleware | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> OutletCookies:
        """Scrapy's way to make it."""
        return cls(crawler)

    def process_request(self, request: Request) -> Request | Response | None:
        """Adds the cookies of the outlet's jar, where it has one."""
        if self._kept is not None and request.meta.get("cookiejar") in self._kept.jars:
            return self._kept.process_request(request)
        return None

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Keeps the answer's cookies in the outlet's jar."""
        outlet = request.meta.get("cookiejar")
        if outlet is None or b"Set-Cookie" not in response.headers:
            return response
        try:
            self._kept = self._kept or make_cookies(self._crawler)
            self._kept.process_response(request, response)
            if len(self._kept.jars[outlet].jar) > COOKIES_PER_OUTLET:
                del self._kept.jars[outlet]
        except Exception as error:  # noqa: BLE001  # an outlet's malformed cookie is no reason to lose its page
            logger.info("cookies of %s are unusable: %s", response.url, error)
        return response


class QuietLog(LogFormatter):
    """Nothing per request: 60,000 pages a night would bury what matters. Outcomes are in the store."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> Any:
        return None

    def scraped(self, item: Any, response: Any, spider: Spider) -> Any:
        return None

    def download_error(self, failure: Any, request: Request, spider: Spider, errmsg: str | None = None) -> Any:
        return None
