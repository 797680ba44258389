"""The queue of requests, one lane per host. No host delays another; one that stopped answering costs one time-out.

Scrapy's own queues know nothing of hosts that hang. They keep hundreds of requests of one host in the downloader, and look at
every host for every request.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.core.downloader import Downloader
from scrapy.core.scheduler import BaseScheduler
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached

from tracker.crawl.request_state import state_of
from tracker.crawl.scrapy_internals import wake
from tracker.crawl.turns import Turns
from tracker.urls.domains import domain_of_host

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred


def host_of(request: Request) -> str:
    """The lane and the downloader slot of a request: `www.` is the same server."""
    return (urlparse_cached(request).hostname or "").removeprefix("www.")


def door_of(request: Request) -> str:
    """Where a request knocks: scheme, whole host and port. Anybody can name a door of a host that nobody answers at."""
    parts = urlparse_cached(request)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def turns_of(crawler: Crawler) -> Turns | None:
    """The crawl's turns at domains, where there are any."""
    queue = crawler.engine.scheduler if crawler.engine is not None else None
    return queue.turns if isinstance(queue, HostQueue) else None


class PressDownloader(Downloader):
    """Scrapy's downloader with slots by host (its own keep a redirected request in the first host's slot)."""

    def fetch(self, request: Request, spider: Spider | None = None) -> Deferred[Response | Request]:
        """Scrapy's; releases the host's place in the queue at the end."""
        queue = self.crawler.engine.scheduler
        turns = queue.turns if isinstance(queue, HostQueue) else None
        done: Deferred[Response | Request] = super().fetch(request) if turns is None else deferred_from_coro(self._in_turn(request, turns))
        if isinstance(queue, HostQueue):
            done.addBoth(queue.release, request)
        return done

    async def _in_turn(self, request: Request, turns: Turns) -> Response | Request:
        """What comes from the queue has its turn; robots.txt and further documents of a source may have to wait for theirs."""
        host = host_of(request)
        await turns.until_ours(host)
        turns.began(host)
        try:
            return await maybe_deferred_to_future(super().fetch(request))
        finally:
            slot = self.slots.get(host)
            turns.owes(host, slot.delay if slot else 0.0)
            turns.ended(host)

    def get_slot_key(self, request: Request) -> str:
        return host_of(request)


class HostStop(StrEnum):
    """Why a host is no longer asked in this crawl."""

    SILENT = "silent"
    RATE_LIMITED = "rate_limited"
    BUDGET = "budget"
    TAKEN = "taken"
    RETURNED = "returned"


class Lane:
    """What waits for one host; items visited again come after all else, as news does not wait for them."""

    def __init__(self, requests: Iterable[Request] = ()) -> None:
        self._now: deque[Request] = deque()
        self._later: deque[Request] = deque()
        for request in requests:
            self.append(request)

    def __len__(self) -> int:
        return len(self._now) + len(self._later)

    def __iter__(self) -> Iterator[Request]:
        yield from self._now
        yield from self._later

    def append(self, request: Request) -> None:
        """Last of its kind."""
        ticket = state_of(request).ticket
        (self._later if ticket is not None and ticket.is_revisit else self._now).append(request)

    def appendleft(self, request: Request) -> None:
        """Before all else."""
        self._now.appendleft(request)

    def popleft(self) -> Request:
        """The next one. Raises IndexError when nothing waits."""
        return (self._now or self._later).popleft()


