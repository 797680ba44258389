"""Scrapy's side of the fence: how the press is asked, politely and safely. Where to click stands in `spiders/`.

run.py        starts the crawl as a child process and watches it        (the parent's side)
child.py      the child: reads the plan, opens the store, runs Scrapy
settings.py   every Scrapy setting that differs from its default, with the reason
round.py      the one Scrapy spider of a crawl: runs all spiders of `spiders/` over one connection pool
extension.py  hands out sources, refills from the frontier, ends the crawl
hosts.py      the queue: one request at a time per host, no host delays another
robots.py  retrying.py  requests.py  conditional.py  politeness.py      what happens to each request
guard.py      which network addresses may be connected to
outcomes.py   how an answer ended: one pure function
pipeline.py   batches into the store, outside the reactor's thread
"""
