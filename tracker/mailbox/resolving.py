"""Where shortened and counted addresses lead: their hosts are asked by a crawl, under guard, robots.txt and pauses, and nobody else is.

The page at the end is not asked for: it joins the crawl like any other, or stays unread where its outlet refuses us.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from tracker.crawl.plan import CrawlPlan, WantedFile
from tracker.mailbox.links import unwrapped
from tracker.urls.redirectors import needs_resolving
from tracker.workspace import Parts

MOST_AT_ONCE = 60
"""Asked in one go: fewer than a crawl lays down unread."""
MOST_HOPS = 3
MOST_BYTES = 64 * 1024
STAGE_MINUTES = 3.0


def resolve(parts: Parts, urls: Iterable[str]) -> Mapping[str, str]:
    """Where each address leads that only its server can tell, without tracking. One that cannot be resolved is left out."""
    wanted = [*dict.fromkeys(url for url in urls if needs_resolving(url))][:MOST_AT_ONCE]
    now_at = {url: url for url in wanted}
    for _ in range(MOST_HOPS):
        asked = [url for url, at in now_at.items() if needs_resolving(at)]
        if not asked:
            break
        answers = _locations(parts, [now_at[url] for url in asked])
        for url, location in zip(asked, answers, strict=True):
            now_at[url] = unwrapped(location) if location else ""
        now_at = {url: at for url, at in now_at.items() if at}
    return {url: at for url, at in now_at.items() if not needs_resolving(at)}


def _locations(parts: Parts, urls: list[str]) -> list[str]:
    from tracker.crawl.files import ready
    from tracker.crawl.parent import run_crawl

    files = tuple(WantedFile(str(place), url, max_bytes=MOST_BYTES, follow=False) for place, url in enumerate(urls))
    found = [""] * len(urls)
    with tempfile.TemporaryDirectory(prefix="tracker-") as folder:
        plan = CrawlPlan(
            workspace=str(parts.workspace.resolve()),
            run_id=0,
            as_of=parts.clock(),
            poll=False,
            articles=False,
            files=files,
            into=folder,
            stage_minutes=STAGE_MINUTES,
        )
        with run_crawl(plan) as crawl:
            crawl.wait()
        while facts := ready(Path(folder)):
            for one, _ in facts:
                found[int(one.name)] = one.location
    return found