class HostQueue(BaseScheduler):
    """Lanes taken in turn; a lane gives no more than `limit` requests at a time, fewer where politeness says so."""

    def __init__(self, crawler: Crawler, now: Callable[[], float] = monotonic, turns: Turns | None = None) -> None:
        self.crawler, self.turns = crawler, turns
        self._returns = False
        self.limit = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self.limits: dict[str, int] = {}
        self.stopped: dict[str, HostStop] = {}
        self._silent: set[str] = set()
        self.budget_seconds = crawler.settings.getfloat("TRACKER_HOST_SECONDS") or inf
        self._now = now
        self._began: dict[str, float] = {}
        self._lanes: dict[str, Lane] = {}
        self._ready: deque[str] = deque()
        self._in_ready: set[str] = set()
        self._held: Counter[str] = Counter()
        self._active: Counter[str] = Counter()
        self._flying: dict[Request, str] = {}
        self._size = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostQueue:
        """Scrapy's way to make it."""
        job = getattr(crawler.spider, "job", None)
        queue = cls(crawler, turns=job.turns if job is not None else None)
        if queue.turns is not None:
            queue.turns.on_turn, queue.turns.on_refused, queue.turns.waiting = queue.look_again, queue.give_up_domain, queue.waiting_domains
        return queue

    def __len__(self) -> int:
        return self._size

    def has_pending_requests(self) -> bool:
        return self._size > 0

    def enqueue_request(self, request: Request) -> bool:
        """False (and the signal request_dropped) for a host that is no longer asked in this crawl."""
        host = host_of(request)
        if self._is_stopped(request, host):
            return False
        lane = self._lanes.setdefault(host, Lane())
        if state_of(request).tries or request.meta.get("redirect_times"):
            lane.appendleft(request)
        else:
            lane.append(request)
        self._size += 1
        self._make_ready(host)
        return True

    def next_request(self) -> Request | None:
        while self._ready:
            host = self._ready.popleft()
            self._in_ready.discard(host)
            lane = self._lanes.get(host)
            if not lane or not self._may_go(host) or (self.turns is not None and not self.turns.may_ask(host)):
                continue
            if self._now() - self._began.setdefault(host, self._now()) > self.budget_seconds and host not in self.stopped:
                self.stop(host, HostStop.BUDGET)
                lane = self._lanes.get(host)
                if not lane:
                    continue
            request = lane.popleft()
            if not lane:
                del self._lanes[host]
            self._size -= 1
            self._active[host] += 1
            self._flying[request] = host
            self._make_ready(host)
            return request
        return None

    def release(self, result: Any, request: Request) -> Any:
        """The downloader is done with a request, whatever came of it."""
        host = self._flying.pop(request, None)
        if host is not None:
            self._active[host] -= 1
            if not self._active[host]:
                del self._active[host]
            self._make_ready(host)
        return result

    def hold(self, host: str, seconds: float) -> None:
        """No request to a host for a while."""
        self._held[host] += 1
        asyncio.get_running_loop().call_later(seconds, self._unhold, host)

    def waiting_domains(self) -> frozenset[str]:
        """The domains of all requests that wait."""
        return frozenset(map(domain_of_host, self._lanes))

    def why_stopped(self, host: str) -> HostStop:
        """Why a request to the host was dropped."""
        return HostStop.RETURNED if self._returns else self.stopped.get(host, HostStop.SILENT)

    def look_again(self) -> None:
        """Some domain's turn may have come."""
        for host in self._lanes:
            self._make_ready(host)
        wake(self.crawler)

    def give_up_domain(self, domain: str) -> None:
        """Another worker keeps the domain: what waits for it goes back to the store."""
        for host in [host for host in self._lanes if domain_of_host(host) == domain]:
            self.stop(host, HostStop.TAKEN)

    def return_all(self) -> None:
        """No request is begun any more: what waits goes back to the store."""
        self._returns = True
        for host in [*self._lanes]:
            self.stop(host, HostStop.RETURNED)

    def stop(self, host: str, why: HostStop) -> None:
        """The host is no longer asked: what waits for it is dropped (signal request_dropped), and what comes later too."""
        self.stopped[host] = why
        self._drop_stopped(host)

    def close_door(self, host: str, door: str) -> None:
        """Nobody answers at this door (`door_of`) of the host: what waits for it is dropped, and what comes later too. Its others are asked."""
        self._silent.add(door)
        self._drop_stopped(host)

    def _drop_stopped(self, host: str) -> None:
        waiting = [*self._lanes.pop(host, ())]
        self._size -= len(waiting)
        kept = Lane(request for request in waiting if not self._is_stopped(request, host))
        if len(kept):
            self._lanes[host] = kept
            self._size += len(kept)
        for request in waiting:
            if request in kept:
                continue
            self.crawler.signals.send_catch_log(signals.request_dropped, request=request, spider=self.crawler.spider)

    def _is_stopped(self, request: Request, host: str) -> bool:
        """A host whose budget is used up still has its sources polled: they are few, and a poll lists what the next run fetches."""
        why = HostStop.RETURNED if self._returns else self.stopped.get(host)
        if why is HostStop.BUDGET:
            ticket = state_of(request).ticket
            return (ticket is not None and (ticket.wants_page or ticket.is_picture)) or door_of(request) in self._silent
        return why is not None or door_of(request) in self._silent

    def _unhold(self, host: str) -> None:
        self._held[host] -= 1
        if not self._held[host]:
            del self._held[host]
        self._make_ready(host)
        wake(self.crawler)

    def _may_go(self, host: str) -> bool:
        return host not in self._held and self._active[host] < self.limits.get(host, self.limit)

    def _make_ready(self, host: str) -> None:
        if host in self._lanes and host not in self._in_ready and self._may_go(host):
            self._in_ready.add(host)
            self._ready.append(host)
