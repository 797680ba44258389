"""The night: take the lock, do the steps in order, store and print the report, decide the exit code.

Screening runs while the crawl does. A night that was killed is taken up again: the next one with the same arguments
goes on with its run, its moment and its edition.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tracker.crawl.plan import CrawlPlan, CrawlProgress
from tracker.delivery import publish
from tracker.digests import editions
from tracker.digests.facts import facts_of_campaign
from tracker.errors import UsageError
from tracker.model import (
    Campaign,
    EditionFacts,
    EditionKind,
    FetchOutcome,
    RunReport,
    SkipReason,
    Source,
    SourceKind,
    SourceTrouble,
    StepReport,
    Window,
)
from tracker.monitoring import assess, recall
from tracker.pipeline import steps
from tracker.register.catalog import Catalogue
from tracker.sources.polling.due import due_sources
from tracker.store import digests, registers, runs
from tracker.store.database import Database
from tracker.store.lock import RunLock
from tracker.workspace import Parts, read_campaigns, read_catalogues

if TYPE_CHECKING:
    from tracker.pipeline.page_pool import PagePool

LOOKBACK = timedelta(days=7)
"""How old a dated link may be when --since is not given: a week covers an outage over a long weekend."""
RESUMED_WITHIN = timedelta(hours=20)
"""An interrupted night younger than this is taken up again; an older one is left as it ended."""
ALL_STEPS = frozenset({"crawl", "extract", "match", "group", "digest", "prune"})


@dataclass(frozen=True, slots=True)
class NightOptions:
    """What `tracker nightly` and the single steps were asked for."""

    catalogues: tuple[Path, ...] = ()
    since: date | None = None
    as_of: datetime | None = None
    campaign_ids: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()
    steps: frozenset[str] = ALL_STEPS
    only_due: bool = False

    def arguments(self) -> tuple[str, ...]:
        """What tells one night from another when an interrupted one is taken up again."""
        asked = {
            "catalogue": [str(path.resolve()) for path in self.catalogues],
            "since": self.since and self.since.isoformat(),
            "as_of": self.as_of and self.as_of.isoformat(),
            "campaign": list(self.campaign_ids),
            "source": list(self.source_ids),
            "steps": sorted(self.steps),
            "only_due": self.only_due,
        }
        return tuple(f"{name}={value}" for name, value in asked.items() if value)


Progress = Callable[[str, int, int], None]
"""Called with a step's name, items done and items known so far (0: unknown)."""


def run_night(parts: Parts, options: NightOptions, *, progress: Progress = lambda step, done, known: None) -> RunReport:
    """Does the asked steps. Raises ConfigError and UsageError before anything is done, RunLocked when another run is at work."""
    campaigns = read_campaigns(parts.workspace, options.campaign_ids)
    catalogue = read_catalogues(options.catalogues) if options.catalogues else None
    with RunLock(parts.workspace).acquire() as lock:
        night = _Night(parts, options, campaigns, progress)
        night.register(catalogue)
        return night.run(lock)


