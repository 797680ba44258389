"""One crawl at some domains: what is due there, or what a night has ordered; the same spiders as everywhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from tracker.crawl.parent import run_crawl
from tracker.crawl.plan import CrawlPlan, CrawlProgress
from tracker.model import SourceKind, StepReport, Watched
from tracker.monitoring import assess
from tracker.pipeline.crawl_end import CrawlEnd
from tracker.queue.jobs import Visit
from tracker.sources.polling.due import due_sources
from tracker.store import registers, runs
from tracker.store.work import workers
from tracker.store.work.link import Link
from tracker.workspace import Parts, read_campaigns

LOOKBACK = timedelta(days=7)
"""As a night looks back (`tracker.pipeline.nightly.LOOKBACK`)."""
STAGE_MINUTES, HOST_MINUTES = 5.0, 4.0
"""Of a round at what is due: with them a source is late by five minutes at most, and a host with more links has them in the next rounds."""
OVERDUE_SECONDS = 120.0
"""Beyond its time a crawl is ended: it stores what it has within 20 s."""
LOOK_SECONDS = 0.1


def crawl(parts: Parts, link: Link, visits: Sequence[Visit], stop: threading.Event) -> CrawlEnd:
    """Visits the domains, all of one order or of none, to the end; earlier when `stop` is set. Raises TrackerError."""
    ordered = visits[0].order_id
    now = workers.now(link)
    plan = _ordered_plan(parts, visits, now) if ordered else _due_plan(parts, visits, now)
    if not ordered and not plan.sources and not _has_outlets(plan):
        return CrawlEnd(CrawlProgress(ended="finished"), 0, 0.0)
    if not ordered:
        with parts.database.writing() as conn:
            plan = msgspec.structs.replace(plan, run_id=runs.start(conn, now, [f"worker={len(visits)} domains"]))
    end = _run(plan, (plan.stage_minutes or parts.settings.fetch.stage_minutes) * 60, stop)
    if not ordered:
        _close(parts, plan.run_id, end, workers.now(link))
    return end


def _run(plan: CrawlPlan, stage_seconds: float, stop: threading.Event) -> CrawlEnd:
    started = time.monotonic()
    with run_crawl(plan) as crawling:
        while crawling.poll() is None:
            if stop.is_set() or time.monotonic() - started > stage_seconds + OVERDUE_SECONDS:
                crawling.stop()
                break
            time.sleep(LOOK_SECONDS)
        code = crawling.wait()
    return CrawlEnd(crawling.progress(), code, time.monotonic() - started, crawling.last_line())


def _due_plan(parts: Parts, visits: Sequence[Visit], now: datetime) -> CrawlPlan:
    outlets = tuple(outlet for visit in visits for outlet in visit.outlets)
    with parts.database.reading() as conn:
        watched = registers.watched(conn, outlet_ids=outlets)
    due = due_sources(watched, now, only_due=True)
    terms = _terms(parts, due)
    return CrawlPlan(
        str(parts.workspace.resolve()),
        0,
        now,
        since=(now - LOOKBACK).date(),
        sources=tuple(one.source.id for one in due),
        poll=bool(due),
        terms=terms,
        by_outlet=True,
        stage_minutes=STAGE_MINUTES,
        host_minutes=HOST_MINUTES,
        outlets=outlets,
        shared=True,
    )


def _ordered_plan(parts: Parts, visits: Sequence[Visit], now: datetime) -> CrawlPlan:
    first = visits[0]
    plan = msgspec.json.decode(first.plan, type=CrawlPlan)
    sources = tuple(source for visit in visits for source in visit.sources)
    since_order = now - first.ordered_at if first.ordered_at else timedelta()
    return msgspec.structs.replace(
        plan,
        workspace=str(parts.workspace.resolve()),
        as_of=plan.as_of + max(since_order, timedelta()),
        sources=sources,
        poll=plan.poll and bool(sources),
        outlets=tuple(outlet for visit in visits for outlet in visit.outlets),
        lock_fd=None,
        shared=True,
    )


def _has_outlets(plan: CrawlPlan) -> bool:
    return bool(plan.outlets)


def _terms(parts: Parts, due: Sequence[Watched]) -> tuple[tuple[str, str], ...]:
    """What searches among the sources are asked for."""
    if not any(one.source.kind is SourceKind.SEARCH for one in due):
        return ()
    from tracker.matching.searchterms import search_terms

    return search_terms(read_campaigns(parts.workspace))


def _close(parts: Parts, run_id: int, end: CrawlEnd, now: datetime) -> None:
    seen = end.seen
    remarks: tuple[str, ...] = (f"{seen.links_listed} links listed, {seen.links_new} new, {seen.links_too_old} too old",)
    gaps = assess.settle_gaps(parts.database, run_id, now)
    if gaps.found:
        remarks += (f"{gaps.found} windows outrun, {gaps.repaired} made good through sitemaps or section pages",)
    polls = StepReport("poll", seen.polled, tuple(sorted(seen.polls.items())), end.seconds, remarks)
    with parts.database.writing() as conn:
        runs.save_step(conn, run_id, polls)
        runs.save_step(conn, run_id, end.fetched)
        runs.finish(conn, run_id, now, 0 if end.exit_code in (0, 75) else 3, ())
