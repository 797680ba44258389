"""Every spider is one of the navigators that a crawl knows, and all its methods take what the crawl gives."""

from __future__ import annotations

import inspect

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from tracker.crawl.navigators import PageNavigator, SiteNavigator, SourceNavigator
from tracker.model import SourceKind

LOADER = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["spiders"]}))
PROTOCOLS = {SourceNavigator: ("poll", "read", "look_back"), PageNavigator: ("page", "keep"), SiteNavigator: ("discover",)}


@pytest.mark.parametrize("name", LOADER.list())
def test_a_spider_is_a_navigator_with_the_protocols_signatures(name: str) -> None:
    spider = LOADER.load(name)()
    (protocol,) = [one for one in PROTOCOLS if isinstance(spider, one)]
    for method in PROTOCOLS[protocol]:
        wanted = [*inspect.signature(getattr(protocol, method)).parameters][1:]
        assert [*inspect.signature(getattr(spider, method)).parameters] == wanted, method


def test_every_kind_of_source_has_exactly_one_reader() -> None:
    kinds = [kind for name in LOADER.list() if isinstance(spider := LOADER.load(name)(), SourceNavigator) for kind in spider.kinds]
    assert sorted(kinds) == sorted(SourceKind)
