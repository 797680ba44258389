"""The step of second nets: asks those that are due, decides what becomes of every listing, and has the pages fetched that we may read.

Files are read while more are fetched, one transaction each: a run that is killed goes on with the next file.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter, deque
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from tracker.crawl.files import NOT_ASKED, ready
from tracker.crawl.job import Clock
from tracker.crawl.plan import FileFacts, WantedFile
from tracker.crawl.refusing import refusing_outlets
from tracker.locale.said import Said
from tracker.model import FetchOutcome, NetSighting, StepReport
from tracker.model import Net as EstimateNet
from tracker.nets.gdelt_list import FileOutcome, Reading
from tracker.nets.listed import Decided, Fate, Known, decide, hosts_of
from tracker.nets.listing import Net
from tracker.pipeline.net_lookback import of_doc, of_wayback
from tracker.pipeline.net_questions import Questions, domains_of_outlets, of_lists, of_search_feed, of_stories
from tracker.pipeline.run import Run
from tracker.store import frontier, listings, registers, sightings
from tracker.store.listings import MISSING, NetFile

WAIT_SECONDS = 0.05
POLL_MINUTES, NIGHT_MINUTES = 8.0, 60.0
"""How long a net's files are fetched: a poll comes every ten minutes, and a first night has 1,500 minutes to ask for, one a second."""
LET_IN_WITHIN = timedelta(days=21)
"""How old a listing may be whose outlet refuses us no more, which two probes in two weeks show."""
LOST = "the crawl broke off"
COUNTED_AS = {
    Net.GDELT: EstimateNet.GDELT,
    Net.GDELT_DOC: EstimateNet.GDELT,
    Net.MEDIACLOUD: EstimateNet.MEDIA_CLOUD,
    Net.WAYBACK: EstimateNet.WAYBACK,
}
"""As which net of an estimate a listing counts; a search engine's feed names what others do, and counts as none."""
ANSWERED = frozenset({MISSING, *map(str, FileOutcome)} - {FileOutcome.LIMITED, FileOutcome.REFUSED, FileOutcome.NOT_A_LIST})
"""Outcomes of files of a net that is there."""


