"""The night: take the lock, do the steps in order, store and print the report, decide the exit code.

Screening runs while the crawl does. A night that was killed is taken up again: the next one goes on with its run,
its moment and its edition.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tracker import steps
from tracker.bootstrap import Parts, read_campaigns, read_catalogues
from tracker.crawl.run import CrawlPlan, run_crawl
from tracker.errors import UsageError
from tracker.matching.matcher import Matcher
from tracker.model import Campaign, RunReport, StepReport
from tracker.pool import PagePool
from tracker.store import registers, runs
from tracker.store.lock import RunLock

LOOKBACK = timedelta(days=7)
"""How old a dated link may be when --since is not given: a week covers an outage over a long weekend."""
RESUMED_WITHIN = timedelta(hours=20)
"""An interrupted night younger than this is taken up again; an older one is left as it ended."""


@dataclass(frozen=True, slots=True)
class NightOptions:
    """What `tracker nightly` and the single steps were asked for."""

    catalogues: tuple[Path, ...] = ()
    since: date | None = None
    as_of: datetime | None = None
    campaign_ids: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()
    steps: frozenset[str] = frozenset({"crawl", "extract", "match", "group", "digest", "prune"})


Progress = Callable[[str, int, int], None]
"""Called with a step's name, items done and items known so far (0: unknown)."""
