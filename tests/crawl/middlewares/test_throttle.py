"""How often a host is asked, and that a host which hangs delays no other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.crawl.crawling import Workspace
from tests.newsroom.press import Newsroom, after, answer, feed, in_turn, page, silence
from tracker.model import FetchOutcome, SourceKind


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


IN_TURN_SECONDS = 40 * 21 * 2
"""What 40 hanging hosts with a feed and 20 links each would take one after another, at 2 seconds a time-out."""


def gaps(newsroom: Newsroom, host: str) -> list[float]:
    return [later - earlier for earlier, later in pairwise(newsroom.times(host))]


def pages(newsroom: Newsroom, host: str, number: int) -> list[str]:
    return [newsroom.serve(host, f"/{n}", page()) for n in range(number)]


def test_delays_hold_per_host_across_spiders_and_crawl_delay_is_obeyed(newsroom: Newsroom, tmp_path: Path) -> None:
    """127.0.3.1 has the setting's delay, .2 a Crawl-delay, .3 the outlet's own; a feed, a sitemap and pages share each host's."""
    workspace = Workspace(tmp_path, fetch__delay_seconds=0.3, fetch__timeout_seconds=10)
    newsroom.serve("127.0.3.2", "/robots.txt", answer(body=b"User-agent: *\nCrawl-delay: 0.6\n"))
    for number, own in ((1, None), (2, None), (3, 0.5)):
        host, outlet = f"127.0.3.{number}", f"outlet-{number}"
        workspace.watch(newsroom.serve(host, "/feed", feed([])), outlet, delay_seconds=own)
        workspace.watch(newsroom.serve(host, "/map", answer("404 Not Found")), outlet, SourceKind.SITEMAP, delay_seconds=own)
        workspace.queue(outlet, pages(newsroom, host, 3))
    workspace.crawl()
    for number, floor in ((1, 0.3), (2, 0.6), (3, 0.5)):
        host = f"127.0.3.{number}"
        assert sorted(newsroom.asked(host)) == ["/0", "/1", "/2", "/feed", "/map", "/robots.txt"]
        waited = gaps(newsroom, host)[1:]  # one arrival may be late on a busy machine: all of them together tell
        assert sum(waited) >= 0.8 * floor * len(waited), host


def test_without_a_delay_several_requests_go_to_a_host_at_once(newsroom: Newsroom, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    links = [newsroom.serve("127.0.3.1", f"/{n}", after(0.2, page())) for n in range(30)]
    workspace.watch(newsroom.serve("127.0.3.1", "/feed", feed(links)), "outlet")
    workspace.crawl()
    assert len(workspace.stored()) == 30
    assert newsroom.most_at_once("127.0.3.1") > 1


def test_hosts_that_hang_cost_one_time_out_and_delay_nobody(newsroom: Newsroom, tmp_path: Path) -> None:
    """40 of 80 hosts hang, each with 20 links waiting: asked in turn they would take 27 minutes."""
    workspace = Workspace(tmp_path, fetch__timeout_seconds=6)
    for number in range(40):
        workspace.watch(newsroom.serve(f"127.0.3.{number + 1}", "/feed", silence), f"hanging-{number}")
        workspace.queue(f"hanging-{number}", [newsroom.serve(f"127.0.3.{number + 1}", f"/{n}", silence) for n in range(20)])
        healthy = f"127.0.4.{number + 1}"
        workspace.watch(newsroom.serve(healthy, "/feed", feed(pages(newsroom, healthy, 3))), f"healthy-{number}")
    progress = workspace.crawl()
    last_healthy = max(max(newsroom.times(f"127.0.4.{number + 1}")) for number in range(40))
    first = newsroom.requests[0].at
    assert last_healthy - first < IN_TURN_SECONDS / 10
    assert progress.polls == {"fetched": 40, "timeout": 40}
    assert progress.pages["fetched"] == 120
    assert progress.put_off + progress.pages.get("timeout", 0) == 800
    ending = workspace.polls()["hanging-0:feed:1"]
    assert ending.outcome is FetchOutcome.TIMEOUT


def test_a_short_retry_after_pauses_the_whole_host(newsroom: Newsroom, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    busy = newsroom.serve("127.0.3.1", "/busy", in_turn(answer("503 Busy", Retry_After="1"), page()))
    workspace.watch(newsroom.serve("127.0.3.1", "/nothing", feed([])), "outlet")
    workspace.sources.clear()
    workspace.queue("outlet", [busy])
    workspace.crawl()
    first, second = (request.at for request in newsroom.requests if request.path == "/busy")
    assert second - first >= 0.95
    assert workspace.stored() == [busy]


def test_a_long_retry_after_is_kept_for_a_later_crawl(newsroom: Newsroom, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    busy = newsroom.serve("127.0.3.1", "/busy", in_turn(answer("429 Busy", Retry_After="100"), page()))
    workspace.watch(newsroom.serve("127.0.3.1", "/nothing", feed([])), "outlet")
    workspace.queue("outlet", [busy])
    assert workspace.crawl(poll=False).pages == {"rate_limited": 1}
    assert workspace.crawl(poll=False).pages == {}


def test_cookies_stay_with_their_outlet(newsroom: Newsroom, tmp_path: Path) -> None:
    """Two outlets on one host: what one was given is not shown for the other."""
    workspace = Workspace(tmp_path, fetch__delay_seconds=0.05)
    given = answer(body=b"<html><body>a</body></html>", Content_Type="text/html", Set_Cookie="visitor=one; Path=/")
    for outlet in ("first", "second"):
        workspace.watch(newsroom.serve("127.0.3.1", "/feed", feed([])), outlet)
    workspace.queue("first", [newsroom.serve("127.0.3.1", f"/first-{n}", given) for n in range(2)])
    workspace.queue("second", [newsroom.serve("127.0.3.1", f"/second-{n}", page()) for n in range(3)])
    workspace.crawl(poll=False)
    shown = {request.path for request in newsroom.requests if request.headers.get("cookie")}
    assert len(shown) == 1
    assert shown <= {"/first-0", "/first-1"}
