"""Every page of the review desk over an archive of years, against the same page over a small one: processor time of an answer.

Each page is opened once (what is made at the first opening is printed apart), then ROUNDS times. DESK_ARTICLES=1000000 measures the size
of the limits in the documents; DESK_ARCHIVE names a filled workspace to use instead, which gets a user and the words of the forms.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from tests.benchmarks.measuring import ROOT
from tests.review.web.walking import Page, Walker, walker
from tracker.review.web.app import make_app
from tracker.review.web.context import EXTENSION
from tracker.review.web.warming import Warmer
from tracker.workspace import Parts, open_parts

SMALL = 1_000
LARGE = int(os.environ.get("DESK_ARTICLES", "100000"))
ARCHIVE = os.environ.get("DESK_ARCHIVE", "")
ROUNDS = 20
PAGE_MS, SEARCH_MS, PACK_MS = 100, 300, 300
"""Of the 95th percentile, by a processor that makes LOOPS turns of an empty loop in LOOP_MS. A pack of evidence is a file that is made and
sealed for whoever asks, no page."""
LOOPS, LOOP_MS = 1_000_000, 25.0


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds of processor time: the first opening, the middle and the 95th percentile of the others."""

    first: float
    middle: float
    late: float


def main() -> list[str]:
    """Prints the table; returns what is short of its limit."""
    with tempfile.TemporaryDirectory() as folder:
        small = _measured(_archive(Path(folder) / "small", SMALL))
        large = _measured(Path(ARCHIVE) if ARCHIVE else _archive(Path(folder) / "large", LARGE))
    slower = max(1.0, _loop() / LOOP_MS)
    size = ARCHIVE or f"{LARGE:,}"
    print(f"desk: {SMALL:,} and {size} articles; ms of processor time, p95; this machine is {slower:.1f} times slower than the limits' one")
    short = []
    for (page, before), (_, after) in zip(small, large, strict=True):
        limit = _limit(page) * slower
        print(
            f"  {page.address[:88]:88} {before.late:6.0f} {after.late:6.0f}  {after.late / max(before.late, 1):5.1f} x"
            f" (limit {limit:.0f} ms; first {after.first:.0f}, p50 {after.middle:.0f})"
        )
        if after.late > limit:
            short.append(f"desk: {page.address} at {after.late:.0f} ms, limit {limit:.0f}")
    return short


def _limit(page: Page) -> int:
    if page.endpoint.startswith("evidence."):
        return PACK_MS
    return SEARCH_MS if page.is_search else PAGE_MS


def _archive(workspace: Path, articles: int) -> Path:
    subprocess.run([sys.executable, "-m", "tests.benchmarks.filled_archive", str(workspace), str(articles)], cwd=ROOT, check=True)
    return workspace


def _measured(workspace: Path) -> list[tuple[Page, Took]]:
    with _somebody(workspace) as (somebody, parts):
        pages = [(page, _took(somebody, page)) for page in somebody.pages]
        forms = [(Page("", f"POST {form.address}"), _sent(somebody, form)) for form in _forms(parts)]
        return pages + forms


@contextmanager
def _somebody(workspace: Path) -> Iterator[tuple[Walker, Parts]]:
    """Somebody at a desk that has been running for a while: what is made ahead is made."""
    now = datetime.now(UTC)
    with open_parts(workspace) as opened:
        parts = replace(opened, clock=lambda: now)
        app = make_app(parts, lambda _: None)
        Warmer(app, parts, app.extensions[EXTENSION][1]).look()
        yield walker(app, parts, now), parts


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a person sends: where to, and what the n-th sending says, so that each one changes something."""

    address: str
    fields: Callable[[int], dict[str, str]]


def _forms(parts: Parts) -> list[Form]:
    """A word on an item and on a story, its undo, an edit, and a note: what reviewing consists of."""
    alone = "SELECT group_key FROM mentions GROUP BY group_key HAVING count(*) = 1"
    newest = f"""SELECT mentions.id, mentions.campaign_id, coalesce(said.version, 0) AS version FROM mentions
        LEFT JOIN item_states AS said ON said.campaign_id = mentions.campaign_id AND said.article_id = mentions.article_id
        WHERE group_key IN ({alone}) ORDER BY found_at DESC LIMIT {ROUNDS + 2}"""
    with parts.database.reading() as conn:
        rows = conn.exec_driver_sql(newest).all()

    def said(number: int) -> dict[str, str]:
        one = rows[number]
        return {"campaign": one.campaign_id, "pick": f"{one.id}:{one.version}|", "say": "unsure", "sure": "1", "held": "1"}

    return [
        Form("/inbox/say", said),
        Form("/inbox/undo", lambda _: {}),
        Form(f"/item/{rows[-1].id}", lambda number: {"note": f"n{number}"}),
    ]


def _sent(somebody: Walker, form: Form) -> Took:
    """The same of a form, its answer and the page that the browser opens then."""
    key = somebody.visitor.key("/password")
    times = []
    for number in range(ROUNDS + 1):
        begun = time.process_time()
        answer = somebody.visitor.client.post(form.address, data={"csrf_token": key, **form.fields(number)}, buffered=True)
        times.append((time.process_time() - begun) * 1000)
        if answer.status_code >= 400:
            raise RuntimeError(f"{form.address}: {answer.status}")
    return _of(times[0], sorted(times[1:]))


def _of(first: float, times: list[float]) -> Took:
    return Took(first, statistics.median(times), times[round(0.95 * (len(times) - 1))])


def _took(somebody: Walker, page: Page) -> Took:
    first = _once(somebody, page)
    times = sorted(_once(somebody, page) for _ in range(ROUNDS))
    return _of(first, times)


def _once(somebody: Walker, page: Page) -> float:
    begun = time.process_time()
    answer = somebody.open(page)
    if answer.status_code >= 400:
        raise RuntimeError(f"{page.address}: {answer.status}")
    return (time.process_time() - begun) * 1000


def _loop() -> float:
    """Milliseconds of an empty loop, the best of a few."""
    best = float("inf")
    for _ in range(5):
        begun = time.process_time()
        for _ in range(LOOPS):
            pass
        best = min(best, (time.process_time() - begun) * 1000)
    return best


if __name__ == "__main__":
    print(main())
