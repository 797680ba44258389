"""The queue: hosts in turn, a limit each, pauses, and giving up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.settings import Settings

from tracker.crawl.scheduler import HostQueue, HostStop, host_of


class Signals:
    def __init__(self) -> None:
        self.dropped: list[Request] = []

    def send_catch_log(self, signal: object, *, request: Request, spider: object) -> None:
        self.dropped.append(request)


class Crawler:
    def __init__(self, limit: int) -> None:
        self.settings = Settings({"CONCURRENT_REQUESTS_PER_DOMAIN": limit})
        self.signals = Signals()
        self.spider = None


def queue_of(limit: int, *urls: str) -> HostQueue:
    queue = HostQueue(Crawler(limit))  # type: ignore[arg-type]
    for url in urls:
        assert queue.enqueue_request(Request(url))
    return queue


def taken(queue: HostQueue) -> Iterator[str]:
    while request := queue.next_request():
        yield request.url


def test_hosts_take_turns() -> None:
    queue = queue_of(2, "http://a/1", "http://a/2", "http://b/1", "http://b/2")
    assert list(taken(queue)) == ["http://a/1", "http://b/1", "http://a/2", "http://b/2"]


def test_a_host_has_no_more_in_flight_than_its_limit_and_goes_on_when_one_is_done() -> None:
    queue = queue_of(1, "http://a/1", "http://a/2")
    first = queue.next_request()
    assert first is not None
    assert queue.next_request() is None
    assert queue.has_pending_requests()
    queue.release(None, first)
    assert [*taken(queue)] == ["http://a/2"]


def test_www_is_the_same_host() -> None:
    assert host_of(Request("https://www.example.al/a")) == host_of(Request("http://example.al:8080/b")) == "example.al"


def test_a_host_given_up_drops_what_waits_and_what_comes() -> None:
    queue = queue_of(1, "http://a/1", "http://a/2", "http://b/1")
    queue.stop("a", HostStop.SILENT)
    signals: Any = queue.crawler.signals
    assert [request.url for request in signals.dropped] == ["http://a/1", "http://a/2"]
    assert not queue.enqueue_request(Request("http://a/3"))
    assert list(taken(queue)) == ["http://b/1"]
    assert len(queue) == 0


def test_a_redirect_or_retry_goes_before_what_waits() -> None:
    queue = queue_of(1, "http://a/1")
    queue.enqueue_request(Request("http://a/redirected", meta={"redirect_times": 1}))
    assert next(taken(queue)) == "http://a/redirected"


@given(st.lists(st.tuples(st.sampled_from("put take done give_up".split()), st.integers(0, 4)), max_size=80), st.integers(1, 3))
def test_nothing_is_lost_doubled_or_over_the_limit(moves: list[tuple[str, int]], limit: int) -> None:
    queue, flying, put, got = queue_of(limit), list[Request](), 0, list[Request]()
    for move, number in moves:
        if move == "put":
            put += queue.enqueue_request(Request(f"http://host{number}/"))
        elif move == "take" and (request := queue.next_request()):
            flying.append(request)
            got.append(request)
        elif move == "done" and flying:
            queue.release(None, flying.pop(number % len(flying)))
        elif move == "give_up" and number == 0:
            queue.stop("host0", HostStop.SILENT)
        assert all(sum(host_of(request) == f"host{n}" for request in flying) <= limit for n in range(5))
    waiting = True
    while waiting:
        while flying:
            queue.release(None, flying.pop())
        request = queue.next_request()
        waiting = request is not None
        if request is not None:
            got.append(request)
            flying.append(request)
    signals: Any = queue.crawler.signals
    assert len(got) + len(signals.dropped) + len(queue) == put
    assert len({id(request) for request in got}) == len(got)
