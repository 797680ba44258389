"""What a night's crawl and articles tell: whether enough was read, which sources fail, what is lost; and what a digest says of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property

from msgspec.structs import replace

from tracker.crawl.plan import CrawlProgress
from tracker.digests.facts import facts_of_campaign, facts_of_run
from tracker.digests.missed import LEAST_DAYS, Articles, estimate_missed
from tracker.locale.said import Said
from tracker.model import SKIPPED_OUTCOMES, Campaign, EditionFacts, FetchOutcome, Reach, SourceTrouble, StepReport, Window
from tracker.monitoring import assess, reach, recall
from tracker.monitoring.platforms import platforms_of
from tracker.monitoring.reach import NOT_POLLED, Standing
from tracker.pipeline import given_back
from tracker.pipeline.crawl_end import CrawlEnd
from tracker.pipeline.run import Run
from tracker.sources.polling.due import TEMPORARY
from tracker.store import digests, second_looks

UNREAD_PAGES = TEMPORARY | {FetchOutcome.REFUSED_ADDRESS}
"""Ends of an article page that say nothing of the page: asked again elsewhere or tomorrow, it would be another one."""
LEAST_OF_A_POLL = 10
"""Outlets of a round between the nights before "none could be read" is a person's business: fewer are often those that fail every day."""
MOST_GIVEN_UP = 1000
"""Links counted as given up in one run: a register that loses more has another trouble that is named."""
SAID_WITHIN = timedelta(hours=20)
"""An edition this young says what the night after it could say: the next regular night comes after 24 hours."""