class SecondNets:
    """The nets of one run. `since`: listings from before then are too old. `new_keys`: of the pages to fetch. `looks_back`: they wait among
    the older articles."""

    def __init__(self, run: Run, since: datetime, *, minutes: float = NIGHT_MINUTES, looks_back: bool = False) -> None:
        self._looks_back = looks_back
        self._run, self._minutes, self._now, self._clock = run, minutes, run.as_of, Clock(run.as_of)
        self._nets = run.parts.settings.nets
        with run.database.reading() as conn:
            states = registers.states(conn)
            rules = registers.address_rules(conn)
        outlets = {state.outlet.id: state.outlet for state in states if state.watched}
        self.known = Known(outlets, rules, refusing_outlets(states, self._now), self._now, since)
        self.new_keys: list[str] = []

    def run(self) -> None:
        """Asks what is due and keeps a report of each net."""
        with self._run.database.writing() as conn:
            listings.let_in(conn, self.known.refusing, self._now - LET_IN_WITHIN)
        for questions in self._due():
            self.ask(questions)

    def _due(self) -> Iterable[Questions]:
        refusing = [outlet for name, outlet in self.known.outlets.items() if name in self.known.refusing]
        domains = domains_of_outlets(refusing)
        if self._nets.gdelt.enabled:
            hosts = hosts_of(self.known.outlets.values(), self.known.rules)
            yield of_lists(self._nets, self._files(Net.GDELT), hosts, self._now)
        if self._nets.mediacloud.enabled and domains:
            since = max(self.known.since, self._now - timedelta(days=3))
            yield of_stories(self._nets, self._files(Net.MEDIACLOUD), domains, since, self._now)
        if self._nets.search_feed.enabled and domains:
            yield of_search_feed(self._nets, self._files(Net.SEARCH_FEED), domains, self._now)

    def look_back(self, outlets: Collection[str], without_listing: Collection[str], until: datetime) -> None:
        """Asks the nets that know older articles: of outlets that refuse us their headlines, of those of which nothing else is listed their
        captured pages."""
        wanted = [outlet for name, outlet in self.known.outlets.items() if name in outlets]
        refusing = domains_of_outlets([outlet for outlet in wanted if outlet.id in self.known.refusing])
        bare = domains_of_outlets([one for one in wanted if one.id in without_listing and one.id not in self.known.refusing])
        since = self.known.since
        if self._nets.gdelt_doc.enabled and refusing:
            self.ask(of_doc(self._nets, self._files(Net.GDELT_DOC), refusing, since, until, self._now))
        if self._nets.mediacloud.enabled and refusing:
            self.ask(of_stories(self._nets, {}, refusing, since, until))
        if self._nets.wayback.enabled and bare:
            self.ask(of_wayback(self._nets, self._files(Net.WAYBACK), bare, since, until))

    def _files(self, net: Net) -> dict[str, NetFile]:
        with self._run.database.reading() as conn:
            return listings.files(conn, str(net))

    def ask(self, questions: Questions) -> None:
        """Asks one net, and what follows from its answers."""
        started, waiting = time.monotonic(), deque([questions.files])
        ends: Counter[str] = Counter()
        fates: Counter[str] = Counter()
        while waiting and (files := waiting.popleft()):
            before = ends.total()
            more: list[WantedFile] = []
            named = {file.name: file for file in files}
            for facts, body in self._fetched(files):
                outcome, reading = self._take(questions, facts, body, fates)
                ends[outcome] += 1
                if reading is not None and reading.answer is not None and questions.further is not None:
                    more += questions.further(named[facts.name], reading.answer)
            ends[LOST] += before + len(files) - ends.total()
            if more:
                waiting.append(tuple(more))
        seconds = time.monotonic() - started
        self._run.keep(StepReport(f"net {questions.net}", sum(ends.values()), _counted(ends), seconds))
        if fates:
            self._run.keep(StepReport(f"listed by {questions.net}", sum(fates.values()), _counted(fates), 0.0))
        if ends and not ANSWERED & set(ends):
            self._run.needs.append(Said("need_net", net=str(questions.net), words=", ".join(f"{name} {n}" for name, n in _counted(ends))))

    def _fetched(self, files: Sequence[WantedFile]) -> Iterable[tuple[FileFacts, bytes | None]]:
        """The files as they come. What a crawl that broke off did not come to is not among them."""
        from tracker.crawl.parent import run_crawl

        with tempfile.TemporaryDirectory(prefix="tracker-nets-") as folder:
            plan = self._run.plan(
                as_of=self._clock(), poll=False, articles=False, files=tuple(files), into=folder, stage_minutes=self._minutes
            )
            done = 0
            with run_crawl(plan) as crawl:
                while True:
                    ended = crawl.poll() is not None
                    while found := ready(Path(folder)):
                        done += len(found)
                        yield from found
                        self._run.progress("nets", done, len(files))
                    if ended:
                        break
                    time.sleep(WAIT_SECONDS)

    def _take(self, questions: Questions, facts: FileFacts, body: bytes | None, fates: Counter[str]) -> tuple[str, Reading | None]:
        """Reads one file, stores what it lists, notes it; its outcome."""
        reading = _read(questions, facts, body)
        outcome = _outcome(facts, reading)
        if outcome == NOT_ASKED:
            return outcome, None
        decided = [decide(one, self.known) for one in reading.listings] if reading else []
        counted = Counter(str(one.fate) for one in decided)
        file = NetFile(facts.name, outcome, self._clock())
        if reading is not None:
            counted.update(dict(reading.lines))
            file = NetFile(facts.name, outcome, file.asked_at, 1, reading.total, sum(one.fate.is_stored for one in decided))
        self.store(decided, questions.net, file)
        fates.update(counted)
        return outcome, reading

    def store(self, decided: Sequence[Decided], net: Net, file: NetFile | None = None) -> None:
        """Stores links by their fate, in one transaction with the file that named them."""
        queued, listed = ([(one.key, one.link) for one in decided if one.fate is fate and one.link] for fate in (Fate.QUEUED, Fate.LISTED))
        now = self._clock()
        with self._run.database.writing() as conn:
            if queued and self._looks_back:
                queued = [(key, replace(link, found_by=frontier.BACKFILL)) for key, link in queued]
            if queued:
                frontier.add(conn, queued, run_id=self._run.id, now=now)
            if listed:
                listings.add(conn, listed, now, run_id=self._run.id)
            if counted := COUNTED_AS.get(net):
                seen = [NetSighting(key, link.outlet_id) for key, link in (*queued, *listed)]
                sightings.record(conn, counted, seen, now)
            if file is not None:
                listings.note_file(conn, str(net), file)
        self.new_keys += [key for key, _ in queued]

    def waiting_links(self) -> tuple[int, ...]:
        """Of the links that this run's nets named, those that wait to be fetched."""
        with self._run.database.reading() as conn:
            return tuple(link.id for link in frontier.waiting(conn, [*dict.fromkeys(self.new_keys)]))

    def note_refused(self) -> int:
        """Counts pages that were refused when they were asked for among the listed."""
        with self._run.database.writing() as conn:
            return listings.note_refused(conn, [str(net) for net in Net], self._clock())


def _read(questions: Questions, facts: FileFacts, body: bytes | None) -> Reading | None:
    """A body that is worth reading: what was fetched, and answers in words."""
    told = facts.outcome in (FetchOutcome.FETCHED, FetchOutcome.EMPTY)
    in_words = questions.net is not Net.GDELT and facts.status in (200, 400, 401, 403, 422, 429)
    return questions.read(body or b"", facts.status) if told or (in_words and body is not None) else None


def _outcome(facts: FileFacts, reading: Reading | None) -> str:
    if reading is not None:
        return str(reading.outcome)
    return MISSING if facts.outcome == FetchOutcome.NOT_FOUND else facts.outcome


def _counted(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((str(name), count) for name, count in counts.items() if count))
