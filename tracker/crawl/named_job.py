"""The job of `scrapy crawl NAME` in a workspace: its arguments, its sources, the run lock and the run's row in the store."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from tracker.crawl.job import CrawlJob
from tracker.crawl.masking import mask_logs
from tracker.crawl.plan import FINISHED, CrawlPlan, CrawlProgress
from tracker.errors import ConfigError, UsageError
from tracker.model import SourceKind, StepReport, Watched
from tracker.register.catalog import shipped
from tracker.settings import WORKSPACE_FILE, read_settings
from tracker.store import registers, runs
from tracker.store.database import Database, database_exists, open_database
from tracker.store.lock import RunLock
from tracker.urls.links import web_address

LOOKBACK = timedelta(days=7)
"""The night's own, see `pipeline.nightly`; a test compares the two."""

GRACE_SECONDS = 10.0
"""For storing what is fetched when the crawl has ended; as in `child`."""


class Arguments(Struct, frozen=True):
    """The `-a` arguments of one command. `kinds` empty: a spider without sources (`articles`, `discovery`)."""

    kinds: frozenset[SourceKind] = frozenset()
    sources: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    since: date | None = None
    terms: tuple[tuple[str, str], ...] = ()
    site: str = ""


KNOWN = ("source", "outlet", "since", "term", "site")


def arguments_of(name: str, given: Mapping[str, str], *, kinds: Mapping[str, frozenset[SourceKind]]) -> Arguments:
    """What was given on the command line, checked. Raises UsageError, one line that says what would be right."""
    if name not in kinds:
        raise UsageError(f"no spider {name!r}; there are {', '.join(sorted(kinds))}")
    if unknown := sorted({*given} - {*KNOWN}):
        raise UsageError(f"no argument {unknown[0]!r}; known are {', '.join(KNOWN)}")
    site = given.get("site", "")
    if name == "discovery" and not web_address(site):
        raise UsageError("discovery needs a site: -a site=https://example.al/")
    try:
        since = date.fromisoformat(given["since"]) if "since" in given else None
    except ValueError as error:
        raise UsageError(f"since must be a day such as 2026-11-30, not {given['since']!r}") from error
    return Arguments(
        kinds=kinds[name],
        sources=_names(given.get("source", "")),
        outlets=_names(given.get("outlet", "")),
        since=since,
        terms=tuple(("any", term) for term in _names(given.get("term", ""))),
        site=site,
    )


@contextmanager
def open_job(workspace: Path, name: str, arguments: Arguments, *, end: Callable[[str], None], now: datetime) -> Iterator[CrawlJob]:
    """A job under the run lock, with a run of its own in the store, closed at the end.

    Raises ConfigError where there is no workspace, UsageError for unknown names, RunLocked when another run is at work."""
    settings = read_settings(workspace, os.environ)
    if not (workspace / WORKSPACE_FILE).exists() and not database_exists(workspace, settings.database.url):
        raise ConfigError(f"holds neither {WORKSPACE_FILE} nor a database; go to a workspace", place=workspace.resolve())
    with RunLock(workspace, settings.database.url).acquire():
        database = open_database(workspace, settings.database.url, busy_timeout_seconds=settings.database.busy_timeout_seconds)
        try:
            sources = _select(database, name, arguments, now)
            with database.writing() as conn:
                run_id = runs.start(conn, now, (f"scrapy={name}", f"source={[*arguments.sources]}", f"outlet={[*arguments.outlets]}"))
            plan = CrawlPlan(
                workspace=str(workspace.resolve()),
                run_id=run_id,
                as_of=now,
                since=arguments.since or (now - LOOKBACK).date(),
                sources=tuple(one.source.id for one in sources),
                poll=bool(arguments.kinds),
                articles=name == "articles",
                terms=arguments.terms,
                discover=arguments.site if name == "discovery" else "",
                by_outlet=arguments.since is None,
            )
            job = CrawlJob(plan, database, settings.fetch.stage_minutes * 60, end, mask=settings.masked)
            mask_logs(settings.masked)
            yield job
            if job.writer.is_alive():
                job.writer.finish(GRACE_SECONDS)
            _close_run(database, job)
        finally:
            database.close()


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _select(database: Database, name: str, arguments: Arguments, now: datetime) -> list[Watched]:
    """The enabled sources of the spider's kinds among those named; for a spider without sources, those of the outlets named."""
    with database.reading() as conn:
        states = registers.states(conn)
    if not states:
        catalogue = shipped()
        with database.writing() as conn:
            registers.replace(conn, catalogue.outlets, catalogue.sources, now)
            states = registers.states(conn)
    known = {identity for state in states for identity in (state.source.id, state.outlet.id)}
    named = {*arguments.sources, *arguments.outlets}
    for identity in (*arguments.sources, *arguments.outlets):
        if identity not in known:
            raise UsageError(f"no source or outlet {identity!r}; see `tracker sources list`")
    with database.reading() as conn:
        watched = [one for one in registers.watched(conn) if not named or {one.source.id, one.outlet.id} & named]
    if not watched:
        raise UsageError("every source named is switched off; see `tracker sources enable`")
    if not arguments.kinds:
        return watched if named else []
    fitting = [one for one in watched if one.source.kind in arguments.kinds]
    if not fitting:
        kinds = ", ".join(sorted({str(one.source.kind) for one in watched}))
        raise UsageError(f"{name} reads none of the sources named; they are of kind {kinds}")
    if arguments.kinds == {SourceKind.SEARCH} and not arguments.terms:
        raise UsageError("searches need something to look for: -a term=WORDS,...")
    return fitting


def _close_run(database: Database, job: CrawlJob) -> None:
    """The run's steps and its end, as the night writes them."""
    progress, now = job.progress, job.clock()
    needs = () if job.is_complete else (_shortfall(progress),)
    seconds = (now - job.plan.as_of).total_seconds()
    with database.writing() as conn:
        for report in _reports(progress, seconds):
            runs.save_step(conn, job.plan.run_id, report)
        runs.finish(conn, job.plan.run_id, now, 1 if needs else 0, needs)


def _shortfall(progress: CrawlProgress) -> str:
    if progress.ended == FINISHED:
        return f"{progress.shortfall}; see crawl.log, and run the same command again to go on"
    return f"the crawl ended early ({progress.ended or 'it could not start'})"


def _reports(progress: CrawlProgress, seconds: float) -> Iterator[StepReport]:
    if progress.sources:
        links = f"{progress.links_listed} links listed, {progress.links_new} new, {progress.links_too_old} too old"
        yield StepReport("poll", progress.sources, tuple(sorted(progress.polls.items())), seconds, (links,))
    if progress.pages:
        yield StepReport("fetch", sum(progress.pages.values()), tuple(sorted(progress.pages.items())), seconds)