class Judgement:
    """The judgement of one run, made while it goes on. `only_due`: a round between the nights; `of_some`: of the sources asked for only.

    What needs a person is added to the run's needs.
    """

    def __init__(self, run: Run, *, only_due: bool, of_some: bool) -> None:
        self._run, self._only_due, self._of_some = run, only_due, of_some
        self.troubles: tuple[SourceTrouble, ...] = ()
        self.reach: Reach | None = None
        self._unseen = 0
        self._gaps = assess.GapsReport()
        self._source_ids: tuple[str, ...] = ()
        self._shared: frozenset[int] = frozenset()

    @cached_property
    def _articles(self) -> Articles:
        return Articles(self._run.database)

    def account_for_crawl(self, end: CrawlEnd, source_ids: tuple[str, ...], *, polls_any: bool) -> None:
        """Stores the reports of poll and fetch and judges the sources. `source_ids`: those polled, empty for all; `polls_any`: whether any."""
        seen, self._source_ids = end.seen, source_ids
        remarks: tuple[str, ...] = (f"{seen.links_listed} links listed, {seen.links_new} new, {seen.links_too_old} too old",)
        self._gaps = assess.settle_gaps(self._run.database, self._run.id, self._run.as_of + timedelta(seconds=end.seconds))
        if self._gaps.found:
            remarks += (f"{self._gaps.found} windows outrun, {self._gaps.repaired} made good through sitemaps or section pages",)
        polls = {**seen.polls, NOT_POLLED: max(0, seen.sources - seen.polled)}
        ends = tuple(sorted((outcome, count) for outcome, count in polls.items() if count))
        self._run.keep(StepReport("poll", sum(polls.values()), ends, end.seconds, remarks))
        self._run.keep(self._with_given_up(end.fetched))
        if files := seen.site_files:
            self._run.keep(StepReport("tdmrep.json", sum(files.values()), tuple(sorted(files.items())), 0.0))
        self._shared = given_back.pages_in_place_of_articles(self._run.database, self._run.as_of)
        self._measure_reach(seen, source_ids, polls_any=polls_any)
        self._judge_sources(end.seconds, source_ids)
        self._run.needs += end.troubles(Said("need_crawl_again", log="crawl.log"))

    def _with_given_up(self, fetched: StepReport) -> StepReport:
        """The report of the step fetch, with links that were given up in this run."""
        with self._run.database.reading() as conn:
            left = second_looks.given_up(conn, self._run.as_of, limit=MOST_GIVEN_UP)
        if not left:
            return fetched
        named = ", ".join(one.url for one in left[:3])
        remark = f"{len(left)} links given up without an article, such as {named}; see `tracker sources health`"
        return replace(fetched, remarks=(*fetched.remarks, remark))

    def _measure_reach(self, seen: CrawlProgress, source_ids: tuple[str, ...], *, polls_any: bool) -> None:
        """Whether enough was read to say what was published. Nothing was asked where no source was due."""
        if not polls_any:
            return
        asked = sum(seen.pages.values())
        unread = sum(count for outcome, count in seen.pages.items() if outcome in UNREAD_PAGES) + len(self._shared)
        self.reach = assess.measure_run(self._run.database, self._run.id, source_ids, pages_asked=asked, pages_read=asked - unread)
        if self._is_judged and (told := reach.headline(self.reach)):
            self._run.needs.append(told)

    def give_back(self, seconds: float) -> None:
        """Has the articles fetched again for which a page of the network came; after the crawl's pages were read."""
        given_back.give_back(self._run, self._shared, self._run.as_of + timedelta(seconds=seconds))

    @property
    def nothing_read(self) -> bool:
        """Whether no outlet could be read, where the round is judged at all."""
        return self.reach is not None and self._is_judged and reach.standing(self.reach) is Standing.NOTHING

    @property
    def _is_judged(self) -> bool:
        """A round between the nights asks a few outlets; only a large one in which nothing answers tells of the network."""
        found = self.reach
        return found is not None and (not self._only_due or (found.watched >= LEAST_OF_A_POLL and not found.read))

    def _judge_sources(self, seconds: float, source_ids: tuple[str, ...]) -> None:
        """Which sources were not followed as they should be. A silent one needs a person: nothing else would tell."""
        now = self._run.as_of + timedelta(seconds=seconds)
        self.troubles = assess.judge_sources(self._run.database, now, source_ids)
        self._unseen = assess.count_unseen(self._run.database, self.troubles, now)
        if silent := assess.silent_names(self.troubles):
            self._run.needs.append(Said("need_silent", names=_named(silent)))
        if failing := platforms_of(self.troubles):
            self._run.needs.append(Said("need_platform", names=_named(failing)))

    def judge_articles(self) -> None:
        """What the night's articles tell, where a whole round was made: of a few sources they would always look too few."""
        if self._only_due or self._of_some:
            return
        named = {trouble.outlet_name for trouble in self.troubles}
        assess.keep_counts(self._run.database, self._run.as_of)
        lost = tuple(one for one in assess.judge_articles(self._run.database, self._run.as_of) if one.outlet_name not in named)
        self.troubles = (*self.troubles, *lost)
        if lost:
            self._run.needs.append(Said("need_articles_missing", names=_named([trouble.outlet_name for trouble in lost])))

    def said_already(self, campaign: Campaign) -> str:
        """Which edition says already that no outlet could be read, where that is all that this night could say too: a night that failed
        is tried again within minutes, and staff need that letter once."""
        if self.reach is None or reach.standing(self.reach) is not Standing.NOTHING:
            return ""
        with self._run.database.reading() as conn:
            made = [one for one in digests.every(conn, campaign.id) if one.kind == "nightly" and one.window.end_at < self._run.as_of]
            newest = max(made, key=lambda one: one.window.end_at, default=None)
            facts = digests.facts_of(conn, newest.id) if newest else None
        if newest is None or facts is None or facts.reach is None or self._run.as_of - newest.window.end_at > SAID_WITHIN:
            return ""
        same = reach.standing(facts.reach) is Standing.NOTHING
        return f"edition {newest.id} says already that no outlet could be read" if same else ""

    def facts(self, campaign: Campaign) -> EditionFacts:
        """What an edition made now says of what it rests on."""
        by_step = {report.step: report for report in self._run.reports}
        polls = dict(by_step["poll"].outcomes) if "poll" in by_step else {}
        answered = sum(count for outcome, count in polls.items() if outcome != NOT_POLLED and FetchOutcome(outcome).succeeded)
        read = dict(by_step["extract"].outcomes) if "extract" in by_step else {}
        looked_at = sum(count for outcome, count in read.items() if outcome not in SKIPPED_OUTCOMES)
        known = recall.recall_remembered(self._run.database, campaign.id)
        days = LEAST_DAYS.days  # a night alone has too few items
        week = Window(self._run.as_of - LEAST_DAYS, self._run.as_of)
        facts = EditionFacts(
            troubles=self.troubles,
            sources_watched=sum(polls.values()),
            sources_answered=answered,
            items_looked_at=looked_at,
            sources_unseen=self._unseen,
            windows_outrun=self._gaps.found,
            windows_repaired=self._gaps.repaired,
            outrun_names=tuple(dict.fromkeys(trouble.outlet_name for trouble in self._gaps.unrepaired)),
            known_items=known.known,
            known_found=known.found,
            reach=self.reach,
            by_country=facts_of_run(self._run.database, self._run.id, self._run.as_of, self._source_ids) if polls else (),
            estimate=estimate_missed(self._run.database, campaign, week, self.reach, days=days, articles=self._articles),
        )
        return facts_of_campaign(campaign, facts)


def _named(names: Sequence[str]) -> str:
    return f"{', '.join(names[:10])}{' ...' if len(names) > 10 else ''}"
