"""How often a host is asked: never faster than its floor, slower when it is slow itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import signals

from tracker.crawl.scheduler import HostQueue, host_of

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response

LONGEST_DELAY_SECONDS = 30.0
"""A slow host is not spared longer than this between requests."""

LONGEST_CRAWL_DELAY_SECONDS = 120.0
"""What robots.txt may ask for. The register's outlets publish at most 260 pages a day, which this still allows."""


class Politeness:
    """Floors by host: the setting, the outlet's own delay, and Crawl-delay; whichever is longest."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._floor = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._floors: dict[str, float] = {}
        if self._floor > 0:
            crawler.signals.connect(self._adapt, signal=signals.response_downloaded)

    def slow_down(self, host: str, seconds: float) -> None:
        """From now on one request at a time, at least so far apart."""
        if seconds <= self.floor(host):
            return
        self._floors[host] = seconds
        downloader, queue = self._crawler.engine.downloader, self._crawler.engine.scheduler
        downloader.per_slot_settings[host] = {"concurrency": 1, "delay": seconds}
        if isinstance(queue, HostQueue):
            queue.limits[host] = 1
        if slot := downloader.slots.get(host):
            slot.concurrency, slot.delay = 1, max(slot.delay, seconds)

    def floor(self, host: str) -> float:
        """Seconds between two requests to a host, at least."""
        return self._floors.get(host, self._floor)

    def _adapt(self, response: Response, request: Request, spider: Spider) -> None:
        """As long between requests as the host needs to answer one, approached from below by halves; an error never speeds up."""
        host = host_of(request)
        slot = self._crawler.engine.downloader.slots.get(host)
        latency = request.meta.get("download_latency")
        if slot is None or latency is None:
            return
        floor = self.floor(host)
        delay = min(max(latency, (slot.delay + latency) / 2, floor), max(LONGEST_DELAY_SECONDS, floor))
        if response.status == 200 or delay > slot.delay:
            slot.delay = delay