class _Night:
    """One run, from its row in the store to its report."""

    def __init__(self, parts: Parts, options: NightOptions, campaigns: Sequence[Campaign], progress: Progress) -> None:
        self._parts, self._options, self._campaigns, self._progress = parts, options, campaigns, progress
        self._reports: list[StepReport] = []
        self._needs: list[str] = []
        self._troubles: tuple[SourceTrouble, ...] = ()
        self._unseen = 0
        self._gaps = assess.GapsReport()
        self._due: tuple[str, ...] | None = None
        self._paths: list[str] = []

    @property
    def _database(self) -> Database:
        return self._parts.database

    def register(self, catalogue: Catalogue | None) -> None:
        """Makes the catalogue the watched one: the one given, else the workspace's own, else the shipped one."""
        states, known = [], {}
        if self._parts.database_exists:
            with self._database.reading() as conn:
                states, known = registers.states(conn), registers.outlets(conn)
        if catalogue is None and not known:
            catalogue = read_catalogues(())
        self._refuse_unknown([*(state.source for state in states), *(catalogue.sources if catalogue else ())])
        if catalogue is not None:
            with self._database.writing() as conn:
                registers.replace(conn, catalogue.outlets, catalogue.sources, self._parts.clock())
        self._asked_sources()  # says at once when all of them are switched off

    def _refuse_unknown(self, sources: Sequence[Source]) -> None:
        named = {identity for source in sources for identity in (source.id, source.outlet_id)}
        if unknown := [identity for identity in self._options.source_ids if identity not in named]:
            raise UsageError(f"no source or outlet {unknown[0]!r}; see `tracker sources list`")

    def run(self, lock: RunLock) -> RunReport:
        self._open()
        with ExitStack() as stack:
            self._stack = stack
            self._pool_opened: PagePool | None = None
            if self._options.steps & {"crawl", "poll"}:
                self._crawl(lock)
            elif "extract" in self._options.steps:
                self._keep(steps.ExtractStep(self._database, self._pool, self._as_of).finish(lambda d, k: self._progress("extract", d, k)))
            for campaign in self._campaigns:
                self._find(campaign)
        if "digest" in self._options.steps:
            for campaign in self._campaigns:
                self._digest(campaign)
        if "prune" in self._options.steps:
            self._keep(steps.prune_pages(self._database, self._as_of - timedelta(days=self._parts.settings.keep.pages_days)))
        return self._close()

    def _open(self) -> None:
        """A new run, or the one of these arguments that was killed."""
        now = self._options.as_of or self._parts.clock()
        arguments = self._options.arguments()
        with self._database.writing() as conn:
            killed = [run for run in runs.interrupted(conn) if abs(now - run.started_at) < RESUMED_WITHIN]
            again = next((run for run in reversed(killed) if runs.arguments(conn, run.run_id) == arguments), None)
            self._run_id = again.run_id if again else runs.start(conn, now, arguments)
        self._as_of = again.started_at if again else now

    def _pool(self) -> PagePool:
        if self._pool_opened is None:
            from tracker.pipeline.page_pool import PagePool

            extract, settings = self._parts.settings.extract, self._parts.settings
            with self._database.reading() as conn:
                outlets = registers.outlets(conn)
            self._pool_opened = self._stack.enter_context(
                PagePool(
                    self._campaigns,
                    outlets,
                    workers=settings.extract.workers,
                    page_timeout_seconds=extract.page_timeout_seconds,
                    extract_all=extract.when == "all",
                )
            )
        return self._pool_opened

    def _crawl(self, lock: RunLock) -> None:
        from tracker.crawl.parent import run_crawl

        plan = CrawlPlan(
            workspace=str(self._parts.workspace.resolve()),
            run_id=self._run_id,
            as_of=self._as_of,
            since=self._since(),
            sources=self._source_ids(),
            poll=self._polls_any,
            articles="crawl" in self._options.steps,
            lock_fd=lock.fileno(),
            terms=self._terms(),
            by_outlet=self._options.since is None,
        )
        extraction = steps.ExtractStep(self._database, self._pool, self._as_of) if "extract" in self._options.steps else None
        started = time.monotonic()
        with run_crawl(plan) as crawl:
            while crawl.poll() is None:
                moved = extraction.advance(0.1) if extraction else 0
                seen = crawl.progress()
                done = seen.polled + sum(seen.pages.values())
                self._progress("crawl", done, done - seen.polled + seen.sources + seen.pages_open)
                if not moved:
                    time.sleep(0.1)
        self._account_for_crawl(crawl.progress(), crawl.poll() or 0, time.monotonic() - started)
        if extraction:
            self._keep(extraction.finish(lambda done, known: self._progress("extract", done, known)))
            self._judge_articles()

    def _terms(self) -> tuple[tuple[str, str], ...]:
        """What searches among the sources are asked for."""
        with self._database.reading() as conn:
            searches = registers.watched(conn, kinds=[SourceKind.SEARCH])
        if not searches:
            return ()
        from tracker.matching.searchterms import search_terms

        return search_terms(self._campaigns)

    def _since(self) -> date:
        return self._options.since or (self._as_of - LOOKBACK).date()

    def _source_ids(self) -> tuple[str, ...]:
        """The sources to poll; empty: all of them. With `only_due`, those whose time had come when the run began."""
        if not self._options.only_due:
            return self._asked_sources()
        if self._due is None:
            asked = set(self._asked_sources())
            with self._database.reading() as conn:
                due = due_sources(registers.watched(conn), self._as_of, only_due=True)
            self._due = tuple(one.source.id for one in due if not asked or one.source.id in asked)
        return self._due

    @property
    def _polls_any(self) -> bool:
        return not self._options.only_due or bool(self._source_ids())

    def _asked_sources(self) -> tuple[str, ...]:
        """The sources of the asked ids (an outlet stands for all of its); empty: all."""
        if not self._options.source_ids:
            return ()
        with self._database.reading() as conn:
            found = [w for w in registers.watched(conn) if {w.source.id, w.outlet.id} & set(self._options.source_ids)]
        if not found:
            raise UsageError("every source asked for is switched off; see `tracker sources enable`")
        return tuple(one.source.id for one in found)

    def _account_for_crawl(self, seen: CrawlProgress, code: int, seconds: float) -> None:
        found: tuple[str, ...] = (f"{seen.links_listed} links listed, {seen.links_new} new, {seen.links_too_old} too old",)
        self._gaps = assess.settle_gaps(self._database, self._run_id, self._as_of + timedelta(seconds=seconds))
        if self._gaps.found:
            found += (f"{self._gaps.found} windows outrun, {self._gaps.repaired} made good through sitemaps or section pages",)
        put_off = (f"{seen.put_off} put off: their host had stopped answering",) if seen.put_off else ()
        self._keep(StepReport("poll", seen.sources, tuple(sorted(seen.polls.items())), seconds, found))
        self._keep(StepReport("fetch", sum(seen.pages.values()), tuple(sorted(seen.pages.items())), seconds, put_off))
        if code:
            self._needs.append(f"the crawl ended early ({seen.ended or f'code {code}'}); see crawl.log, and run the night again to go on")
        self._judge_sources(seconds)
        if seen.lost:
            self._needs.append(f"{seen.lost} records could not be stored; see crawl.log")

    def _judge_sources(self, seconds: float) -> None:
        """Which sources were not followed as they should be. A silent one needs a person: nothing else would tell."""
        now = self._as_of + timedelta(seconds=seconds)
        self._troubles = assess.judge_sources(self._database, now, self._source_ids())
        self._unseen = assess.count_unseen(self._database, self._troubles, now)
        if silent := assess.silent_names(self._troubles):
            self._needs.append(f"silent, though usually speaking: {_named(silent)}")

    def _judge_articles(self) -> None:
        """What the night's articles tell, where a whole round was made: of a few sources they would always look too few."""
        if self._options.only_due or self._options.source_ids:
            return
        named = {trouble.outlet_name for trouble in self._troubles}
        lost = tuple(one for one in assess.judge_articles(self._database, self._as_of) if one.outlet_name not in named)
        self._troubles = (*self._troubles, *lost)
        if lost:
            self._needs.append(f"articles are missing, or what is in them: {_named([trouble.outlet_name for trouble in lost])}")

    def _find(self, campaign: Campaign) -> None:
        def show(name: str) -> Callable[[int, int], None]:
            return lambda done, known: self._progress(name, done, known)

        if "match" in self._options.steps:
            self._keep(steps.MatchStep(self._database, campaign, self._as_of, self._pool).run(show("match")))
        if "group" in self._options.steps:
            self._keep(steps.group_stories(self._database, campaign, self._as_of))

    def _digest(self, campaign: Campaign) -> None:
        settings, outbox = self._parts.settings, self._parts.workspace / "outbox"
        edition, report = editions.make_edition(
            self._database, campaign, EditionKind.NIGHTLY, self._window(campaign), self._facts(campaign), self._as_of
        )
        self._keep(report)
        published = publish.publish(self._database, edition, campaign.time_zone, settings, outbox)
        self._paths += [str(path) for path in published.mails]
        if held := dict(report.outcomes).get("held"):
            self._needs.append(f"{campaign.id}: {held} items are held back, as they may identify a child; decide with `tracker verdict`")

    def _window(self, campaign: Campaign) -> Window:
        """From the end of the last edition to now; the first edition begins where the crawl began to look."""
        with self._database.reading() as conn:
            made = [edition for edition in digests.every(conn, campaign.id) if edition.kind == "nightly"]
        if again := next((edition for edition in made if edition.window.end_at == self._as_of), None):
            return again.window
        start = max((edition.window.end_at for edition in made if edition.window.end_at < self._as_of), default=None)
        first = datetime.combine(self._since(), datetime.min.time(), ZoneInfo(campaign.time_zone))
        return Window(start or min(first, self._as_of - timedelta(days=1)), self._as_of)

    def _facts(self, campaign: Campaign) -> EditionFacts:
        by_step = {report.step: report for report in self._reports}
        polls = dict(by_step["poll"].outcomes) if "poll" in by_step else {}
        answered = sum(count for outcome, count in polls.items() if FetchOutcome(outcome).succeeded)
        read = dict(by_step["extract"].outcomes) if "extract" in by_step else {}
        looked_at = sum(count for outcome, count in read.items() if not outcome.startswith("skipped"))
        known = recall.recall_remembered(self._database, campaign.id)
        facts = EditionFacts(
            troubles=self._troubles,
            sources_watched=sum(polls.values()),
            sources_answered=answered,
            items_looked_at=looked_at,
            sources_unseen=self._unseen,
            windows_outrun=self._gaps.found,
            windows_repaired=self._gaps.repaired,
            outrun_names=tuple(dict.fromkeys(trouble.outlet_name for trouble in self._gaps.unrepaired)),
            known_items=known.known,
            known_found=known.found,
        )
        return facts_of_campaign(campaign, facts)

    def _keep(self, report: StepReport) -> None:
        self._reports.append(report)
        failed = sum(count for outcome, count in report.outcomes if outcome in (f"skipped: {SkipReason.FAILED}", str(SkipReason.FAILED)))
        if failed and report.step == "extract":
            self._needs.append(f"{failed} pages could not be read because of an error of the program; see `tracker trace`")
        with self._database.writing() as conn:
            runs.save_step(conn, self._run_id, report)

    def _close(self) -> RunReport:
        ended_at = self._parts.clock()
        with self._database.writing() as conn:
            runs.finish(
                conn, self._run_id, ended_at, 1 if self._needs else 0, self._needs, troubles=self._troubles, digest_paths=self._paths
            )
        return RunReport(self._run_id, self._as_of, ended_at, tuple(self._reports), tuple(self._needs), self._troubles, tuple(self._paths))


def _named(names: Sequence[str]) -> str:
    return f"{', '.join(names[:10])}{' ...' if len(names) > 10 else ''}"
