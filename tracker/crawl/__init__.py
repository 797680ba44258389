"""Scrapy's side: how the press is asked, politely and safely. Where to click stands in `spiders/`.

parent, child, plan      a crawl is a process of its own; plan and counts cross a pipe.
job, coordinator         what a crawl is to do; Scrapy's extension that hands it out and ends it.
spider, navigators       the one Scrapy spider of a crawl, and what it wants of `spiders/`.
request_state            what travels with a request.
scheduler, middlewares/  one lane per host; what happens to each request and answer.
address_guard, proxy     which addresses may be connected to, and through what.
outcomes, facts, results how a request ended, and what of it is stored
writer, item_pipeline    batches into the store, outside the reactor's thread.
commands/, named_*       `scrapy list`, `crawl` and `shell` in a workspace.
scrapy_internals         every private attribute of Scrapy and Twisted that is touched.
settings                 every Scrapy setting that differs from its default, with the reason.
"""
