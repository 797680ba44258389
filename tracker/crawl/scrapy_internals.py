"""Every private attribute of Scrapy and Twisted that a crawl touches, each with the reason.

A new version may drop any of them. `PRIVATE` names them for the test that fails by name when one is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from OpenSSL import SSL
from scrapy.core.downloader import contextfactory
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from twisted.internet import endpoints

from tracker.errors import lacks_room

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.downloadermiddlewares.cookies import CookiesMiddleware


MOST_NAMES = 4096
"""Encoded host names that are remembered: seven times the register's outlets."""


class PrivateAttribute(Struct, frozen=True):
    """`owner` is a dotted path to a module, a class or (with `source`) a function whose source text must set the name."""

    owner: str
    name: str
    reason: str
    in_source: bool = False


PRIVATE = (
    PrivateAttribute("scrapy.core.engine.ExecutionEngine", "_slot", "the engine's next look for work", in_source=True),
    PrivateAttribute("scrapy.core.engine._Slot", "nextcall", "wakes the engine before its next heartbeat (5 s)", in_source=True),
    PrivateAttribute("scrapy.core.downloader.contextfactory", "_get_creator_context", "the TLS context, to hear of expired certificates"),
    PrivateAttribute("twisted.internet.endpoints", "_idnaBytes", "a host's name is encoded anew for each request otherwise"),
    PrivateAttribute(
        "twisted.python.threadpool.ThreadPool", "_team", "a lookup that finds no room for its thread is lost otherwise", in_source=True
    ),
    PrivateAttribute("twisted._threads.Team", "_createWorker", "the same: without a worker the lookup waits for one", in_source=True),
    PrivateAttribute(
        "scrapy.core.downloader.contextfactory._ScrapyClientContextFactory",
        "_verify_certificates",
        "verification is a setting of the whole crawl; outlets marked lenient need their own client",
        in_source=True,
    ),
    PrivateAttribute(
        "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler",
        "_contextFactory",
        "a bounded cache of trust stores in place of one load per connection",
        in_source=True,
    ),
    PrivateAttribute(
        "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler",
        "_disconnect_timeout",
        "a crawl waits a second for idle connections otherwise",
        in_source=True,
    ),
    PrivateAttribute(
        "scrapy.downloadermiddlewares.cookies", "_split_domain", "Scrapy fetches the list of public suffixes past every guard"
    ),
    PrivateAttribute(
        "scrapy.downloadermiddlewares.redirect.RedirectMiddleware",
        "_engine_started",
        "it warns in every crawl that the Referer middleware is off",
    ),
)


def wake(crawler: Crawler) -> None:
    """Has the engine look for work now instead of at its next heartbeat."""
    slot = crawler.engine._slot
    if slot is not None:
        slot.nextcall.schedule()


def grow_as_room_allows(on_none: Callable[[], None]) -> None:
    """Where the system has no room for another thread, names are looked up by those that are there; `on_none` is called without any."""
    from twisted.internet import reactor

    pool: Any = reactor.getThreadPool()
    make = pool._team._createWorker

    def worker() -> Any:
        try:
            return make()
        except RuntimeError as error:
            if not lacks_room(error):
                raise
        if not pool.threads:
            on_none()
        return None  # then the work waits

    pool._team._createWorker = worker


def set_alert_callback(creator: Any, callback: Callable[[SSL.Connection, int, int], None]) -> None:
    """Calls `callback` with the alerts of the connections that `creator` makes."""
    contextfactory._get_creator_context(creator).set_info_callback(callback)


def make_client(crawler: Crawler, *, verify: bool, closing_seconds: float, policy_of: Callable[[Any], Any]) -> HTTP11DownloadHandler:
    """Scrapy's HTTP client with its own TLS policy: `policy_of` gets Scrapy's and returns the one to use."""
    client = HTTP11DownloadHandler(crawler)
    addressing: Any = endpoints
    if not hasattr(addressing._idnaBytes, "cache_info"):  # as Scrapy has mended it by now
        addressing._idnaBytes = lru_cache(maxsize=MOST_NAMES)(addressing._idnaBytes)
    policy: Any = client._contextFactory
    policy._verify_certificates = verify
    client._contextFactory = policy_of(policy)
    client._disconnect_timeout = closing_seconds  # type: ignore[assignment]
    return client


class RedirectsWithoutReferer(RedirectMiddleware):
    """Scrapy's redirects where the Referer middleware is off on purpose."""

    def _engine_started(self) -> None:
        """Scrapy's looks for its Referer middleware and warns."""


def make_cookies(crawler: Crawler) -> CookiesMiddleware:
    """Scrapy's cookies, with the list of public suffixes that comes with tldextract. Loading that takes as long as Scrapy's engine."""
    from scrapy.downloadermiddlewares import cookies
    from tldextract import TLDExtract

    cookies._split_domain = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
    return cookies.CookiesMiddleware.from_crawler(crawler)
