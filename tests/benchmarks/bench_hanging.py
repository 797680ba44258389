"""Outlets that hang: the healthy ones finish as if alone, and the run ends within one time-out after them."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.crawl.crawling import Workspace
from tests.newsroom.press import Newsroom, feed, silence
from tracker.crawl.plan import CrawlProgress

HEALTHY, HANGING = 450, 50
TIMEOUT_SECONDS = 4.0
MOST_OF_ALONE = 1.2
SLACK_SECONDS = 1.5
"""For starting and ending the process, which no source has a part in."""


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds from the crawl's first sign of life to the last healthy answer, and to its end."""

    healthy_seconds: float
    ended_seconds: float
    polls: dict[str, int]


def one_round(healthy: int, hanging: int, timeout_seconds: float = TIMEOUT_SECONDS) -> Round:
    """A poll of so many outlets, each a host of its own, the hanging ones in between the others."""
    with Newsroom() as newsroom, tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder), fetch__timeout_seconds=timeout_seconds)
        total = healthy + hanging
        for number in range(total):
            host = f"127.8.{number // 200}.{number % 200 + 1}"
            hangs = hanging and number % (total // hanging) == 0 and number // (total // hanging) < hanging
            way = silence if hangs else feed([f"http://{host}/vijest-{item}" for item in range(10)])
            workspace.watch(newsroom.serve(host, "/feed", way), f"outlet-{number}")
            if hangs:
                newsroom.serve(host, "/robots.txt", silence)
        moments: dict[str, float] = {}

        def note(progress: CrawlProgress) -> None:
            moments.setdefault("began", time.monotonic())
            if progress.polls.get("fetched", 0) >= healthy:
                moments.setdefault("healthy", time.monotonic())

        with workspace.start(note, articles=False) as crawl:
            started = time.monotonic()
            assert crawl.wait(300) == 0, workspace.log()
            ended = time.monotonic()
            polls = crawl.progress().polls
        workspace.database.close()
    return Round(moments.get("healthy", ended) - started, ended - started, polls)


def missed(alone: Round, together: Round, timeout_seconds: float) -> list[str]:
    """The limits that were not held."""
    found = []
    if together.healthy_seconds > MOST_OF_ALONE * alone.healthy_seconds + 0.5:  # progress is told twice a second
        found.append(f"healthy outlets took {together.healthy_seconds / alone.healthy_seconds:.2f} x their time alone")
    if together.ended_seconds > together.healthy_seconds + timeout_seconds + SLACK_SECONDS:
        found.append(f"the run ended {together.ended_seconds - together.healthy_seconds:.1f} s after the healthy outlets")
    return found


def main() -> list[str]:
    alone, together = one_round(HEALTHY, 0), one_round(HEALTHY, HANGING)
    ratio = together.healthy_seconds / alone.healthy_seconds
    print(
        f"hanging   {HEALTHY} healthy outlets alone {alone.healthy_seconds:.1f} s; with {HANGING} hanging {together.healthy_seconds:.1f} s "
        f"({ratio:.2f} x), the run ended {together.ended_seconds - together.healthy_seconds:.1f} s later (time-out {TIMEOUT_SECONDS:g} s)"
    )
    return missed(alone, together, TIMEOUT_SECONDS)


if __name__ == "__main__":
    main()
