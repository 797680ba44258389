"""One run, whoever starts it: its row in the store, page workers while it lasts, reports, and what needs a person.

The nightly run, looking back and adding a page are three orders of steps on this one scaffold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec
from msgspec.structs import replace

from tracker.crawl.plan import CrawlPlan
from tracker.locale.said import Said, changed
from tracker.model import Campaign, Reach, RunReport, SkipReason, SourceTrouble, StepReport
from tracker.register.catalog import Catalogue
from tracker.store import registers, runs
from tracker.store.database import Database
from tracker.workspace import Parts, campaign_cache, read_catalogues

if TYPE_CHECKING:
    from tracker.matching.cache import Cache
    from tracker.pipeline.page_pool import PagePool

Progress = Callable[[str, int, int], None]
"""Called with a step's name, items done and items known so far (0: unknown)."""


def held_back(campaign_id: str, count: int) -> str:
    """What a person has to do about items that may identify a child."""
    return Said("need_held", count, campaign=campaign_id, command="`tracker verdict`")


def waits_for_approval(edition_id: int) -> str:
    """What a person has to do before partners may read an edition."""
    return f"edition {edition_id} waits for approval: review it, then `tracker digest approve {edition_id}`"


def no_progress(step: str, done: int, known: int) -> None:
    """A `Progress` that shows nothing."""


def follow(step: str, progress: Progress) -> Callable[[int, int], None]:
    """`progress` for one step alone: called with items done and items known so far."""
    return lambda done, known: progress(step, done, known)


class Run:
    """A run under way. Use as a context manager: page workers end with the block; `close` ends the run itself.

    `as_of` is the run's moment, which every step works with; `lock_fd` the descriptor of the run lock, inherited by crawls.
    """

    def __init__(self, parts: Parts, campaigns: Sequence[Campaign], lock_fd: int, progress: Progress = no_progress) -> None:
        self.parts, self.progress = parts, progress
        self._campaigns, self._lock_fd = tuple(campaigns), lock_fd
        self._stack = ExitStack()
        self._pool: PagePool | None = None
        self.reports: list[StepReport] = []
        self.needs: list[str] = []
        self.id = 0
        self.is_resumed = False
        self.as_of = parts.clock()

    def __enter__(self) -> Self:
        return self

    @property
    def database(self) -> Database:
        """Opened, and made, when first asked for: a command refused before that has made nothing."""
        return self.parts.database

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.__exit__(kind, error, trace)

    def open(self, as_of: datetime, arguments: Sequence[str], *, is_night: bool = False) -> None:
        """A new row in the store, for what was asked (`arguments`). `is_night`: from the crawl to the digest."""
        with self.database.writing() as conn:
            self.id = runs.start(conn, as_of, arguments, is_night=is_night)
        self.as_of = as_of

    def resume(self, killed: RunReport) -> None:
        """Goes on with a run that was killed: its row and its moment."""
        self.id, self.as_of, self.is_resumed = killed.run_id, killed.started_at, True

    def prepare(self) -> None:
        """Has the campaigns compiled, where they were not before: page workers and matching look for it."""
        from tracker.matching.compiled import prepare

        prepare(self._campaigns, self.cache)

    @cached_property
    def cache(self) -> Cache:
        """Compiled campaigns. One for the run: where nothing can be written it still has what was compiled."""
        return campaign_cache(self.parts.workspace)

    def pool(self) -> PagePool:
        """The page workers, started when first needed."""
        if self._pool is None:
            from tracker.pipeline.page_pool import PagePool

            self.prepare()
            extract = self.parts.settings.extract
            with self.database.reading() as conn:
                outlets = registers.outlets(conn)
            opened = PagePool(
                self._campaigns,
                outlets,
                workers=extract.workers,
                page_timeout_seconds=extract.page_timeout_seconds,
                extract_all=extract.when == "all",
                cache=self.cache,
            )
            self._pool = self._stack.enter_context(opened)
        return self._pool

    def plan(self, **wanted: Any) -> CrawlPlan:
        """A crawl of this run; `wanted` are fields of CrawlPlan beside those that every crawl of the run shares."""
        shared = CrawlPlan(str(self.parts.workspace.resolve()), self.id, self.as_of, lock_fd=self._lock_fd)
        return msgspec.structs.replace(shared, **wanted)

    def keep(self, report: StepReport) -> None:
        """Stores a step's report. Pages that an error of the program left unread need a person."""
        self.reports.append(report)
        failed = sum(count for outcome, count in report.outcomes if outcome == SkipReason.FAILED.step_outcome)
        if failed and report.step == "extract":
            self.needs.append(Said("need_pages_failed", failed, command="`tracker trace`"))
        with self.database.writing() as conn:
            runs.save_step(conn, self.id, report)

    def close(
        self, *, troubles: Sequence[SourceTrouble] = (), paths: Sequence[str] = (), reach: Reach | None = None, exit_code: int = 0
    ) -> RunReport:
        """Ends the run with its exit code, 1 at least where something needs a person. `paths` are the files it wrote."""
        mask = self.parts.settings.masked
        ended_at, needs = self.parts.clock(), tuple(dict.fromkeys(changed(need, mask) for need in self.needs))
        troubles = tuple(replace(trouble, detail=mask(trouble.detail)) for trouble in troubles)
        code = max(exit_code, 1 if needs else 0)
        with self.database.writing() as conn:
            runs.finish(conn, self.id, ended_at, code, needs, troubles=troubles, digest_paths=paths, reach=reach)
        return RunReport(self.id, self.as_of, ended_at, tuple(self.reports), needs, tuple(troubles), tuple(paths), reach, code)


def seed_register(parts: Parts, catalogue: Catalogue | None = None) -> None:
    """Watches the catalogue: the one given, else what the workspace watches already, else the shipped register."""
    if catalogue is None:
        if parts.database_exists:
            with parts.database.reading() as conn:
                if registers.outlets(conn):
                    return
        catalogue = read_catalogues(())
    with parts.database.writing() as conn:
        registers.replace(conn, catalogue.outlets, catalogue.sources, parts.clock())


def watched_catalogue(states: Sequence[registers.SourceState]) -> Catalogue:
    """What is watched now. A person's switch is no matter of the register: it stays whatever takes the register's place."""
    found = [state for state in states if state.watched]
    outlets = {state.outlet.id: state.outlet for state in found}
    sources = (replace(state.source, enabled=True) if state.switched_by_person else state.source for state in found)
    return Catalogue(tuple(outlets.values()), tuple(sources))
