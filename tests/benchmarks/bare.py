"""The peer: a spider with nothing of ours. `python -m tests.benchmarks.bare PORT OUTLETS [trafilatura]` prints pages and seconds as JSON.

With `trafilatura` every page is extracted in the spider, title, date and author included: what a simple tracker does.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess

from tests.benchmarks.site import address

PORT, OUTLETS, INLINE = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] == ["trafilatura"]
COUNTED = {"pages": 0, "mentions": 0}


class BareSpider(scrapy.Spider):
    name = "bare"

    async def start(self) -> AsyncIterator[Any]:
        for outlet in range(OUTLETS):
            yield scrapy.Request(f"http://{address(outlet)}:{PORT}/sitemap-news.xml")

    def parse(self, response: scrapy.http.Response, **_: Any) -> Iterator[scrapy.Request]:
        for link in re.findall(rb"<loc>(http://[^<]+/a/\d+)</loc>", response.body):
            yield scrapy.Request(link.decode(), callback=self.article)

    def article(self, response: scrapy.http.Response) -> None:
        COUNTED["pages"] += 1
        if INLINE:
            import trafilatura

            read = trafilatura.bare_extraction(response.body, url=response.url, with_metadata=True)
            COUNTED["mentions"] += "CRCA" in (getattr(read, "text", None) or "")


if __name__ == "__main__":
    started = time.perf_counter()
    process = CrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "TELNETCONSOLE_ENABLED": False,
            "ROBOTSTXT_OBEY": False,
            "CONCURRENT_REQUESTS": 128,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
            "DOWNLOAD_DELAY": 0,
        }
    )
    process.crawl(BareSpider)
    process.start()
    print(json.dumps({**COUNTED, "seconds": time.perf_counter() - started}))
