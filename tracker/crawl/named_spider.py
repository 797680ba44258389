"""`scrapy crawl NAME`: a spider of `spiders/` run by itself through everything a night's crawl has, with items to look at.

The spiders are navigators and ask nothing by themselves. So the loader hands Scrapy, under each name, a `Round` whose job holds
the sources of that spider only.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec.structs import asdict
from scrapy import Spider
from scrapy.http import Response
from scrapy.spiderloader import SpiderLoader
from twisted.python.failure import Failure

from tracker.crawl.items import items_of
from tracker.crawl.navigators import SourceNavigator
from tracker.crawl.spider import Round
from tracker.crawl.writer import Job
from tracker.model import SourceKind

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings


class NamedRound(Round):
    """Hands what is to be stored to the writer and yields one item for each poll, link and page."""

    navigator: ClassVar[type[Spider]]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Any:
        """Without a job, as in `scrapy shell --spider NAME`: the navigator itself."""
        if "job" not in kwargs:
            return cls.navigator.from_crawler(crawler, *args, **kwargs)
        return super().from_crawler(crawler, *args, **kwargs)

    async def start(self) -> AsyncIterator[Any]:
        """The sources' requests; for `discovery` one item for each address that was tried."""
        async for request in super().start():
            yield request
        if site := self.job.plan.discover:
            for tried in (await self.discover(site)).tried:
                yield {"item": "tried", **asdict(tried)}

    async def answered(self, response: Response) -> AsyncIterator[Any]:
        """An answer's items."""
        jobs = super().answered(response)
        for job in [job async for job in jobs] if isinstance(jobs, AsyncIterator) else jobs:
            await self.job.writer.put(job)
            for item in self._items(job):
                yield item

    def failed(self, failure: Failure) -> Any:
        """A failure's item."""
        items = []
        for job in super().failed(failure):
            self.job.writer.put_at_once(job)
            items += self._items(job)
        return items

    def _items(self, job: Job) -> list[dict[str, Any]]:
        items = items_of(job)
        self.logger.info("%(item)s %(url)s: %(outcome)s %(detail)s", items[0])
        return items


class NamedSpiderLoader(SpiderLoader):
    """Scrapy's loader of SPIDER_MODULES, each spider ready to be run by itself (SPIDER_LOADER_CLASS)."""

    def load(self, spider_name: str) -> type[Spider]:
        """Raises KeyError for an unknown name."""
        navigator = super().load(spider_name)
        return type(f"Named{navigator.__name__}", (NamedRound,), {"name": spider_name, "navigator": navigator})


def kinds_by_spider(settings: BaseSettings) -> dict[str, frozenset[SourceKind]]:
    """The kinds of sources that each spider reads; none for spiders without sources."""
    loader = SpiderLoader.from_settings(settings)
    made = {name: loader.load(name)() for name in loader.list()}
    return {name: one.kinds if isinstance(one, SourceNavigator) else frozenset() for name, one in made.items()}
