"""Where to click: from a source to the addresses of its articles, and from those to their pages. Navigation only.

To add a spider, put a file here:

    class SectionsSpider(PressSpider):
        name = "sections"                       # shown in the log
        kinds = frozenset({SourceKind.SECTION})  # it is handed the watched sources of these kinds

        async def read(self, response, watched, facts):
            links = [...]                       # found_link(...) of everything that looks like an article
            yield self.listing(facts, watched, FetchOutcome.FETCHED, links)

Nothing else is needed: a crawl finds it by being here, and `scrapy crawl sections` runs it alone (see `tracker/crawl/commands`). Politeness, robots.txt, limits, retries, conditional requests,
refused addresses and storing are `tracker/crawl`'s business; a spider sees only answers that came.
"""
