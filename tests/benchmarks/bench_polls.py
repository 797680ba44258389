"""Polls of 500 feeds of 50 items: reading and storing a first poll, and noting an unchanged one, against bare feedparser.

Processor time of our reader and store per feed; the HTTP client is in neither figure.
"""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import feedparser

from spiders.base import link_of_entry
from tests.benchmarks.bench_feeds import NOW, feed
from tracker.crawl.plan import CrawlProgress
from tracker.crawl.writer import BATCH, PollJob, Writer
from tracker.model import FetchFacts, FetchOutcome, Outlet, PollResult, Source, SourceKind, Watched
from tracker.sources.feeds.feed import read_feed
from tracker.store import frontier, registers, runs
from tracker.store.database import Database, open_database
from tracker.urls.canonical import normalise

FEEDS, ITEMS = 500, 50
FIRST_LIMIT, UNCHANGED_LIMIT = 1.3, 0.05


def _watched(number: int) -> Watched:
    outlet = Outlet(f"outlet-{number}", f"Outlet {number}", f"https://outlet-{number}.example/", "AL", ("sq",))
    return Watched(Source(f"{outlet.id}:feed:1", outlet.id, SourceKind.FEED, f"{outlet.homepage}feed/"), outlet)


def _facts(watched: Watched, outcome: FetchOutcome) -> FetchFacts:
    address = watched.source.address
    status = 200 if outcome is FetchOutcome.FETCHED else 304
    return FetchFacts(address, address, outcome, NOW, status, (("Content-Type", "application/rss+xml"), ("ETag", '"1"')), 0.1, 60_000)


def _first(watched: Watched, body: bytes) -> PollJob:
    document = read_feed(body, url=watched.source.address, now=NOW, content_type="application/rss+xml", zone="Europe/Tirane")
    links = tuple(link_of_entry(entry, watched) for entry in document.entries)
    moments = [link.published.at for link in links if link.published]
    poll = PollResult(watched.source.id, _facts(watched, document.outcome), links, len(links), max(moments), min(moments), '"1"')
    return PollJob(poll, watched.outlet.id, tuple((normalise(link.url), link) for link in links))


def _store(database: Database, run_id: int, jobs: Iterable[PollJob]) -> None:
    """The crawl's own writer, a batch a transaction, without its thread."""
    writer, waiting = Writer(database, run_id, lambda: NOW, CrawlProgress()), list(jobs)
    for start in range(0, len(waiting), BATCH):
        writer._in_one_transaction(waiting[start : start + BATCH])


def _cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> list[str]:
    """Prints the ratios; returns what missed its limit."""
    bodies, watched = [feed(number) for number in range(FEEDS)], [_watched(number) for number in range(FEEDS)]
    feedparser.parse(io.BytesIO(bodies[0]))
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(Path(folder))
        with database.writing() as conn:
            registers.replace(conn, [one.outlet for one in watched], [one.source for one in watched], NOW)
            run_id = runs.start(conn, NOW)
        pairs = list(zip(watched, bodies, strict=True))
        bare = _cpu_seconds(lambda: [feedparser.parse(io.BytesIO(body)) for body in bodies])
        first = _cpu_seconds(lambda: _store(database, run_id, [_first(one, body) for one, body in pairs]))
        unchanged = [PollJob(PollResult(one.source.id, _facts(one, FetchOutcome.UNCHANGED), etag='"1"'), one.outlet.id) for one in watched]
        again = _cpu_seconds(lambda: _store(database, run_id, unchanged))
        with database.reading() as conn:
            assert frontier.pending(conn, NOW) == FEEDS * ITEMS
        database.close()
    missed = []
    for name, seconds, limit in (("first", first, FIRST_LIMIT), ("unchanged", again, UNCHANGED_LIMIT)):
        ratio = seconds / bare
        print(
            f"polls, {name}: {FEEDS} feeds x {ITEMS} items: {1000 * seconds / FEEDS:.2f} ms a feed, bare feedparser {1000 * bare / FEEDS:.1f}: ratio {ratio:.3f} (limit {limit})"
        )
        missed += [f"{name} polls take {ratio:.2f} x bare feedparser, limit {limit}"] if ratio > limit else []
    return missed


if __name__ == "__main__":
    main()
