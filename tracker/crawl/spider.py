"""The one Scrapy spider of a crawl. It runs every spider of `spiders/` over one queue, one connection pool and one robots.txt per host.

Each source and each page ends in exactly one outcome.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Self

from msgspec.structs import replace
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from twisted.python.failure import Failure

from tracker.crawl.facts import facts_of_answer, facts_of_failure
from tracker.crawl.job import CrawlJob
from tracker.crawl.middlewares.conditional import ask_for_changes, validators
from tracker.crawl.navigators import Navigators, load_navigators
from tracker.crawl.outcomes import may_be_html
from tracker.crawl.plan import WantedFile
from tracker.crawl.request_state import OF_A_NET, RequestState, Subject, Ticket, set_state, state_of
from tracker.crawl.results import page_result, picture_result, poll_result, revisit_result
from tracker.crawl.scheduler import HostQueue, HostStop, door_of, host_of
from tracker.crawl.turns import NotOurTurn
from tracker.crawl.writer import Job
from tracker.errors import lack_of
from tracker.extraction.pictures import PictureReading, digest_of, read_picture
from tracker.model import (
    Assignment,
    FetchedPage,
    FetchFacts,
    FetchOutcome,
    FrontierLink,
    Outlet,
    PollResult,
    Source,
    SourceKind,
    WantedPicture,
    WantedRevisit,
    Watched,
)

SILENT = (FetchOutcome.TIMEOUT, FetchOutcome.DNS_FAILED, FetchOutcome.CONNECTION_FAILED)
TIMEOUTS_OF_A_LIVING_HOST = 3
"""Failures in a row after which a host that did answer earlier in the crawl counts as silent; one that never did, after the first."""

PUT_OFF = "put_off"
"""The outcome of an item to which the crawl did not come."""
WHY_STOPPED = {
    HostStop.SILENT: (FetchOutcome.TIMEOUT, "not asked: the host had stopped answering"),
    HostStop.RATE_LIMITED: (FetchOutcome.RATE_LIMITED, "not asked: the host had asked us to come less often"),
    HostStop.BUDGET: (FetchOutcome.FAILED, "not asked: the host's time in this run was over"),
}
"""What a stop says of the outlet; the others say nothing of it."""


class Round(Spider):
    """Scrapy's spider of a crawl with a job. `open`: the tickets without an outcome so far."""

    name = "round"

    _navigators: Navigators
    _timeout: float

    def __init__(self, *args: Any, job: CrawlJob, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.job = job
        self.clock = job.clock
        self.progress = job.progress
        self.open: set[Ticket] = set()
        self._failures: dict[str, int] = {}  # by door
        self._decoding = asyncio.Semaphore(1)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """`job`: the CrawlJob to do."""
        made = super().from_crawler(crawler, *args, **kwargs)
        plan, limit = made.job.plan, crawler.settings.getint("TRACKER_MAX_UNZIPPED_BYTES")
        made._navigators = load_navigators(crawler, Assignment(made.clock(), plan.since, plan.until, plan.terms, limit), made.further)
        made._timeout = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        crawler.signals.connect(made._check_headers, signal=signals.headers_received)
        crawler.signals.connect(made._dropped, signal=signals.request_dropped)
        crawler.signals.connect(made._broken, signal=signals.spider_error)
        return made

    # --- asking ---

    async def start(self) -> AsyncIterator[Request]:
        """The first request of every source, the pictures and the items to visit again; a source no spider takes ends at once."""
        for watched in self.job.watched:
            if request := self._first_request(watched):
                yield request
        asked: tuple[WantedPicture | WantedRevisit, ...] = (*self.job.plan.pictures, *self.job.revisits)
        for wanted in asked:
            try:
                request = Request(wanted.url, dont_filter=True)
            except ValueError:
                self._settle_at_once(wanted, FetchOutcome.REFUSED_ADDRESS, "not a web address")
                continue
            if isinstance(wanted, WantedRevisit):
                ask_for_changes(request, wanted)
            yield self._ticketed(request, _nothing, wanted, wanted.outlet_id)

    def fetch(self, link: FrontierLink) -> None:
        """Queues a link of the frontier."""
        try:
            request = self._navigators.pages.page(link)
        except ValueError:
            self._settle_at_once(link, FetchOutcome.REFUSED_ADDRESS, "not a web address")
            return
        self.crawler.engine.crawl(self._ticketed(request, self._navigators.pages.keep, link, link.outlet_id))

    def repair(self, sources: Iterable[Watched], since_at: datetime) -> None:
        """Asks what shows more of an outlet's past than the feed whose window was outrun. `progress.sources` counts them already."""
        for watched in sources:
            since = watched.since and min(watched.since, since_at.date())
            if request := self._first_request(replace(watched, since=since)):
                self.crawler.engine.crawl(request)

    def look_back(self, page: Watched) -> None:
        """Queues a page of older articles."""
        navigator = self._navigators.of_kind(page.source.kind)
        assert page.lookback is not None
        try:
            if navigator is None:
                raise ValueError
            request = Request(page.lookback.address, dont_filter=True)
        except ValueError:
            self._settle_at_once(page, FetchOutcome.REFUSED_ADDRESS, "not a web address")
            return
        self.crawler.engine.crawl(self._ticketed(request, navigator.look_back, page, page.outlet.id))

    async def discover(self, site: str) -> Any:
        """Looks a site over: the discovery spider's findings."""
        return await self._navigators.sites.discover(site, self._ask)

    async def further(self, address: str, response: Response) -> Response | None:
        """A further document of the source that a response belongs to. Same limits, same politeness."""
        assert response.request is not None
        try:
            request = Request(address, callback=NO_CALLBACK, dont_filter=True)
            set_state(request, RequestState(outlet=state_of(response.request).outlet))
            answer: Response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001  # whatever keeps it from us: the rest of the source still counts
            self.logger.info("%s cannot be fetched: %s", address, error)
            return None
        return answer if answer.status == 200 else None

    async def _ask(self, address: str) -> tuple[FetchFacts, Response | None]:
        """One address by itself, under the same rules as every other request; whatever comes of it is facts."""
        ticket = _ticket_of_address(address)
        try:
            request = Request(address, callback=NO_CALLBACK, dont_filter=True)
        except ValueError:
            return FetchFacts(address, address, FetchOutcome.REFUSED_ADDRESS, self.clock(), detail="not a web address"), None
        facts, response = await self._answered_alone(request, ticket)
        return facts, response if facts.outcome is FetchOutcome.FETCHED else None

    async def ask_file(self, request: Request, wanted: WantedFile) -> tuple[FetchFacts, Response | None, float | None]:
        """A file of a second net: its facts, what came whatever its status, and the seconds of a Retry-After."""
        ticket = _ticket_of_address(wanted.url)
        subject = ticket.subject
        assert isinstance(subject, Watched)
        asker = replace(subject.outlet, id=OF_A_NET, delay_seconds=wanted.delay_seconds)
        request = set_state(request.replace(callback=NO_CALLBACK), RequestState(outlet=asker))
        facts, response = await self._answered_alone(request, ticket)
        return replace(facts, detail=self.job.mask(facts.detail)), response, state_of(request).retry_after_seconds

    async def _answered_alone(self, request: Request, ticket: Ticket) -> tuple[FetchFacts, Response | None]:
        response = None
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001  # every failure is an outcome
            facts = facts_of_failure(ticket, request, error, self.clock(), self._timeout)
        else:
            facts = facts_of_answer(ticket, response, self.clock())
        self.progress.polls[facts.outcome] = self.progress.polls.get(facts.outcome, 0) + 1
        self.progress.sources = self.progress.polled
        return facts, response

    def _first_request(self, watched: Watched) -> Request | None:
        """The first request of a source; without one the source has its outcome at once."""
        navigator = self._navigators.of_kind(watched.source.kind)
        if navigator is None:
            self._settle_at_once(watched, FetchOutcome.FAILED, f"no spider reads sources of kind {watched.source.kind}")
            return None
        try:
            request = navigator.poll(watched)
        except ValueError:
            self._settle_at_once(watched, FetchOutcome.REFUSED_ADDRESS, "not a web address")
            return None
        ask_for_changes(request, watched)
        return self._ticketed(request, navigator.read, watched, watched.outlet.id)

    def _ticketed(self, request: Request, read: Callable[..., Any], subject: Subject, outlet_id: str) -> Request:
        ticket = Ticket(subject, read)
        self.open.add(ticket)
        self.progress.pages_open += ticket.is_page
        self.progress.looking_back += ticket.looks_back
        request.callback, request.errback = self.answered, self.failed
        return set_state(request, RequestState(outlet=self.job.outlets.get(outlet_id), ticket=ticket))

    # --- answers ---

    def answered(self, response: Response) -> Any:
        """Callback of every request with a ticket: exactly one result."""
        assert response.request is not None
        state = state_of(response.request)
        assert state.ticket is not None
        facts = facts_of_answer(state.ticket, response, self.clock())
        self._failures[door_of(response.request)] = 0
        if facts.outcome is not FetchOutcome.FETCHED or state.ticket.is_revisit:
            return [self._job(state.ticket, facts, state, response)]
        if state.ticket.is_picture:
            return self._read_picture(state.ticket, facts, state, response)
        return (self._read_page if state.ticket.is_page else self._read_source)(state.ticket, facts, state, response)

    def failed(self, failure: Failure) -> Any:
        """Errback of every request with a ticket: exactly one result."""
        request: Request = failure.request  # type: ignore[attr-defined]
        state = state_of(request)
        assert state.ticket is not None
        if isinstance(failure.value, NotOurTurn):
            self._return(state.ticket)
        if isinstance(failure.value, NotOurTurn) or self._lacks(state.ticket, failure.value):
            return []
        facts = facts_of_failure(state.ticket, request, failure.value or Exception("no reason given"), self.clock(), self._timeout)
        self._note_silence(request, facts.outcome)
        return [self._job(state.ticket, facts, state)]

    def _read_page(self, ticket: Ticket, facts: FetchFacts, state: RequestState, response: Response) -> Iterator[Job]:
        pages: list[FetchedPage] = list(ticket.read(response, link=ticket.subject, facts=facts))
        yield self._job(ticket, facts, state, page=pages[0])

    async def _read_picture(self, ticket: Ticket, facts: FetchFacts, state: RequestState, response: Response) -> AsyncIterator[Job]:
        """One picture is decoded at a time, outside the reactor's thread: each may take 120 MB while it is."""
        async with self._decoding:
            reading = await asyncio.get_running_loop().run_in_executor(None, read_picture, response.body)
        yield self._job(ticket, facts, state, reading=reading, digest=digest_of(response.body))

    async def _read_source(self, ticket: Ticket, facts: FetchFacts, state: RequestState, response: Response) -> AsyncIterator[Job]:
        poll: PollResult | None = None
        try:
            async for result in ticket.read(response, watched=ticket.subject, facts=facts):
                poll = result
        except TimeoutError:
            facts = replace(facts, outcome=FetchOutcome.PARSE_FAILED, detail="could not be read in reasonable time")
        except Exception as error:
            self.logger.exception("%s could not be read", response.url)
            if self._lacks(ticket, error):
                return
            facts = replace(facts, outcome=FetchOutcome.PARSE_FAILED, detail=f"{type(error).__name__}: {error}"[:200])
        yield self._job(ticket, facts, state, response, poll=poll)

    # --- outcomes ---

    def _job(
        self,
        ticket: Ticket,
        facts: FetchFacts,
        state: RequestState,
        response: Response | None = None,
        *,
        poll: PollResult | None = None,
        page: FetchedPage | None = None,
        reading: PictureReading | None = None,
        digest: str = "",
    ) -> Job:
        """Closes a ticket with its outcome. What an error said is masked here, before anything stores or shows it."""
        facts = replace(facts, detail=self.job.mask(facts.detail))
        poll = poll and replace(poll, facts=replace(poll.facts, detail=self.job.mask(poll.facts.detail)))
        self.open.discard(ticket)
        counts = self.progress.pages if ticket.is_page else self.progress.looked_back if ticket.looks_back else self.progress.polls
        subject = ticket.subject
        if isinstance(subject, FrontierLink):
            self.progress.pages_open -= 1
            counts[facts.outcome] = counts.get(facts.outcome, 0) + 1
            return page_result(self.job, subject, facts, page, state.retry_after_seconds, self.clock())
        if isinstance(subject, WantedPicture):
            picture = picture_result(subject, facts, reading, digest)
            self.progress.pictures[picture.outcome] = self.progress.pictures.get(picture.outcome, 0) + 1
            return picture
        if isinstance(subject, WantedRevisit):
            self.progress.revisits[facts.outcome] = self.progress.revisits.get(facts.outcome, 0) + 1
            return revisit_result(subject, facts, response)
        poll = poll or PollResult(subject.source.id, facts)
        if response is not None and poll.etag is None and poll.facts.outcome.succeeded:
            etag, last_modified = validators(response)
            poll = replace(poll, etag=etag, last_modified=last_modified)
        counts[poll.facts.outcome] = counts.get(poll.facts.outcome, 0) + 1
        self.progress.looking_back -= ticket.looks_back
        return poll_result(self.job, subject, poll, state.retry_after_seconds)

    def _settle_at_once(self, subject: Subject, outcome: FetchOutcome, detail: str) -> None:
        ticket = Ticket(subject, _nothing)
        self.progress.pages_open += ticket.is_page
        self.progress.looking_back += ticket.looks_back
        url = ticket.address
        facts = FetchFacts(url, url, outcome, self.clock(), detail=detail)
        self.job.writer.put_at_once(self._job(ticket, facts, RequestState()))

    def give_up_open(self, why: str, *, blames: bool) -> None:
        """The crawl ends: what was open is as due as it was, but that sources still unanswered fail with a reason that `blames` them."""
        for ticket in list(self.open):
            if self.job.plan.shared:
                self._return(ticket)
            elif blames and not ticket.looks_back:
                self._give_up(ticket, FetchOutcome.FAILED, why)
            else:
                self._drop(ticket)

    def _lacks(self, ticket: Ticket, error: BaseException | None) -> bool:
        """Whether this machine failed, and not who was asked: then the crawl ends, and the ticket without an outcome."""
        if lack := lack_of(error):
            self.job.on_lack(lack)
            self._drop(ticket)
        return bool(lack)

    def _drop(self, ticket: Ticket) -> None:
        self.open.discard(ticket) if ticket.is_picture else self._return(ticket)

    def _return(self, ticket: Ticket) -> None:
        """Without an outcome: somebody's next round comes to it. A picture is asked for once."""
        if ticket.is_picture:
            self._give_up(ticket, FetchOutcome.FAILED, "not asked: another worker was at the host")
            return
        self.open.discard(ticket)
        if ticket.is_revisit:
            self.progress.revisits[PUT_OFF] = self.progress.revisits.get(PUT_OFF, 0) + 1
        elif ticket.is_page:
            self.progress.pages_open -= 1
            self.progress.put_off += 1
        elif ticket.looks_back:
            self.progress.looking_back -= 1
        else:
            self.progress.returned += 1

    def _give_up(self, ticket: Ticket, outcome: FetchOutcome, why: str) -> None:
        if ticket.is_revisit:
            return self._return(ticket)  # it stays as due as it was
        self.open.discard(ticket)
        if isinstance(ticket.subject, FrontierLink):
            self.progress.pages_open -= 1
            self.progress.put_off += 1
        else:
            self.progress.looking_back -= ticket.looks_back
            self._settle_at_once(ticket.subject, outcome, why)

    # --- hosts that hang, bodies not worth having ---

    def _note_silence(self, request: Request, outcome: FetchOutcome) -> None:
        queue, door = self.crawler.engine.scheduler, door_of(request)
        if outcome not in SILENT or not isinstance(queue, HostQueue):
            return
        failures = self._failures.get(door, TIMEOUTS_OF_A_LIVING_HOST) + 1
        self._failures[door] = failures
        if failures >= TIMEOUTS_OF_A_LIVING_HOST:
            queue.close_door(host_of(request), door)

    def _dropped(self, request: Request, spider: Spider) -> None:
        if ticket := state_of(request).ticket:
            queue, host = self.crawler.engine.scheduler, host_of(request)
            why = queue.why_stopped(host) if isinstance(queue, HostQueue) else HostStop.SILENT
            if why is HostStop.BUDGET:
                self.progress.over_budget[host] = self.progress.over_budget.get(host, 0) + 1
            if why in WHY_STOPPED:
                self._give_up(ticket, *WHY_STOPPED[why])
            else:
                self._return(ticket)

    def _broken(self, failure: Failure, response: Any, spider: Spider) -> None:
        """An error of our own; without this its source or link would keep the crawl waiting."""
        request = getattr(response, "request", None)
        ticket = state_of(request).ticket if request is not None else None
        if ticket is not None and ticket in self.open:
            self.open.discard(ticket)
            self.progress.pages_open -= ticket.is_page
            self.progress.looking_back -= ticket.looks_back
            self._settle_at_once(ticket.subject, FetchOutcome.FAILED, f"{type(failure.value).__name__}: {failure.value}"[:200])

    def _check_headers(self, headers: Any, body_length: int, request: Request, spider: Spider) -> None:
        """A film or a PDF under an article's address is not worth its download."""
        ticket = state_of(request).ticket
        if ticket is not None and ticket.wants_page and not may_be_html((headers.get(b"Content-Type") or b"").decode("latin-1")):
            raise StopDownload(fail=False)


def _ticket_of_address(address: str) -> Ticket:
    source = Source("discover:section:0", "discover", SourceKind.SECTION, address)
    return Ticket(Watched(source, Outlet("discover", "discover", address, "XB", ())), _nothing)


def _nothing(*_: Any, **__: Any) -> tuple[()]:
    return ()
