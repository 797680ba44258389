"""Every Scrapy setting that differs from Scrapy's default, with the reason. `scrapy.cfg` points here too.

What depends on a workspace's own settings is added by `for_crawl`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tracker.crawl.plan import HOST_MINUTES
from tracker.crawl.proxy import read_proxy
from tracker.identity.signing import Signer
from tracker.settings import Settings

BOT_NAME = "press-coverage-tracker"
SPIDER_MODULES = ["spiders"]
REQUESTS_PER_HOST_WITHOUT_DELAY = 8
"""Scrapy's own default per domain."""

# --- what an outlet's bytes could reach --------------------------------------------------------------------------
DOWNLOADER = "tracker.crawl.scheduler.PressDownloader"
DOWNLOAD_HANDLERS = {
    "http": "tracker.crawl.download_handler.PressDownloadHandler",
    "https": "tracker.crawl.download_handler.PressDownloadHandler",
    "file": None,  # a file:// link in a feed is read from this machine otherwise
    "data": None,
    "ftp": None,
    "s3": None,
}
TWISTED_DNS_RESOLVER = "tracker.crawl.address_guard.GuardedResolver"
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_WARNSIZE = 0  # too large is an outcome, no warning
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
METAREFRESH_ENABLED = False
REDIRECT_MAX_TIMES = 8  # Scrapy's is 20; count by `tests/crawl/test_faults.py` and the redirects of a night what a lower one loses
URLLENGTH_LIMIT = 4096  # as urls.canonical.LONGEST_ADDRESS
REFERER_ENABLED = False
HTTPCACHE_ENABLED = False
COOKIES_ENABLED = True  # one jar per outlet: see requests.OutletCookies
HTTPPROXY_ENABLED = False  # it would obey http_proxy of the environment; fetch.proxy is set by requests.Requests
ROBOTSTXT_OBEY = False  # Scrapy's middleware knows no Crawl-delay and reads error pages as rules: see robots.Robots
RETRY_ENABLED = False  # Scrapy's knows no Retry-After: see retrying.Retries
AUTOTHROTTLE_ENABLED = False  # Scrapy's goes below a Crawl-delay: see politeness.Politeness

# --- for `scrapy` commands in a checkout; a crawl takes these from the workspace's settings
USER_AGENT = Settings().fetch.user_agent
DOWNLOAD_DELAY = Settings().fetch.delay_seconds
DOWNLOAD_TIMEOUT = Settings().fetch.timeout_seconds
DOWNLOAD_MAXSIZE = Settings().fetch.max_bytes
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # one at a time per host is what a delay means
TRACKER_OBEY_ROBOTS = True
TRACKER_SIGNER = None

# --- order and speed ---------------------------------------------------------------------------------------------
SCHEDULER = "tracker.crawl.scheduler.HostQueue"
DOWNLOAD_DELAY_JITTER = 0.0  # a jitter would go below the floor
CONCURRENT_ITEMS = 1  # tasks that Scrapy begins for each answer, which has one item; measure with `make bench` (night)
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 32 * 1024 * 1024  # bytes of answers being read at a time; measure with `make bench` (memory)
REACTOR_THREADPOOL_MAXSIZE = 40  # names are looked up in threads; a dead name server holds one for many seconds
DNSCACHE_SIZE = 10_000  # Scrapy's own default, said here as the guard is given it
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"
STATS_DUMP = False
LOGSTATS_INTERVAL = 0  # 0: never; progress goes to the parent
MEMUSAGE_ENABLED = False
LOG_FORMATTER = "tracker.crawl.middlewares.requests.QuietLog"
LOG_VERSIONS: list[str] = []
WARN_ON_GENERATOR_RETURN_VALUE = False

DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES = {
    "tracker.crawl.middlewares.requests.Requests": 100,
    "tracker.crawl.middlewares.signatures.Signatures": 150,
    "tracker.crawl.middlewares.robots.Robots": 200,
    "tracker.crawl.middlewares.retries.Retries": 550,
    "tracker.crawl.middlewares.requests.Compression": 590,
    "tracker.crawl.middlewares.requests.Redirects": 600,
    "tracker.crawl.middlewares.requests.OutletCookies": 700,
}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
EXTENSIONS_BASE: dict[str, int] = {}
EXTENSIONS = {"tracker.crawl.coordinator.Coordinator": 0}
ITEM_PIPELINES = {"tracker.crawl.item_pipeline.StorePipeline": 100}


# --- the `scrapy` program only -----------------------------------------------------------------------------------
TRACKER_WORKSPACE = "."  # the folder of tracker.toml
ADDONS = {"tracker.crawl.workspace_addon.WorkspaceSettings": 0}
COMMANDS_MODULE = "tracker.crawl.commands"
SPIDER_LOADER_CLASS = "tracker.crawl.named_spider.NamedSpiderLoader"
_FOR_COMMANDS = ("REQUESTS_PER_HOST_WITHOUT_DELAY", "TRACKER_WORKSPACE", "ADDONS", "COMMANDS_MODULE", "SPIDER_LOADER_CLASS")


def for_crawl(settings: Settings, host_minutes: float = HOST_MINUTES, workspace: Path = Path()) -> dict[str, Any]:
    """All of the above with what the workspace decides. Raises ConfigError where requests are to be signed and the key cannot be read."""
    fetch, proxy = settings.fetch, read_proxy(settings)
    polite = fetch.delay_seconds > 0
    values = {name: value for name, value in globals().items() if name.isupper() and name not in _FOR_COMMANDS}
    return values | {
        "USER_AGENT": fetch.user_agent,
        "CONCURRENT_REQUESTS": fetch.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if polite else REQUESTS_PER_HOST_WITHOUT_DELAY,
        "DOWNLOAD_DELAY": fetch.delay_seconds,
        "DOWNLOAD_TIMEOUT": fetch.timeout_seconds,
        "DOWNLOAD_MAXSIZE": fetch.max_bytes,
        "RETRY_TIMES": fetch.retries,
        "TRACKER_OBEY_ROBOTS": fetch.obey_robots,
        "TRACKER_HOST_SECONDS": host_minutes * 60,
        "TRACKER_ALLOW_NETWORKS": list(fetch.allow_networks),
        "TRACKER_PROXY": proxy,
        "TRACKER_SIGNER": _signer(settings, workspace),
        "TRACKER_PROXY_HOSTS": [proxy.host] if proxy else [],
        "TRACKER_MAX_UNZIPPED_BYTES": fetch.max_unzipped_bytes,
    }


def _signer(settings: Settings, workspace: Path) -> Signer | None:
    if not settings.identity.sign:
        return None
    from tracker.identity.keys import read_key

    return Signer(read_key(workspace), settings.identity.agent_url.rstrip("/"), settings.identity.lifetime_seconds)
