"""Scrapy's item pipeline of a crawl that has a job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import NotConfigured

from tracker.crawl.spider import Round
from tracker.crawl.writer import PollJob, Writer
from tracker.model import PictureResult, RevisitResult
from tracker.store.fetch_results import FetchResult

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class StorePipeline:
    """Hands what is to be stored to the writer. Items made to be looked at (`named_spider`) pass."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        """Raises NotConfigured where there is no job, as in `scrapy shell`."""
        if not isinstance(crawler.spider, Round):
            raise NotConfigured
        return cls(crawler.spider.job.writer)

    async def process_item(self, item: Any) -> Any:
        """Waits while too much is queued."""
        if isinstance(item, PollJob | FetchResult | PictureResult | RevisitResult):
            await self._writer.put(item)
        return item
