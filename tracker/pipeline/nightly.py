"""The night: take the lock, do the steps in order, store and print the report, decide the exit code.

Screening runs while the crawl does. A night that was killed is taken up again: the next one with the same arguments
goes on with its run, its moment and its edition.
"""

from __future__ import annotations

import importlib
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from tracker.crawl.early import BeginCrawl, crawl_begun_early
from tracker.crawl.parent import Crawl
from tracker.crawl.plan import POLL_HOST_MINUTES, POLL_STAGE_MINUTES, CrawlPlan, CrawlProgress
from tracker.errors import UsageError
from tracker.evidence.days import seal_and_close
from tracker.loading import loading
from tracker.locale.said import Said
from tracker.model import (
    Audience,
    Campaign,
    EditionKind,
    RunReport,
    Source,
    SourceKind,
    StepReport,
    Window,
)
from tracker.pipeline import steps
from tracker.pipeline.finding import Finding, OnFound, nothing_more
from tracker.pipeline.judgement import Judgement
from tracker.pipeline.listed_items import match_listed
from tracker.pipeline.page_claims import open_claims
from tracker.pipeline.pictures import fetch_pictures
from tracker.pipeline.pruning import prune
from tracker.pipeline.run import Progress, Run, follow, held_back, no_progress, seed_register, waits_for_approval, watched_catalogue
from tracker.pipeline.watching import begin_watch, compare_visits, visit_again
from tracker.register.catalog import Catalogue
from tracker.register.comparison import compare
from tracker.sources.polling.due import due_sources
from tracker.store import digests, mentions, registers, runs
from tracker.store.database import Database
from tracker.store.lock import RunLock
from tracker.store.server_url import is_server
from tracker.workspace import Parts, read_campaigns, read_catalogues

LOOKBACK = timedelta(days=7)
"""How old a dated link may be when --since is not given: a week covers an outage over a long weekend."""
RESUMED_WITHIN = timedelta(hours=20)
"""An interrupted night younger than this is taken up again; an older one is left as it ended."""
COULD_NOT_RUN = 3
"""The exit code of a command that could not do its work (`tracker --help`)."""
POLL_LIMITS = {"stage_minutes": POLL_STAGE_MINUTES, "host_minutes": POLL_HOST_MINUTES}
BEFORE_ANSWERS = {"digest": ("tracker.delivery.publish", "tracker.digests.editions", "tracker.digests.forms.html")}
"""By step: what it imports late. A night imports it while nothing has answered yet."""
BEFORE_PAGES = {"match": ("tracker.matching.matcher",), "group": ("tracker.stories.grouping",)}
"""The same of what is needed where there is something new alone."""
ALL_STEPS = frozenset({"crawl", "extract", "match", "group", "watch", "pictures", "evidence", "digest", "prune"})


class NightOptions(Struct, frozen=True):
    """What `tracker nightly` and the single steps were asked for."""

    catalogues: tuple[Path, ...] = ()
    since: date | None = None
    as_of: datetime | None = None
    campaign_ids: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()
    steps: frozenset[str] = ALL_STEPS
    only_due: bool = False
    revisit_all: bool = False

    @property
    def is_night(self) -> bool:
        """Whether it is a whole night, from the crawl to the digest, and not some of its steps."""
        return self.steps >= {"crawl", "digest"}

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
            "revisit_all": self.revisit_all,
        }
        return tuple(f"{name}={value}" for name, value in asked.items() if value)


def run_night(parts: Parts, options: NightOptions, *, progress: Progress = no_progress, on_found: OnFound = nothing_more) -> RunReport:
    """Does the asked steps; `on_found` is called when mentions were stored while the crawl goes on. Raises ConfigError and UsageError before anything is done, RunLocked when another run is at work."""
    campaigns = read_campaigns(parts.workspace, options.campaign_ids)
    catalogue = read_catalogues(options.catalogues) if options.catalogues else None
    with (
        RunLock(parts.workspace, parts.settings.database.url).acquire() as lock,
        crawl_begun_early(wanted=_crawls_itself(parts, options)) as begin,
        Run(parts, campaigns, lock.fileno(), progress) as run,
        ExitStack() as until_end,
    ):
        night = _Night(run, options, campaigns, on_found, begin, until_end)
        night.register(catalogue)
        return night.run()


