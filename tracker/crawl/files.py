"""Files that a crawl fetches for the run that started it: a second net's lists and answers, one after the other, each with its facts.

Every request goes through the guard, robots.txt and the pauses of every other; what comes lies in the plan's folder, and the run reads it
while more is fetched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import msgspec
from scrapy import Request

from tracker.crawl.plan import FileFacts, WantedFile
from tracker.model import FetchFacts, FetchOutcome
from tracker.urls.canonical import LONGEST_ADDRESS

if TYPE_CHECKING:
    from scrapy.http import Response

    from tracker.crawl.plan import CrawlPlan

Ask = Callable[[Request, WantedFile], Awaitable[tuple[FetchFacts, "Response | None", float | None]]]
"""Requests one file: its facts, what came whatever its status, and the seconds of a Retry-After."""

FAILURES_OF_A_HOST = 3
"""In a row, without an answer: the others of the host are not asked in this crawl."""
WITHOUT_ANSWER = frozenset(
    {FetchOutcome.TIMEOUT, FetchOutcome.DNS_FAILED, FetchOutcome.CONNECTION_FAILED, FetchOutcome.CERTIFICATE, FetchOutcome.REFUSED_ADDRESS}
)
STOPS_HOST = frozenset({FetchOutcome.RATE_LIMITED, FetchOutcome.ROBOTS_REFUSED})
"""Said once, it holds for every file of the host."""
NOT_ASKED = "not asked"
MOST_AHEAD = 64
"""Files that wait to be read: at 8 MB each they are half a gigabyte of disk at most."""


async def fetch_files(plan: CrawlPlan, ask: Ask, seconds: float, wait: Callable[[], Awaitable[None]]) -> None:
    """Fetches the plan's files into its folder. A file that was not asked for says so; `wait` is called while the run is behind."""
    folder, until = Path(plan.into), monotonic() + seconds
    failures: Counter[str] = Counter()
    stopped: dict[str, str] = {}
    for number, wanted in enumerate(plan.files):
        host = urlsplit(wanted.url).netloc
        while _waiting(folder) >= MOST_AHEAD and monotonic() < until:
            await wait()
        if monotonic() > until:
            stopped[host] = "its time was over"
        if why := stopped.get(host):
            put(folder, number, FileFacts(wanted.name, NOT_ASKED, detail=why))
            continue
        facts, response, retry_after = await _asked(wanted, ask)
        location = "" if wanted.follow else _location(wanted.url, response)
        failures[host] = failures[host] + 1 if facts.outcome in WITHOUT_ANSWER and not location else 0
        if facts.outcome in STOPS_HOST or failures[host] >= FAILURES_OF_A_HOST:
            stopped[host] = str(facts.outcome)
        told = FileFacts(
            wanted.name, str(facts.outcome), status=facts.status, detail=facts.detail, retry_after_seconds=retry_after, location=location
        )
        put(folder, number, told, response.body if response is not None else None)


async def _asked(wanted: WantedFile, ask: Ask) -> tuple[FetchFacts, Response | None, float | None]:
    meta: dict[str, object] = {"download_maxsize": wanted.max_bytes} if wanted.max_bytes else {}
    if not wanted.follow:
        meta |= {"dont_redirect": True}
    request = Request(wanted.url, headers=dict(wanted.headers), dont_filter=True, meta=meta)
    return await ask(request, wanted)


def _location(url: str, response: Response | None) -> str:
    """Where an answer sends on; empty where it does not, or to no web address."""
    if response is None or not 300 <= response.status < 400:
        return ""
    try:
        return urljoin(url, (response.headers.get("Location") or b"").decode("utf-8", "replace").strip())[:LONGEST_ADDRESS]
    except ValueError:
        return ""


def put(folder: Path, number: int, facts: FileFacts, body: bytes | None = None) -> None:
    """Lays a file down, its facts last: who sees these sees all of it."""
    if body is not None:
        (folder / f"{number:06d}.body").write_bytes(body)
    part = folder / f".{number:06d}.part"
    part.write_bytes(msgspec.json.encode(facts))
    part.replace(folder / f"{number:06d}.json")


def ready(folder: Path) -> Sequence[tuple[FileFacts, bytes | None]]:
    """What lies there to be read, in order; it is taken away."""
    found = []
    for path in sorted(folder.glob("*.json")):
        body = path.with_suffix(".body")
        facts = msgspec.json.decode(path.read_bytes(), type=FileFacts)
        found.append((facts, body.read_bytes() if body.exists() else None))
        path.unlink()
        body.unlink(missing_ok=True)
        if len(found) >= MOST_AT_ONCE:
            break
    return found


MOST_AT_ONCE = 4
"""Files in memory at a time."""


def _waiting(folder: Path) -> int:
    return sum(1 for _ in folder.glob("*.json"))
