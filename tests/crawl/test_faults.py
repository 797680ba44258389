"""Every way a press misbehaves has its named outcome. One crawl over all of them: no fault may disturb another."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass

import brotli
import pytest

from tests.crawl.crawling import Ending, Workspace
from tests.newsroom.press import Newsroom, Way, answer, endless, feed, in_turn, page, raw, rss, silence, trickle
from tracker.model import FetchOutcome as Outcome

HTML = "text/html; charset=utf-8"
ALLOWED = "127.0.0.0/9"
CANARY = "127.200.0.9"
"""Loopback, but outside the allowed network: whoever asks it has passed the guard."""

BOMB = b"a" * 50_000_000
GOOD = b"<html><body>ok</body></html>"


@dataclass(frozen=True)
class Fault:
    name: str
    way: Way
    outcome: Outcome
    words: str = ""
    times: int = 1  # how often the server must have been asked
    robots: Way | None = None


def header(lines: str) -> bytes:
    return f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode()


PAGES = [
    Fault("a-good-page", page(), Outcome.FETCHED),
    Fault("a-good-page-in-brotli", answer(body=brotli.compress(GOOD), Content_Type=HTML, Content_Encoding="br"), Outcome.FETCHED),
    Fault("hanging", silence, Outcome.TIMEOUT, "did not answer in time (2 s)"),
    Fault("slow-trickle", trickle, Outcome.TIMEOUT, "did not answer in time"),
    Fault("endless-body", endless, Outcome.TOO_LARGE, "larger than fetch.max_bytes"),
    Fault("announced-too-large", answer(body=b"a" * 400_000, Content_Type=HTML), Outcome.TOO_LARGE),
    Fault("gzip-bomb", answer(body=gzip.compress(BOMB), Content_Type=HTML, Content_Encoding="gzip"), Outcome.TOO_LARGE, "unpacked"),
    Fault("brotli-bomb", answer(body=brotli.compress(BOMB, quality=5), Content_Type=HTML, Content_Encoding="br"), Outcome.TOO_LARGE),
    Fault("broken-gzip", answer(body=b"\x1f\x8bno gzip", Content_Type=HTML, Content_Encoding="gzip"), Outcome.PARSE_FAILED, "compression"),
    Fault("redirect-loop", answer("302 Found", Location="/redirect-loop"), Outcome.REDIRECT_LOOP, "in circles", times=9),
    Fault("redirect-to-file", answer("302 Found", Location="file:///etc/passwd"), Outcome.REFUSED_ADDRESS, "file:///etc/passwd"),
    Fault("redirect-to-canary", answer("302 Found", Location=f"http://{CANARY}:{{port}}/"), Outcome.REFUSED_ADDRESS, CANARY),
    Fault("redirect-with-password", answer("302 Found", Location="http://a:b@127.0.0.2/"), Outcome.REFUSED_ADDRESS, "password"),
    Fault("redirect-nowhere", answer("302 Found"), Outcome.FAILED, "without saying where"),
    Fault("redirect-nonsense", answer("302 Found", Location="http://[::1"), Outcome.REFUSED_ADDRESS),
    Fault("redirect-to-front-page", answer("301 Moved", Location="/"), Outcome.NOT_FOUND, "front page"),
    Fault("too-often-for-a-moment", in_turn(answer("429 Slow", Retry_After="0"), page()), Outcome.FETCHED, times=2),
    Fault("too-often", answer("429 Slow", Retry_After="3600"), Outcome.RATE_LIMITED, "less often"),
    Fault("forbidden-the-first-time", in_turn(answer("403 Forbidden"), page()), Outcome.BLOCKED, "refuses us (status 403)"),
    Fault("challenge", answer("503 Wait", cf_mitigated="challenge", Retry_After="9999"), Outcome.BLOCKED, "test for humans"),
    Fault("login", answer("401 Unauthorized"), Outcome.BLOCKED, "login"),
    Fault("server-error", answer("500 Oops"), Outcome.SERVER_ERROR, "status 500", times=3),
    Fault("server-error-once", in_turn(answer("500 Oops"), page()), Outcome.FETCHED, times=2),
    Fault("gone", answer("410 Gone"), Outcome.NOT_FOUND, "gone for good"),
    Fault(
        "closes-mid-body",
        raw(header("Content-Type: text/html\r\nContent-Length: 5000\r\n") + b"<html>"),
        Outcome.CONNECTION_FAILED,
        times=3,
    ),
    Fault("closes-at-once", raw(), Outcome.CONNECTION_FAILED, times=4),  # the first time on a connection that had been kept open
    Fault("closes-at-once-the-first-time", in_turn(raw(), page()), Outcome.FETCHED, times=2),
    Fault("says-less-than-it-sends", raw(header("Content-Type: text/html\r\nContent-Length: 6\r\n") + GOOD), Outcome.FETCHED),
    Fault("no-http", raw(b"SSH-2.0-OpenSSH_9.9\r\n"), Outcome.CONNECTION_FAILED, times=3),
    Fault(
        "bad-headers", raw(header("Content-Type: text/html\r\nno colon here\r\nX: \xff\r\nContent-Length: 28\r\n") + GOOD), Outcome.FETCHED
    ),
    Fault("huge-header", raw(header(f"Content-Type: text/html\r\nX: {'a' * 100_000}\r\n") + GOOD), Outcome.CONNECTION_FAILED),
    Fault(
        "many-headers", raw(header("".join(f"X-{n}: {n}\r\n" for n in range(2000)) + "Content-Type: text/html\r\n") + GOOD), Outcome.FETCHED
    ),
    Fault(
        "many-cookies",
        raw(header("".join(f"Set-Cookie: c{n}=1\r\n" for n in range(500)) + "Content-Type: text/html\r\n") + GOOD),
        Outcome.FETCHED,
    ),
    Fault("pdf", answer(body=b"%PDF-1.7" + b"a" * 200_000, Content_Type="application/pdf"), Outcome.NOT_HTML, "application/pdf"),
    Fault("endless-film", raw(header("Content-Type: video/mp4\r\n"), *[b"a" * 60_000] * 40, pause=0.05), Outcome.NOT_HTML, "video/mp4"),
    Fault("no-content-type", answer(body=GOOD), Outcome.FETCHED),
    Fault("no-content-type-no-page", answer(body=b"\x00\x01\x02"), Outcome.NOT_HTML, "no page"),
    Fault("empty", answer(Content_Type=HTML), Outcome.EMPTY),
    Fault("unmodified-unasked", answer("304 Not Modified"), Outcome.FAILED),
    Fault("odd-status", answer("999 Denied"), Outcome.SERVER_ERROR),
    Fault("robots-disallow", page(), Outcome.ROBOTS_REFUSED, "stay away", times=0, robots=answer(body=b"User-agent: *\nDisallow: /\n")),
    Fault("robots-allows-others-only", page(), Outcome.FETCHED, robots=answer(body=b"User-agent: GPTBot\nDisallow: /\n")),
    Fault(
        "robots-500",
        page(),
        Outcome.SERVER_ERROR,
        "could not be asked: robots.txt answered with status 500",
        times=0,
        robots=answer("500 Oops"),
    ),
    Fault("robots-403", page(), Outcome.FETCHED, robots=answer("403 Forbidden", b"User-agent: *\nDisallow: /\n")),
    Fault("robots-is-a-page", page(), Outcome.FETCHED, robots=page()),
    Fault("robots-endless", page(), Outcome.FETCHED, robots=endless),
    Fault("robots-hangs", page(), Outcome.TIMEOUT, times=0, robots=silence),
    Fault(
        "robots-redirects-to-canary",
        page(),
        Outcome.FETCHED,
        "could not be read",
        robots=answer("302 Found", Location=f"http://{CANARY}:{{port}}/robots.txt"),
    ),
]

FEEDS = [
    Fault("feed-good", feed(["http://127.1.9.9:1/x"]), Outcome.FETCHED),
    Fault("feed-is-a-page", page(), Outcome.NOT_A_FEED),
    Fault("feed-empty", answer(Content_Type="application/rss+xml"), Outcome.EMPTY),
    Fault("feed-hanging", silence, Outcome.TIMEOUT),
    Fault("feed-truncated", answer(body=rss(["/a", "/b"])[:200], Content_Type="text/xml"), Outcome.FETCHED, "not well-formed"),
    Fault("feed-entity", answer(body=b'<!DOCTYPE r [<!ENTITY a "b">]>' + rss(["/a"]), Content_Type="text/xml"), Outcome.FETCHED),
    Fault("feed-endless", endless, Outcome.TOO_LARGE),
    Fault("feed-of-50-megabytes", answer(body=BOMB, Content_Type="application/rss+xml"), Outcome.TOO_LARGE, "larger than fetch.max_bytes"),
    Fault("feed-forbidden", answer("403 Forbidden"), Outcome.BLOCKED),
    Fault("feed-redirects-to-canary", answer("301 Moved", Location=f"http://{CANARY}:{{port}}/feed"), Outcome.REFUSED_ADDRESS, CANARY),
    Fault("feed-unasked-304", answer("304 Not Modified"), Outcome.UNCHANGED),
]

ADDRESSES = {
    "file:///etc/passwd": Outcome.REFUSED_ADDRESS,
    "ftp://127.0.0.1/feed": Outcome.REFUSED_ADDRESS,
    "data:text/xml,<rss/>": Outcome.REFUSED_ADDRESS,
    "http://a:b@127.0.0.1/feed": Outcome.REFUSED_ADDRESS,
    f"http://{'a' * 70}.example/feed": Outcome.REFUSED_ADDRESS,  # no name server is asked for a name that cannot be
    f"http://{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.example/feed": Outcome.REFUSED_ADDRESS,
    "http://a..b/feed": Outcome.REFUSED_ADDRESS,
    "http://a b/feed": Outcome.REFUSED_ADDRESS,
    "http://\u0131\ufdfa.\U0001f600/feed": Outcome.REFUSED_ADDRESS,
    "http://[::1]:9/feed": Outcome.REFUSED_ADDRESS,
    f"http://{CANARY}:{{port}}/feed": Outcome.REFUSED_ADDRESS,
    "http://2143813641:{port}/feed": Outcome.REFUSED_ADDRESS,  # the canary's address as one number
    "http://[::ffff:127.200.0.9]:{port}/feed": Outcome.REFUSED_ADDRESS,
    "http://127.0.0.1:1/feed": Outcome.CONNECTION_FAILED,
    "feed without an address": Outcome.REFUSED_ADDRESS,
}


@dataclass
class Night:
    pages: dict[str, Ending]
    polls: dict[str, Ending]
    newsroom: Newsroom
    workspace: Workspace
    hosts: dict[str, str]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    workspace = Workspace(tmp_path_factory.mktemp("faults"), fetch__allow_networks=[ALLOWED])
    hosts: dict[str, str] = {}
    with Newsroom() as newsroom:
        newsroom.serve(CANARY, "/", page())
        for number, fault in enumerate([*PAGES, *FEEDS]):
            host = hosts[fault.name] = f"127.0.1.{number + 1}"
            address = newsroom.serve(host, f"/{fault.name}", _with_port(fault.way, newsroom.port))
            if fault.robots is not None:
                newsroom.serve(host, "/robots.txt", _with_port(fault.robots, newsroom.port))
            newsroom.serve(host, "/", page("Naslovna"))
            workspace.watch(address, fault.name)
            if fault in PAGES:
                workspace.sources.pop()
                workspace.queue(fault.name, [address])
        for number, address in enumerate(ADDRESSES):
            workspace.watch(address.format(port=newsroom.port), f"address-{number}")
        workspace.queue("a-good-page", [f"http://{CANARY}:{newsroom.port}/link", "file:///etc/passwd"])
        workspace.crawl()
        yield Night({u.rsplit("/", 1)[-1]: e for u, e in workspace.pages().items()}, workspace.polls(), newsroom, workspace, hosts)


def _with_port(way: Way, port: int) -> Way:
    async def told(asked, out) -> None:  # type: ignore[no-untyped-def]
        class Port:
            def write(self, piece: bytes) -> None:
                out.write(piece.replace(b"{port}", str(port).encode()))

            def __getattr__(self, name: str) -> object:
                return getattr(out, name)

        await way(asked, Port())  # type: ignore[arg-type]

    return told


@pytest.mark.parametrize("fault", PAGES, ids=lambda fault: fault.name)
def test_a_misbehaving_page_ends_in_its_outcome(night: Night, fault: Fault) -> None:
    ending = night.pages[fault.name]
    assert (ending.outcome, ending.times) == (fault.outcome, 1), ending
    assert fault.words in ending.detail
    if fault.name != "huge-header":
        assert night.newsroom.asked(night.hosts[fault.name]).count(f"/{fault.name}") == fault.times


@pytest.mark.parametrize("fault", FEEDS, ids=lambda fault: fault.name)
def test_a_misbehaving_feed_ends_in_its_outcome(night: Night, fault: Fault) -> None:
    ending = night.polls[f"{fault.name}:feed:1"]
    assert (ending.outcome, ending.times) == (fault.outcome, 1), ending
    assert fault.words in ending.detail


@pytest.mark.parametrize(("number", "address"), list(enumerate(ADDRESSES)), ids=lambda value: str(value)[:40])
def test_an_address_that_is_not_ours_to_ask_is_refused(night: Night, number: int, address: str) -> None:
    ending = night.polls[f"address-{number}:feed:1"]
    assert ending.outcome is ADDRESSES[address], ending


def test_the_canary_was_never_asked(night: Night) -> None:
    assert night.newsroom.asked(CANARY) == []
    assert night.pages["link"].outcome is Outcome.REFUSED_ADDRESS


def test_a_file_link_in_the_frontier_is_refused(night: Night) -> None:
    assert night.pages["passwd"].outcome is Outcome.REFUSED_ADDRESS


def test_only_what_was_fetched_is_stored_and_only_once(night: Night) -> None:
    fetched = {fault.name for fault in PAGES if fault.outcome is Outcome.FETCHED}
    stored = [address.rsplit("/", 1)[-1] for address in night.workspace.stored()]
    assert sorted(stored) == sorted(fetched)


def test_the_honest_user_agent_is_sent_and_no_referer(night: Night) -> None:
    headers = [request.headers for request in night.newsroom.requests]
    assert all("PressCoverageTracker" in given.get("user-agent", "") for given in headers)
    assert not any("referer" in given for given in headers)