def _crawls_itself(parts: Parts, options: NightOptions) -> bool:
    """Whether a process for the crawl will be wanted. A store on a server may have workers for that, which is not known yet."""
    return not options.steps.isdisjoint({"crawl", "poll"}) and not is_server(parts.settings.database.url)


class _Night:
    """One run, from its row in the store to its report."""

    def __init__(
        self, run: Run, options: NightOptions, campaigns: Sequence[Campaign], on_found: OnFound, begin: BeginCrawl, until_end: ExitStack
    ) -> None:
        self._run, self._options, self._campaigns, self._begin, self._until_end = run, options, campaigns, begin, until_end
        self._parts, self._needs = run.parts, run.needs
        self._judgement = Judgement(run, only_due=options.only_due, of_some=bool(options.source_ids))
        self._finding = Finding(run, campaigns, options.steps, on_found)
        self._visited: CrawlProgress | None = None
        self._due: tuple[str, ...] | None = None
        self._paths: list[str] = []

    @property
    def _database(self) -> Database:
        return self._run.database

    def register(self, catalogue: Catalogue | None) -> None:
        """Makes the catalogue the watched one: the one given, else the workspace's own, else the shipped one."""
        states, known = [], {}
        if self._parts.database_exists:
            with self._database.reading() as conn:
                states, known = registers.states(conn), registers.outlets(conn)
        if catalogue is None and not known:
            catalogue = read_catalogues(())
        self._refuse_unknown([*(state.source for state in states), *(catalogue.sources if catalogue else ())])
        if catalogue is not None and known:
            changes = compare(watched_catalogue(states), catalogue)
            if changes.watches_less:
                self._needs.append(Said("need_watches_less", words="; ".join(changes.lines()), command="`tracker sources list`"))
        seed_register(self._parts, catalogue)
        self._asked_sources()  # says at once when all of them are switched off

    def _refuse_unknown(self, sources: Sequence[Source]) -> None:
        named = {identity for source in sources for identity in (source.id, source.outlet_id)}
        if unknown := [identity for identity in self._options.source_ids if identity not in named]:
            raise UsageError(f"no source or outlet {unknown[0]!r}; see `tracker sources list`")

    def run(self) -> RunReport:
        self._open()
        asked = self._options.steps
        if self._options.is_night and self._parts.settings.mailbox.host:
            self._read_mailbox()
        if asked & {"crawl", "poll"} and not (self._options.only_due and self._by_workers):  # workers poll what is due, all day
            self._crawl()
        elif "extract" in asked:
            self._run.keep(self._extraction().finish(follow("extract", self._run.progress)))
        self._take_listed(asked)
        self._finding.finish()
        if self._watches:
            self._watch()
        if "pictures" in asked and (pictured := fetch_pictures(self._run, self._campaigns)):
            self._run.keep(pictured)
        self._show_what_was_found()
        if "prune" in asked:
            for report in prune(self._parts, self._run.as_of):
                self._run.keep(report)
        return self._run.close(
            troubles=self._judgement.troubles,
            paths=self._paths,
            reach=self._judgement.reach,
            exit_code=COULD_NOT_RUN if self._judgement.nothing_read and not self._options.only_due else 0,
        )

    @property
    def _watches(self) -> bool:
        """Whether items are visited again. Asked for by itself it is done, whatever the settings say of the night."""
        return "watch" in self._options.steps and (self._parts.settings.watch.enabled or not self._options.is_night)

    def _watch(self) -> None:
        if self._visited is None and not self._options.source_ids:
            begin_watch(self._run)
            self._visited = visit_again(self._run, only_due=not self._options.revisit_all)
        self._run.keep(compare_visits(self._run, self._campaigns, self._visited))

    def _show_what_was_found(self) -> None:
        """Evidence first: an edition prints the line of the last closed day."""
        if "evidence" in self._options.steps:
            self._run.keep(seal_and_close(self._database, min(self._run.as_of, self._parts.clock())))
            self._stamp()
        if "digest" in self._options.steps:
            self._database.refuse_damaged(digests.READ_FOR_EDITIONS, thorough=self._options.is_night)
            for campaign in self._campaigns:
                self._digest(campaign)

    def _stamp(self) -> None:
        if not self._parts.settings.evidence.timestamp_url:
            return
        from tracker.evidence.timestamps import stamp_newest

        if stamped := stamp_newest(self._database, self._parts.settings):
            self._run.keep(stamped)

    def _open(self) -> None:
        """A new run, or the one of these arguments that was killed."""
        now = self._options.as_of or self._parts.clock()
        arguments = self._options.arguments()
        with self._database.reading() as conn:
            killed = [run for run in runs.interrupted(conn) if abs(now - run.started_at) < RESUMED_WITHIN]
            again = next((run for run in reversed(killed) if runs.arguments(conn, run.run_id) == arguments), None)
        if again:
            self._run.resume(again)
        else:
            self._run.open(now, arguments, is_night=self._options.is_night)

    def _read_mailbox(self) -> None:
        """Before the crawl: what newsletters name is fetched tonight."""
        from tracker.pipeline.mailbox_step import read_mailbox_step

        for report in read_mailbox_step(self._parts, self._needs):
            self._run.keep(report)

    def _extraction(self) -> steps.ExtractStep:
        return steps.ExtractStep(self._database, self._run.pool, self._run.as_of, self._claims)

    @cached_property
    def _by_workers(self) -> bool:
        """Whether the crawl is the workers' of this store. Looked at once: a run is one or the other."""
        if not is_server(self._parts.settings.database.url):
            return False
        from tracker.pipeline.shared_crawl import workers_serve

        return workers_serve(self._parts)

    @cached_property
    def _claims(self) -> steps.Claims | None:
        return self._until_end.enter_context(closing(open_claims(self._parts.settings.database.url))) if self._by_workers else None

    def _crawl(self) -> None:
        plan = self._run.plan(
            since=self._since(),
            sources=self._source_ids(),
            poll=self._polls_any,
            articles="crawl" in self._options.steps,
            terms=self._terms(),
            by_outlet=self._options.since is None,
            spare_refusing=self._options.only_due or self._options.steps != {"poll"},  # else a person asks how it answers
            revisit="due" if self._watches and not self._options.source_ids and not self._by_workers else "",
            **(POLL_LIMITS if self._options.only_due else {}),
        )
        extraction = self._extraction() if "extract" in self._options.steps else None
        if self._by_workers:
            from tracker.pipeline.shared_crawl import fetch_by_workers

            end = fetch_by_workers(self._parts, plan, self._show, extraction, self._finding.during_crawl)
        else:
            end = steps.fetch_pages(plan, self._show, extraction, self._finding.during_crawl, self._begin_crawl, self._expect)
            self._visited = end.seen if plan.revisit else None
        self._judgement.account_for_crawl(end, self._source_ids(), polls_any=self._polls_any)
        if extraction:
            self._run.keep(extraction.finish(follow("extract", self._run.progress)))
        self._judgement.give_back(end.seconds)
        if extraction:
            self._judgement.judge_articles()

    def _begin_crawl(self, plan: CrawlPlan) -> Crawl:
        """What is wanted once there are articles is made ready while the crawl asks its first sources. Where that fails or is
        interrupted the crawl ends, which would hold the run's lock."""
        crawl = self._begin(plan)
        with ExitStack() as until_ready:
            until_ready.callback(crawl.stop)
            if self._options.steps & {"extract", "match"} and self._has_new_campaign():
                self._run.prepare()
            self._import_ahead(BEFORE_ANSWERS)
            until_ready.pop_all()
        return crawl

    def _has_new_campaign(self) -> bool:
        """Whether a campaign has looked at nothing yet as it is now: most nights have none, and what it comes to was kept."""
        with self._database.reading() as conn:
            return any(not mentions.looked_through(conn, one.id, one.version) for one in self._campaigns)

    def _expect(self, extraction: steps.ExtractStep) -> None:
        extraction.expect()
        self._import_ahead(BEFORE_PAGES)

    def _import_ahead(self, by_step: Mapping[str, Sequence[str]]) -> None:
        with loading():
            for module in (module for step, modules in by_step.items() if step in self._options.steps for module in modules):
                importlib.import_module(module)

    def _take_listed(self, asked: Collection[str]) -> None:
        """What second nets list, looked for in the campaigns. They come after the sources: by then it is known which outlets refuse us."""
        if "crawl" in asked and not self._options.source_ids and self._parts.settings.nets.any_by_night:
            self._ask_nets()
        if "match" in asked and (listed := match_listed(self._run, self._campaigns)):
            self._run.keep(listed)

    def _ask_nets(self) -> None:
        """Asks them. Pages of outlets that let us in are fetched at once."""
        from tracker.pipeline.second_nets import (
            NIGHT_MINUTES,
            POLL_MINUTES,
            SecondNets,
        )  # with Scrapy, which most nights' commands need not

        since = datetime.combine(self._since(), datetime.min.time(), UTC)
        nets = SecondNets(self._run, since, minutes=POLL_MINUTES if self._options.only_due else NIGHT_MINUTES)
        nets.run()
        if (links := nets.waiting_links()) and "extract" in self._options.steps and not self._by_workers:
            extraction = self._extraction()
            end = steps.fetch_pages(self._run.plan(poll=False, links=links), self._show, extraction)
            self._run.keep(replace(end.fetched, step="fetch listed"))
            self._run.keep(replace(extraction.finish(), step="extract listed"))
            self._run.needs += end.troubles(Said("need_crawl_again", log="crawl.log"))
        nets.note_refused()

    def _show(self, seen: CrawlProgress) -> None:
        done = seen.polled + sum(seen.pages.values())
        self._run.progress("crawl", done, done - seen.polled + seen.sources + seen.pages_open)

    def _terms(self) -> tuple[tuple[str, str], ...]:
        """What searches among the sources are asked for."""
        with self._database.reading() as conn:
            searches = registers.watched(conn, kinds=[SourceKind.SEARCH])
        if not searches:
            return ()
        from tracker.matching.searchterms import search_terms

        return search_terms(self._campaigns)

    def _since(self) -> date:
        return self._options.since or (self._run.as_of - LOOKBACK).date()

    def _source_ids(self) -> tuple[str, ...]:
        """The sources to poll; empty: all of them. With `only_due`, those whose time had come when the run began."""
        if not self._options.only_due:
            return self._asked_sources()
        if self._due is None:
            asked = set(self._asked_sources())
            with self._database.reading() as conn:
                due = due_sources(registers.watched(conn), self._run.as_of, only_due=True)
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

    def _digest(self, campaign: Campaign) -> None:
        if said := self._judgement.said_already(campaign):
            self._run.keep(StepReport(f"digest {campaign.id}", 0, (), remarks=(said,)))
            return
        composed = steps.compose_edition(
            self._parts,
            campaign,
            EditionKind.NIGHTLY,
            self._window(campaign),
            self._judgement.facts(campaign),
            self._run.as_of,
            only_for=Audience.STAFF,
        )
        self._run.keep(composed.report)
        self._paths += [str(path) for published in composed.published for path in published.mails]
        if held := dict(composed.report.outcomes).get("held"):
            self._needs.append(held_back(campaign.id, held))
        if not self._options.is_night and Audience.PARTNERS not in composed.audiences:
            self._needs.append(waits_for_approval(composed.edition.id))

    def _window(self, campaign: Campaign) -> Window:
        """From the end of the last edition to now; the first edition begins where the crawl began to look."""
        with self._database.reading() as conn:
            made = [edition for edition in digests.every(conn, campaign.id) if edition.kind == "nightly"]
        if again := next((edition for edition in made if edition.window.end_at == self._run.as_of), None):
            return again.window
        start = max((edition.window.end_at for edition in made if edition.window.end_at < self._run.as_of), default=None)
        first = datetime.combine(self._since(), datetime.min.time(), ZoneInfo(campaign.time_zone))
        return Window(start or min(first, self._run.as_of - timedelta(days=1)), self._run.as_of)
