"""Matching and grouping of a run, also while its crawl goes on: one slow host holds up no mention and no notification."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence

from tracker.model import Campaign, StepReport
from tracker.pipeline import steps
from tracker.pipeline.matching import NO_MENTION, MatchStep
from tracker.pipeline.run import Run, follow

FIND_SECONDS = 600.0
"""Between two rounds during a crawl: as often as `schedule.poll_minutes` polls by day, so that a night tells no later. A round costs a
fraction of a second for each campaign and what its articles take anyway."""

OnFound = Callable[[], None]
"""Called after a round during the crawl that stored a mention."""


def nothing_more(*_: object) -> None:
    """Does nothing: where nobody waits for what is found during the crawl, or nothing is found during it."""


class Finding:
    """The steps match and group of one run, done as often as wanted and reported once. `wanted` are names of steps."""

    def __init__(self, run: Run, campaigns: Sequence[Campaign], wanted: Collection[str], on_found: OnFound = nothing_more) -> None:
        self._run, self._campaigns, self._wanted, self._on_found = run, campaigns, {*wanted}, on_found
        self._matched: dict[str, list[StepReport]] = {}
        self._last = time.monotonic()

    def during_crawl(self, extraction: steps.ExtractStep) -> None:
        """A round over what was extracted so far, once FIND_SECONDS have passed since the last."""
        if "match" not in self._wanted or time.monotonic() - self._last < FIND_SECONDS:
            return
        extraction.settle()  # candidates are extracted in full by the same workers
        found = 0
        for campaign, report in zip(self._campaigns, self._match(), strict=True):
            found += report.inputs - dict(report.outcomes).get(NO_MENTION, 0)
            if report.inputs and "group" in self._wanted:
                steps.group_stories(self._run.database, campaign, self._run.as_of)
        if found:
            self._on_found()
        self._last = time.monotonic()

    def finish(self) -> None:
        """The last round, over everything; stores one report of each step."""
        if "match" in self._wanted:
            self._match()
        for campaign in self._campaigns:
            if "match" in self._wanted:
                self._run.keep(merged(self._matched[campaign.id]))
            if "group" in self._wanted:
                self._run.keep(steps.group_stories(self._run.database, campaign, self._run.as_of))

    def _match(self) -> list[StepReport]:
        matching = MatchStep(self._run.database, self._campaigns, self._run.as_of, self._run.pool, self._run.cache)
        reports = matching.run(follow("match", self._run.progress))
        for campaign, report in zip(self._campaigns, reports, strict=True):
            self._matched.setdefault(campaign.id, []).append(report)
        return reports


def merged(rounds: Sequence[StepReport]) -> StepReport:
    """The rounds of one step as one report. Each article is looked at in one round, so that inputs and outcomes add up."""
    outcomes: Counter[str] = Counter()
    for report in rounds:
        outcomes.update(dict(report.outcomes))
    remarks = tuple(dict.fromkeys(remark for report in rounds for remark in report.remarks))
    seconds = sum(report.seconds for report in rounds)
    return StepReport(rounds[-1].step, sum(report.inputs for report in rounds), tuple(sorted(outcomes.items())), seconds, remarks)
